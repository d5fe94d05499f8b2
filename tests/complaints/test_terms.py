"""Longer limits, pauses, agreed dates and new facts, by the numbers of the worked examples."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from cases.clocks.models import Clock
from cases.complaints import actions
from cases.complaints.models import ClockPause, Complaint, Extension
from cases.models import Approval, Message
from jike.base.dates import CST
from jike.base.errors import Refused
from jike.privacy import open_sealed
from tests.complaints.test_lifecycle import codes
from tests.factories import complaints as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast


def cst(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CST)


def last_second(day: str) -> datetime:
    return cst(f"{day}T23:59:59")


def dues(case: Complaint) -> list[tuple[str, str, datetime | None]]:
    return [(c.code, c.state, c.due_at) for c in Clock.objects.filter(case_id=case.pk).order_by("created_at", "id")]


def said(case: Complaint, purpose: str) -> str:
    return open_sealed(
        Message.objects.filter(case_id=case.pk, purpose=purpose, channel="inbox").latest("created_at"), "body"
    )


def investigating_from(cast: Cast, received: datetime) -> Complaint:
    return factory.complaint(cast, at="investigating", now=received)


@pytest.mark.rule("R5")
def test_05_thirty_days_need_a_reason_a_second_person_and_the_consumer_is_told(cast: Cast) -> None:
    case = factory.complaint(cast, at="extending")
    assert case.next_due_at == last_second("2026-10-13")

    case = factory.extended(case, cast, RECEIVED + timedelta(days=1))

    assert case.next_due_at == last_second("2026-10-28")
    assert dues(case)[0] == ("CMP15", "replaced", last_second("2026-10-13"))
    assert "2026年10月13日" in said(case, "extension") and "2026年10月28日" in said(case, "extension")
    assert "需要向商户调取合同原件" in said(case, "extension")
    with pytest.raises(Refused) as refused:
        actions.extend_30(
            investigating_from(cast, RECEIVED), actor=cast.handler.actor, now=RECEIVED + timedelta(days=1), reason=" "
        )
    assert codes(refused) == ["reason.missing"]


@pytest.mark.rule("R6")
def test_06_sixty_days_need_an_executive_and_the_notice_within_the_old_limit(cast: Cast) -> None:
    case = factory.complaint(cast, at="extending_60")
    with pytest.raises(Refused) as refused:
        factory.extended(case, cast, RECEIVED + timedelta(days=2))  # a supervisor
    assert codes(refused) == ["actor.no_power"]

    case = factory.untold(case, cast, last_second("2026-10-28") - timedelta(minutes=1))
    assert case.next_due_at == last_second("2026-10-28"), "approved, not told: nothing has moved"
    case = factory.delivered(case, "extension", last_second("2026-10-28"))

    assert case.next_due_at == last_second("2026-11-27")
    assert Extension.objects.get(case=case, code="CMP60").outcome == "effective"


@pytest.mark.rule("R6")
def test_06_approval_without_notice_in_time_stays_on_record_and_moves_nothing(cast: Cast) -> None:
    case = factory.complaint(cast, at="untold")

    case = factory.delivered(case, "extension", cst("2026-10-29T00:00:00"))

    assert case.next_due_at == last_second("2026-10-28")
    extension = Extension.objects.get(case=case, code="CMP60")
    assert (extension.outcome, extension.new_due_at) == ("void", None)
    assert case.events.last().data["outcome"] == "void"


@pytest.mark.rule("R6")
def test_06_whoever_asks_does_not_approve(cast: Cast) -> None:
    case = factory.complaint(cast, at="extending")

    with pytest.raises(Refused) as refused:
        actions.approve_extension(
            case, actor=cast.twin.actor, now=RECEIVED + timedelta(days=1), payload=factory.payload_of(case)
        )

    assert codes(refused) == ["actor.own_work"]


@pytest.mark.rule("R7")
def test_07_after_the_end_nothing_is_extended_and_no_step_is_skipped(cast: Cast) -> None:
    case = investigating_from(cast, RECEIVED)
    soon, late = RECEIVED + timedelta(days=1), cst("2026-10-14T00:00:00")

    for verb, at, wanted in (
        (actions.extend_30, late, "extension.too_late"),
        (actions.extend_60, soon, "extension.step_skipped"),
    ):
        with pytest.raises(Refused) as refused:
            verb(case, actor=cast.handler.actor, now=at, reason="x")
        assert codes(refused) == [wanted]
    asked = factory.extending(case, cast, soon)
    with pytest.raises(Refused) as refused:
        factory.extended(asked, cast, late)
    assert codes(refused) == ["extension.too_late"]


@pytest.mark.rule("R7")
def test_07_sixty_days_are_the_last_step(cast: Cast) -> None:
    case = factory.complaint(cast, at="untold")
    case = factory.delivered(case, "extension", RECEIVED + timedelta(days=1))

    with pytest.raises(Refused) as refused:
        actions.extend_60(case, actor=cast.handler.actor, now=RECEIVED + timedelta(days=2), reason="x")

    assert codes(refused) == ["extension.none_left"]


@pytest.mark.rule("R9")
def test_09_pauses_leave_out_whole_days_and_overlaps_once(cast: Cast) -> None:
    case = investigating_from(cast, cst("2026-11-01T10:00"))
    handler = cast.handler.actor
    case = actions.pause_clock(
        case, actor=handler, now=cst("2026-11-10T18:00"), kind="mediation", first_on=date(2026, 11, 10),
        last_on=date(2026, 11, 24), evidence="录音 77",
    )  # fmt: skip
    assert case.next_due_at == last_second("2026-12-01")

    case = actions.pause_clock(
        case, actor=handler, now=cst("2026-11-20T09:00"), kind="appraisal", first_on=date(2026, 11, 20),
        last_on=date(2026, 11, 28), evidence="委托书 8",
    )  # fmt: skip
    assert case.next_due_at == last_second("2026-12-01"), "not told of the appraisal yet"
    case = factory.delivered(case, "pause", cst("2026-11-20T09:01"))

    assert case.next_due_at == last_second("2026-12-05")


@pytest.mark.rule("R10")
def test_10_an_appraisal_counts_from_its_notice_and_a_mediation_needs_consent(cast: Cast) -> None:
    case = investigating_from(cast, cst("2026-11-01T10:00"))
    with pytest.raises(Refused) as refused:
        actions.pause_clock(
            case, actor=cast.handler.actor, now=cst("2026-11-10T18:00"), kind="mediation", first_on=date(2026, 11, 10), evidence=" "
        )  # fmt: skip
    assert codes(refused) == ["pause.no_consent"]
    case = actions.pause_clock(
        case, actor=cast.handler.actor, now=cst("2026-11-04T09:00"), kind="appraisal", first_on=date(2026, 11, 3),
        last_on=date(2026, 11, 6), evidence="委托书 8",
    )  # fmt: skip

    case = factory.delivered(case, "pause", cst("2026-11-05T09:00"))

    assert case.next_due_at == last_second("2026-11-18"), "two days left out: 5 and 6 November"
    assert ClockPause.objects.get(case=case).counts_from == date(2026, 11, 5)


@pytest.mark.rule("R11")
def test_11_an_open_pause_suspends_and_resuming_counts_anew(cast: Cast) -> None:
    case = investigating_from(cast, cst("2026-11-01T10:00"))
    case = factory.paused(case, cast, cst("2026-11-10T09:00"))
    clock = Clock.objects.get(case_id=case.pk, state="suspended")
    assert (case.next_due_at, clock.days_left) == (None, 7)

    case = actions.resume_clock(case, actor=cast.handler.actor, now=cst("2026-11-24T17:00"), last_on=date(2026, 11, 24))

    assert case.next_due_at == last_second("2026-12-01")
    assert "2026年12月1日" in said(case, "pause")


@pytest.mark.rule("R11")
def test_11_a_pause_after_the_end_cures_nothing(cast: Cast) -> None:
    case = investigating_from(cast, RECEIVED)

    for first_on in (date(2026, 10, 14), date(2026, 10, 12)):
        with pytest.raises(Refused) as refused:
            actions.pause_clock(
                case, actor=cast.handler.actor, now=cst("2026-10-14T00:00:00"), kind="mediation", first_on=first_on, evidence="x"
            )  # fmt: skip
        assert set(codes(refused)) == {"pause.too_late"}


@pytest.mark.rule("R12")
def test_12_a_withdrawn_matter_comes_back_as_a_new_case_that_knows_the_old_one(cast: Cast) -> None:
    gone = factory.complaint(cast, at="withdrawn", merchant_named="悦颜 门诊部")

    again = factory.file(now=RECEIVED + timedelta(days=3), merchant_named="悦颜门诊部")
    other = factory.file(now=RECEIVED + timedelta(days=3), merchant_named="启航学校")

    assert gone.ended_at == RECEIVED + timedelta(hours=1)
    assert [(link.kind, link.other_id) for link in again.links.all()] == [("repeat_of", gone.pk)]
    assert again.state == "received" and not other.links.exists()


@pytest.mark.rule("R13")
def test_13_an_agreed_date_governs_and_moves_for_no_pause(cast: Cast) -> None:
    case = investigating_from(cast, RECEIVED)
    handler, now = cast.handler.actor, RECEIVED + timedelta(days=2)
    with pytest.raises(Refused) as refused:
        actions.agree_deadline(case, actor=handler, now=now, due_on=date(2026, 11, 5), evidence="", paper=None)
    assert codes(refused) == ["evidence.missing", "paper.missing"]
    other = factory.attached(factory.file(phone="13900139000"), cast)
    with pytest.raises(Refused) as refused:
        actions.agree_deadline(case, actor=handler, now=now, due_on=date(2026, 11, 5), evidence="录音 99", paper=other)
    assert codes(refused) == ["paper.missing"]
    paper = factory.attached(case, cast)

    case = actions.agree_deadline(
        case, actor=handler, now=now, due_on=date(2026, 11, 5), evidence="录音 99", paper=paper
    )

    assert (case.next_due_at, case.next_due_code) == (last_second("2026-11-05"), "CMP_AGREED")
    assert dues(case)[0] == ("CMP15", "replaced", last_second("2026-10-13")), "kept for reports"
    with pytest.raises(Refused) as refused:
        factory.paused(case, cast, now)
    assert codes(refused) == ["clock.none"]
    case = actions.agree_deadline(
        case, actor=handler, now=now, due_on=date(2026, 11, 8), evidence="录音 100", paper=paper
    )
    assert case.next_due_at == last_second("2026-11-08")


@pytest.mark.rule("R13")
def test_13_the_notice_stops_the_agreed_date_too(cast: Cast) -> None:
    case = investigating_from(cast, RECEIVED)
    case = actions.agree_deadline(
        case,
        actor=cast.handler.actor,
        now=RECEIVED,
        due_on=date(2026, 11, 5),
        evidence="录音 99",
        paper=factory.attached(case, cast),
    )
    for step in ("deciding", "decided", "issued", "notified"):
        case = factory.STEPS[step](case, cast, RECEIVED + timedelta(days=1))

    assert (case.state, case.next_due_at) == ("notified", None)


@pytest.mark.rule("R14")
def test_14_new_facts_move_nothing_until_a_second_person_agrees(cast: Cast) -> None:
    case = factory.complaint(cast, at="added")
    assert (case.repeat_count, case.next_due_at) == (1, last_second("2026-10-13"))
    came = cst("2026-10-05T09:00")
    case = actions.add_facts(
        case, actor=cast.handler.actor, now=came + timedelta(days=1), text="新的扣款记录", received_at=came
    )
    case = factory.restarting(case, cast, came + timedelta(days=1))
    assert case.next_due_at == last_second("2026-10-13")

    case = actions.approve_restart(
        case, actor=cast.supervisor.actor, now=came + timedelta(days=2), payload=factory.payload_of(case)
    )

    assert case.next_due_at == last_second("2026-10-20")
    assert dues(case)[0] == ("CMP15", "replaced", last_second("2026-10-13"))
    assert "2026年10月20日" in said(case, "restart")


@pytest.mark.rule("R14")
def test_14_a_breach_before_the_new_facts_stays_a_breach(cast: Cast) -> None:
    case = investigating_from(cast, RECEIVED)
    came = cst("2026-10-20T09:00")
    case = actions.add_facts(case, actor=factory.consumer_of(case), now=came, text="新的扣款记录")
    case = factory.restarting(case, cast, came)
    actions.approve_restart(case, actor=cast.supervisor.actor, now=came, payload=factory.payload_of(case))

    assert Clock.objects.filter(case_id=case.pk).order_by("created_at").first().breached_at is not None


def test_a_request_is_returned_with_a_reason_and_may_be_asked_again(cast: Cast) -> None:
    case = factory.complaint(cast, at="extending")

    case = actions.return_request(
        case, actor=cast.supervisor.actor, now=RECEIVED + timedelta(days=1), payload=factory.payload_of(case), reason="原因不足"
    )  # fmt: skip

    assert Approval.objects.get(case_id=case.pk).verdict == "returned"
    assert case.next_due_at == last_second("2026-10-13")
    assert factory.extending(case, cast, RECEIVED + timedelta(days=1)).approvals.filter(verdict="").count() == 1


def test_a_decision_ends_what_else_waits(cast: Cast) -> None:
    case = factory.deciding(factory.complaint(cast, at="extending"), cast, RECEIVED)
    decision = case.approvals.get(verdict="", decision__isnull=False)

    actions.approve_decision(
        case, actor=cast.supervisor.actor, now=RECEIVED, payload=bytes(decision.payload_sha256).hex()
    )

    assert case.approvals.get(decision=None).verdict == "void"
