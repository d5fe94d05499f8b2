"""How far telling a decision has come: failed attempts, whether the consumer counts as unreachable, and when telling was in time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from cases.complaints.house_rules import house_rules
from cases.complaints.models import Attempt, Complaint
from cases.models import Delivery
from jike.base.dates import cst_date


@dataclass(frozen=True, slots=True)
class Tries:
    """The failed attempts to tell one decision, counted as the house rule counts them."""

    attempts: int
    channels: int
    days: int

    @property
    def suffice(self) -> bool:
        rule = house_rules().unreachable
        return self.attempts >= rule.attempts and self.channels >= rule.channels and self.days >= rule.days


def attempts_of(case: Complaint) -> QuerySet[Attempt]:
    """The failed attempts to tell the decision in force, oldest first."""
    return Attempt.objects.filter(case_id=case.pk, decision_id=case.decision_id).order_by("at", "id")


def tries_of(case: Complaint) -> Tries:
    """Source: O2020-3 art 21, house unreachable."""
    return tries_among((row.manner, row.at) for row in case.known_attempts)


def tries_among(attempts: Iterable[tuple[str, datetime]]) -> Tries:
    """The count of attempts that are known already, each as its channel and its instant."""
    rows = list(attempts)
    return Tries(len(rows), len({manner for manner, _at in rows}), len({cst_date(at) for _manner, at in rows}))


def in_time_since(case: Complaint, proof: Delivery) -> datetime:
    """The moment from which the decision counts as told: sending, or a call nobody answered that another channel followed up.

    The Order takes dialling for telling; the house takes it only when a second channel follows within days, and never another
    call. Source: O2020-3 art 21, house second channel.
    """
    if proof.manner == Delivery.Manner.CALL:
        return proof.sent_at
    earliest = cst_date(proof.sent_at) - timedelta(days=house_rules().second_channel_days)
    calls = attempts_of(case).filter(manner=Delivery.Manner.CALL, outcome=Attempt.Outcome.NO_ANSWER)
    found = [at for at in calls.filter(at__lte=proof.sent_at).values_list("at", flat=True) if cst_date(at) >= earliest]
    return min(found, default=proof.sent_at)
