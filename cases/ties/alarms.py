"""Telling supervisors that one salesperson or merchant has many open complaints: once per crossing, from their own lists only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from cases.complaints.house_rules import house_rules
from cases.models import Case
from cases.notices.actions import News, tell_staff
from cases.notices.people import People
from cases.queries import cases_listed_for, openable_by
from cases.ties.models import Alarm
from cases.ties.rounds import turn
from jike.accounts.models import User
from jike.accounts.roles import actor_of
from jike.outbox import jobs

EVERY = timedelta(seconds=60)
SUBJECTS = ("salesperson", "merchant")


@dataclass(frozen=True, slots=True)
class Watch:
    """One sort of subject: the open complaints of the days that count, and from how many on supervisors hear."""

    whom: str
    since: datetime
    threshold: int

    @property
    def open_cases(self) -> QuerySet[Case]:
        known = {f"{self.whom}__isnull": False, "received_at__gt": self.since}
        return Case.objects.filter(ended_at=None, is_historical=False, **known)

    def over(self) -> set[UUID]:
        counted = self.open_cases.order_by().values_list(f"{self.whom}_id").annotate(n=Count("pk"))
        return {subject for subject, _n in counted.filter(n__gte=self.threshold)}


@jobs.timer("ties.alarm")
def raise_alarms(now: datetime) -> int:
    """End the alarms that are over, raise those that are new, and tell of them; how many were raised."""
    rule, raised = house_rules().alarms, 0
    with turn("alarm", now=now, every=EVERY) as ours:
        if ours is not None:
            for whom in SUBJECTS:
                watch = Watch(whom, now - timedelta(days=rule.days), getattr(rule, whom))
                raised += len(_crossed(watch, now=now))
    return raised


def _crossed(watch: Watch, *, now: datetime) -> list[Alarm]:
    over, column = watch.over(), f"{watch.whom}_id"
    running = Alarm.objects.filter(ended_at=None, **{f"{watch.whom}__isnull": False})
    running.exclude(**{f"{column}__in": over}).update(ended_at=now)
    told = set(running.values_list(column, flat=True))
    fresh: list[dict[str, Any]] = [{column: subject} for subject in sorted(over - told)]
    alarms = Alarm.objects.bulk_create([Alarm(raised_at=now, **subject) for subject in fresh])
    for alarm in alarms:
        tell_staff(_news(alarm, watch), now=now)
    return alarms


def _news(alarm: Alarm, watch: Watch) -> Iterator[News]:
    """The supervisors whose own lists reach the number, each with the number those show; when none does, the executives."""
    subject = getattr(alarm, f"{watch.whom}_id")
    cases = watch.open_cases.filter(**{f"{watch.whom}_id": subject})
    units = set(cases.order_by().values_list("unit_id", flat=True))
    people = People(units, [])
    supervisors = {user.pk: user for unit in sorted(units) for user in people.supervisors(unit)}
    heard = list(_hearers(alarm, watch, subject, list(supervisors.values())))
    yield from heard or _hearers(alarm, watch, subject, people.executives)


def _hearers(alarm: Alarm, watch: Watch, subject: UUID, users: Sequence[User]) -> Iterator[News]:
    """Whoever is recused from some of the cases counts without them. Source: O2020-3 art 17."""
    for user in users:
        actor = actor_of(user)
        open_to = cases_listed_for(actor).filter(openable_by(actor), pk__in=watch.open_cases.values("pk"))
        own = open_to.filter(**{f"{watch.whom}_id": subject}).order_by("-received_at", "-id")
        if (count := own.count()) >= watch.threshold:
            latest = own.values_list("pk", flat=True)[0]
            yield News(user, f"alarm.{watch.whom}", latest, f"alarm:{alarm.pk}", {"count": count})
