"""After a decision of a complaint: how telling it goes, what it promised, and its review."""

from __future__ import annotations

from datetime import datetime

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cases.complaints.house_rules import house_rules
from cases.complaints.models import Attempt, Complaint, Redress, Review
from cases.complaints.states import State
from cases.complaints.telling import tries_among
from cases.panels import Item, Panel
from jike.base.dates import cst_date
from jike.privacy import open_sealed
from jike.web.pages import short_date


def telling_panel(case: Complaint, *, now: datetime) -> Panel | None:
    """The failed attempts to tell the decision, and how far they are from making the consumer unreachable."""
    attempts = case.known_attempts
    waits = case.state == State.DECIDED
    if not attempts and not waits:
        return None
    lines = (*((_progress(attempts),) if waits else ()), *(_attempt(row) for row in attempts))
    return Panel("telling", _("Telling the decision"), "send", lines, int(waits), waits)


def _progress(attempts: list[Attempt]) -> Item:
    """Source: O2020-3 art 21, house unreachable."""
    tries, rule = tries_among((row.manner, row.at) for row in attempts), house_rules().unreachable
    said = format_lazy(
        _("Failed attempts {attempts} of {a}, channels {channels} of {c}, days {days} of {d}"),
        attempts=tries.attempts, a=rule.attempts, channels=tries.channels, c=rule.channels, days=tries.days, d=rule.days,
    )  # fmt: skip
    if tries.suffice:
        return Item(said, _("Counts as unreachable"), "warn", (), "ask_waiver")
    return Item(said, _("Not told yet"), "warn", (_("The case waits until it is told or waived."),), "record_attempt")


def _attempt(row: Attempt) -> Item:
    notes = (short_date(row.at), row.number_mask, open_sealed(row, "evidence"))
    return Item(row.get_manner_display(), row.get_outcome_display(), "", tuple(note for note in notes if note))


def promises_panel(case: Complaint, *, now: datetime) -> Panel | None:
    """What the decision in force promised, each line with its proof or the button that records it. Source: O2020-3 art 24."""
    found = case.known_promises
    if not found:
        return None
    left = sum(row.confirmed_at is None for row in found)
    lines = tuple(_promise(row, now=now) for row in found)
    return Panel(
        "promises", _("What was promised"), "cash-coin", lines, left, left > 0 and case.state == State.NOTIFIED
    )


def _promise(row: Redress, *, now: datetime) -> Item:
    words = open_sealed(row, "what")
    what = f"{words} · ¥{row.amount_cny:,.2f}" if row.amount_cny else words
    due = format_lazy(_("Until {day}"), day=row.due_on.isoformat())
    if row.confirmed_at is None:
        is_late = row.due_on < cst_date(now)
        state, tone = (_("Overdue"), "bad") if is_late else (_("Not confirmed yet"), "warn")
        return Item(what, state, tone, (due,), "confirm_redress", ("promise", str(row.pk)))
    by = row.confirmed_by.display_name if row.confirmed_by else ""
    proof = open_sealed(row, "evidence") if row.evidence else ""
    notes = (due, f"{short_date(row.confirmed_at)} {by}".strip(), proof)
    return Item(what, _("Confirmed"), "good", tuple(note for note in notes if note))


def review_panel(case: Complaint, *, now: datetime) -> Panel | None:
    """Every review of a decision by the superior unit. Source: O2020-3 art 20."""
    rows = Review.objects.filter(case_id=case.pk).select_related("unit", "decider").order_by("-asked_at")
    lines = tuple(_review(row) for row in rows)
    return Panel("review", _("Review"), "arrow-repeat", lines, sum(not line.tone for line in lines))


def _review(row: Review) -> Item:
    sealed = [open_sealed(row, part) for part in ("reason", "procedure", "timeliness") if getattr(row, part)]
    who = row.decider.display_name if row.decider else ""
    notes = (short_date(row.asked_at), *sealed, f"{short_date(row.decided_at)} {who}".strip())
    state = row.get_outcome_display() if row.outcome else _("Under review")
    return Item(row.unit.name, state, "good" if row.outcome else "", tuple(note for note in notes if note))
