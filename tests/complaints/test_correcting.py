"""Correcting amount and merchant with a reason, and the time of receipt by two people: what moves, what stays, who is told."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from cases.clocks.models import Clock, Passing
from cases.complaints import actions
from cases.complaints.models import Complaint, ReceiptCorrection
from cases.desk.timeline import changes_of
from cases.handlers import watch_clocks
from cases.models import Approval, Event, Note, Recusal, StaffRelation
from cases.search.indexing import index_due
from cases.search.models import Piece
from jike.base.errors import Refused
from jike.privacy import open_sealed
from lending.models import Merchant
from tests.complaints.matrix_of_people import RECEIPT, committed
from tests.complaints.test_lifecycle import codes
from tests.complaints.test_terms import cst, dues, last_second, said
from tests.factories import complaints as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast

LATER = RECEIVED + timedelta(days=2)


def asked(case: Complaint, cast: Cast, at: datetime, now: datetime = LATER, **given: Any) -> Complaint:
    committed()
    words = {"received_at": at, "reason": "来信邮戳为前一日。", "recording": "录音 7"} | given
    return actions.ask_receipt_time(case, actor=cast.handler.actor, now=now, **words)


def corrected(case: Complaint, cast: Cast, at: datetime, now: datetime = LATER) -> Complaint:
    case = asked(case, cast, at, now)
    payload = factory.payload_of(case, "complaints.approve_receipt_time")
    case = actions.approve_receipt_time(case, actor=cast.supervisor.actor, now=now, payload=payload)
    committed()
    return case


def merchants() -> tuple[Merchant, Merchant]:
    first, second = Merchant.objects.order_by("uscc")[:2]
    return first, second


def test_amount_and_merchant_are_corrected_with_before_and_after_and_no_clock_moves(cast: Cast) -> None:
    first, second = merchants()
    case = factory.complaint(cast, at="investigating", merchant=first, amount_cny=Decimal("4800.00"))
    before = dues(case)

    case = actions.correct_facts(
        case, actor=cast.handler.actor, now=LATER, reason="合同写的是另一家。", amount_cny=Decimal("8400"), merchant=second
    )  # fmt: skip

    event = case.events.last()
    assert (case.amount_cny, case.merchant, dues(case)) == (Decimal("8400"), second, before)
    assert [(str(c.label), c.before, c.after) for c in changes_of(event)] == [
        ("金额", "4800.00", "8400.00"),
        ("商户", first.name, second.name),
    ]
    assert open_sealed(Note.objects.get(pk=event.data["note"]), "body") == "更正原因：合同写的是另一家。"


def test_the_name_the_consumer_used_is_kept_sealed_and_the_search_follows(cast: Cast) -> None:
    case = factory.complaint(cast, at="investigating", merchant=merchants()[0], merchant_named="星光美容")
    index_due(LATER)
    words = Piece.objects.get(case_id=case.pk, source="case").tokens

    case = actions.correct_facts(
        case, actor=cast.handler.actor, now=LATER, reason="听错了。", merchant_named="辰光美容"
    )

    event = case.events.last()
    assert (case.merchant, open_sealed(case, "merchant_named")) == (None, "辰光美容")
    assert "光" not in str(event.data) and "听错" not in str(event.data)
    assert "星光美容 → 辰光美容" in open_sealed(Note.objects.get(pk=event.data["note"]), "body")
    assert [(str(c.before), str(c.after)) for c in changes_of(event)] == [
        (merchants()[0].name, "—"),
        ("•••", "已变更"),
    ]
    index_due(LATER)
    assert Piece.objects.get(case_id=case.pk, source="case").tokens != words


def test_a_correction_has_a_reason_and_changes_something(cast: Cast) -> None:
    case = factory.complaint(cast, at="investigating", merchant=merchants()[0], amount_cny=Decimal("10"))

    for given, wanted in (
        ({"reason": " ", "amount_cny": Decimal(5)}, ["reason.missing"]),
        ({"reason": "x"}, ["correction.none"]),
        ({"reason": "x", "amount_cny": Decimal("10.00"), "merchant": merchants()[0]}, ["correction.none"]),
        ({"reason": "x", "amount_cny": Decimal("-0.01")}, ["amount_cny.impossible"]),
    ):
        with pytest.raises(Refused) as refused:
            actions.correct_facts(case, actor=cast.handler.actor, now=LATER, **given)
        assert codes(refused) == wanted
    assert actions.correct_facts(
        case, actor=cast.handler.actor, now=LATER, reason="x", amount_cny=Decimal(0)
    ).amount_cny == Decimal(0)


def test_whoever_is_related_to_the_right_merchant_is_kept_from_the_case(cast: Cast) -> None:
    StaffRelation.objects.create(
        user=cast.colleague.user, person=cast.colleague.user.person, role="onboarding", merchant=merchants()[1],
        declared_by=cast.colleague.user, declared_at=RECEIVED,
    )  # fmt: skip
    case = factory.complaint(cast, at="investigating", merchant=merchants()[0])

    actions.correct_facts(case, actor=cast.handler.actor, now=LATER, reason="x", merchant=merchants()[1])

    assert Recusal.objects.get(case_id=case.pk).person == cast.colleague.user.person


@pytest.mark.rule("R1")
@pytest.mark.parametrize(
    ("at", "due"),
    [
        ("2026-09-28T00:00", "2026-10-13"),
        ("2026-09-27T23:59", "2026-10-12"),
        ("2026-09-27T00:00", "2026-10-12"),
        ("2026-09-26T23:59", "2026-10-11"),
    ],
)
def test_01_the_count_begins_with_the_receipt_as_it_was(cast: Cast, at: str, due: str) -> None:
    case = factory.complaint(cast, at="investigating")
    assert case.next_due_at == last_second("2026-10-13")

    case = corrected(case, cast, cst(at))

    assert (case.received_at, case.next_due_at) == (cst(at), last_second(due))
    assert dues(case) == [
        ("CMP15", "replaced", last_second("2026-10-13")),
        ("CMP15", "running", last_second(due)),
    ]
    old, new = Clock.objects.filter(case_id=case.pk).order_by("created_at", "id")
    assert (old.rule_version, old.started_at, new.started_at) == (new.rule_version, RECEIVED, cst(at))
    assert ReceiptCorrection.objects.values_list("old_at", "new_at", "old_due_at", "new_due_at").get() == (
        RECEIVED, cst(at), last_second("2026-10-13"), last_second(due),
    )  # fmt: skip


def test_a_later_receipt_is_counted_too_but_none_after_the_registration(cast: Cast) -> None:
    case = factory.complaint(cast, at="investigating", now=RECEIVED + timedelta(days=2), received_at=RECEIVED)
    now = RECEIVED + timedelta(days=3)

    with pytest.raises(Refused) as refused:
        asked(case, cast, case.registered_at + timedelta(seconds=1), now)
    assert codes(refused) == ["received_at.registered"]
    case = corrected(case, cast, case.registered_at, now)

    assert case.next_due_at == last_second("2026-10-15")


def test_before_the_second_person_nothing_moves(cast: Cast) -> None:
    case = asked(factory.complaint(cast, at="investigating"), cast, cst("2026-09-27T23:59"))

    assert (case.received_at, case.next_due_at) == (RECEIVED, last_second("2026-10-13"))
    assert not case.messages.filter(purpose="correction").exists()


def test_pauses_stay_where_they_were(cast: Cast) -> None:
    case = factory.complaint(cast, at="paused")
    case = actions.resume_clock(case, actor=cast.handler.actor, now=LATER, last_on=LATER.date())
    due = case.next_due_at

    case = corrected(case, cast, RECEIVED - timedelta(days=3))

    assert case.next_due_at == due - timedelta(
        days=2
    )  # the first paused day was the day of receipt, which counts for nothing


def test_a_count_that_stands_still_goes_on_standing_still(cast: Cast) -> None:
    case = factory.complaint(cast, at="paused")
    assert Clock.objects.get(case_id=case.pk, state="suspended").days_left == 15

    case = corrected(case, cast, RECEIVED - timedelta(days=3))

    assert (Clock.objects.get(case_id=case.pk, state="suspended").days_left, case.next_due_at) == (13, None)
    assert "期限暂停结束后" in said(case, "correction")


def test_the_step_of_thirty_days_stays(cast: Cast) -> None:
    case = factory.complaint(cast, at="extended")

    case = corrected(case, cast, cst("2026-09-27T23:59"))

    assert (case.next_due_code, case.next_due_at) == ("CMP30", last_second("2026-10-27"))


def test_an_agreed_day_and_a_count_begun_anew_do_not_move(cast: Cast) -> None:
    agreed = factory.complaint(cast, at="investigating", phone="13900001111")
    agreed = actions.agree_deadline(
        agreed, actor=cast.handler.actor, now=LATER, due_on=date(2026, 11, 5), evidence="录音 99",
        paper=factory.attached(agreed, cast),
    )  # fmt: skip
    anew = factory.complaint(cast, at="investigating")
    anew = actions.add_facts(anew, actor=factory.consumer_of(anew), now=LATER, text="新的扣款记录")
    anew = factory.restarting(anew, cast, LATER)
    anew = actions.approve_restart(anew, actor=cast.supervisor.actor, now=LATER, payload=factory.payload_of(anew))
    due = anew.next_due_at

    agreed, anew = (corrected(case, cast, cst("2026-09-27T23:59")) for case in (agreed, anew))

    assert (agreed.next_due_at, anew.next_due_at) == (last_second("2026-11-05"), due)
    assert agreed.received_at == anew.received_at == cst("2026-09-27T23:59")
    assert "办理期限不变，最迟 2026年11月5日" in said(agreed, "correction")


def test_an_earlier_source_does_not_move_a_count_begun_anew(cast: Cast) -> None:
    case = factory.complaint(cast, at="investigating")
    case = actions.add_facts(case, actor=factory.consumer_of(case), now=LATER, text="新的扣款记录")
    case = factory.restarting(case, cast, LATER)
    case = actions.approve_restart(case, actor=cast.supervisor.actor, now=LATER, payload=factory.payload_of(case))
    committed()
    due, early = case.next_due_at, RECEIVED - timedelta(days=3)

    case = actions.add_source(
        case, actor=cast.handler.actor, now=LATER, name="资金方", external_id="1", received_at=early, reason="资金方先收到"
    )  # fmt: skip

    assert (case.received_at, case.next_due_at) == (early, due)


def test_an_earlier_receipt_may_make_it_overdue_at_once_and_the_breach_is_told(cast: Cast) -> None:
    now = cst("2026-10-13T09:00")
    case = factory.complaint(cast, at="investigating")

    case = corrected(case, cast, cst("2026-09-27T23:59"), now)

    old, new = Clock.objects.filter(case_id=case.pk).order_by("created_at", "id")
    assert (old.breached_at, new.breached_at, new.due_at) == (None, now, last_second("2026-10-12"))
    assert case.next_due_at == last_second("2026-10-12")
    assert "该日期已过，我们已按逾期记录" in said(case, "correction")
    watch_clocks(now)
    watch_clocks(now + timedelta(days=1))
    assert [e.data["due"] for e in Event.objects.filter(case_id=case.pk, verb="clocks.breach")] == [
        "2026-10-12T23:59:59+08:00"
    ]
    assert not Passing.objects.filter(case_id=case.pk).exists()


def test_in_the_last_second_of_the_new_day_nothing_is_late(cast: Cast) -> None:
    case = factory.complaint(cast, at="investigating")

    case = corrected(case, cast, cst("2026-09-27T23:59"), last_second("2026-10-12"))

    assert not Clock.objects.filter(case_id=case.pk).exclude(breached_at=None).exists()
    assert "该日期已过" not in said(case, "correction")


def test_a_later_receipt_erases_no_breach(cast: Cast) -> None:
    case = factory.complaint(cast, at="investigating", now=RECEIVED + timedelta(days=2), received_at=RECEIVED)
    seen, now = cst("2026-10-14T00:00"), cst("2026-10-14T09:00")
    watch_clocks(seen)

    case = corrected(case, cast, RECEIVED + timedelta(days=2), now)

    old, new = Clock.objects.filter(case_id=case.pk).order_by("created_at", "id")
    assert (old.state, old.breached_at) == ("replaced", seen)
    assert (new.state, new.breached_at, new.due_at) == ("running", None, last_second("2026-10-15"))
    assert Event.objects.filter(case_id=case.pk, verb="clocks.breach").count() == 1


def test_whoever_asks_does_not_agree_under_any_account(cast: Cast) -> None:
    case = asked(factory.complaint(cast, at="investigating"), cast, cst("2026-09-27T23:59"))

    with pytest.raises(Refused) as refused:
        actions.approve_receipt_time(case, actor=cast.twin.actor, now=LATER, payload=factory.payload_of(case))

    assert "actor.own_work" in codes(refused)
    assert Complaint.objects.get(pk=case.pk).received_at == RECEIVED


def test_the_second_person_agrees_to_what_was_read_and_to_nothing_that_moved_since(cast: Cast) -> None:
    case = asked(factory.complaint(cast, at="investigating"), cast, cst("2026-09-27T23:59"))
    with pytest.raises(Refused) as refused:
        actions.approve_receipt_time(case, actor=cast.supervisor.actor, now=LATER, payload="00")
    assert codes(refused) == ["approval.changed"]
    early = RECEIVED - timedelta(days=3)
    case = actions.add_source(
        case, actor=cast.handler.actor, now=LATER, name="资金方", external_id="1", received_at=early, reason="资金方先收到"
    )  # fmt: skip

    with pytest.raises(Refused) as refused:
        actions.approve_receipt_time(case, actor=cast.supervisor.actor, now=LATER, payload=factory.payload_of(case))

    assert codes(refused) == ["receipt.moved"]


def test_a_request_is_refused_from_a_page_that_is_out_of_date_and_asked_once(cast: Cast) -> None:
    case = factory.complaint(cast, at="investigating")
    drawn = case.version
    case = actions.correct_facts(case, actor=cast.handler.actor, now=LATER, reason="x", amount_cny=Decimal(5))

    with pytest.raises(Refused) as refused:
        actions.ask_receipt_time(case, actor=cast.handler.actor, now=LATER, version=drawn, **RECEIPT)
    assert codes(refused) == ["case.changed"]
    case = asked(case, cast, cst("2026-09-27T23:59"))
    with pytest.raises(Refused) as refused:
        asked(case, cast, cst("2026-09-27T23:59"))
    assert codes(refused) == ["receipt.asked"]
    case = actions.return_request(
        case, actor=cast.supervisor.actor, now=LATER, payload=factory.payload_of(case), reason="邮戳看不清"
    )
    assert asked(case, cast, cst("2026-09-27T23:59")).approvals.filter(verdict="").count() == 1


def test_a_receipt_is_asked_for_with_a_possible_time_a_reason_and_evidence(cast: Cast) -> None:
    case = factory.complaint(cast, at="investigating")
    foreign = factory.attached(factory.complaint(cast, at="claimed", phone="13900001111"), cast)
    good = cst("2026-09-27T23:59")

    for at, given, wanted in (
        (LATER + timedelta(seconds=1), {}, "received_at.future"),
        (RECEIVED, {}, "received_at.same"),
        (good, {"reason": " "}, "reason.missing"),
        (good, {"recording": " "}, "evidence.missing"),
        (good, {"recording": "", "paper": foreign}, "paper.elsewhere"),
    ):
        with pytest.raises(Refused) as refused:
            asked(case, cast, at, **given)
        assert codes(refused) == [wanted]
    paper = factory.attached(case, cast)
    case = asked(case, cast, good, recording="", paper=paper)
    assert case.approvals.filter(verdict="").count() == 1


def test_once_a_decision_was_told_the_receipt_stays(cast: Cast) -> None:
    told = factory.complaint(cast, at="notified")
    again = factory.complaint(cast, at="closed", phone="13900001111")
    again = actions.reopen_complaint(again, actor=cast.supervisor.actor, now=LATER, ground="new_facts", reason="收据")

    for case, wanted in ((told, "case.wrong_state"), (again, "receipt.told")):
        with pytest.raises(Refused) as refused:
            asked(case, cast, cst("2026-09-27T23:59"))
        assert codes(refused) == [wanted]
    assert not Approval.objects.filter(verb="complaints.approve_receipt_time").exists()


def test_the_event_holds_both_times_and_both_last_days_and_no_words(cast: Cast) -> None:
    case = corrected(factory.complaint(cast, at="investigating"), cast, cst("2026-09-27T23:59"))

    event = case.events.get(verb="complaints.approve_receipt_time")
    assert [(c.before, c.after) for c in changes_of(event)] == [
        ("2026-09-28 10:00", "2026-09-27 23:59"),
        ("2026-10-13 23:59", "2026-10-12 23:59"),
    ]
    assert "邮戳" not in str(event.data) and "录音" not in str(event.data)
    letter = open_sealed(case.messages.get(purpose="correction", channel="letter"), "body")
    for words in (
        "2026年9月28日10时00分",
        "2026年9月27日23时59分",
        "2026年10月12日",
        "2026年10月13日",
        "来信邮戳为前一日。",
    ):
        assert words in letter and (words in said(case, "correction"))
