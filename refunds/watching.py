"""What time brings about of returns: which of them can go on, or need a person, although no job says so; which orders to ask after."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import CharField, Exists, F, Func, OuterRef, Q, QuerySet, Subquery, UUIDField, Value
from django.db.models.functions import Cast, Concat

from cases.clocks.models import Clock
from cases.models import Link
from jike.outbox import jobs
from lending.loans.models import Role
from lending.models import Repayment
from lending.orders.actions import ask_again
from lending.orders.models import Order
from refunds.actions.asking import ADVANCE
from refunds.actions.judging import ANSWER
from refunds.models import Leg, Refund, Screening
from refunds.policy import policy
from refunds.rules.paying import DOUBTS
from refunds.states import DONE, NO_MONEY, UNDER_WAY, LegKind, LegState, State

AT_ONCE = 200
LAG = timedelta(minutes=2)


@jobs.timer("refunds.watch")
def watch(now: datetime) -> None:
    """Have every return looked at that can go on or needs a person, each by a job of its own, once an hour at most: an error about
    one stops no other. And ask after orders whose own job has given up.
    """
    hour = int(now.timestamp() // 3600)
    new = [
        jobs.NewJob(ADVANCE, f"{ADVANCE}:{pk}:watch:{hour}", {"case": str(pk)}, pk) for pk in _waiting(now, hour=hour)
    ]
    jobs.post_many(new, now=now)
    for order in _unanswered(now):
        ask_again(order, now=now)


def _waiting(now: datetime, *, hour: int) -> list[UUID]:
    """Returns to be looked at, those that nothing happened to for longest first, without those that were already in this hour."""
    key = Concat(
        Value(f"{ADVANCE}:"), Cast(OuterRef("pk"), CharField()), Value(f":watch:{hour}"), output_field=CharField()
    )
    found = Refund.objects.filter(_can_go_on(now) | _needs_a_person(now))
    found = found.exclude(Exists(jobs.Job.objects.filter(dedupe_key=key)))
    return list(found.order_by("last_event_at").values_list("pk", flat=True)[:AT_ONCE])


def _legs() -> QuerySet[Leg]:
    return Leg.objects.filter(case_id=OuterRef("pk"))


def _troubled(now: datetime) -> Q:
    """Of legs: failed for good, or without an answer beyond the limit."""
    since = now - timedelta(hours=policy().stuck_after_hours)
    return Q(state=LegState.FAILED) | Q(state__in=UNDER_WAY, order__ordered_at__lt=since)


def _needs_a_person(now: datetime) -> Q:
    money = _legs().exclude(kind__in=NO_MONEY).filter(_troubled(now))
    plain = _legs().filter(_troubled(now), kind__in=NO_MONEY, state__in=UNDER_WAY)
    return Q(Exists(money), state=State.REVERSING) | Q(Exists(plain))


def _can_go_on(now: datetime) -> Q:
    """What a lost job may have left lying, and what time or the core system has brought about: each as the rule of its verb asks it."""
    money = _legs().exclude(kind__in=NO_MONEY)
    clean = Screening.objects.filter(case_id=OuterRef("pk"), is_automatic=True)
    corrected = _legs().filter(kind=LegKind.CREDIT, state=LegState.CONFIRMED)
    left = (
        Q(state__in=[State.REQUESTED, State.SCREENING, State.GOODWILL])
        | (Q(state=State.ELIGIBLE) & (Q(released=True) | Exists(clean)))
        | Q(~Exists(money.exclude(state__in=DONE)), state=State.REVERSING)
        | (Q(state=State.STUCK) & ~Q(stuck_code__in=DOUBTS) & ~Exists(money.filter(_troubled(now))))
        | Q(Exists(corrected), state=State.CORRECTING)
    )
    return (left & Q(last_event_at__lte=now - LAG)) | _is_silent(now) | _has_ready_leg() | _stands_still_for_nothing()


def _is_silent(now: datetime) -> Q:
    """The merchant's hours are over, its silence means something, and nobody has looked since."""
    since = Screening.objects.filter(case_id=OuterRef("case_id"), screened_at__gte=OuterRef("due_at"))
    over = Clock.objects.filter(
        ~Exists(since), case_id=OuterRef("pk"), family=ANSWER, state=Clock.State.RUNNING, due_at__lte=now
    )
    return Q(Exists(over), state=State.DISPUTED, loan__terms__silence_is_unserved=True)


def _stands_still_for_nothing() -> Q:
    """Refused, and a complaint about that ended or went on again, while the stop is still as it was before."""
    links = Link.objects.filter(
        kind=Link.Kind.ESCALATED_TO, other__kind="complaint", ended_at=None, case=OuterRef("pk")
    )
    stops = Order.objects.filter(loan=OuterRef("loan"), kind__in=["suppress", "release"]).order_by("-ordered_at", "-pk")
    is_open, last = Q(Exists(links.filter(other__ended_at=None))), Subquery(stops.values("kind")[:1])
    found = Refund.objects.filter(Exists(links), state=State.REFUSED).annotate(last_stop=last)
    found = found.filter((is_open & Q(last_stop="release")) | (~is_open & Q(last_stop="suppress")))
    return Q(pk__in=found.order_by().values("pk"))


def _has_ready_leg() -> Q:
    """A leg waited for a debit that came or failed, or for money in hand that is back."""
    waiting = _legs().filter(state=LegState.WAITING, by_hand=False)
    debit = Repayment.objects.annotate(ref=Concat(Value("repayment:"), "external_id")).filter(
        loan_id=OuterRef("case__loan_id"), ref=OuterRef("ref")
    )
    debit = debit.exclude(status=Repayment.Status.UNDER_WAY)
    in_hand = _legs().filter(by_hand=True, payer=Role.CONSUMER, unit="cash").exclude(state__in=DONE)
    ready = Q(Exists(waiting.filter(Exists(debit), is_awaited=True)))
    ready |= Q(Exists(waiting.filter(is_awaited=False))) & ~Q(Exists(in_hand))
    return ready & Q(state__in=[State.REVERSING, State.STUCK])


def _unanswered(now: datetime) -> list[Order]:
    """Orders of returns without an end beyond the patience of the house, whose own job has given up."""
    since = now - timedelta(minutes=policy().ask_after_minutes)
    legs = Leg.objects.filter(order=OuterRef("pk"), state__in=UNDER_WAY)
    about = Func(F("dedupe_key"), Value(":"), Value(2), function="split_part", output_field=CharField())
    live = jobs.Job.objects.filter(topic="lending.order").exclude(state__in=["done", "dead"])
    found = Order.objects.filter(Exists(legs), ended_at=None, ordered_at__lte=since)
    found = found.exclude(pk__in=live.annotate(about=Cast(about, UUIDField())).values("about"))
    return list(found.order_by("ordered_at")[:AT_ONCE])
