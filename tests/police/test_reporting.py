"""What the police were told and answered, the days that count from it, and who is reminded when."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.utils.translation import override

from cases.clocks import ledger as clocks
from cases.models import Message, Task
from cases.notices.models import Notice
from cases.police import actions, reminders
from cases.police.models import PoliceReport
from cases.police.next_step import next_for_consumer, next_step
from jike.base.dates import CST, cst_date, pinned
from jike.outbox.models import Job
from jike.outbox.working import run_jobs
from jike.privacy import open_sealed
from tests.factories import police as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast
from tests.police.test_opening import refusal

NOW = RECEIVED + timedelta(hours=12)
IN_SEPTEMBER = datetime(2026, 9, 25, 9, 0, tzinfo=CST)


def due_days(case: PoliceReport) -> dict[str, date]:
    return {clock.code: cst_date(clock.due_at) for clock in case.open_clocks}


def reminder_days(case: PoliceReport, family: str) -> list[date]:
    jobs = Job.objects.filter(topic=reminders.TOPIC, subject=case.pk, body__family=family).order_by("due_at")
    return [cst_date(job.due_at) for job in jobs]


def work_reminders(case: PoliceReport, at: datetime) -> None:
    with pinned(at):
        due = Job.objects.filter(topic=reminders.TOPIC, subject=case.pk, state=Job.State.READY, due_at__lte=at)
        run_jobs(list(due.order_by("due_at").values_list("pk", flat=True)))


def told(case: PoliceReport, step: str) -> list[str]:
    rows = Message.objects.filter(case_id=case.pk, template=f"police/messages/{step}.2026-11", channel="inbox")
    return [open_sealed(row, "body") for row in rows.order_by("created_at")]


@pytest.mark.rule("R54")
def test_r54_a_report_with_its_receipt_is_followed_up_after_3_7_and_30_days(cast: Cast) -> None:
    case = factory.report(cast, at="reported")

    assert case.accepted_on == date(2026, 9, 28) and case.next_due_at is None
    assert due_days(case) == {"POL3": date(2026, 10, 1), "POL7": date(2026, 10, 5), "POL30": date(2026, 10, 28)}
    assert {code: [day] for code, day in due_days(case).items()} == {
        code: reminder_days(case, code) for code in ("POL3", "POL7", "POL30")
    }
    work_reminders(case, datetime(2026, 10, 1, 8, 59, tzinfo=CST))
    assert told(case, "remind_follow_up") == []
    work_reminders(case, datetime(2026, 10, 1, 9, 0, tzinfo=CST))
    assert ["满3日" in text for text in told(case, "remind_follow_up")] == [True]
    notice = Notice.objects.get(case_id=case.pk, code="case.reminded")
    assert (notice.user_id, notice.facts) == (cast.handler.user.pk, {"clock": "POL3", "due": "2026-10-01"})


@pytest.mark.rule("R54")
def test_r54_asking_the_police_ends_the_days_that_have_come_and_no_others(cast: Cast) -> None:
    case = factory.report(cast, at="reported")
    at = datetime(2026, 10, 6, 10, 0, tzinfo=CST)
    case = actions.follow_up(case, actor=cast.handler.actor, now=at, **factory.SAID)

    assert set(due_days(case)) == {"POL30"}
    assert case.events.latest("seq").data["done"] == "POL3,POL7"
    work_reminders(case, at)
    assert told(case, "remind_follow_up") == []


@pytest.mark.rule("R54")
def test_r54_a_report_without_a_receipt_is_none_yet_and_raises_a_task(cast: Cast) -> None:
    case = factory.report(cast, at="ready")
    given = {"actor": cast.handler.actor, "now": NOW, "accepted_on": NOW.date()}
    for missing in ("receipt_no", "officer"):
        empty = factory.REPORT | {missing: " "}
        assert refusal(actions.record_report, case=case, **given, **empty) == [f"{missing}.missing"]

    case = factory.STEPS["visit"](case, cast, NOW)
    task = Task.objects.get(case_id=case.pk, code="receipt")
    assert (case.state, case.told_on, task.ended_at) == ("ready", cst_date(NOW), None)
    assert cst_date(task.due_at) == date(2026, 9, 29) and not case.open_clocks
    assert "受案回执" in told(case, "visited")[0]
    case = factory.STEPS["report"](case, cast, NOW)
    task.refresh_from_db()
    assert case.state == "reported" and task.ended_at == NOW


@pytest.mark.rule("R54")
def test_r54_an_accuser_sees_both_last_days_and_is_reminded_of_the_strict_one(cast: Cast) -> None:
    case = factory.report(cast, at="not_docketed", now=IN_SEPTEMBER)
    clock = clocks.running(case, family="RECON")

    assert case.refused_on == date(2026, 9, 25)
    assert reminders.days_of(clock) == reminders.Days(strict=date(2026, 10, 2), last=date(2026, 10, 8))
    text = told(case, "refused_accuser")[0]
    assert "2026年10月2日前提出" in text and "2026年10月8日" in text
    assert reminder_days(case, "RECON") == [date(2026, 9, 29), date(2026, 10, 1), date(2026, 10, 2)]
    work_reminders(case, datetime(2026, 10, 2, 9, 0, tzinfo=CST))
    assert len(told(case, "remind_remedy")) == 1  # the worker was away: only the one of the day itself
    assert "最后一日是2026年10月2日" in told(case, "remind_remedy")[0]
    late = datetime(2026, 10, 9, 9, 0, tzinfo=CST)
    given = {"case": case, "actor": cast.handler.actor, "now": late, **factory.SAID}
    assert refusal(actions.ask_reconsideration, asked_on=date(2026, 10, 9), **given) == ["asked_on.late"]
    given["case"] = PoliceReport.objects.get(pk=case.pk)
    row = actions.ask_reconsideration(given.pop("case"), asked_on=date(2026, 10, 8), **given)
    assert row.state == "reconsidering" and not row.open_clocks


@pytest.mark.rule("R54")
@pytest.mark.parametrize("capacity", ["reporter", "informant"])
def test_r54_whoever_only_reports_or_informs_has_no_reconsideration(capacity: str, cast: Cast) -> None:
    case = factory.report(cast, at="not_docketed", now=IN_SEPTEMBER, capacity=capacity)

    assert case.state == "not_docketed" and not case.open_clocks and reminder_days(case, "RECON") == []
    assert "没有规定申请复议的权利" in told(case, "refused")[0] and told(case, "refused_accuser") == []
    given = {"actor": cast.handler.actor, "now": IN_SEPTEMBER + timedelta(days=1), "asked_on": date(2026, 9, 26)}
    assert refusal(actions.ask_reconsideration, case=case, **given, **factory.SAID) == ["capacity.no_remedy"]


def test_a_second_review_follows_a_reconsideration_within_its_own_days(cast: Cast) -> None:
    case = factory.report(cast, at="reconsidering")
    by = {"actor": cast.handler.actor, "now": NOW}
    given = {"asked_on": NOW.date(), **factory.SAID}

    assert refusal(actions.ask_rereview, case=case, **by, **given) == ["reconsideration.undecided"]
    case = factory.STEPS["stands"](case, cast, NOW)
    assert due_days(case) == {"REREV": date(2026, 10, 8)} and "10月5日前提出" in told(case, "reconsidered")[0]
    case = actions.ask_rereview(case, **by, **given)
    assert case.state == "rereviewing" and not case.open_clocks
    case = actions.docket(case, **by, docket_no="1号", docketed_on=NOW.date())
    assert case.state == "docketed"


def test_help_does_not_end_while_a_remedy_is_open_unless_the_consumer_said_so(cast: Cast) -> None:
    case = factory.report(cast, at="not_docketed")
    given = {"actor": cast.handler.actor, "reason": "消费者选择民事诉讼。"}

    assert refusal(actions.close_report, case=case, now=NOW, **given) == ["remedy.open"]
    over = RECEIVED + timedelta(days=11)
    row = actions.close_report(PoliceReport.objects.get(pk=case.pk), now=over, **given)
    assert row.state == "closed" and row.events.latest("seq").data["waived"] is False


def test_a_waiver_that_can_be_shown_ends_it_earlier(cast: Cast) -> None:
    case = factory.report(cast, at="not_docketed")
    given = {"actor": cast.handler.actor, "now": NOW, "reason": "Reason", "waiver": "通话录音 12"}

    row = actions.close_report(case, **given)
    assert row.state == "closed" and row.events.latest("seq").data["waived"] is True and not row.open_clocks


def test_the_house_reports_only_what_is_complete_and_was_let_out(cast: Cast) -> None:
    house = factory.REPORT | {"reported_by": "house"}
    incomplete = factory.report(cast, at="preparing")
    given = {"actor": cast.handler.actor, "now": NOW, "accepted_on": NOW.date()}
    assert refusal(actions.record_report, case=incomplete, **given, **house) == [
        "papers.incomplete",
        "pack.not_released",
    ]
    case = factory.report(cast, at="packed", origin=factory.complaint(cast, phone="13900139000"))
    assert refusal(actions.record_report, case=case, **given, **house) == ["pack.not_released"]
    case = factory.STEPS["release"](factory.STEPS["ask"](case, cast, NOW), cast, NOW)
    case = actions.record_report(case, **given, **house)
    assert (case.state, case.reported_by) == ("reported", "house")


def test_a_consumer_who_went_without_us_has_reported_all_the_same(cast: Cast) -> None:
    case = factory.report(cast, at="preparing")

    case = factory.STEPS["report"](case, cast, NOW)
    assert case.state == "reported" and set(due_days(case)) == {"POL3", "POL7", "POL30"}


def test_days_lie_neither_in_the_future_nor_before_what_they_followed(cast: Cast) -> None:
    case = factory.report(cast, at="reported")
    by = {"actor": cast.handler.actor, "now": NOW}
    tomorrow, before = NOW.date() + timedelta(days=1), NOW.date() - timedelta(days=1)

    for day in (tomorrow, before):
        code = refusal(actions.record_refusal, case=case, **by, refusal_no="1号", received_on=day)
        assert code == ["received_on.impossible"]
        assert refusal(actions.docket, case=case, **by, docket_no="1号", docketed_on=day) == ["docketed_on.impossible"]
    ready = factory.report(cast, at="ready", origin=factory.complaint(cast, phone="13900139000"))
    given = factory.REPORT | {"accepted_on": tomorrow}
    assert refusal(actions.record_report, case=ready, **by, **given) == ["accepted_on.impossible"]


def test_a_day_recorded_wrongly_is_corrected_and_both_last_days_with_it(cast: Cast) -> None:
    case = factory.report(cast, at="not_docketed")
    given = {"actor": cast.handler.actor, "now": NOW + timedelta(days=2), "reason": "看错通知书日期"}
    act = actions.correct_day

    assert refusal(act, case=case, received_on=date(2026, 9, 28), **given) == ["received_on.same"]
    assert refusal(act, case=case, received_on=date(2026, 9, 27), **given) == ["received_on.impossible"]
    row = act(PoliceReport.objects.get(pk=case.pk), received_on=date(2026, 9, 30), **given)

    clock = clocks.running(row, family="RECON")
    assert (row.refused_on, reminders.days_of(clock)) == (
        date(2026, 9, 30),
        reminders.Days(strict=date(2026, 10, 7), last=date(2026, 10, 8)),
    )
    assert row.events.latest("seq").data["was"] == "2026-09-28"
    assert [c.state for c in clocks.clocks_of(row) if c.family == "RECON"] == ["replaced", "running"]
    assert "最后一日是2026年10月7日" in told(row, "remind_remedy")[0]
    assert date(2026, 10, 7) in reminder_days(row, "RECON")


def test_sentences_offer_no_remedy_after_its_last_day(cast: Cast) -> None:
    first = factory.report(cast, at="not_docketed")
    second = factory.report(cast, at="reconsidered", origin=factory.complaint(cast, phone="13900139000"))
    last, over = datetime(2026, 10, 8, 23, 0, tzinfo=CST), datetime(2026, 10, 9, 9, 0, tzinfo=CST)

    with pinned(last), override("en"):
        assert "until 2026-10-05" in str(next_step(first)) and "until 2026-10-05" in str(next_step(second))
        assert "ask the police to reconsider" in str(next_for_consumer(first))
        assert "next higher police organ" in str(next_for_consumer(second))
    with pinned(over), override("en"):
        assert "are over" in str(next_step(first)) and "are over" in str(next_step(second))
        assert "other ways" in str(next_for_consumer(first)) and "has passed" in str(next_for_consumer(second))


def test_a_letter_about_days_that_have_passed_offers_none(cast: Cast) -> None:
    at = datetime(2026, 10, 20, 10, 0, tzinfo=CST)
    by = {"actor": cast.handler.actor, "now": at}
    received = {"received_on": date(2026, 9, 28)}
    case = actions.record_refusal(factory.report(cast, at="reported"), **by, refusal_no="1号", **received)
    text = told(case, "refused_accuser")[0]
    assert "10月8日届满" in text and "前提出" not in text and reminder_days(case, "RECON") == []

    case = actions.correct_day(case, **by, received_on=date(2026, 9, 29), reason="Reason")
    assert "届满" in told(case, "remind_remedy")[0] and "您可以向" not in told(case, "remind_remedy")[0]

    other = factory.report(cast, at="reconsidering", origin=factory.complaint(cast, phone="13900139000"))
    other = actions.record_reconsideration(other, **by, number="1号", **received)
    text = told(other, "reconsidered")[0]
    assert "10月8日届满" in text and "前提出" not in text


def test_a_letter_between_the_strict_and_the_rolled_day_says_to_act_at_once(cast: Cast) -> None:
    at = datetime(2026, 10, 7, 10, 0, tzinfo=CST)
    given = {"actor": cast.handler.actor, "now": at, "refusal_no": "1号", "received_on": date(2026, 9, 28)}

    text = told(actions.record_refusal(factory.report(cast, at="reported"), **given), "refused_accuser")[0]
    assert "10月5日已过" in text and "立即提出" in text and "前提出" not in text


def test_a_worker_that_was_away_sends_the_newest_follow_up_alone(cast: Cast) -> None:
    case = factory.report(cast, at="reported")

    work_reminders(case, datetime(2026, 10, 6, 9, 0, tzinfo=CST))
    assert ["满7日" in text for text in told(case, "remind_follow_up")] == [True]


def test_reminders_of_a_day_that_was_corrected_are_sent_no_more(cast: Cast) -> None:
    case = factory.report(cast, at="not_docketed")
    at = datetime(2026, 10, 1, 8, 0, tzinfo=CST)
    given = {"actor": cast.handler.actor, "now": at, "reason": "Reason"}
    case = actions.correct_day(case, received_on=date(2026, 10, 1), **given)
    before = len(told(case, "remind_remedy"))

    work_reminders(case, datetime(2026, 10, 2, 9, 0, tzinfo=CST))  # three days before 5 October, which counts no more
    assert reminders.days_of(clocks.running(case, family="RECON")).strict == date(2026, 10, 8)
    assert len(told(case, "remind_remedy")) == before
    work_reminders(case, datetime(2026, 10, 5, 9, 0, tzinfo=CST))
    assert len(told(case, "remind_remedy")) == before + 1
