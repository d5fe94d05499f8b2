"""The money through the database: whatever had been paid, the books close and the consumer pays 0.00; what waits, and what is repaired."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import given, seed, settings

from jike.base.errors import Refused
from jike.privacy import open_sealed
from jike.verbs import verb_named
from lending.loans.documents import Document
from lending.models import Order, Repayment
from lending.orders.fake import FakeLending
from refunds import actions, certificate, facts, handlers
from refunds.models import Refund
from refunds.portal.pages import return_page
from refunds.queries import consumer_cost, costs_told
from tests.factories import returns as factory
from tests.factories.returns import ASKED, LAST, MACHINE
from tests.lending import documents
from tests.people import Cast
from tests.refunds.test_settling import loans

LATER = ASKED + timedelta(hours=1)


@pytest.mark.rule("R36")
def test_whatever_had_been_paid_the_stored_books_close_and_the_consumer_pays_nothing(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = factory.a_return(cast, at="eligible")

    @seed(7)
    @settings(max_examples=30)
    @given(loans())
    def closes(document: Document) -> None:
        with transaction.atomic():
            monkeypatch.setattr(facts, "document_of", lambda loan: document)
            moved = actions.reverse(case, actor=MACHINE, now=ASKED + timedelta(minutes=5))
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            look_at_books(moved)
            transaction.set_rollback(True)

    closes()


def look_at_books(case: Refund) -> None:
    totals: Counter[tuple[str, str]] = Counter()
    for line in case.journal.all():
        totals[line.party, line.unit] += line.cents
    assert not any(totals.values()) and str(consumer_cost(case)) == "0.00"
    legs = [leg for leg in case.legs.all() if leg.is_to_consumer]
    assert sum(leg.cents for leg in legs) == case.to_consumer_cents
    orders = Order.objects.filter(loan_id=case.loan_id, kind="refund_consumer")
    assert {(o.key, o.amount_cents, o.to) for o in orders} == {(g.key, g.cents, g.ref) for g in legs if g.order_id}
    assert Order.objects.filter(loan_id=case.loan_id, kind="cancel_loan").count() <= 1


@pytest.mark.rule("R37", "R39")
def test_each_cent_goes_back_to_the_account_it_came_from_and_a_coupon_as_a_coupon(cast: Cast) -> None:
    fees = [
        *documents.document()["fees"],
        documents.fee(
            "F-8", "down_payment", receiver="merchant", amount_cents=200_000, paid_at="2026-11-16T16:00:00+08:00"
        ),
        documents.fee("F-9", "coupon", amount_cents=5_000, paid_at="2026-11-16T16:00:00+08:00"),
    ]
    paid = [documents.repayment("R-1", 30_000), documents.repayment("R-2", 1_230, "interest")]
    case = factory.requested(factory.loan(fees=fees, repayments=paid))

    case = handlers.advance(case, now=LATER)

    legs = {(leg.kind, leg.ref): leg for leg in case.known_legs}
    to_consumer = {
        ref: (leg.cents, leg.order.to, leg.account_mask) for (kind, ref), leg in legs.items() if leg.is_to_consumer
    }
    assert to_consumer == {
        "repayment:R-1": (30_000, "repayment:R-1", "**** **** **** 5678"), "repayment:R-2": (1_230, "repayment:R-2", "**** **** **** 5678"),
        "fee:F-8": (200_000, "fee:F-8", ""),
    }  # fmt: skip
    assert legs["consumer_down_payment", "fee:F-8"].payer == "merchant"
    coupon = legs["coupon", "fee:F-9"]
    assert (coupon.unit, coupon.by_hand, coupon.state, coupon.order) == ("coupon", True, "waiting", None)
    assert (str(consumer_cost(case)), str(costs_told(case))) == ("0.00", "12.30")


@pytest.mark.rule("R79")
def test_a_debit_under_way_is_refunded_as_its_own_leg_once_it_came(cast: Cast) -> None:
    case = _with_debit(cast)
    (leg,) = [leg for leg in case.known_legs if leg.is_awaited]
    assert (leg.state, leg.order, leg.cents) == ("waiting", None, 100_000)
    with pytest.raises(Refused):
        actions.go_on(case, actor=MACHINE, now=LATER)

    Repayment.objects.filter(external_id="R-2").update(status="paid")
    factory.watched(LATER + timedelta(hours=1))

    (leg,) = [leg for leg in factory.fresh(case).known_legs if leg.is_awaited]
    assert (leg.state, leg.order.kind, leg.order.to) == ("requested", "refund_consumer", "repayment:R-2")


def test_a_debit_that_failed_is_booked_back_and_holds_up_nobody(cast: Cast) -> None:
    case = _with_debit(cast)

    Repayment.objects.filter(external_id="R-2").update(status="failed")
    factory.watched(LATER + timedelta(hours=1))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")

    case = factory.fresh(case)
    (leg,) = [leg for leg in case.known_legs if leg.is_awaited]
    assert (leg.state, str(consumer_cost(case))) == ("void", "0.00")
    case = actions.claim_return(case, actor=cast.handler.actor, now=LATER + timedelta(hours=2))
    for step in ("confirm_all", "by_hand"):
        case = factory.STEPS[step](factory.fresh(case), cast, LATER + timedelta(hours=2))
    case = handlers.advance(factory.fresh(case), now=LATER + timedelta(hours=2))
    assert (case.state, case.to_consumer_cents, case.paid_cents) == ("correcting", 130_000, 30_000)

    case = factory.STEPS["confirm_all"](case, cast, LATER + timedelta(hours=3))
    case = handlers.advance(factory.fresh(case), now=LATER + timedelta(hours=3))
    told = open_sealed(case.messages.filter(template__contains="completed").first(), "body")
    paper = certificate.html(case, code="ABCD-EFGH-JKMN")
    page = return_page(case, factory.consumer_of(case), now=LATER + timedelta(hours=3))
    assert "300.00" in told and "1,300.00" not in told
    assert "300.00" in paper and "1,300.00" not in paper
    assert str(page["total"]) == "300.00"


def _with_debit(cast: Cast) -> Refund:
    under_way = documents.repayment("R-2", 100_000, status="under_way")
    case = factory.requested(factory.loan(repayments=[documents.repayment("R-1", 30_000), under_way]))
    return handlers.advance(case, now=LATER)


def test_money_in_hand_comes_back_before_the_loan_ends(cast: Cast) -> None:
    sent = [{**documents.document()["disbursements"][0], "receiver": "consumer"}]
    case = factory.requested(factory.loan(disbursements=sent))
    case = handlers.advance(case, now=LATER)
    assert (case.state, [one["code"] for one in case.screening.review]) == ("eligible", ["money.in_hand"])
    case = actions.claim_return(case, actor=cast.handler.actor, now=LATER)
    case = actions.propose(case, actor=cast.handler.actor, now=LATER, **factory.RETURNING)
    case = handlers.advance(factory.voted(case, cast, now=LATER), now=LATER)
    waiting = {leg.kind for leg in case.known_legs if leg.state == "waiting" and not leg.by_hand}
    assert waiting == {"limit", "loan_end"} and not Order.objects.filter(kind="cancel_loan").exists()

    leg = next(leg for leg in case.known_legs if leg.kind == "consumer_principal")
    assert leg.cents == 1_170_000, "what was repaid is set off"
    case = actions.confirm_leg(case, actor=cast.handler.actor, now=LATER, leg=leg, evidence="入账回单")
    case = handlers.advance(case, now=LATER + timedelta(minutes=1))

    assert set(Order.objects.values_list("kind", flat=True)) >= {"cancel_loan", "restore_limit"}


@pytest.mark.rule("R42")
def test_a_failed_leg_is_ordered_again_under_its_own_key_and_only_then(cast: Cast, core: FakeLending) -> None:
    case = factory.a_return(cast, at="stuck")
    leg = factory.to_consumer(case)
    with pytest.raises(Refused):
        actions.carry_on(case, actor=cast.handler.actor, now=LATER)

    case = actions.retry_leg(case, actor=cast.handler.actor, now=LATER, leg=leg)
    assert factory.to_consumer(case).order.key == f"{leg.key}:2"
    with pytest.raises(Refused):
        actions.retry_leg(case, actor=cast.handler.actor, now=LATER, leg=leg)
    case = handlers.advance(case, now=LATER)

    assert case.state == "reversing"
    factory.work(LATER, rounds=30)
    assert factory.to_consumer(case).state == "confirmed"
    paid = [one for one in core.book.values() if one["kind"] == "refund_consumer"]
    assert [(one["key"], one["amount"]) for one in paid] == [(f"{leg.key}:2", "300.00")]


@pytest.mark.rule("R39")
def test_a_closed_account_takes_two_people_and_nobody_types_another(cast: Cast) -> None:
    case = factory.a_return(cast, at="stuck")
    leg = factory.to_consumer(case)
    case = actions.ask_account(case, actor=cast.handler.actor, now=LATER, leg=leg, reason="银行回执：账户已销户")
    given: dict[str, Any] = {"verdict": "approved", "payload": factory.payload_of(case)}
    for actor in (cast.handler.actor, cast.twin.actor):
        with pytest.raises(Refused) as no:
            actions.approve_account(case, actor=actor, now=LATER, **given)
        assert no.value.http_status == 403

    case = actions.approve_account(case, actor=cast.supervisor.actor, now=LATER, **given)

    leg = factory.to_consumer(case)
    assert (leg.route, leg.state, leg.order.to, leg.order.amount_cents) == (
        "verified",
        "requested",
        "verified_account",
        30_000,
    )
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_an_order_to_another_account_is_not_repeated_without_two_people(cast: Cast) -> None:
    case = factory.a_return(cast, at="stuck")
    leg = factory.to_consumer(case)
    case = actions.ask_account(case, actor=cast.handler.actor, now=LATER, leg=leg, reason="账户已销户")
    given: dict[str, Any] = {"verdict": "approved", "payload": factory.payload_of(case)}
    case = actions.approve_account(case, actor=cast.supervisor.actor, now=LATER, **given)
    leg = factory.to_consumer(case)
    factory.ended(leg, "failed", now=LATER)
    case = factory.follow(case, leg, now=LATER)

    with pytest.raises(Refused) as no:
        actions.retry_leg(case, actor=cast.handler.actor, now=LATER, leg=leg)

    assert [b.code for b in no.value.blockers] == ["leg.other_account"]
    actions.ask_account(case, actor=cast.handler.actor, now=LATER, leg=leg, reason="再次退票")


def test_another_account_is_not_approved_once_the_leg_was_ordered_again(cast: Cast) -> None:
    case = factory.a_return(cast, at="stuck")
    leg = factory.to_consumer(case)
    case = actions.ask_account(case, actor=cast.handler.actor, now=LATER, leg=leg, reason="账户已销户")
    case = actions.retry_leg(case, actor=cast.handler.actor, now=LATER, leg=leg)
    given: dict[str, Any] = {"payload": factory.payload_of(case), "reason": "已重新下单"}

    with pytest.raises(Refused) as no:
        actions.approve_account(case, actor=cast.supervisor.actor, now=LATER, verdict="approved", **given)

    assert [b.code for b in no.value.blockers] == ["proposal.outdated"]
    case = actions.approve_account(case, actor=cast.supervisor.actor, now=LATER, verdict="returned", **given)
    assert not factory.fresh(case).open_approvals


def test_a_loan_returned_in_part_ends_last(cast: Cast) -> None:
    case = factory.a_return(cast, at="partly")
    asked = {"outcome": "partly", "share": Decimal(25), "reason": "双方同意", "evidence": "调解协议", "code": ""}
    case = actions.propose(case, actor=cast.handler.actor, now=LATER, **asked)
    case = factory.fresh(handlers.advance(factory.voted(case, cast, now=LATER), now=LATER))
    end = next(leg for leg in case.known_legs if leg.kind == "loan_end")

    with pytest.raises(Refused) as no:
        actions.confirm_leg(case, actor=cast.handler.actor, now=LATER, leg=end, evidence="对账单")
    assert [b.code for b in no.value.blockers] == ["leg.last"]

    for leg in [leg for leg in case.money_legs if leg != end and leg.by_hand]:
        case = actions.confirm_leg(case, actor=cast.handler.actor, now=LATER, leg=leg, evidence="对账单")
    case = factory.STEPS["confirm_all"](case, cast, LATER)
    case = actions.confirm_leg(case, actor=cast.handler.actor, now=LATER, leg=end, evidence="对账单")
    assert factory.fresh(case).is_settled


def test_a_stop_that_was_lifted_is_neither_ordered_again_nor_asked_after(cast: Cast) -> None:
    case = factory.a_return(cast, at="refused")
    stop, lifting = case.known_legs
    for action, state in ((actions.ask_leg, "requested"), (actions.retry_leg, "failed")):
        with transaction.atomic():
            for leg in (stop, lifting) if state == "failed" else ():
                factory.ended(leg, state, now=LAST + timedelta(hours=1))
                case = factory.follow(factory.fresh(case), leg, now=LAST + timedelta(hours=1))
            with pytest.raises(Refused) as no:
                action(factory.fresh(case), actor=cast.handler.actor, now=LAST + timedelta(hours=2), leg=stop)
            assert [b.code for b in no.value.blockers] == ["leg.superseded"]
            action(factory.fresh(case), actor=cast.handler.actor, now=LAST + timedelta(hours=2), leg=lifting)


def test_money_is_ordered_again_only_while_it_is_on_its_way(cast: Cast) -> None:
    case = factory.a_return(cast, at="failed")
    leg = factory.to_consumer(case)
    case.__dict__["state"] = "eligible"
    for verb in ("retry_leg", "ask_leg"):
        found = verb_named(f"refunds.{verb}").blockers(case, cast.handler.actor, now=LATER, leg=leg)
        assert "case.wrong_state" in [b.code for b in found], found


@pytest.mark.rule("R43")
def test_the_credit_record_has_its_own_limit_from_the_day_the_money_is_confirmed(cast: Cast) -> None:
    case = factory.a_return(cast, at="settled")
    at = datetime.fromisoformat("2026-11-22T15:00:00+08:00")

    case = actions.correct(case, actor=MACHINE, now=at)

    clock = case.clocks.get()
    assert (clock.code, clock.due_at.isoformat()) == ("ZX_OBJ", "2026-12-12T15:59:59+00:00")
    assert case.credit_leg.order.kind == "correct_credit"
    with pytest.raises(Refused) as no:
        actions.complete(case, actor=MACHINE, now=at)
    assert [b.code for b in no.value.blockers] == ["credit.open"]
