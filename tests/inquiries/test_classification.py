"""R76: a claim, a question, a report and a mixed message each become what they are, by the word of a person. R17, R21."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection

from cases.clocks import ledger as clocks
from cases.clocks.models import Clock
from cases.complaints import actions as complaints
from cases.complaints.models import Complaint
from cases.complaints.reclassified.queries import counts_of, reclassified_for
from cases.handlers import record_delivery
from cases.inquiries import actions
from cases.inquiries.models import Inquiry
from cases.inquiries.natures import hints_of
from cases.models import Link, Message, Recusal
from jike import ledger
from jike.base.errors import Refused
from jike.outbox.channels import Receipt
from jike.privacy import open_sealed
from tests.complaints.test_lifecycle import codes
from tests.factories import complaints as complaint_factory
from tests.factories import inquiries as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast

LATER = RECEIVED + timedelta(days=3)
PASSAGE = "另外举报：这家店没有办学许可证。"


def settle() -> None:
    """Ask the guards that wait for the commit."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def declining(cast: Cast, ground: str) -> Complaint:
    case = complaint_factory.complaint(cast, at="claimed")
    words = complaint_factory.DECLINE | {"ground": ground}
    return complaints.decline_complaint(case, actor=cast.handler.actor, now=LATER, **words)


def reclassified(cast: Cast, ground: str) -> tuple[Complaint, Inquiry]:
    case = declining(cast, ground)
    payload = complaint_factory.payload_of(case)
    case = complaints.confirm_decline(case, actor=cast.supervisor.actor, now=LATER, payload=payload)
    settle()
    return case, Inquiry.objects.get(linked_from__case_id=case.pk)


@pytest.mark.rule("R76")
def test_r76_a_claim_is_a_complaint_whose_clock_counts_from_receipt(cast: Cast) -> None:
    complaint = complaint_factory.file(now=LATER, received_at=RECEIVED)

    assert complaint.number.startswith("TS") and Clock.objects.get(case=complaint).started_at == RECEIVED
    assert not Inquiry.objects.exists()


@pytest.mark.rule("R76")
def test_r76_a_question_is_answered_with_proof_and_no_clock_runs(cast: Cast) -> None:
    case = factory.inquiry(cast, at="answered")
    assert case.number.startswith("ZX") and not Complaint.objects.exists() and not Clock.objects.exists()
    with pytest.raises(Refused) as refused:
        actions.conclude_inquiry(case, actor=cast.handler.actor, now=LATER, outcome="")
    assert codes(refused) == ["notice.none"]

    case = factory.delivered(case, LATER)
    case = actions.conclude_inquiry(case, actor=cast.handler.actor, now=LATER, outcome="")

    settle()
    assert (case.state, case.ended_at, case.next_due_at) == ("closed", LATER, None)
    reply = Message.objects.get(case_id=case.pk, purpose="reply", channel="sms")
    assert case.told is not None and case.told.message == reply
    assert factory.INPUTS["answer"]["text"] in open_sealed(reply, "body") and case.number in open_sealed(reply, "body")
    assert list(ledger.verify()) == []


@pytest.mark.rule("R76")
def test_r76_the_portal_inbox_alone_tells_nobody(cast: Cast) -> None:
    case = factory.inquiry(cast, at="answered")
    inbox = Message.objects.get(case_id=case.pk, purpose="reply", channel="inbox")

    record_delivery(inbox, Receipt("inbox", "1", LATER), now=LATER)

    assert Inquiry.objects.get(pk=case.pk).told is None and factory.delivered(case, LATER).told is not None


@pytest.mark.rule("R76")
def test_r76_a_report_is_routed_and_whoever_reported_is_told_where(cast: Cast) -> None:
    case = factory.inquiry(cast, at="routed")

    told = open_sealed(Message.objects.get(case_id=case.pk, purpose="routing", channel="sms"), "body")
    assert factory.AUTHORITY in told and "由登记机关查处" not in told, "the reason is for colleagues"
    assert case.assignee == cast.handler.user and factory.delivered(case, LATER).told is not None
    assert not Clock.objects.exists()


