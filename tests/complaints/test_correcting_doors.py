"""Around a correction: what the database refuses, two people at once, the pages of the staff and of the consumer."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.test import Client

from cases.complaints import actions
from cases.complaints.models import Complaint, ReceiptCorrection
from cases.invariants import breaches
from cases.models import Approval, Event, Link, Source
from jike.base.dates import pinned
from jike.verbs import verb_named
from lending.models import Merchant
from tests.accounts.signing_in import sign_in
from tests.complaints.matrix_of_people import RECEIPT, committed
from tests.complaints.portal_walk import enter
from tests.complaints.test_correcting import asked, corrected
from tests.complaints.test_guards import refused_at_commit, sql
from tests.complaints.test_race import held
from tests.complaints.test_terms import cst
from tests.factories import complaints as factory
from tests.factories import inquiries
from tests.factories.complaints import RECEIVED
from tests.people import Cast

LATER = RECEIVED + timedelta(days=2)
EARLY = cst("2026-09-27T23:59")
TWO_PEOPLE = "changes only by two people"


def moved(case: Complaint, cast: Cast, to: datetime) -> Callable[[], None]:
    """The receipt put elsewhere past every rule, with the event and the ledger entry that any change needs."""

    def run() -> None:
        row = Complaint.locked(case.pk)
        row.received_at = to
        row.record(verb_named("complaints.note"), actor=cast.handler.actor, now=LATER, key="")

    return run


def test_the_receipt_changes_neither_by_sql_nor_with_an_event_alone(committed_cast: Cast) -> None:
    cast = committed_cast
    case = asked(factory.complaint(cast, at="investigating"), cast, EARLY)

    silently = sql("UPDATE cases_case SET received_at = %s WHERE id = %s", EARLY, case.pk)
    assert "without its event" in refused_at_commit(silently)
    assert TWO_PEOPLE in refused_at_commit(silently, by="complaints_receipt_by_two")
    assert TWO_PEOPLE in refused_at_commit(moved(case, cast, EARLY))

    def own_row() -> None:
        """A correction written down without the vote of the second person."""
        waiting = Approval.objects.get(case_id=case.pk, verdict="")
        ReceiptCorrection.objects.create(
            case_id=case.pk, approval=waiting, old_at=RECEIVED, new_at=EARLY, corrected_at=LATER
        )
        moved(case, cast, EARLY)()

    assert TWO_PEOPLE in refused_at_commit(own_row)
    payload = factory.payload_of(case)
    case = actions.approve_receipt_time(case, actor=cast.supervisor.actor, now=LATER, payload=payload)
    assert Complaint.objects.get(pk=case.pk).received_at == EARLY


def test_an_approved_correction_covers_its_own_two_times_and_is_history(committed_cast: Cast) -> None:
    cast = committed_cast
    case = corrected(factory.complaint(cast, at="investigating"), cast, EARLY)

    assert TWO_PEOPLE in refused_at_commit(moved(case, cast, RECEIVED))
    assert TWO_PEOPLE in refused_at_commit(moved(case, cast, EARLY - timedelta(days=1)))
    back = corrected(case, cast, RECEIVED, LATER + timedelta(hours=1))
    assert TWO_PEOPLE in refused_at_commit(moved(back, cast, EARLY)), "used up by the correction after it"
    assert "append-only" in refused_at_commit(sql("UPDATE complaints_receiptcorrection SET new_at = now()"))
    assert refused_at_commit(sql("DELETE FROM complaints_receiptcorrection"))
    assert list(breaches()) == []


def test_a_source_moves_the_receipt_to_its_own_arrival_and_only_forward(committed_cast: Cast) -> None:
    cast = committed_cast
    case = factory.complaint(cast, at="investigating")
    for days in (-3, 3):
        Source.objects.create(
            id=uuid.uuid4(), case_id=case.pk, name="12378", external_id=str(days), received_at=RECEIVED + timedelta(days=days)
        )  # fmt: skip

    assert TWO_PEOPLE in refused_at_commit(moved(case, cast, RECEIVED - timedelta(days=2)))
    assert refused_at_commit(moved(case, cast, RECEIVED + timedelta(days=3)))
    with transaction.atomic():
        moved(case, cast, RECEIVED - timedelta(days=3))()
    assert Complaint.objects.get(pk=case.pk).received_at == RECEIVED - timedelta(days=3)


def test_two_supervisors_at_once_correct_it_once(committed_cast: Cast) -> None:
    cast = committed_cast
    case = asked(factory.complaint(cast, at="investigating"), cast, EARLY)
    payload, answers = factory.payload_of(case), list[object]()

    def agree(who: Any) -> Complaint:
        return actions.approve_receipt_time(case, actor=who.actor, now=LATER, payload=payload)

    with held(answers, lambda: agree(cast.executive)):
        agree(cast.supervisor)

    assert answers == [["approval.none"]]
    assert ReceiptCorrection.objects.filter(case_id=case.pk).count() == 1


def test_a_question_that_became_a_complaint_stays_whole_when_the_receipt_is_corrected(committed_cast: Cast) -> None:
    cast = committed_cast
    question = inquiries.inquiry(cast, at="converted")
    case = Complaint.objects.get(pk=Link.objects.get(case_id=question.pk, kind="escalated_to").other_id)
    case = factory.claimed(case, cast, LATER) if case.assignee_id is None else case

    case = corrected(case, cast, case.received_at - timedelta(days=1))

    assert list(breaches()) == []
    refused_nothing = inquiries.actions.add_note(question, actor=cast.handler.actor, now=LATER, text="已更正。")
    assert refused_nothing.state == "converted"


def test_the_staff_correct_the_merchant_by_its_exact_name_or_code(client: Client, cast: Cast) -> None:
    first, second = Merchant.objects.order_by("uscc")[:2]
    case = factory.complaint(cast, at="investigating", merchant=first)
    page = f"/staff/cases/{case.number}/correct_facts/"
    sign_in(client, cast.handler.user)
    with pinned(LATER):
        wrong = client.post(page, {"merchant": "没有这家店", "reason": "合同写的是另一家。"})
        assert wrong.status_code == 400 and "没有唯一对应该名称或者代码的已登记商户" in wrong.content.decode()
        for typed, wanted in ((second.name, second), (first.uscc.lower(), first)):
            assert client.post(page, {"merchant": typed, "reason": "合同写的是另一家。"}).status_code == 302
            assert Complaint.objects.get(pk=case.pk).merchant == wanted
        timeline = client.get(f"/staff/cases/{case.number}/").content.decode()
    assert first.name in timeline and second.name in timeline and "更正原因：合同写的是另一家。" in timeline


def test_the_second_person_reads_old_and_new_and_the_consumer_sees_why_the_day_moved(
    client: Client, cast: Cast
) -> None:
    case = factory.complaint(cast, at="investigating")
    committed()
    paper = factory.attached(case, cast)
    handler, supervisor = sign_in(Client(), cast.handler.user), sign_in(Client(), cast.supervisor.user)
    with pinned(LATER):
        page = f"/staff/cases/{case.number}/ask_receipt_time/"
        assert "协议.pdf" in handler.get(page).content.decode()
        typed = {"received_at": "2026-09-27T23:59", "paper": str(paper.pk), "reason": "来信邮戳为前一日。"}
        assert handler.post(page, typed).status_code == 302

        vote = f"/staff/cases/{case.number}/approve_receipt_time/"
        for text in (supervisor.get("/staff/approvals/"), supervisor.get(vote)):
            said = text.content.decode()
            for words in (
                "2026-09-28 10:00",
                "2026-09-27 23:59",
                "2026-10-13",
                "2026-10-12",
                "协议.pdf",
                "来信邮戳为前一日。",
            ):
                assert words in said, words
        assert supervisor.post(vote, {"payload": factory.payload_of(case)}).status_code == 302
    committed()

    enter(client, Complaint.objects.get(pk=case.pk), at=LATER + timedelta(hours=1))
    with pinned(LATER + timedelta(hours=1)):
        why = client.get(f"/track/{case.number}/").context["why"]
    ((move),) = why.moves
    assert (move.old.isoformat(), move.new.isoformat()) == ("2026-10-13", "2026-10-12")
    assert str(move.why) == "更正了收到您投诉的时间，期限从更正后的时间起算。"
    assert Event.objects.filter(case_id=case.pk, verb="complaints.approve_receipt_time").count() == 1
    assert RECEIPT["recording"] not in str(Event.objects.filter(case_id=case.pk).values_list("data", flat=True))
