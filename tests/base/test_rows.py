"""New rows of several models by one message, and one row by a condition."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from cases.models import Case, Event, Note
from jike.base import rows
from jike.base.ids import uuid7
from jike.base.kept import forget, kept
from jike.privacy import blind_index, new_key, open_sealed
from lending.actions import identity_of, new_person
from lending.models import Person
from tests.factories import complaints as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast

PHONE = "13800138000"


def person(phone: str = PHONE) -> Person:
    return new_person("王小明", phone, "", identity=identity_of(phone, "王小明"), now=RECEIVED)


@pytest.mark.django_db
def test_rows_of_two_models_are_written_and_sealed_by_one_message(django_assert_num_queries: Any) -> None:
    made = person()
    with transaction.atomic(), django_assert_num_queries(1):
        assert rows.insert(new_key(made.pk, now=RECEIVED), made) == 2

    found = Person.objects.get()
    assert (found.pk, open_sealed(found, "name"), bytes(found.phone_index)) == (
        made.pk,
        "王小明",
        blind_index("phone", PHONE),
    )
    assert not made._state.adding


@pytest.mark.django_db
def test_a_known_row_is_an_error_or_left_out() -> None:
    with transaction.atomic():
        rows.insert(*(row for made in [person()] for row in (new_key(made.pk, now=RECEIVED), made)))
    again = person()
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.insert(new_key(again.pk, now=RECEIVED), again)
    with transaction.atomic():
        assert rows.insert(new_key(again.pk, now=RECEIVED), again, skip_known=True) == 1
    assert Person.objects.count() == 1


def test_first_finds_and_locks(cast: Cast) -> None:
    case = factory.file()
    with CaptureQueriesContext(connection) as captured:
        found = rows.first(Person, "id = %s", [case.consumer_id], lock=True)
    assert found == case.consumer
    assert captured.captured_queries[0]["sql"].endswith("FOR UPDATE")
    assert rows.first(Person, "id = %s", [uuid7()]) is None


def test_a_child_row_is_preceded_by_its_parent_and_the_database_sets_what_is_its_own(cast: Cast) -> None:
    case = factory.file()
    event = Event.objects.get(case_id=case.pk)
    assert Case.objects.get(pk=case.pk).number == case.number
    assert event.recorded_at is not None and event.txid > 0
    assert Case.objects.get(pk=case.pk).queue_at == case.next_due_at


def test_what_is_brought_to_a_case_that_is_there_is_written_at_once(cast: Cast, django_assert_num_queries: Any) -> None:
    case = factory.complaint(cast, at="claimed")
    notes = [
        Note(id=uuid7(), case_id=case.pk, author_id=cast.handler.user.pk, body=f"第{n}条", created_at=RECEIVED)
        for n in range(3)
    ]
    with django_assert_num_queries(1):
        case.bring(*notes)
    assert sorted(open_sealed(note, "body") for note in Note.objects.filter(case_id=case.pk)) == [
        "第0条",
        "第1条",
        "第2条",
    ]


def test_what_is_kept_is_read_once_until_it_is_forgotten() -> None:
    asked: list[int] = []

    @kept
    def number(of: int) -> int | None:
        asked.append(of)
        return of or None

    assert [number(1), number(1), number(2), number(0), number(0)] == [1, 1, 2, None, None]
    assert asked == [1, 2, 0, 0]
    forget()
    assert number(1) == 1 and asked[-1] == 1
