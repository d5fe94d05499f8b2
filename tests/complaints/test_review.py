"""The review of a branch's decision: asked for in time, decided by other people of the unit above, told with proof."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from cases.complaints import actions, letters
from cases.complaints.models import Complaint, Review
from cases.models import Delivery
from cases.queries import case_for, cases_under_review_for, sight_of
from jike.accounts.roles import machine_actor
from jike.base.dates import CST
from jike.base.errors import Refused
from jike.privacy import open_sealed
from tests.factories import complaints as factory
from tests.people import Cast, staff

RECEIVED = datetime(2026, 10, 8, 10, 0, tzinfo=CST)


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [blocker.code for blocker in refused.value.blockers]


def told_on(cast: Cast, when: datetime) -> Complaint:
    """A branch's decision that was posted at `when`."""
    case = factory.of_branch(cast, at="issued", now=when - timedelta(days=3))
    handler = factory.branch_cast(cast).handler.actor
    return actions.notify_decision(case, actor=handler, now=when, manner="post", evidence="EMS 1", sent_at=when)


def ask(case: Complaint, when: datetime, **given: object) -> Complaint:
    return actions.request_review(
        case, actor=factory.consumer_of(case), now=when, reason="商户的说法没有核实。", **given
    )


def decide(case: Complaint, cast: Cast, when: datetime, **words: object) -> Complaint:
    return actions.decide_review(case, actor=cast.supervisor.actor, now=when, **(factory.REVIEW | words))


@pytest.mark.rule("R27")
def test_rule_27_the_last_day_is_the_thirtieth_and_the_next_is_late(cast: Cast) -> None:
    told = datetime(2026, 10, 13, 15, 0, tzinfo=CST)
    case = told_on(cast, told)

    with pytest.raises(Refused) as refused:
        ask(case, datetime(2026, 11, 13, 0, 0, 0, tzinfo=CST))
    assert codes(refused) == ["review.late"]
    with pytest.raises(Refused) as refused:
        ask(case, datetime(2026, 11, 13, 9, 0, tzinfo=CST))
    assert "诉讼" in str(refused.value.blockers[0].message) or "litigation" in str(refused.value.blockers[0].message)
    assert ask(case, datetime(2026, 11, 12, 23, 59, 59, tzinfo=CST)).state == "reviewing"


@pytest.mark.rule("R27")
def test_rule_27_a_last_day_off_moves_to_the_next_working_day(cast: Cast) -> None:
    case = told_on(cast, datetime(2026, 9, 3, 15, 0, tzinfo=CST))  # day 30 is 10-03, in the National Day holiday

    assert ask(case, datetime(2026, 10, 8, 20, 0, tzinfo=CST)).state == "reviewing"


def test_later_receipt_that_the_record_shows_moves_the_last_day(cast: Cast) -> None:
    case = told_on(cast, datetime(2026, 10, 13, 15, 0, tzinfo=CST))
    handler = factory.branch_cast(cast).handler.actor
    late = {"now": datetime(2026, 11, 15, 9, 0, tzinfo=CST), "reason": "来信申请核查"}

    with pytest.raises(Refused):
        actions.request_review(case, actor=handler, **late)

    assert actions.request_review(case, actor=handler, received_on=date(2026, 10, 16), **late).state == "reviewing"


@pytest.mark.rule("R28")
def test_rule_28_the_result_is_due_thirty_days_after_the_request_strictly(cast: Cast) -> None:
    case = ask(told_on(cast, datetime(2026, 10, 20, 9, 0, tzinfo=CST)), datetime(2026, 11, 10, 9, 0, tzinfo=CST))

    clock = case.clocks.get(family="REV_DEC")
    assert clock.due_at == case.next_due_at == datetime(2026, 12, 10, 23, 59, 59, tzinfo=CST)
    assert clock.rule.next is None and clock.rule.pausable == ()
    assert case.clocks.get(family="REV_REQ").state == "stopped"
    assert case.messages.filter(purpose="review").count() == 3


@pytest.mark.rule("R28")
def test_rule_28_decision_of_the_head_office_goes_to_no_review_but_to_an_internal_recheck(cast: Cast) -> None:
    case = factory.complaint(cast, at="notified")

    with pytest.raises(Refused) as refused:
        ask(case, case.notified_at + timedelta(days=1))
    assert codes(refused) == ["review.head_office"]
    assert "内部复查" in letters.remedies_text(case)


@pytest.mark.rule("R28")
def test_rule_28_other_unit_and_other_people_decide(cast: Cast) -> None:
    case = factory.complaint(cast, at="reviewing")
    branch = factory.branch_cast(cast)
    moved = staff("moved", "supervisor", unit=cast.unit, person=branch.handler.user.person)
    approver = staff("approver", "supervisor", unit=cast.unit, person=branch.supervisor.user.person)

    for actor, code in (
        (branch.supervisor.actor, "actor.other_unit"),
        (moved.actor, "actor.own_work"),
        (approver.actor, "actor.own_work"),
    ):
        with pytest.raises(Refused) as refused:
            actions.decide_review(case, actor=actor, now=RECEIVED, **factory.REVIEW)
        assert code in codes(refused)
    assert decide(case, cast, RECEIVED).state == "decided"


