"""Where the money of returns is: what waits and why, legs without an end, what merchants owe back, and a day beside the core's own book."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.queries import cases_listed_for
from jike.base.actors import Actor
from jike.base.errors import Text
from jike.base.money import from_cents
from lending.models import Order
from lending.orders.books import FAULTS, Pair, compared, statement_of
from refunds.models import Leg, Refund
from refunds.next_step import next_step
from refunds.policy import policy
from refunds.rules.judging import is_free
from refunds.states import NO_MONEY, UNDER_WAY, LegKind, LegState, State

BOOKS, SHOWN, MOST_ORDERS = "lending.read_books", 200, 1_000
CAUSES: dict[str, Text] = {
    "order.failed": _("The core system refused an order"),
    "order.silent": _("An order is not answered"),
    "order.amount_differs": _("Another amount was told"),
    "order.ended_otherwise": _("Another end was told than before"),
}
ACTS = {"order.failed": "retry_leg", "order.silent": "ask_leg"}
_OPEN_LEGS = (LegState.WAITING, LegState.REQUESTED, LegState.SENT, LegState.UNKNOWN, LegState.FAILED)


@dataclass(frozen=True, slots=True)
class Bucket:
    """One list of returns: which states, what it is called."""

    code: str
    label: Text
    states: tuple[str, ...]


BUCKETS = (
    Bucket("stuck", pgettext_lazy("returns", "Stuck"), (State.STUCK,)),
    Bucket("deciding", pgettext_lazy("returns", "For two people"), (State.ELIGIBLE,)),
    Bucket("disputed", pgettext_lazy("returns", "Disputed"), (State.DISPUTED,)),
    Bucket("held", pgettext_lazy("returns", "Held for a fraud check"), (State.HELD,)),
    Bucket("checking", pgettext_lazy("returns", "Being checked"), (State.REQUESTED, State.SCREENING, State.GOODWILL)),
    Bucket("paying", pgettext_lazy("returns", "Money on its way back"), (State.REVERSING,)),
    Bucket("correcting", pgettext_lazy("returns", "Credit record being corrected"), (State.CORRECTING,)),
    Bucket("refused", pgettext_lazy("returns", "Not entitled"), (State.REFUSED,)),
    Bucket("completed", pgettext_lazy("returns", "Completed"), (State.COMPLETED,)),
)
BY_CODE = {bucket.code: bucket for bucket in BUCKETS}


@dataclass(frozen=True, slots=True)
class Waiting:
    """One return of a list: since when nothing happened, why, and the next act with its form."""

    case: Refund
    age: timedelta
    cause: Text
    act: str

    @property
    def age_text(self) -> Text:
        return _said(self.age)


@dataclass(frozen=True, slots=True)
class OpenLeg:
    """A leg without an end: how old its order is, and what can be done about it."""

    leg: Leg
    case: Refund
    age: timedelta
    is_late: bool
    act: str

    @property
    def age_text(self) -> Text:
        return _said(self.age)


@dataclass
class Owed:
    """What a merchant owes back."""

    merchant: str
    legs: list[OpenLeg] = field(default_factory=list)

    @property
    def total(self) -> Decimal:
        return from_cents(sum(one.leg.cents for one in self.legs))


def _said(age: timedelta) -> Text:
    hours = int(age.total_seconds() // 3600)
    if hours < 1:
        return format_lazy(_("{n} minutes"), n=max(0, int(age.total_seconds() // 60)))
    if hours < 48:
        return format_lazy(_("{n} hours"), n=hours)
    return format_lazy(_("{n} days"), n=hours // 24)


def returns_for(actor: Actor) -> QuerySet[Refund]:
    """The returns the actor may list, people masked."""
    listed = cases_listed_for(actor).filter(kind="refund")
    return Refund.objects.filter(pk__in=listed.order_by().values("pk"))


def counts(actor: Actor) -> list[tuple[Bucket, int]]:
    """How many returns each list holds."""
    found = dict(returns_for(actor).order_by().values_list("state").annotate(n=Count("pk")))
    return [(bucket, sum(found.get(state, 0) for state in bucket.states)) for bucket in BUCKETS]


def queue(actor: Actor, bucket: Bucket, *, now: datetime) -> list[Waiting]:
    """One list, what nothing happened to for longest first; of what has ended, the newest first."""
    is_over = bucket.code in ("refused", "completed")
    found = returns_for(actor).filter(state__in=bucket.states).select_related("loan", "merchant")
    found = found.prefetch_related("screenings").order_by("-last_event_at" if is_over else "last_event_at")[:SHOWN]
    return [_waiting(_read(case), now) for case in found]


def _read(case: Refund) -> Refund:
    """The checks of the case as they came with the list, so that no row asks for its own."""
    case.known_screenings = sorted(case.screenings.all(), key=lambda row: row.seq)
    return case


def _waiting(case: Refund, now: datetime) -> Waiting:
    age = now - (case.last_event_at or case.registered_at)
    if case.state == State.STUCK:
        return Waiting(case, age, CAUSES.get(case.stuck_code, case.stuck_code), ACTS.get(case.stuck_code, "carry_on"))
    act = {State.DISPUTED: "propose", State.HELD: "propose"}.get(State(case.state), "")
    if case.state == State.ELIGIBLE and not is_free(case):
        act = "propose"
    return Waiting(case, age, next_step(case), act)


def open_legs(actor: Actor, kind: str = "", state: str = "", *, now: datetime) -> list[OpenLeg]:
    """Legs of returns on their way that have no end, the oldest order first."""
    legs = Leg.objects.filter(case__in=returns_for(actor).order_by().values("pk"), state__in=_OPEN_LEGS)
    legs = legs.exclude(kind__in=[LegKind.SUPPRESS, LegKind.RELEASE], state=LegState.FAILED)
    if kind:
        legs = legs.filter(kind=kind)
    if state in LegState.values:
        legs = legs.filter(state=state)
    found = legs.select_related("case__merchant", "case__loan", "order").order_by("created_at", "seq")[:SHOWN]
    return [_open(leg, now) for leg in found]


def _open(leg: Leg, now: datetime) -> OpenLeg:
    since = leg.order.ordered_at if leg.order else leg.created_at
    late = timedelta(hours=policy().stuck_after_hours)
    act = "retry_leg" if leg.state == LegState.FAILED else "ask_leg" if leg.state in UNDER_WAY else ""
    if leg.by_hand:
        act = "confirm_leg"
    return OpenLeg(leg, leg.case, now - since, leg.order is not None and now - since > late, act)


def leg_counts(actor: Actor) -> list[tuple[str, Text, int, Decimal]]:
    """The legs without an end by state: how many, and the money in them."""
    legs = Leg.objects.filter(case__in=returns_for(actor).order_by().values("pk"), state__in=_OPEN_LEGS)
    legs = legs.exclude(kind__in=[LegKind.SUPPRESS, LegKind.RELEASE], state=LegState.FAILED)
    cash = Sum("cents", filter=Q(unit="cash") & ~Q(kind__in=NO_MONEY), default=0)
    rows = {row[0]: row[1:] for row in legs.order_by().values_list("state").annotate(n=Count("pk"), cents=cash)}
    return [
        (state, LegState(state).label, rows[state][0], from_cents(rows[state][1]))
        for state in _OPEN_LEGS
        if state in rows
    ]


def owed_by_merchants(actor: Actor, *, now: datetime) -> list[Owed]:
    """What merchants have not given back yet, the largest sum first."""
    by_merchant: dict[str, Owed] = {}
    for one in open_legs(actor, LegKind.CLAWBACK, now=now):
        name = one.case.merchant.name if one.case.merchant else "—"
        by_merchant.setdefault(name, Owed(name)).legs.append(one)
    return sorted(by_merchant.values(), key=lambda owed: -owed.total)


@dataclass(frozen=True, slots=True)
class KindOfDay:
    """One kind of order on a day in both books."""

    kind: str
    label: Text
    pairs: Sequence[Pair]

    @property
    def ours(self) -> int:
        return sum(pair.order is not None and pair.order.state == Order.State.CONFIRMED for pair in self.pairs)

    @property
    def theirs(self) -> int:
        return sum(pair.theirs is not None and pair.theirs["status"] == "confirmed" for pair in self.pairs)

    @property
    def ours_cny(self) -> Decimal:
        return from_cents(sum(pair.ours_cents for pair in self.pairs))

    @property
    def theirs_cny(self) -> Decimal:
        return from_cents(sum(pair.theirs_cents for pair in self.pairs))

    @property
    def failed(self) -> int:
        return sum(pair.order is not None and pair.order.state == Order.State.FAILED for pair in self.pairs)

    @property
    def faults(self) -> int:
        return sum(bool(pair.fault) for pair in self.pairs)


def day_page(day: date) -> dict[str, Any]:
    """A day in both books, by kind of order; every number is a list behind it. The caller holds the power `BOOKS`."""
    by_kind: dict[str, list[Pair]] = defaultdict(list)
    for pair in compared(day):
        by_kind[pair.kind].append(pair)
    kinds = [KindOfDay(kind.value, kind.label, by_kind[kind]) for kind in Order.Kind if by_kind.get(kind)]
    kinds += [KindOfDay(kind, kind, pairs) for kind, pairs in by_kind.items() if kind not in Order.Kind.values]
    return {
        "day": day,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "kinds": kinds,
        "ours_cny": sum((one.ours_cny for one in kinds), Decimal(0)),
        "theirs_cny": sum((one.theirs_cny for one in kinds), Decimal(0)),
        "faults": sum(one.faults for one in kinds),
        "told": statement_of(day),
    }


def orders_of_day(day: date, kind: str, which: str) -> list[dict[str, Any]]:
    """The orders behind one number of a day: `ours`, `theirs`, `failed`, `faults` or all."""
    found = list(_narrowed((pair for pair in compared(day) if kind in ("", pair.kind)), which))[:MOST_ORDERS]
    legs = Leg.objects.filter(order__in=[pair.order for pair in found if pair.order]).select_related("case")
    cases = {leg.order_id: leg.case for leg in legs}
    return [_row(pair, cases.get(pair.order.pk) if pair.order else None) for pair in found]


def _narrowed(pairs: Iterable[Pair], which: str) -> Iterable[Pair]:
    tests = {
        "ours": lambda pair: pair.order is not None and pair.order.state == Order.State.CONFIRMED,
        "theirs": lambda pair: pair.theirs is not None and pair.theirs["status"] == "confirmed",
        "failed": lambda pair: pair.order is not None and pair.order.state == Order.State.FAILED,
        "faults": lambda pair: bool(pair.fault),
    }
    return filter(tests.get(which, lambda pair: True), pairs)


def _row(pair: Pair, case: Refund | None) -> dict[str, Any]:
    return {
        "pair": pair,
        "label": Order.Kind(pair.kind).label if pair.kind in Order.Kind.values else pair.kind,
        "case": case,
        "loan": pair.order.loan.number if pair.order else "",
        "ours": from_cents(pair.order.amount_cents) if pair.order and pair.order.amount_cents else None,
        "theirs": from_cents(pair.theirs["cents"]) if pair.theirs and pair.theirs["cents"] else None,
        "fault": FAULTS.get(pair.fault, ""),
    }