@pytest.mark.rule("R76")
def test_r76_a_report_routed_within_the_house_goes_into_the_pool_of_that_unit(cast: Cast) -> None:
    case = factory.inquiry(cast, at="report")

    case = actions.route_inquiry(
        case, actor=cast.handler.actor, now=LATER, to=cast.other_unit, outside="", reason="属地核查。"
    )

    assert (case.unit, case.assignee, case.state) == (cast.other_unit, None, "routed")
    assert actions.claim_inquiry(case, actor=cast.stranger.actor, now=LATER).assignee == cast.stranger.user
    told = open_sealed(Message.objects.get(case_id=case.pk, purpose="routing", channel="sms"), "body")
    assert cast.other_unit.name in told


def test_a_report_is_routed_to_exactly_one_place(cast: Cast) -> None:
    case = factory.inquiry(cast, at="report")

    for to, outside in ((None, " "), (cast.other_unit, "公安机关")):
        with pytest.raises(Refused) as refused:
            actions.route_inquiry(case, actor=cast.handler.actor, now=LATER, to=to, outside=outside, reason="x")
        assert codes(refused) == ["to.missing"]


@pytest.mark.rule("R76")
def test_r76_a_mixed_message_makes_both_records_and_the_complaint_goes_on(cast: Cast) -> None:
    case = complaint_factory.complaint(cast, at="investigating")
    due = case.next_due_at

    case = complaints.split_off(case, actor=cast.handler.actor, now=LATER, nature="report", text=PASSAGE)

    settle()
    report = Inquiry.objects.get()
    assert (case.state, case.next_due_at) == ("investigating", due) and clocks.running(case, family="CMP") is not None
    assert (report.nature, report.state, report.consumer, report.received_at) == (
        "report", "received", case.consumer, case.received_at,
    )  # fmt: skip
    assert (report.merchant, report.loan, report.unit, report.assignee) == (
        case.merchant, case.loan, case.unit, cast.handler.user,
    )  # fmt: skip
    assert Link.objects.get(case=report, other=case).kind == "split_from"
    assert open_sealed(report, "narrative") == PASSAGE and open_sealed(report.parties.get(), "phone") == "13800138000"
    assert case.events.latest("seq").data["split_off"] == str(report.pk)
    told = open_sealed(Message.objects.get(case_id=report.pk, purpose="receipt", channel="sms"), "body")
    assert report.number in told and case.number in told and "投诉仍按原期限办理" in told
    assert not Clock.objects.filter(case=report).exists() and list(ledger.verify()) == []


@pytest.mark.rule("R76")
@pytest.mark.parametrize(("ground", "nature"), [("not_complaint", "question"), ("report", "report")])
def test_r76_a_complaint_that_is_none_is_reclassified_by_two_people_and_told(
    cast: Cast, ground: str, nature: str
) -> None:
    case, inquiry = reclassified(cast, ground)

    assert (case.state, inquiry.nature, inquiry.state) == ("declined", nature, "received")
    assert case.next_due_at is not None, "the complaint ends when the consumer was told"
    assert Link.objects.get(case=case, other=inquiry).kind == "escalated_to"
    said = open_sealed(inquiry, "narrative")
    assert open_sealed(case, "claim") in said and open_sealed(case, "narrative") in said
    case = complaint_factory.delivered(case, "decline", LATER)
    assert case.ended_at == LATER and case.notice is not None
    receipt = open_sealed(Message.objects.get(case_id=inquiry.pk, purpose="receipt", channel="sms"), "body")
    assert f"由您的投诉 {case.number} 转来办理" in receipt and inquiry.number in receipt


@pytest.mark.rule("R76")
def test_r76_nobody_reclassifies_alone_and_other_grounds_open_nothing(cast: Cast) -> None:
    case = declining(cast, "not_complaint")
    with pytest.raises(Refused) as refused:
        complaints.confirm_decline(case, actor=cast.twin.actor, now=LATER, payload=complaint_factory.payload_of(case))
    assert codes(refused) == ["actor.own_work"]

    complaint_factory.complaint(cast, at="declined", phone="13900139000")

    assert not Inquiry.objects.exists()


@pytest.mark.rule("R76")
def test_r76_what_was_reclassified_is_listed_and_counted_by_period(cast: Cast) -> None:
    _case, inquiry = reclassified(cast, "not_complaint")
    day = {"first_on": LATER.date(), "last_on": LATER.date()}
    complaints.split_off(
        complaint_factory.complaint(cast, at="claimed", phone="13900139000"),
        actor=cast.handler.actor,
        now=LATER,
        nature="report",
        text=PASSAGE,
    )  # split off, not reclassified

    found = reclassified_for(cast.supervisor.actor, **day)

    assert [(link.other_id, counts_of(found)) for link in found] == [(inquiry.pk, [("question", 1)])]
    later = reclassified_for(cast.supervisor.actor, first_on=date(2026, 10, 2), last_on=date(2026, 12, 31))
    assert counts_of(later) == [] and counts_of(reclassified_for(cast.stranger.actor, **day)) == []