def test_review_names_procedure_timeliness_and_every_statutory_part(cast: Cast) -> None:
    case = factory.complaint(cast, at="reviewing")
    empty = {"outcome": "", "procedure": "", "timeliness": "", "result": "rejected", "findings": "", "basis": ""}

    with pytest.raises(Refused) as refused:
        decide(case, cast, RECEIVED, **empty | {"reasons": "", "remedies": "", "redress": ""})

    assert codes(refused) == [
        "outcome.missing", "procedure.missing", "timeliness.missing", "findings.missing", "basis.missing", "reasons.missing", "remedies.missing",
    ]  # fmt: skip


def test_review_is_a_new_version_told_by_its_own_letter_and_cannot_be_reviewed_again(cast: Cast) -> None:
    case = factory.complaint(cast, at="reviewing")
    first = case.decision
    case = decide(case, cast, RECEIVED)
    html = letters.decision_letter_html(
        case, case.decision, code="R", proof={"seq": "1", "digest": "", "mac": ""}, verify_url="https://x/"
    )
    case = factory.issued(case, cast, RECEIVED)
    told = factory.notified(case, cast, RECEIVED + timedelta(hours=1))

    assert (told.state, told.decision.version, told.decision_id != first.pk) == ("notified", 2, True)
    assert "核查决定" in html and first.letter.code in html and "总部消费者权益保护部" in html
    assert told.clocks.get(family="REV_DEC").stopped_at == told.notified_at
    assert Review.objects.get(case=case).reviewed == first
    with pytest.raises(Refused) as refused:
        ask(told, told.notified_at + timedelta(hours=1))
    assert codes(refused) == ["review.done"]


def test_issued_letter_of_a_review_is_a_review_letter(cast: Cast) -> None:
    case = decide(factory.complaint(cast, at="reviewing"), cast, RECEIVED)

    assert letters.letter_of_decision(case.decision) == letters.REVIEW_LETTER
    assert letters.letter_of_decision(case.decisions.get(version=1)) == letters.DECISION_LETTER


def test_the_unit_above_sees_the_case_and_the_rest_of_its_house_does_not(cast: Cast) -> None:
    before = factory.of_branch(cast, at="closed", phone="13900139000")
    case = factory.complaint(cast, at="reviewing")

    assert sight_of(before, cast.supervisor.actor) is None
    assert case_for(cast.supervisor.actor, case.number).pk == case.pk
    assert sight_of(case, cast.supervisor.actor) == "full"
    assert sight_of(case, cast.handler.actor) is None
    assert [c.pk for c in cases_under_review_for(cast.supervisor.actor)] == [case.pk]
    assert list(cases_under_review_for(cast.handler.actor)) == []


def test_words_of_the_request_are_kept_sealed(cast: Cast) -> None:
    case = factory.complaint(cast, at="reviewing")

    assert open_sealed(Review.objects.get(case=case), "reason") == "商户的说法没有核实。"
    assert "核实" not in str(case.events.last().data)


def refused_by_the_database(change) -> str:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        change()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return str(refused.value)


def test_database_takes_no_review_by_somebody_who_worked_on_the_decision(committed_cast: Cast) -> None:
    cast = committed_cast
    case = factory.complaint(cast, at="reviewing")
    moved = staff("moved", "supervisor", unit=cast.unit, person=factory.branch_cast(cast).handler.user.person)

    def forge() -> None:
        from cases.complaints.rules import reviewing as rules

        honest, rules.people_of = rules.people_of, lambda case: set()
        try:
            actions.decide_review(case, actor=moved.actor, now=RECEIVED, **factory.REVIEW)
        finally:
            rules.people_of = honest

    assert "without a second person" in refused_by_the_database(forge)


def test_database_keeps_a_review_as_it_was_decided(committed_cast: Cast) -> None:
    case = decide(factory.complaint(committed_cast, at="reviewing"), committed_cast, RECEIVED)
    reviews = Review.objects.filter(case=case)

    assert "answered once" in refused_by_the_database(lambda: reviews.update(outcome="upheld"))
    assert "never deleted" in refused_by_the_database(lambda: reviews._raw_delete("default"))


def test_worker_tells_the_review(cast: Cast) -> None:
    case = factory.issued(decide(factory.complaint(cast, at="reviewing"), cast, RECEIVED), cast, RECEIVED)
    proof = Delivery.objects.create(case=case, manner="sms", sent_at=RECEIVED, created_at=RECEIVED)

    told = actions.notify_decision(case, actor=machine_actor("outbox-worker"), now=RECEIVED, proof=proof)

    assert told.state == "notified"
