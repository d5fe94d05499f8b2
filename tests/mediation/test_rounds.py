"""Sealed rounds: two limits meet in the middle or stay unknown for ever; a proposal is accepted only by two yes."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from cases.mediation import actions, handlers
from cases.mediation.models import Mediation, Round, SecretAnswer
from cases.mediation.sealed import meeting_point
from cases.mediation.terms import Term
from jike.base.actors import Actor
from jike.base.dates import cst_date
from jike.base.errors import Refused
from jike.privacy import open_sealed
from jike.privacy.sealed import Destroyed
from tests.factories import mediations as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast

NOW = RECEIVED + timedelta(hours=12)
BIDS: dict[str, Any] = {"kind": "bids", "pay_days": 10, "expires_at": NOW + timedelta(days=3)}
cents = st.decimals(min_value="0.01", max_value="99999999.99", places=2)


@given(least=cents, most=cents)
def test_the_formula_lies_between_the_limits_and_is_exact_to_the_cent(least: Decimal, most: Decimal) -> None:
    found = meeting_point(least, most)

    assert (found is None) == (most < least)
    if found is not None:
        assert least <= found <= most and found == found.quantize(Decimal("0.01"))
        assert abs((found - least) - (most - found)) <= Decimal("0.01")


def opened(cast: Cast, **given: Any) -> Mediation:
    case = factory.mediation(cast, at="negotiating", origin=given.pop("origin", None))
    return actions.open_round(case, actor=cast.handler.actor, now=NOW, **(BIDS | given))


def said(case: Mediation, actor: Actor, *, at: Any = NOW, **given: Any) -> Mediation:
    row = Round.objects.get(case=case)
    return actions.answer_round(case, actor=actor, now=at, of=row, **given)


def test_limits_that_meet_become_an_accepted_offer_at_the_middle(cast: Cast) -> None:
    case = opened(cast)
    case = said(case, factory.consumer_of(case), limit_cny=Decimal("800.00"))
    assert Round.objects.get().outcome == "" and not case.offers.exists()

    case = said(case, factory.merchant_of(case), limit_cny=Decimal("1000.01"))

    row, offer = Round.objects.get(), case.offers.get()
    assert (row.outcome, row.offer_id, offer.answer, offer.refund_cny) == (
        "settled",
        offer.pk,
        "accepted",
        Decimal("900.01"),
    )
    case = actions.draft_agreement(
        Mediation.objects.get(pk=case.pk), actor=cast.handler.actor, now=NOW, **factory.TEXTS
    )
    assert case.known_agreement.offer_id == offer.pk


def test_limits_that_do_not_meet_are_gone_and_nobody_ever_reads_them(cast: Cast) -> None:
    case = opened(cast)
    case = said(case, factory.merchant_of(case), limit_cny=Decimal("700.77"))
    case = said(case, factory.consumer_of(case), limit_cny=Decimal("800.88"))

    assert Round.objects.get().outcome == "apart" and not case.offers.exists()
    for answer in SecretAnswer.objects.all():
        with pytest.raises(Destroyed):
            open_sealed(answer, "said")
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(e.data::text, '') FROM cases_event e WHERE case_id = %s", [case.pk])
        told = cursor.fetchone()[0]
        cursor.execute("SELECT string_agg(row_to_json(a)::text, '') FROM mediation_secretanswer a")
        told += cursor.fetchone()[0]
    assert "700.77" not in told and "800.88" not in told


def test_a_standing_offer_is_answered_by_what_the_limits_meet_at(cast: Cast) -> None:
    case = factory.mediation(cast, at="offered")
    case = actions.open_round(case, actor=factory.consumer_of(case), now=NOW, **BIDS)
    case = said(case, factory.consumer_of(case), limit_cny=Decimal("1000.00"))
    case = said(case, factory.merchant_of(case), limit_cny=Decimal("1000.00"))

    assert list(case.offers.order_by("seq").values_list("answer", flat=True)) == ["countered", "accepted"]


@pytest.mark.parametrize(
    ("consumer", "merchant", "outcome"), [(True, True, "settled"), (True, False, "apart"), (False, True, "apart")]
)
def test_a_proposal_is_accepted_only_by_both(consumer: bool, merchant: bool, outcome: str, cast: Cast) -> None:
    terms = [Term("refund", factory.DUE[0], Decimal("600.00")), Term("apology", factory.DUE[0])]
    case = opened(cast, kind="proposal", terms=terms, words="折中方案")
    case = said(case, factory.merchant_of(case), says_yes=merchant)
    case = said(case, factory.consumer_of(case), says_yes=consumer)

    assert Round.objects.get().outcome == outcome
    assert [offer.refund_cny for offer in case.offers.all()] == ([Decimal("600.00")] if outcome == "settled" else [])


def test_who_may_not_open_or_answer(cast: Cast) -> None:
    case = opened(cast)
    consumer, merchant = factory.consumer_of(case), factory.merchant_of(case)
    row = Round.objects.get()

    def codes(act: Any, **given: Any) -> list[str]:
        with pytest.raises(Refused) as refused:
            act(case, now=NOW, **given)
        return [blocker.code for blocker in refused.value.blockers]

    assert codes(actions.open_round, actor=merchant, **BIDS) == ["round.open"]
    assert "actor.no_power" in codes(actions.answer_round, actor=cast.handler.actor, of=row, limit_cny=Decimal(1))
    assert codes(actions.answer_round, actor=consumer, of=row, limit_cny=Decimal("0.001")) == ["limit.malformed"]
    said(case, consumer, limit_cny=Decimal("5.00"))
    assert codes(actions.answer_round, actor=consumer, of=row, limit_cny=Decimal("6.00")) == ["round.answered"]
    other = factory.mediation(cast, at="negotiating", origin=factory.complaint(cast, phone="13900139000"))
    with pytest.raises(Refused) as refused:
        actions.open_round(
            other, actor=factory.consumer_of(other), now=NOW, kind="proposal", expires_at=BIDS["expires_at"], terms=[]
        )
    assert "actor.not_mediator" in [blocker.code for blocker in refused.value.blockers]


def test_the_other_kind_of_answer_or_none_at_all_is_refused(cast: Cast) -> None:
    bids = opened(cast)
    proposal = opened(
        cast,
        kind="proposal",
        terms=[Term("apology", factory.DUE[0])],
        origin=factory.complaint(cast, phone="13900139000"),
    )

    def code(case: Mediation, **given: Any) -> list[str]:
        with pytest.raises(Refused) as refused:
            said(case, factory.consumer_of(case), **given)
        return [blocker.code for blocker in refused.value.blockers]

    assert code(bids) == code(bids, says_yes=True) == ["limit.malformed"]
    assert code(proposal) == code(proposal, limit_cny=Decimal("5.00")) == ["answer.unknown"]
    assert not SecretAnswer.objects.exists()


def test_nothing_of_a_proposal_falls_due_before_both_may_have_answered(cast: Cast) -> None:
    last = cst_date(BIDS["expires_at"])
    with pytest.raises(Refused) as refused:
        opened(cast, kind="proposal", terms=[Term("apology", last - timedelta(days=1))])
    assert [blocker.code for blocker in refused.value.blockers] == ["terms.past"]

    other = factory.complaint(cast, phone="13900139000")
    assert opened(cast, kind="proposal", terms=[Term("apology", last)], origin=other).rounds.count() == 1


@pytest.mark.parametrize("ends", ["accepted", "failed"])
def test_a_round_is_over_where_the_talks_come_to_something_else(ends: str, cast: Cast) -> None:
    case = factory.mediation(cast, at="offered")
    case = actions.open_round(case, actor=factory.consumer_of(case), now=NOW, **BIDS)
    case = said(case, factory.merchant_of(case), limit_cny=Decimal("900.00"))
    consumer, offer = factory.consumer_of(case), case.offers.get()
    if ends == "accepted":
        actions.answer_offer(case, actor=consumer, now=NOW, offer=offer, answer="accepted")
    else:
        actions.fail(case, actor=cast.handler.actor, now=NOW, reason="双方差距过大。")

    assert Round.objects.get().outcome == "lapsed"
    with pytest.raises(Destroyed):
        open_sealed(SecretAnswer.objects.get(), "said")


def test_a_round_not_answered_by_both_lapses_and_what_was_said_is_destroyed(cast: Cast) -> None:
    case = opened(cast)
    case = said(case, factory.consumer_of(case), limit_cny=Decimal("800.00"))
    late = BIDS["expires_at"] + timedelta(seconds=1)
    with pytest.raises(Refused):
        said(case, factory.merchant_of(case), at=late, limit_cny=Decimal("900.00"))

    handlers.watch(late)

    assert Round.objects.get().outcome == "lapsed"
    with pytest.raises(Destroyed):
        open_sealed(SecretAnswer.objects.get(), "said")


def test_the_database_settles_nothing_by_hand(cast: Cast) -> None:
    case = opened(cast)
    said(case, factory.consumer_of(case), limit_cny=Decimal("800.00"))
    rows = Round.objects.filter(case=case)

    for change, words in (
        ({"outcome": "apart", "ended_at": NOW}, "both have answered"),
        ({"pay_days": 99}, "ends once and otherwise stays"),
        ({"outcome": "settled", "ended_at": NOW}, "round_settled_by_an_offer|both have answered"),
    ):
        with pytest.raises(IntegrityError, match=words), transaction.atomic():
            rows.update(**change)
    with pytest.raises(IntegrityError, match=r"never|final|history"), transaction.atomic():
        SecretAnswer.objects.update(side="merchant")
