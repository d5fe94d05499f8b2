"""A police report of the same matter interrupts the limitation of the claim: read in its own case, counted line by line, and by the clock."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from cases.clocks import ledger as clocks
from cases.litigation import actions
from cases.litigation.counting import limitation_of
from cases.litigation.models import Litigation
from cases.litigation.panels import limitation_panel
from cases.models import Message
from cases.police import actions as police
from cases.police import effect
from cases.police.models import PoliceReport
from jike.base.dates import CST, pinned
from jike.base.errors import Refused
from jike.outbox import jobs
from jike.outbox.models import Job
from jike.privacy import open_sealed
from tests.api.conftest import make_program
from tests.factories import complaints as complaint_factory
from tests.factories import litigations as factory
from tests.factories import police as police_factory
from tests.factories.complaints import PHONE
from tests.people import Cast

KNEW, TAKEN, REFUSED = factory.ASSESSMENT["knew_on"], date(2027, 3, 1), date(2027, 6, 10)
ENDED = date(2028, 2, 1)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=CST)


def both(cast: Cast, *, capacity: str = "accuser", phone: str = PHONE) -> tuple[Litigation, PoliceReport]:
    """A claim that was assessed and a police report that is ready, out of one complaint."""
    origin = complaint_factory.complaint(cast, at="investigating", phone=phone)
    return factory.litigation(cast, at="assessed", origin=origin), police_factory.report(
        cast, at="ready", origin=origin, capacity=capacity
    )


def told(report: PoliceReport, act: Any, cast: Cast, day: date, **given: Any) -> PoliceReport:
    """What the police did becomes known at noon of `day`, and the worker comes by."""
    with pinned(noon(day)):
        report = act(report, actor=cast.handler.actor, now=noon(day), **given)
        for job in Job.objects.filter(topic=effect.TOPIC, finished_at=None):
            jobs.run_job(job.pk)
    return report


def taken(report: PoliceReport, cast: Cast) -> PoliceReport:
    return told(report, police.record_report, cast, TAKEN, accepted_on=TAKEN, **police_factory.REPORT)


def last_day(case: Litigation) -> tuple[date | None, date | None]:
    """By the arithmetic, and by the clock."""
    case = Litigation.objects.get(pk=case.pk)
    found, clock = limitation_of(case), clocks.running(case, family="LIM")
    assert found is not None
    return found.last_day, clock.due_at.astimezone(CST).date() if clock and clock.due_at else None


@pytest.mark.rule("R49")
def test_a_report_interrupts_until_the_refusal_is_received_and_then_it_counts_anew(cast: Cast) -> None:
    case, report = both(cast)
    before = last_day(case)
    report = taken(report, cast)
    assert before[0] == before[1] is not None and last_day(case) == (None, None)

    told(report, police.record_refusal, cast, REFUSED, refusal_no="东公不立字〔2027〕9号", received_on=REFUSED)

    assert last_day(case) == (date(2030, 6, 10), date(2030, 6, 10))
    found = limitation_of(Litigation.objects.get(pk=case.pk))
    assert found is not None
    assert [(s.why, s.start, s.of) for s in found.stretches] == [("", KNEW, ""), ("police", REFUSED, report.number)]
    assert case.events.filter(verb="litigation.recount").count() == 2 and not case.limitation_facts.exists()


@pytest.mark.rule("R49")
@pytest.mark.parametrize("how", ["withdrawn", "not_prosecuted", "judged"])
def test_a_case_of_the_police_interrupts_until_it_ends_also_after_our_help_has_ended(how: str, cast: Cast) -> None:
    case, report = both(cast)
    report = taken(report, cast)
    filed = {"docket_no": "东公立字〔2027〕77号", "docketed_on": REFUSED}
    report = told(report, police.docket, cast, REFUSED, **filed)
    assert last_day(case) == (None, None)
    report = told(report, police.close_report, cast, REFUSED, reason="公安机关已立案。")

    report = told(report, police.record_end, cast, ENDED, how=how, known_on=ENDED, evidence="决定书")

    assert last_day(case) == (date(2031, 2, 3), date(2031, 2, 3))  # the 1st is a Saturday
    body = open_sealed(Message.objects.get(case=report, template__contains="case_ended", channel="inbox"), "body")
    assert "2028年2月1日" in body and "重新计算" in body
    with pytest.raises(Refused) as refused:
        police.record_end(report, actor=cast.handler.actor, now=noon(ENDED), how=how, known_on=ENDED, evidence="x")
    assert [b.code for b in refused.value.blockers] == ["case.ended_already"]


@pytest.mark.rule("R49")
def test_a_refusal_that_is_undone_interrupts_from_the_report_on(cast: Cast) -> None:
    case, report = both(cast)
    report = taken(report, cast)
    report = told(report, police.record_refusal, cast, REFUSED, refusal_no="9号", received_on=REFUSED)
    asked = {"asked_on": REFUSED, "evidence": "复议申请书"}
    report = told(report, police.ask_reconsideration, cast, REFUSED, **asked)
    assert last_day(case)[0] == date(2030, 6, 10)

    told(report, police.docket, cast, ENDED, docket_no="77号", docketed_on=ENDED)

    assert last_day(case) == (None, None)


@pytest.mark.rule("R49")
def test_a_corrected_day_of_receipt_moves_the_count(cast: Cast) -> None:
    case, report = both(cast)
    report = told(taken(report, cast), police.record_refusal, cast, REFUSED, refusal_no="9号", received_on=REFUSED)
    earlier = REFUSED - timedelta(days=1)

    told(report, police.correct_day, cast, REFUSED, received_on=earlier, reason="送达回证")

    assert last_day(case) == (date(2030, 6, 10), date(2030, 6, 10))  # the 9th is a Sunday
    found = limitation_of(Litigation.objects.get(pk=case.pk))
    assert found is not None and found.stretches[-1].start == earlier


@pytest.mark.rule("R49")
def test_who_only_informs_and_a_report_without_a_receipt_interrupt_nothing(cast: Cast) -> None:
    case, report = both(cast, capacity="informant")
    before = last_day(case)
    taken(report, cast)
    assert last_day(case) == before

    other, visited = both(cast, phone="13900139000")
    visit = {"reported_on": TAKEN, "organ": police_factory.ORGAN, "evidence": "电话录音"}
    told(visited, police.record_visit, cast, TAKEN, **visit)
    assert last_day(other) == before and Litigation.objects.get(pk=other.pk).known_reports == []


@pytest.mark.rule("R49")
def test_what_is_counted_is_shown_line_by_line_and_not_typed_again(cast: Cast) -> None:
    case, report = both(cast)
    report = taken(report, cast)
    panel = limitation_panel(Litigation.objects.get(pk=case.pk))
    shown = " ".join(str(part) for item in panel.items for part in (item.what, item.state, *item.notes))
    assert all(part in shown for part in (report.number, "2027-03-01", report.receipt_no))

    given = {"kind": "police", "on": TAKEN, "evidence": "受案回执"}
    counsel = factory.counsel().actor
    with pytest.raises(Refused) as refused:
        actions.record_interruption(Litigation.objects.get(pk=case.pk), actor=counsel, now=noon(TAKEN), **given)
    assert [b.code for b in refused.value.blockers] == ["police.known"]

    told(report, police.record_refusal, cast, REFUSED, refusal_no="9号", received_on=REFUSED)
    panel = limitation_panel(Litigation.objects.get(pk=case.pk))
    shown = " ".join(str(part) for item in panel.items for part in (item.what, item.state, *item.notes))
    assert all(part in shown for part in ("2027-06-10", "2030-06-10", "LIM2020", report.number))


def test_a_program_reads_every_count_with_the_case_it_was_read_in(cast: Cast) -> None:
    case, report = both(cast)
    told(taken(report, cast), police.record_refusal, cast, REFUSED, refusal_no="9号", received_on=REFUSED)
    program = make_program(role="legal", unit=factory.counsel().user.unit)
    chief = factory.counsel("legal-chief", "supervisor").actor
    actions.assign_litigation(Litigation.objects.get(pk=case.pk), actor=chief, now=noon(REFUSED), to=program.key.owner)

    found = program.get(f"/api/v1/litigations/{case.number}/").json()

    assert [row["of"] for row in found["limitation"]] == ["", report.number]
    assert found["limitation"][-1]["last_day"] == found["limitation_last_day"] == "2030-06-10"


def test_the_end_of_a_criminal_case_needs_a_case_a_way_and_a_day(cast: Cast) -> None:
    report = police_factory.report(cast, at="docketed")
    now = noon(date(2026, 9, 29))
    with pytest.raises(Refused) as refused:
        given = {"how": "", "known_on": now.date() + timedelta(days=1), "evidence": " "}
        police.record_end(report, actor=cast.handler.actor, now=now, **given)
    assert [b.code for b in refused.value.blockers] == ["how.unknown", "known_on.impossible", "evidence.missing"]
