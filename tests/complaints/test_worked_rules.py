"""Design rules by their own dates and numbers, through the real acts, where no other test says them to the letter."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils.translation import override

from cases.clocks import ledger as clocks
from cases.clocks.models import Clock
from cases.complaints import actions, letters
from cases.complaints.models import Complaint, Extension
from cases.handlers import watch_clocks
from cases.models import Event
from jike.base.errors import Refused
from jike.verbs import verbs_of
from lending.models import Person
from tests.complaints.test_lifecycle import codes
from tests.complaints.test_terms import cst, last_second
from tests.factories import complaints as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast


def told_marks(case: Complaint) -> list[object]:
    return [e.data["percent"] for e in Event.objects.filter(case=case, category="clock").order_by("seq")]


@pytest.mark.rule("R3")
def test_03_due_in_the_holiday_is_warned_of_on_the_last_working_day_and_does_not_roll(cast: Cast) -> None:
    case = factory.file(now=cst("2026-09-22T10:00"))
    assert case.next_due_at == last_second("2026-10-07")

    watch_clocks(cst("2026-09-30T08:59:59"))
    assert told_marks(case) == [50]
    watch_clocks(cst("2026-09-30T09:00"))
    assert told_marks(case) == [50, 90]
    watch_clocks(last_second("2026-10-07"))
    assert told_marks(case) == [50, 90]
    watch_clocks(cst("2026-10-08T00:00:00"))

    assert told_marks(case) == [50, 90, 100], "no day of grace on the working day after the holiday"


@pytest.mark.rule("R3")
def test_03_the_other_reading_stands_beside_the_sum_and_nowhere_else(cast: Cast) -> None:
    case = factory.file(now=cst("2026-09-22T10:00"))

    with override("zh-hans"):
        lines = clocks.explain(case)[0]["lines"]
    shown = [line for line in lines if line["day"] == "2026-10-08"]

    assert [(line["key"], line["counts"], line["days"], line["source"]) for line in shown] == [
        ("civil_code_203", False, 0, "CC art 203")
    ]
    assert "《民法典》第二百零三条" in shown[0]["label"]


@pytest.mark.rule("R4")
def test_04_calendar_days_are_certain_and_working_days_of_2027_are_not(cast: Cast) -> None:
    case = factory.claimed(factory.file(now=cst("2026-12-18T10:00")), cast, cst("2026-12-18T11:00"))
    times = {"supervisor_received_at": cst("2026-12-18T10:00"), "transferred_at": cst("2026-12-21T10:00")}
    case = actions.add_source(
        case, actor=cast.handler.actor, now=cst("2026-12-30T10:00"), name="12378", external_id="1", received_at=cst("2026-12-22T10:00"), **times,
    )  # fmt: skip
    late = actions.add_source(
        case, actor=cast.handler.actor, now=cst("2026-12-30T10:00"), name="12378", external_id="2", received_at=cst("2026-12-29T10:00"),
        supervisor_received_at=cst("2026-12-28T10:00"), transferred_at=cst("2026-12-29T09:00"),
    )  # fmt: skip

    assert late.next_due_at == last_second("2027-01-02")
    found = [(c.code, c.due_at, c.provisional) for c in clocks.clocks_of(late)]
    assert found == [
        ("CMP15", last_second("2027-01-02"), False),
        ("SUP_FWD", last_second("2026-12-29"), True),
        ("SUP_FWD", last_second("2027-01-07"), True),
    ]


@pytest.mark.rule("R6")
def test_06_approved_but_not_told_is_overdue_on_the_29th(cast: Cast) -> None:
    case = factory.complaint(cast, at="untold")
    watch_clocks(last_second("2026-10-28"))
    assert Clock.objects.get(case_id=case.pk, state="running").breached_at is None

    watch_clocks(cst("2026-10-29T00:00:00"))
    case = factory.delivered(case, "extension", cst("2026-10-29T09:00"))

    clock = Clock.objects.get(case_id=case.pk, state="running")
    assert (clock.code, clock.breached_at) == ("CMP30", cst("2026-10-29T00:00:00"))
    assert Extension.objects.get(case=case, code="CMP60").outcome == "void"
    with pytest.raises(Refused) as refused:
        actions.extend_60(case, actor=cast.handler.actor, now=cst("2026-10-29T10:00"), reason="账目仍在审计。")
    assert codes(refused) == ["extension.too_late"]


@pytest.mark.rule("R7")
def test_07_beyond_sixty_days_only_an_agreed_date_goes(cast: Cast) -> None:
    case = factory.delivered(factory.complaint(cast, at="untold"), "extension", RECEIVED + timedelta(days=1))
    assert case.next_due_at == last_second("2026-11-27")
    now = RECEIVED + timedelta(days=2)

    for verb in (actions.extend_30, actions.extend_60):
        with pytest.raises(Refused) as refused:
            verb(case, actor=cast.handler.actor, now=now, reason="x")
        assert set(codes(refused)) <= {"extension.none_left", "extension.step_skipped"}
    agreed = actions.agree_deadline(
        case, actor=cast.handler.actor, now=now, due_on=date(2026, 12, 31), evidence="录音 99", paper=factory.attached(case, cast)
    )  # fmt: skip

    assert (agreed.next_due_at, agreed.next_due_code) == (last_second("2026-12-31"), "CMP_AGREED")


@pytest.mark.rule("R10")
def test_10_an_appraisal_nobody_was_told_of_leaves_out_no_day(cast: Cast) -> None:
    case = factory.complaint(cast, at="investigating", now=cst("2026-11-01T10:00"))
    due = case.next_due_at
    case = actions.pause_clock(
        case, actor=cast.handler.actor, now=cst("2026-11-10T09:00"), kind="appraisal", first_on=date(2026, 11, 10), evidence="委托书 8"
    )  # fmt: skip
    assert (case.next_due_at, case.next_due_code) == (due, "CMP15"), "not suspended either"

    case = actions.resume_clock(case, actor=cast.handler.actor, now=cst("2026-11-12T09:00"), last_on=date(2026, 11, 12))

    assert case.next_due_at == due == last_second("2026-11-16")
    lines = Clock.objects.get(case_id=case.pk, state="running").lines.all()
    assert [(line.key, line.days) for line in lines if line.key.startswith("pause")] == [("pause_void", 0)]


@pytest.mark.rule("R12")
def test_12_a_wish_received_at_two_ends_the_case_that_day_whenever_it_is_keyed(cast: Cast) -> None:
    case = factory.complaint(cast, at="investigating")
    wish, keyed = cst("2026-10-13T14:00"), cst("2026-10-14T09:00")
    watch_clocks(cst("2026-10-14T00:00:00"))
    given = {"actor": cast.handler.actor, "now": keyed, "wish": "来信，10 月 13 日 14 时收到。"}
    for wrong in (keyed + timedelta(minutes=1), RECEIVED - timedelta(minutes=1)):
        with pytest.raises(Refused) as refused:
            actions.withdraw_complaint(case, received_at=wrong, **given)
        assert codes(refused) == ["received_at.impossible"]

    gone = actions.withdraw_complaint(case, received_at=wish, **given)
    again = factory.file(now=keyed, claim="要求退款，重新提出")

    assert (gone.state, gone.ended_at, gone.next_due_at) == ("withdrawn", wish, None)
    clock = gone.clocks.get()
    assert (clock.state, clock.stopped_at, clock.breached_at) == ("stopped", wish, None)
    assert gone.events.last().at == keyed
    assert (again.pk != gone.pk, again.next_due_at) == (True, last_second("2026-10-29"))


@pytest.mark.rule("R17")
def test_17_a_complaint_is_accepted_without_an_identity_number_and_not_without_a_name(cast: Cast) -> None:
    case = factory.complaint(cast, at="investigating")

    assert (case.state, Person.objects.get(pk=case.consumer_id).id_index) == ("investigating", None)
    with pytest.raises(Refused) as refused:
        factory.file(name="")
    assert codes(refused) == ["name.missing"]
    assert Clock.objects.count() == 1, "what names nobody starts no clock"


@pytest.mark.rule("R22")
def test_22_the_supervisors_seven_working_days_are_shown_and_move_nothing(cast: Cast) -> None:
    case = factory.claimed(factory.file(now=cst("2026-10-09T10:00")), cast, cst("2026-10-09T11:00"))
    due = case.next_due_at
    assert due == last_second("2026-10-24")

    case = actions.add_source(
        case, actor=cast.handler.actor, now=cst("2026-10-09T12:00"), name="12378", external_id="Z-1", received_at=cst("2026-10-09T10:00"),
        supervisor_received_at=cst("2026-09-18T10:00"), transferred_at=cst("2026-09-30T10:00"), reason="",
    )  # fmt: skip

    shown = clocks.clocks_of(case)[1]
    assert (shown.code, shown.duty, shown.due_at) == ("SUP_FWD", "info", last_second("2026-09-29"))
    assert (shown.stopped_at, shown.breached_at) == (cst("2026-09-30T10:00"), None), (
        "a day late, and nobody's breach here"
    )
    assert (case.next_due_at, case.next_due_code) == (due, "CMP15")
    assert "SUP_FWD" in [clock["code"] for clock in clocks.explain(case)]


@pytest.mark.rule("R25")
def test_25_the_letter_of_a_branch_names_the_reviewing_body_and_the_last_day(cast: Cast) -> None:
    branch = factory.of_branch(cast, at="decided", now=cst("2026-10-13T08:00"))
    head = factory.complaint(cast, at="decided", phone="13900139000")
    proof = {"seq": "1", "digest": "", "mac": ""}

    said, other = (
        letters.decision_letter_html(case, case.decision, code="X", proof=proof, verify_url="https://x/")
        for case in (branch, head)
    )

    assert f"受理核查申请的机构：{branch.unit.superior.name}" in said
    assert "最后一日为2026年11月12日" in said
    assert "受理核查申请的机构" not in other


@pytest.mark.rule("R26")
@pytest.mark.parametrize(("accepted", "is_late"), [("2026-10-13T23:59:59", False), ("2026-10-14T00:00:00", True)])
def test_26_a_text_message_counts_when_the_gateway_accepted_it(accepted: str, is_late: bool, cast: Cast) -> None:
    case = factory.notified(factory.complaint(cast, at="issued"), cast, cst(accepted))

    assert (case.state, case.notified_at) == ("notified", cst(accepted))
    assert (case.clocks.get(family="CMP").breached_at is not None) is is_late


@pytest.mark.rule("R28")
def test_28_a_review_has_no_extension_and_no_pause(cast: Cast) -> None:
    case = factory.complaint(cast, at="reviewing")
    handler = factory.branch_cast(cast).handler.actor
    now = case.review_requested_at + timedelta(days=1)

    offered = [v.short_name for v in verbs_of(Complaint) if v.by_hand and not v.why_not(case, handler, now=now)]

    assert offered, "the handler may still do something"
    assert not {"extend_30", "extend_60", "pause", "agree_deadline"} & set(offered)
    for verb in (actions.extend_30, actions.extend_60):
        with pytest.raises(Refused) as refused:
            verb(case, actor=handler, now=now, reason="x")
        assert codes(refused) == ["case.wrong_state"]


@pytest.mark.rule("R30")
def test_30_a_case_closes_without_an_answer_to_the_survey(cast: Cast) -> None:
    case = factory.complaint(cast, at="closed")

    assert (case.state, case.surveys.get().answered_at) == ("closed", None)
