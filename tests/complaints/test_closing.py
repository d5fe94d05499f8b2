"""After the notice: promises kept, closed, taken up again, superseded; and what the consumer says of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from cases.complaints import actions, letters
from cases.complaints.handlers import close_told
from cases.complaints.models import Complaint, Redress, Survey
from cases.complaints.surveys import satisfaction
from cases.models import Decision, Message
from jike.base.dates import CST
from jike.base.errors import Refused
from jike.outbox.models import Job
from jike.privacy import open_sealed
from tests.factories import complaints as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast

LATER = RECEIVED + timedelta(days=2)


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [blocker.code for blocker in refused.value.blockers]


def test_each_line_of_the_redress_is_a_promise_and_the_amount_belongs_to_the_first(cast: Cast) -> None:
    case = factory.complaint(cast, at="investigating")
    words = factory.DECISION | {"redress": "退还已付分期款。\n出具结清证明。", "redress_due_on": date(2026, 10, 8)}
    case = actions.propose_decision(case, actor=cast.handler.actor, now=RECEIVED, **words)
    case = factory.decided(case, cast, RECEIVED)

    rows = [(p.seq, open_sealed(p, "what"), str(p.amount_cny), p.due_on) for p in case.promises.order_by("seq")]
    assert rows == [
        (1, "退还已付分期款。", "3000.00", date(2026, 10, 8)),
        (2, "出具结清证明。", "0.00", date(2026, 10, 8)),
    ]


def test_case_closes_only_when_every_promise_is_confirmed(cast: Cast) -> None:
    case = factory.complaint(cast, at="notified")

    with pytest.raises(Refused) as refused:
        actions.close_complaint(case, actor=cast.handler.actor, now=LATER)
    assert codes(refused) == ["redress.unconfirmed"]
    with pytest.raises(Refused) as refused:
        promise = Redress.objects.get(case=case)
        actions.confirm_redress(case, actor=cast.handler.actor, now=LATER, promise=promise, evidence=" ")
    assert codes(refused) == ["evidence.missing"]
    case = factory.kept(case, cast, LATER)

    assert actions.close_complaint(case, actor=cast.handler.actor, now=LATER).state == "closed"
    assert Redress.objects.get(case=case).confirmed_by_id == cast.handler.user.pk


def test_promise_of_another_case_confirms_nothing(cast: Cast) -> None:
    case = factory.complaint(cast, at="notified")
    other = factory.complaint(cast, at="notified", phone="13900139000")

    with pytest.raises(Refused) as refused:
        actions.confirm_redress(
            case, actor=cast.handler.actor, now=LATER, promise=other.promises.get(), evidence="PAY 1"
        )
    assert codes(refused) == ["promise.missing"]


def test_rejected_complaint_promises_nothing_and_closes(cast: Cast) -> None:
    case = factory.complaint(cast, at="investigating")
    nothing = factory.DECISION | {"result": "rejected", "redress": "", "redress_cny": 0}
    case = actions.propose_decision(case, actor=cast.handler.actor, now=RECEIVED, **nothing)
    for step in ("decided", "issued", "notified", "closed"):
        case = factory.STEPS[step](case, cast, RECEIVED)

    assert (case.state, case.promises.count()) == ("closed", 0)


def test_timer_closes_what_was_told_long_ago_and_kept(cast: Cast) -> None:
    kept = factory.complaint(cast, at="kept")
    broken = factory.complaint(cast, at="notified", phone="13900139000")

    close_told(kept.notified_at + timedelta(days=29))
    assert Complaint.objects.get(pk=kept.pk).state == "notified"
    close_told(kept.notified_at + timedelta(days=31))

    assert Complaint.objects.get(pk=kept.pk).state == "closed"
    assert Complaint.objects.get(pk=broken.pk).state == "notified"


def reopened(cast: Cast, ground: str = "new_facts") -> Complaint:
    case = factory.complaint(cast, at="closed")
    return actions.reopen_complaint(
        case, actor=cast.supervisor.actor, now=LATER, ground=ground, reason="消费者补交了付款凭证。"
    )


def test_reopening_starts_a_new_period_and_tells_the_consumer(cast: Cast) -> None:
    case = reopened(cast)

    assert (case.state, case.ended_at, case.decision_id, case.notice_id) == ("investigating", None, None, None)
    clock = case.clocks.get(family="CMP", state="running")
    assert (clock.code, clock.started_at) == ("CMP15", LATER)
    assert case.next_due_at == datetime(2026, 10, 15, 23, 59, 59, tzinfo=CST)
    assert {m.channel for m in case.messages.filter(purpose="reopening")} == {"sms", "inbox", "letter"}
    assert case.decisions.count() == 1


def test_reopening_needs_ground_and_reason_and_a_supervisor_of_the_unit(cast: Cast) -> None:
    case = factory.complaint(cast, at="closed")

    with pytest.raises(Refused) as refused:
        actions.reopen_complaint(case, actor=cast.supervisor.actor, now=LATER, ground="bored", reason="")
    assert codes(refused) == ["ground.missing", "reason.missing"]
    with pytest.raises(Refused) as refused:
        actions.reopen_complaint(case, actor=cast.handler.actor, now=LATER, ground="new_facts", reason="x")
    assert "actor.no_power" in codes(refused)


@pytest.mark.rule("R29")
def test_rule_29_correction_is_a_new_version_whose_letter_names_the_one_it_supersedes(cast: Cast) -> None:
    case = reopened(cast, "correction")
    first = Decision.objects.get(case=case)
    before = (first.payload_sha256(), first.version)
    case = factory.issued(factory.decided(factory.deciding(case, cast, LATER), cast, LATER), cast, LATER)

    proof = {"seq": "1", "digest": "00", "mac": "00"}
    html = letters.decision_letter_html(case, case.decision, code="NEW", proof=proof, verify_url="https://x/")

    assert case.decision.version == 2 and first.letter.code in html and "取代" in html
    first.refresh_from_db()
    assert (first.payload_sha256(), first.version) == before
    assert factory.notified(case, cast, LATER).state == "notified"


def test_first_letter_supersedes_nothing(cast: Cast) -> None:
    case = factory.complaint(cast, at="issued")

    html = letters.decision_letter_html(
        case, case.decision, code="NEW", proof={"seq": "1", "digest": "", "mac": ""}, verify_url="https://x/"
    )

    assert "取代" not in html


def test_consumer_asks_to_reopen_once_and_the_case_stays_closed(cast: Cast) -> None:
    case = factory.complaint(cast, at="closed")
    ask = {"actor": factory.consumer_of(case), "now": LATER, "reason": "我找到了收据。"}

    case = actions.ask_reopen(case, **ask)

    assert (case.state, case.flags) == ("closed", ["reopen_asked"])
    assert open_sealed(Message.objects.filter(case=case, is_incoming=True).get(), "body") == "我找到了收据。"
    with pytest.raises(Refused) as refused:
        actions.ask_reopen(case, **ask)
    assert codes(refused) == ["reopen.asked"]
    again = actions.reopen_complaint(case, actor=cast.supervisor.actor, now=LATER, ground="new_facts", reason="收据")
    assert again.flags == []


ANSWER = {"result": 2, "speed": 5, "conduct": 4, "words": "太慢"}


@pytest.mark.rule("R30")
def test_rule_30_survey_opens_with_the_notice_and_is_sent_once(cast: Cast) -> None:
    case = factory.complaint(cast, at="closed")

    assert Survey.objects.filter(case=case).count() == 1
    assert {m.channel for m in case.messages.filter(purpose="survey")} == {"sms", "inbox"}


@pytest.mark.rule("R30")
def test_rule_30_survey_is_answered_once_and_a_low_score_calls_the_supervisor(cast: Cast) -> None:
    case = factory.complaint(cast, at="notified")
    answer = {"actor": factory.consumer_of(case), "now": LATER, **ANSWER}

    with pytest.raises(Refused) as refused:
        actions.answer_survey(case, **answer | {"result": 6})
    assert codes(refused) == ["result.missing"]
    case = actions.answer_survey(case, **answer)

    assert case.flags == ["low_score"]
    assert open_sealed(Survey.objects.get(case=case), "words") == "太慢"
    with pytest.raises(Refused) as refused:
        actions.answer_survey(case, **answer)
    assert codes(refused) == ["survey.none_open"]


@pytest.mark.rule("R30")
def test_rule_30_silence_is_not_counted_in_the_average(cast: Cast) -> None:
    silent = factory.complaint(cast, at="notified")
    case = factory.complaint(cast, at="notified", phone="13900139000")
    actions.answer_survey(case, actor=factory.consumer_of(case), now=LATER, **ANSWER)
    day = silent.notified_at.date()

    found = satisfaction(day, day)

    assert (found.invited, found.answered, found.rate, found.result) == (2, 1, 0.5, 2.0)
    assert satisfaction(date(2025, 1, 1), date(2025, 1, 2)).rate is None


def test_another_consumer_does_not_answer(cast: Cast) -> None:
    case = factory.complaint(cast, at="notified")
    other = factory.file(phone="13900139000")

    with pytest.raises(Refused) as refused:
        actions.answer_survey(case, actor=factory.consumer_of(other), now=LATER, **ANSWER)
    assert codes(refused) == ["actor.other_person"]


def test_survey_waits_for_the_morning_and_the_notice_does_not(cast: Cast) -> None:
    night = RECEIVED.replace(hour=22)
    case = factory.notified(factory.complaint(cast, at="issued"), cast, night)

    survey = case.messages.get(purpose="survey", channel="sms")
    job = Job.objects.get(dedupe_key=f"cases.send_message:{survey.pk}")
    assert job.due_at == datetime(2026, 9, 29, 9, 0, tzinfo=CST)
    assert case.notified_at == night
