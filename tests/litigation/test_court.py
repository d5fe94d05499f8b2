"""What the court does, with its clocks: seven days, evidence, appeal, force, enforcement; reminders; money noted."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override

from cases.clocks import ledger as clocks
from cases.clocks.models import Clock
from cases.litigation import actions, handlers
from cases.litigation.limitation import Kind
from cases.litigation.models import Litigation, Sum
from cases.litigation.next_step import next_step
from cases.litigation.rules.assessing import open_facts
from cases.litigation.told import next_for_consumer
from cases.models import Message
from cases.notices.models import Notice
from jike.accounts.models import User
from jike.accounts.roles import machine_actor
from jike.base.dates import CST, pinned
from jike.base.errors import Refused
from jike.outbox import jobs
from jike.outbox.models import Job
from jike.privacy import open_sealed
from tests.factories import complaints as complaint_factory
from tests.factories import litigations as factory
from tests.people import Cast


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [b.code for b in refused.value.blockers]


def at(day: date, hour: int = 12) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=CST)


def fresh(case: Litigation) -> Litigation:
    return Litigation.objects.get(pk=case.pk)


def last_day(case: Litigation, family: str) -> date | None:
    clock = clocks.running(fresh(case), family=family)
    return clock.due_at.astimezone(CST).date() if clock and clock.due_at else None


def test_handing_in_begins_seven_days_and_interrupts_limitation(cast: Cast) -> None:
    case = factory.litigation(cast, at="filed")

    assert last_day(case, "FILE7") == date(2026, 10, 7)  # followed up on the strict day, also on a day off
    assert last_day(case, "LIM") is None
    suit = case.limitation_facts.get()
    assert (suit.kind, suit.happened_on, suit.until) == (Kind.SUIT, factory.FILED, None)


def test_a_ruling_not_to_accept_gives_ten_days_and_starts_limitation_anew(cast: Cast) -> None:
    case = factory.litigation(cast, at="court_rejected")

    assert last_day(case, "FILE7") is None
    assert last_day(case, "APPEAL") == date(2026, 10, 15)
    assert last_day(case, "LIM") == date(2029, 10, 5)
    assert case.served_papers.get().what == "ruling"


@pytest.mark.rule("R53")
@pytest.mark.parametrize(
    ("procedure", "good", "bad", "code"),
    [("ordinary", 15, 14, "EVI"), ("simplified", 15, 16, "EVI_SIMPLE"), ("small", 7, 8, "EVI_SMALL")],
)
def test_the_time_for_evidence_is_the_courts_within_the_procedure(
    procedure: str, good: int, bad: int, code: str, cast: Cast
) -> None:
    case = factory.litigation(cast, at="filed")
    now, counsel = factory.moment_of("docketed"), factory.counsel().actor
    case = actions.docket_claim(case, actor=counsel, now=now, **(factory.DOCKET | {"procedure": procedure}))

    with pytest.raises(Refused) as refused:
        actions.set_evidence_limit(case, actor=counsel, now=now, served_on=factory.DOCKETED, days=bad)
    assert codes(refused) == ["days.impossible"]
    case = actions.set_evidence_limit(case, actor=counsel, now=now, served_on=factory.DOCKETED, days=good)

    clock = clocks.running(case, family="EVI")
    assert clock is not None and clock.code == code
    strict = factory.DOCKETED + timedelta(days=good)
    rolled = {date(2026, 10, 19): date(2026, 10, 19), date(2026, 10, 11): date(2026, 10, 12)}[strict]
    assert last_day(case, "EVI") == rolled


@pytest.mark.rule("R53")
def test_small_claims_end_with_the_judgment_and_no_appeal_is_offered(cast: Cast) -> None:
    case = factory.litigation(cast, at="judged_small")
    now = factory.moment_of("judged_small")

    assert last_day(case, "APPEAL") is None
    given = {"appealed_on": factory.SERVED, "by": "consumer", "evidence": "上诉状"}
    with pytest.raises(Refused) as refused:
        actions.record_appeal(case, actor=factory.counsel().actor, now=now, **given)
    assert codes(refused) == ["procedure.small"]

    handlers.watch(now)

    case = fresh(case)
    assert (case.state, case.effective_on) == ("effective", factory.SERVED)
    told = Message.objects.filter(case_id=case.pk, template="litigation/messages/judged.2026-11").first()
    assert told is not None


def test_fifteen_days_roll_over_a_day_off_and_then_counsel_says_that_the_judgment_is_in_force(cast: Cast) -> None:
    case = factory.litigation(cast, at="judged")
    assert last_day(case, "APPEAL") == date(2026, 11, 9)  # 11-07 is a Saturday
    told = Notice.objects.filter(case_id=case.pk, code="court.unappealed")

    handlers.watch(at(date(2026, 11, 9), 23))
    assert not told.exists()
    for hour in (1, 2):
        handlers.watch(at(date(2026, 11, 10), hour))
    assert (fresh(case).state, told.get().user) == ("judged", factory.counsel().user)
    assert not handlers.unappealed(at(date(2026, 11, 10), 3)).exists()
    now = at(date(2026, 11, 10))
    with pytest.raises(Refused) as refused:
        actions.take_effect(fresh(case), actor=machine_actor("clock"), now=now)
    assert codes(refused) == ["appeal.unknown"]

    case = actions.take_effect(fresh(case), actor=factory.counsel().actor, now=now)
    assert (case.state, case.effective_on) == ("effective", date(2026, 11, 9))


def test_a_case_nobody_can_be_told_of_keeps_no_other_from_its_turn(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handlers, "AT_ONCE", 1)
    first = factory.litigation(cast, at="judged")
    origin = complaint_factory.complaint(cast, at="investigating", phone="13900139000")
    second = factory.litigation(cast, at="judged", origin=origin)
    assert first.pk < second.pk
    chief, other = factory.counsel("legal-chief", "supervisor"), factory.counsel("colleague-at-law")
    actions.assign_litigation(second, actor=chief.actor, now=at(date(2026, 11, 1)), to=other.user)
    User.objects.exclude(pk=other.user.pk).update(is_active=False)

    for hour in (1, 2):
        handlers.watch(at(date(2026, 11, 10), hour))

    told = Notice.objects.filter(code="court.unappealed").values_list("case_id", flat=True)
    assert list(told) == [second.pk]
    assert list(handlers.unappealed(at(date(2026, 11, 10), 3))) == [Litigation.objects.get(pk=first.pk)]


def test_the_consumers_appeal_after_the_last_day_is_refused_and_the_other_sides_is_recorded(cast: Cast) -> None:
    case = factory.litigation(cast, at="judged")
    late, counsel = date(2026, 11, 10), factory.counsel().actor
    given: dict[str, Any] = {"actor": counsel, "now": at(late), "appealed_on": late, "evidence": "上诉状"}

    with pytest.raises(Refused) as refused:
        actions.record_appeal(case, by="consumer", **given)
    assert codes(refused) == ["appealed_on.late"]

    assert actions.record_appeal(case, by="opponent", **given).state == "appealing"


@pytest.mark.parametrize(
    ("point", "outcome", "state"),
    [
        ("appealing", "partly", "effective"),
        ("appealing", "sent_back", "hearing"),
        ("appealing_ruling", "sent_back", "filed"),
        ("appealing_ruling", "upheld", "court_rejected"),
    ],
)
def test_the_court_above_judges_sends_back_or_upholds(point: str, outcome: str, state: str, cast: Cast) -> None:
    case = factory.litigation(cast, at=point)
    day = date(2026, 12, 15)
    awarded = Decimal(8000) if outcome == "partly" else None
    given = {"served_on": day, "outcome": outcome, "awarded_cny": awarded, "evidence": "二审裁判"}

    case = actions.decide_appeal(case, actor=factory.counsel().actor, now=at(day), **given)

    assert case.state == state
    assert last_day(case, "APPEAL") is None
    judged = outcome == "partly"
    assert case.served_papers.latest("seq").what == ("judgment" if judged else "ruling")
    template = f"litigation/messages/{'effective' if judged else 'ruled_above'}.2026-11"
    told = Message.objects.get(case_id=case.pk, template=template, channel="inbox")
    if not judged:
        assert ("维持了原裁定" in open_sealed(told, "body")) == (outcome == "upheld")
    if outcome == "sent_back":
        assert (case.appealed_on, case.served_on, case.rejection) == (None, None, "")
    if outcome == "upheld":
        with pytest.raises(Refused) as refused:
            actions.record_appeal(
                case, actor=factory.counsel().actor, now=at(day), appealed_on=day, by="consumer", evidence="x"
            )
        assert codes(refused) == ["appeal.over"]


def test_limitation_stands_still_while_an_appeal_against_a_ruling_is_pending(cast: Cast) -> None:
    case = factory.litigation(cast, at="appealing_ruling")
    assert last_day(case, "LIM") is None
    assert open_facts(case) == []  # it ends by what the court above does

    day = date(2026, 12, 15)
    given = {"served_on": day, "outcome": "upheld", "evidence": "二审裁定"}
    case = actions.decide_appeal(case, actor=factory.counsel().actor, now=at(day), **given)

    assert last_day(case, "LIM") == date(2029, 12, 17)  # the 15th is a Saturday
    assert [fact.until for fact in fresh(case).known_facts] == [date(2026, 10, 5), day]


def test_what_was_sent_back_to_be_accepted_keeps_limitation_still(cast: Cast) -> None:
    case = factory.litigation(cast, at="appealing_ruling")
    day = date(2026, 12, 15)
    given = {"served_on": day, "outcome": "sent_back", "evidence": "二审裁定"}

    case = actions.decide_appeal(case, actor=factory.counsel().actor, now=at(day), **given)

    assert (case.state, last_day(case, "LIM"), open_facts(fresh(case))) == ("filed", None, [])


def test_two_years_to_enforce_run_from_the_last_day_of_performance(cast: Cast) -> None:
    case = factory.litigation(cast, at="effective")
    counsel = factory.counsel().actor
    given = {"enforced_on": factory.PERFORM_BY, "court": "法院", "evidence": "申请"}
    with pytest.raises(Refused) as refused:
        actions.apply_enforcement(case, actor=counsel, now=at(factory.PERFORM_BY), **given)
    assert codes(refused) == ["performance.open", "enforced_on.impossible"]

    handlers.watch(at(factory.PERFORM_BY))
    assert last_day(case, "ENF") is None
    handlers.watch(at(factory.PERFORM_BY + timedelta(days=1)))
    handlers.watch(at(factory.PERFORM_BY + timedelta(days=2)))

    assert last_day(case, "ENF") == date(2028, 11, 20)
    with pytest.raises(Refused) as refused:
        actions.apply_enforcement(fresh(case), actor=counsel, now=at(factory.PERFORM_BY + timedelta(days=2)), **given)
    assert codes(refused) == ["enforced_on.impossible"]  # its last day belongs to the other side
    assert Clock.objects.filter(case=case, family="ENF").count() == 1
    too_late = date(2028, 11, 21)
    with pytest.raises(Refused) as refused:
        actions.apply_enforcement(fresh(case), actor=counsel, now=at(too_late), **(given | {"enforced_on": too_late}))
    assert codes(refused) == ["enforced_on.late"]


def test_a_lost_case_has_nothing_to_enforce(cast: Cast) -> None:
    case = factory.litigation(cast, at="hearing")
    now, counsel = factory.moment_of("judged"), factory.counsel().actor
    given = {"served_on": factory.SERVED, "outcome": "lost", "evidence": "判决书"}
    with pytest.raises(Refused) as refused:
        actions.record_judgment(case, actor=counsel, now=now, awarded_cny=Decimal(1), **given)
    assert codes(refused) == ["awarded_cny.none"]
    case = actions.record_judgment(case, actor=counsel, now=now, **given)
    actions.take_effect(fresh(case), actor=counsel, now=at(date(2026, 11, 12)))
    handlers.watch(at(date(2026, 11, 13)))

    case = fresh(case)
    assert case.state == "effective" and last_day(case, "ENF") is None
    told = Message.objects.get(case_id=case.pk, template="litigation/messages/effective.2026-11", channel="inbox")
    assert "申请执行" not in open_sealed(told, "body")
    with override("en"):
        assert "enforced" in str(next_for_consumer(case)) and "two years" not in str(next_for_consumer(case))
        assert "applied for" not in str(next_step(case))
    found = actions.apply_enforcement
    with pytest.raises(Refused) as refused:
        found(
            case, actor=counsel, now=at(date(2026, 11, 13)), enforced_on=date(2026, 11, 13), court="法院", evidence="x"
        )
    assert codes(refused) == ["award.none"]


def test_a_hearing_is_told_at_once_reminded_of_and_not_after_it_was_called_off(cast: Cast) -> None:
    case = factory.litigation(cast, at="scheduled")
    hearing = case.hearings.get()
    waiting = Job.objects.filter(topic="litigation.remind_hearing").order_by("due_at")
    days = [job.due_at.astimezone(CST).date() for job in waiting]
    assert days == [date(2026, 10, 11), date(2026, 10, 17)]

    first, second = waiting
    told = Message.objects.filter(case_id=case.pk, template="litigation/messages/hearing.2026-11", channel="inbox")
    with pinned(at(date(2026, 10, 11), 10)):
        jobs.run_job(first.pk)
        assert told.count() == 2
        actions.cancel_hearing(
            fresh(case), actor=factory.counsel().actor, now=at(date(2026, 10, 12)), hearing=hearing, note="改期"
        )
    with pinned(at(date(2026, 10, 17), 10)):
        jobs.run_job(second.pk)
    assert told.count() == 2
    assert case.events.filter(verb="litigation.remind_hearing").count() == 1


def test_nobody_is_reminded_of_a_hearing_of_a_claim_that_was_dismissed(cast: Cast) -> None:
    case = factory.litigation(cast, at="scheduled")
    waiting = Job.objects.filter(topic="litigation.remind_hearing").order_by("due_at").first()
    day = date(2026, 10, 10)
    given = {"rejection": "dismissed", "served_on": day, "evidence": "裁定书"}
    actions.record_rejection(case, actor=factory.counsel().actor, now=at(day), **given)

    assert waiting is not None
    with pinned(waiting.due_at + timedelta(minutes=1)):
        jobs.run_job(waiting.pk)

    assert not fresh(case).events.filter(verb="litigation.remind_hearing").exists()


@pytest.mark.rule("R49")
def test_limitation_is_warned_of_180_90_and_30_days_before_and_no_more_once_replaced(cast: Cast) -> None:
    case = factory.litigation(cast, at="assessed")
    clock = clocks.running(case, family="LIM")
    assert clock is not None and clock.due_at is not None
    waiting = Job.objects.filter(topic="litigation.remind_clock", body__clock=str(clock.pk)).order_by("due_at")
    ends = clock.due_at.astimezone(CST).date()
    assert [(ends - job.due_at.astimezone(CST).date()).days for job in waiting] == [180, 90, 30]

    with pinned(waiting[0].due_at + timedelta(minutes=1)):
        jobs.run_job(waiting[0].pk)
    told = Message.objects.filter(case_id=case.pk, template="litigation/messages/lapsing.2026-11", channel="inbox")
    assert told.count() == 1
    now = waiting[0].due_at + timedelta(days=1)
    on = now.astimezone(CST).date()
    actions.record_interruption(
        fresh(case), actor=factory.counsel().actor, now=now, kind="demand", on=on, **factory.SAID
    )
    with pinned(waiting[1].due_at + timedelta(minutes=1)):
        jobs.run_job(waiting[1].pk)
    assert told.count() == 1


def test_sums_are_noted_and_a_slip_is_undone_once_by_its_twin(cast: Cast) -> None:
    case = factory.litigation(cast, at="enforcing")
    now, counsel = factory.moment_of("enforcing"), factory.counsel().actor
    given = {"by": "opponent", "on": now.date(), "cny": Decimal("12000.005")}
    case = actions.record_sum(case, actor=counsel, now=now, what="recovered", **given)
    row = case.sums.get()
    assert row.cny == Decimal("12000.01")

    case = actions.undo_sum(case, actor=counsel, now=now, sum=row, reason="金额录错")
    with pytest.raises(Refused) as refused:
        actions.undo_sum(case, actor=counsel, now=now, sum=row, reason="再次")

    assert codes(refused) == ["sum.none"]
    assert [(r.seq, r.cny) for r in Sum.objects.filter(case=case).order_by("seq")] == [(1, row.cny), (2, -row.cny)]


def test_work_begins_anew_after_the_court_turned_it_down(cast: Cast) -> None:
    case = factory.litigation(cast, at="court_rejected")
    now = factory.moment_of("court_rejected")

    case = actions.rework_papers(case, actor=factory.counsel().actor, now=now, reason="改向被告住所地法院起诉。")

    assert (case.state, case.filed_on, case.rejection) == ("collecting", None, "")
    assert last_day(case, "APPEAL") is None
    assert last_day(case, "LIM") is not None
