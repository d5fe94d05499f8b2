"""What the operations page reads: counts and ages in a handful of queries, none about a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cases.clocks.models import Clock
from cases.messages import SEND_TOPIC
from cases.operations import publication
from jike.base.errors import Text
from jike.ledger.models import Entry
from jike.outbox.models import Job
from jike.outbox.pulses import last_pulse
from jike.outbox.registry import QUEUES

SLOW_JOB = timedelta(minutes=10)
SLOW_SWEEP = timedelta(minutes=1)
OLD_CHECK = timedelta(hours=26)


@dataclass(frozen=True, slots=True)
class Gauge:
    """One line: what is measured, what it reads now, and whether somebody must look. `at` is the instant it speaks of."""

    label: Text
    value: Text
    is_alarm: bool
    at: datetime | None = None
    remedy: Text = ""


@dataclass(frozen=True, slots=True)
class QueueLine:
    name: str
    waiting: int
    running: int
    later: int
    dead: int
    oldest: datetime | None
    is_late: bool


def queues(*, now: datetime) -> list[QueueLine]:
    """Each queue: what is due and waits, what runs, what is for later, what was given up, and since when the oldest waits."""
    due = Q(state=Job.State.READY, due_at__lte=now)
    rows = (
        Job.objects.exclude(state=Job.State.DONE)
        .values("queue")
        .annotate(
            waiting=Count("id", filter=due),
            later=Count("id", filter=Q(state=Job.State.READY, due_at__gt=now)),
            running=Count("id", filter=Q(state=Job.State.RUNNING)),
            dead=Count("id", filter=Q(state=Job.State.DEAD)),
            oldest=Min("due_at", filter=due),
        )
    )
    found = {row["queue"]: row for row in rows}
    return [_line(name, found.get(name, {}), now) for name in QUEUES]


def _line(name: str, row: dict[str, object], now: datetime) -> QueueLine:
    oldest = row.get("oldest")
    at = oldest if isinstance(oldest, datetime) else None
    counts = {key: int(str(row.get(key) or 0)) for key in ("waiting", "running", "later", "dead")}
    return QueueLine(name, **counts, oldest=at, is_late=bool(at and now - at > SLOW_JOB))


def gauges(*, now: datetime) -> list[Gauge]:
    """Everything that should move by itself, and whether it does."""
    return [
        _since(
            _("Workers last swept"), last_pulse("worker"), SLOW_SWEEP, now, _("Start the workers; see the runbook.")
        ),
        _clock_lag(now),
        _failed_notices(now),
        _last_entry(),
        _since(_("Ledger last verified clean"), last_pulse("ledger.verified"), OLD_CHECK, now, _("Run verify_ledger.")),
        _since(_("Last backup"), last_pulse("backup"), OLD_CHECK, now, _("Let the backup script call backup_made.")),
        *_published(),
    ]


def _published() -> list[Gauge]:
    """Each place where the channels of complaint must stand, and what it lacks. Source: O2020-3 art 8."""
    found = publication.missing()
    return [
        Gauge(
            format_lazy(_("Complaint channels published: {place}"), place=place.label),
            format_lazy(_("missing: {parts}"), parts=_in_words(found[place.code])) if place.code in found else "✓",
            is_alarm=place.code in found,
            remedy=_("Complete config/institution.yaml, and what is printed from it."),
        )
        for place in publication.PLACES
    ]


def _in_words(parts: list[str]) -> str:
    return ", ".join(str(publication.PARTS[part]) for part in parts)


def _since(label: Text, at: datetime | None, limit: timedelta, now: datetime, remedy: Text) -> Gauge:
    return Gauge(label, "", is_alarm=at is None or now - at > limit, at=at, remedy=remedy)


def _clock_lag(now: datetime) -> Gauge:
    """How far the watch over the clocks is behind: the oldest mark that is past and not yet told."""
    at = Clock.objects.filter(warn_at__lte=now).aggregate(at=Min("warn_at"))["at"]
    late = at is not None and now - at > SLOW_SWEEP
    return Gauge(
        _("Clocks are watched up to"), "" if at else "✓", is_alarm=late, at=at, remedy=_("Look at the workers.")
    )


def _failed_notices(now: datetime) -> Gauge:
    """Messages to consumers that were given up: each is a notice somebody does not get."""
    count = Job.objects.filter(topic=SEND_TOPIC, state=Job.State.DEAD).count()
    return Gauge(
        _("Messages given up"), str(count), is_alarm=count > 0, remedy=_("Restart them below, or send by post.")
    )


def _last_entry() -> Gauge:
    at = Entry.objects.order_by("-at").values_list("at", flat=True).first()
    return Gauge(_("Newest sealed entry"), "" if at else "—", is_alarm=False, at=at)
