"""Two at once on one mediation: the ledger of offers keeps its laws whoever is first. Made certain by holding the first transaction open."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from cases.mediation import actions
from cases.mediation.models import Mediation, Round, Signature
from cases.mediation.proof import own_phone
from jike.base.ids import uuid7
from tests.complaints.test_race import held
from tests.factories import mediations as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast

NOW = RECEIVED + timedelta(hours=12)


def offer(case: Mediation, side: str, **changed: Any) -> Any:
    actor = factory.merchant_of(case) if side == "merchant" else factory.consumer_of(case)
    given = factory.OFFER | {"expires_at": factory.FAR} | changed
    return actions.make_offer(case, actor=actor, now=NOW, **given)


def answer(case: Mediation, row: Any, said: str) -> Any:
    return actions.answer_offer(case, actor=factory.consumer_of(case), now=NOW, offer=row, answer=said)


def test_one_side_offers_twice_at_once(committed_cast: Cast) -> None:
    case = factory.mediation(committed_cast, at="negotiating")
    answers: list[object] = []

    with held(answers, lambda: offer(case, "merchant")):
        offer(case, "merchant")

    assert answers == [["offer.not_your_turn"]] and case.offers.count() == 1


def test_both_sides_offer_at_once_and_the_second_answers_the_first(committed_cast: Cast) -> None:
    case = factory.mediation(committed_cast, at="negotiating")
    answers: list[object] = []

    with held(answers, lambda: offer(case, "consumer")):
        offer(case, "merchant")

    assert isinstance(answers[0], Mediation)
    assert list(case.offers.order_by("seq").values_list("side", "answer")) == [
        ("merchant", "countered"),
        ("consumer", ""),
    ]


@pytest.mark.parametrize("rival", ["accepted", "rejected"])
def test_an_offer_is_answered_once(rival: str, committed_cast: Cast) -> None:
    case = factory.mediation(committed_cast, at="offered")
    row = case.offers.get()
    answers: list[object] = []

    with held(answers, lambda: answer(case, row, rival)):
        answer(case, row, "accepted")

    assert answers == [["offer.none"]] and case.offers.get().answer == "accepted"


def test_what_was_offered_cannot_be_accepted_while_another_takes_its_place(committed_cast: Cast) -> None:
    case = factory.mediation(committed_cast, at="offered")
    row = case.offers.get()
    answers: list[object] = []

    with held(answers, lambda: answer(case, row, "accepted")):
        offer(case, "consumer", words="还价")

    assert answers == [["offer.stale"]]
    assert list(case.offers.order_by("seq").values_list("answer", flat=True)) == ["countered", ""]


def test_one_side_signs_twice_at_once(committed_cast: Cast) -> None:
    case = factory.mediation(committed_cast, at="drafted")
    actor, sha256 = factory.consumer_of(case), bytes(case.agreements.get().sha256)
    phone = own_phone(case, actor)
    answers: list[object] = []

    def sign() -> Any:
        given = {"sha256": sha256, "phone": phone, "challenge": uuid7()}
        return actions.sign_agreement(case, actor=actor, now=NOW, **given)

    with held(answers, sign):
        sign()

    assert answers == [["signature.given"]] and Signature.objects.filter(case=case).count() == 1


def test_a_draft_and_a_signature_at_once_leave_no_signature_on_an_old_text(committed_cast: Cast) -> None:
    case = factory.mediation(committed_cast, at="drafted")
    actor, sha256 = factory.consumer_of(case), bytes(case.agreements.get().sha256)
    given = {"sha256": sha256, "phone": own_phone(case, actor), "challenge": uuid7()}
    answers: list[object] = []

    with held(answers, lambda: actions.sign_agreement(case, actor=actor, now=NOW, **given)):
        texts = factory.TEXTS | {"manner": "改为转账。"}
        actions.draft_agreement(case, actor=committed_cast.handler.actor, now=NOW, **texts)

    assert answers == [["agreement.changed"]] and not Signature.objects.filter(case=case).exists()


def test_two_secret_answers_at_once_settle_the_round_once(committed_cast: Cast) -> None:
    case = factory.mediation(committed_cast, at="negotiating")
    case = actions.open_round(
        case, actor=committed_cast.handler.actor, now=NOW, kind="bids", pay_days=10, expires_at=NOW + timedelta(days=3)
    )
    row = Round.objects.get()
    answers: list[object] = []

    def bid(side: str, cny: int) -> Any:
        actor = factory.merchant_of(case) if side == "merchant" else factory.consumer_of(case)
        return actions.answer_round(case, actor=actor, now=NOW, of=row, limit_cny=Decimal(cny))

    with held(answers, lambda: bid("merchant", 1000)):
        bid("consumer", 800)

    assert isinstance(answers[0], Mediation)
    assert Round.objects.get().outcome == "settled" and case.offers.get().refund_cny == Decimal("900.00")