@pytest.mark.rule("R76")
def test_r76_a_question_that_is_a_complaint_counts_from_its_first_receipt(cast: Cast) -> None:
    case = factory.inquiry(cast, at="claimed")

    case = actions.convert_inquiry(case, actor=cast.handler.actor, now=LATER, **factory.INPUTS["convert"])

    settle()
    complaint = Complaint.objects.get()
    assert (case.state, case.ended_at) == ("converted", LATER)
    assert (complaint.received_at, complaint.registered_at) == (RECEIVED, LATER)
    assert Clock.objects.get(case=complaint, code="CMP15").started_at == RECEIVED
    assert (complaint.consumer, complaint.state) == (case.consumer, "received")
    assert Link.objects.get(case=case, other=complaint).kind == "escalated_to"
    assert Message.objects.filter(case_id=complaint.pk, purpose="receipt", channel="sms").count() == 1


@pytest.mark.rule("R17")
def test_r17_an_anonymous_report_is_a_clue_without_a_clock(cast: Cast) -> None:
    clue = factory.file(cast, nature="report", name="", phone="")

    settle()
    assert (clue.nature, clue.consumer, clue.next_due_at) == ("clue", None, None)
    assert not Clock.objects.exists() and not Message.objects.exists() and not clue.parties.exists()
    for missing in ("name", "phone"):
        with pytest.raises(Refused) as refused:
            factory.file(cast, nature="report", **{missing: ""})
        assert codes(refused) == [f"{missing}.missing"]
    with pytest.raises(Refused) as refused:
        factory.file(cast, nature="question", name="", phone="")
    assert codes(refused) == ["name.missing", "phone.missing"]


@pytest.mark.rule("R17")
def test_r17_a_clue_becomes_no_complaint_and_is_answered_to_nobody(cast: Cast) -> None:
    clue = factory.inquiry(cast, at="clue")
    given = {"actor": cast.handler.actor, "now": LATER}

    for act, name in ((actions.convert_inquiry, "convert"), (actions.answer_inquiry, "answer")):
        with pytest.raises(Refused) as refused:
            act(clue, **given, **factory.INPUTS[name])
        assert codes(refused) == ["contact.none"]
    with pytest.raises(Refused) as refused:
        actions.conclude_inquiry(clue, **given, outcome=" ")
    assert codes(refused) == ["outcome.missing"]
    assert actions.conclude_inquiry(clue, **given, outcome="查无实据。").state == "closed"


@pytest.mark.rule("R21")
def test_r21_flags_and_a_split_off_report_of_a_crime_stop_no_clock(cast: Cast) -> None:
    case = complaint_factory.complaint(cast, at="investigating")
    due = case.next_due_at

    case = complaints.flag_complaint(case, actor=cast.handler.actor, now=LATER, flags=["crime"])
    case = complaints.split_off(case, actor=cast.handler.actor, now=LATER, nature="report", text="涉嫌诈骗。")

    clock = clocks.running(case, family="CMP")
    assert case.flags == ["crime"] and clock is not None and clock.due_at == due == case.next_due_at


def test_whoever_is_recused_from_the_one_is_recused_from_the_other(cast: Cast) -> None:
    case = complaint_factory.complaint(cast, at="claimed")
    case = complaints.recuse_oneself(case, actor=cast.colleague.actor, now=LATER, ground="interest", reason="持股")

    complaints.split_off(case, actor=cast.handler.actor, now=LATER, nature="question", text="请问何时到账？")
    question = Inquiry.objects.get()
    actions.convert_inquiry(question, actor=cast.handler.actor, now=LATER, **factory.INPUTS["convert"])

    settle()
    assert question.recused_people == {cast.colleague.user.person}
    assert Recusal.objects.filter(person=cast.colleague.user.person).count() == 3


def test_words_only_point_at_what_a_message_may_be() -> None:
    assert [h.nature for h in hints_of("我要投诉，要求退款；另外举报它违规。")] == ["claim", "report"]
    assert [h.nature for h in hints_of("请问提前还款需要什么材料？")] == ["question"]
    assert hints_of("你好") == []
