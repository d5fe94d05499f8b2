"""What the database refuses about inquiries, whoever asks."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection

from cases.clocks import ledger as clocks
from cases.inquiries.models import Inquiry
from cases.models import Link
from jike.accounts.roles import machine_actor
from jike.verbs import verb_named
from tests.factories import complaints as complaint_factory
from tests.factories import inquiries as factory
from tests.factories.complaints import RECEIVED
from tests.matrices import refused_by_the_database as refused
from tests.people import Cast

LATER = RECEIVED + timedelta(days=1)


def moved(case: Inquiry, state: str) -> None:
    """Into `state` past every rule, with the event and the entry that any move needs."""
    row = Inquiry.locked(case.pk)
    row.__dict__["state"] = state
    row.record(verb_named("inquiries.conclude"), actor=machine_actor("outbox-worker"), now=LATER, key="")


def test_a_state_of_another_kind_is_no_state_of_an_inquiry(cast: Cast) -> None:
    case = factory.inquiry(cast, at="claimed")

    refused(lambda: moved(case, "investigating"), "case_inquiry_state")


def test_a_question_is_not_closed_without_proof_and_a_clue_is(cast: Cast) -> None:
    untold = factory.inquiry(cast, at="answered")
    refused(lambda: moved(untold, "closed"), "without proof of telling")

    told, clue = factory.delivered(untold, LATER), factory.inquiry(cast, at="clue")

    moved(told, "closed")
    moved(clue, "closed")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_proof_of_another_case_is_none(cast: Cast) -> None:
    untold = factory.inquiry(cast, at="answered")
    other = factory.inquiry(cast, at="answer_told", phone="13900139000")

    def act() -> None:
        Inquiry.objects.filter(pk=untold.pk).update(told=other.told)
        moved(untold, "closed")

    refused(act, "without proof of telling")


def test_a_report_is_routed_somewhere(cast: Cast) -> None:
    case = factory.inquiry(cast, at="report")

    refused(lambda: moved(case, "routed"), "routed to no one place")


def test_it_becomes_only_a_complaint_received_when_it_was(cast: Cast) -> None:
    case = factory.inquiry(cast, at="claimed")
    later = complaint_factory.file(now=LATER, phone="13900139000")
    same_day = complaint_factory.file(now=LATER, received_at=case.received_at, phone="13900139001")

    def linked(to: object) -> None:
        Link.objects.create(case_id=case.pk, other=to, kind=Link.Kind.ESCALATED_TO, created_at=LATER)
        moved(case, "converted")

    refused(lambda: moved(case, "converted"), "became no complaint")
    refused(lambda: linked(later), "became no complaint")
    linked(same_day)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_clock_of_complaints_starts_on_no_inquiry(cast: Cast) -> None:
    case = factory.inquiry(cast, at="claimed")

    refused(lambda: clocks.start(case, "CMP15", at=RECEIVED, now=LATER), "does not run on an inquiry")


def test_nature_and_row_stay(cast: Cast) -> None:
    case = factory.inquiry(cast, at="claimed")

    refused(lambda: Inquiry.objects.filter(pk=case.pk).update(nature="clue"), "nature of an inquiry never changes")
    with connection.cursor() as cursor:
        refused(
            lambda: cursor.execute("DELETE FROM inquiries_inquiry WHERE case_ptr_id = %s", [case.pk]), "never deleted"
        )
