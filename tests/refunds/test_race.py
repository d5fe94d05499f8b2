"""Two at once on one return: one wins, the other is told. Made certain by holding the first transaction open."""

from __future__ import annotations

from datetime import timedelta

from lending.models import Order
from refunds import actions
from refunds.models import Refund
from tests.complaints.test_race import held
from tests.factories import returns as factory
from tests.factories.returns import ASKED, MACHINE
from tests.lending import documents
from tests.people import Cast, staff

NOW = ASKED + timedelta(hours=2)


def test_two_requests_for_one_loan(committed_cast: Cast) -> None:
    documents.terms()
    loan = factory.loan()
    answers: list[object] = []

    with held(answers, lambda: factory.requested(loan)):
        factory.requested(loan)

    assert answers == [["return.open"]]
    assert (Refund.objects.count(), Order.objects.filter(kind="suppress").count()) == (1, 1)


def test_two_supervisors_approve_one_proposal(committed_cast: Cast) -> None:
    cast = committed_cast
    documents.terms()
    case = factory.a_return(cast, at="proposed")
    other = staff("supervisor2", "supervisor", unit=cast.unit)
    given = {"verdict": "approved", "payload": factory.payload_of(case)}
    answers: list[object] = []

    with held(answers, lambda: actions.approve(case, actor=other.actor, now=NOW, **given)):
        actions.approve(case, actor=cast.supervisor.actor, now=NOW, **given)

    assert answers == [["approval.none"]]
    assert factory.fresh(case).events.filter(verb="refunds.approve").count() == 1


def test_two_workers_send_the_money_once(committed_cast: Cast) -> None:
    documents.terms()
    case = factory.a_return(committed_cast, at="eligible")
    answers: list[object] = []

    with held(answers, lambda: actions.reverse(case, actor=MACHINE, now=NOW)):
        actions.reverse(case, actor=MACHINE, now=NOW)

    assert answers == [["case.wrong_state"]]
    assert Order.objects.filter(kind="refund_consumer").count() == 1
    assert factory.fresh(case).journal.count() == 2 * len(
        set(factory.fresh(case).journal.values_list("entry", flat=True))
    )
