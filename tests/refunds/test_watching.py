"""The timer: it has looked at what can go on or needs a person, leaves alone what cannot, and one bad return stops nobody."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from jike.base.dates import pinned
from jike.outbox import jobs
from jike.outbox.models import Job
from refunds import handlers, watching
from refunds.actions.asking import ADVANCE
from refunds.models import Refund
from tests.factories import returns as factory
from tests.factories.returns import ASKED
from tests.people import Cast

LATER = ASKED + timedelta(hours=2)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def chosen(now: Any = LATER) -> set[Any]:
    Job.objects.all().delete()
    watching.watch(now)
    return set(Job.objects.filter(topic=ADVANCE).values_list("subject", flat=True))


@pytest.mark.parametrize(
    ("point", "is_chosen"),
    [
        ("requested", True), ("screening", True), ("eligible", True), ("goodwill", True), ("settled", True), ("failed", True),
        ("undecided", False), ("unheard", False), ("disputed", False), ("held", False), ("refused", False), ("reversing", False),
        ("stuck", False), ("correcting", False), ("completed", False),
    ],
)  # fmt: skip
def test_only_what_can_go_on_or_needs_a_person_is_looked_at(cast: Cast, point: str, is_chosen: bool) -> None:
    case = factory.a_return(cast, at=point)

    assert chosen(case.last_event_at + HOUR) == ({case.pk} if is_chosen else set())


def test_what_nothing_can_move_takes_no_place_and_a_place_is_given_once_an_hour(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "AT_ONCE", 1)
    factory.a_return(cast, at="undecided")
    second = factory.requested(factory.loan(external_id="JK-2", contract_no="HT-2"), now=ASKED + HOUR)
    third = factory.requested(factory.loan(external_id="JK-3", contract_no="HT-3"), now=LATER - MINUTE * 5)
    assert chosen() == {second.pk}

    watching.watch(LATER)

    assert set(Job.objects.filter(topic=ADVANCE).values_list("subject", flat=True)) == {second.pk, third.pk}


def test_a_return_that_fails_for_a_fault_stops_no_other(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = factory.requested()
    good = factory.requested(factory.loan(external_id="JK-2", contract_no="HT-2"))
    silent = factory.a_return(
        cast, at="reversing", about=factory.loan(external_id="JK-3", contract_no="HT-3", service={"state": "none"})
    )
    whole = handlers.advance

    def advance(case: Refund, *, now: Any) -> Refund:
        if case.pk == bad.pk:
            raise ValueError
        return whole(case, now=now)

    monkeypatch.setattr(handlers, "advance", advance)
    now = ASKED + timedelta(hours=6)
    Job.objects.all().delete()

    watching.watch(now)
    with pinned(now):
        jobs.run_due(clock=lambda: now)

    assert factory.fresh(bad).state == "requested"
    assert factory.fresh(good).state == "reversing" and factory.fresh(silent).state == "stuck"


def test_orders_that_are_being_asked_after_take_no_place(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "AT_ONCE", 1)
    first = factory.requested()
    second = factory.requested(factory.loan(external_id="JK-2", contract_no="HT-2"), now=ASKED + timedelta(minutes=1))
    Job.objects.filter(body__order=str(second.known_legs[0].order_id)).delete()

    watching.watch(LATER)

    asked = Job.objects.get(topic="lending.order", body__ask=True)
    assert asked.body["order"] == str(second.known_legs[0].order_id) != str(first.known_legs[0].order_id)
