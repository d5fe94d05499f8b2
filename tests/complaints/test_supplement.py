"""Material is asked for once, all of it, and nothing that the house holds. Worked examples 15 and 16."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db import connection

from cases.complaints import actions, supplements
from cases.complaints.models import Complaint
from cases.complaints.supplements import Answer
from cases.models import Message
from jike.base.errors import Refused
from jike.files import store
from jike.privacy import open_sealed
from lending.models import Funder, Loan, Merchant
from tests.complaints.test_lifecycle import codes
from tests.factories import complaints as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast

LATER = RECEIVED + timedelta(days=1)


@pytest.mark.rule("R15")
def test_15_every_gap_stands_in_one_list_and_the_clock_runs_on(cast: Cast) -> None:
    claimed = factory.complaint(cast, at="claimed")

    case = actions.ask_supplement(claimed, actor=cast.handler.actor, now=LATER, **factory.SUPPLEMENT)

    request = supplements.open_request_of(case)
    assert request is not None and case.state == "supplementing"
    assert [item.what for item in supplements.items_of(request)] == ["与商户签订的合同或者服务单", "收据"]
    assert case.next_due_at == claimed.next_due_at
    sms = Message.objects.get(case_id=case.pk, purpose="supplement", channel="inbox")
    assert "2. 收据（核对您付的定金）" in open_sealed(sms, "body") and "/track/" in open_sealed(sms, "body")


@pytest.mark.rule("R15")
def test_15_a_second_list_needs_new_facts(cast: Cast) -> None:
    case = factory.complaint(cast, at="supplementing")
    case = actions.supplement_complaint(case, actor=factory.consumer_of(case), now=LATER, is_all=True)

    with pytest.raises(Refused) as refused:
        actions.ask_supplement(case, actor=cast.handler.actor, now=LATER, **factory.SUPPLEMENT)

    assert codes(refused) == ["supplement.asked_before"]


@pytest.mark.rule("R16")
def test_16_what_the_house_holds_is_never_asked_for(cast: Cast) -> None:
    loan = Loan.objects.create(
        number="L-1", person=factory.complaint(cast).consumer, merchant=Merchant.objects.first(), funder=Funder.objects.first(),
        principal_cny=1000, term_months=12, disbursed_at=RECEIVED, service_state="none",
    )  # fmt: skip
    case = factory.claimed(factory.file(loan=loan), cast, RECEIVED)

    with pytest.raises(Refused) as refused:
        actions.ask_supplement(
            case,
            actor=cast.handler.actor,
            now=LATER,
            codes=["loan_contract"],
            others="贷款的还款明细：核对\n手机号：联系",
        )

    assert codes(refused) == ["items.already_held"] * 3
    assert "L-1" in str(refused.value.blockers[0].message)
    assert Complaint.objects.get(pk=case.pk).state == "received"


def test_every_item_says_what_it_is_needed_for(cast: Cast) -> None:
    case = factory.complaint(cast, at="claimed")

    with pytest.raises(Refused) as refused:
        actions.ask_supplement(case, actor=cast.handler.actor, now=LATER, codes=["lost"], others="收据")
    assert codes(refused) == ["items.unknown", "items.no_reason"]
    with pytest.raises(Refused) as refused:
        actions.ask_supplement(case, actor=cast.handler.actor, now=LATER, codes=[], others=" ")
    assert codes(refused) == ["items.missing"]


def test_answers_in_several_goes_end_the_waiting_when_the_last_one_is_in(cast: Cast) -> None:
    case = factory.complaint(cast, at="supplementing")
    consumer = factory.consumer_of(case)
    first, second = factory.answers_of(case)
    stored = store.put(case.pk, b"photo", media_type="image/png", display_name="a.png", now=LATER)

    case = actions.supplement_complaint(
        case, actor=consumer, now=LATER, answers=[Answer(first.item, "合同在这里", (stored.pk,))]
    )
    assert case.state == "supplementing"
    case = actions.supplement_complaint(case, actor=consumer, now=LATER, answers=[second])

    assert case.state == "received"
    request = supplements.last_request_of(case)
    assert request is not None
    assert [(i.text, i.has_none, i.files) for i in supplements.items_of(request)] == [
        ("合同在这里", False, [stored.pk]),
        ("", True, []),
    ]


def test_an_answer_is_clear_belongs_to_the_list_and_comes_once(cast: Cast) -> None:
    case = factory.complaint(cast, at="supplementing")
    first, _second = factory.answers_of(case)
    other = factory.complaint(cast, phone="13900139000")
    foreign = store.put(other.pk, b"x", media_type="image/png", display_name="x.png", now=LATER)

    for answers, wanted in (
        ([], ["answers.missing"]),
        ([Answer(uuid.uuid4(), "x")], ["answers.unknown"]),
        ([Answer(first.item, "x"), Answer(first.item, "y")], ["answers.unknown"]),
        ([Answer(first.item)], ["answers.unclear"]),
        ([Answer(first.item, "x", has_none=True)], ["answers.unclear"]),
        ([Answer(first.item, files=(foreign.pk,))], ["files.unknown"]),
    ):
        with pytest.raises(Refused) as refused:
            actions.supplement_complaint(case, actor=cast.handler.actor, now=LATER, answers=answers)
        assert codes(refused) == wanted


def test_words_of_a_list_lie_sealed(cast: Cast) -> None:
    factory.complaint(cast, at="supplementing")

    with connection.cursor() as cursor:
        cursor.execute("SELECT what, why FROM complaints_supplementitem")
        assert not any("收据".encode() in bytes(cell) for row in cursor.fetchall() for cell in row)
