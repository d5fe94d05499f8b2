"""The tokens follow the words: after every event, not with it; and they go with the key."""

from __future__ import annotations

from datetime import timedelta

from django.core.management import call_command
from django.db import connection

from cases.complaints import actions
from cases.search.indexing import index_due
from cases.search.models import Due, Piece
from cases.search.text import tokens_of
from jike import privacy
from tests.factories import complaints as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast


def pieces(case) -> dict[str, set[int]]:
    return {piece.source: set(piece.tokens) for piece in Piece.objects.filter(case=case)}


def xmins() -> set[tuple]:
    """Which transaction wrote each row: a row written again would show."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, ctid::text FROM search_text")
        return set(cursor.fetchall())


def test_filing_only_notes_that_the_case_is_due(cast: Cast) -> None:
    case = factory.file(narrative="矿井里的金丝雀")
    assert not Piece.objects.exists() and set(Due.objects.values_list("case_id", flat=True)) == {case.pk}

    assert index_due(RECEIVED) == 1

    assert tokens_of("矿井里的金丝雀") <= pieces(case)["case"]
    assert not Due.objects.exists() and index_due(RECEIVED) == 0


def test_notes_messages_and_decisions_are_words_too(cast: Cast) -> None:
    case = factory.complaint(cast, at="deciding")
    actions.send_message(case, actor=factory.consumer_of(case), now=RECEIVED + timedelta(hours=9), text="补充一张发票")

    index_due(RECEIVED)

    found = pieces(case)
    assert tokens_of("商户未提供合同约定") <= found["decision"]
    assert tokens_of("补充一张发票") <= found["message"]
    assert tokens_of("王小明") <= found["party"]


def test_letters_of_the_house_are_not_indexed(cast: Cast) -> None:
    case = factory.file()
    index_due(RECEIVED)
    assert "message" not in pieces(case) and case.messages.exists()


def test_indexing_again_writes_nothing(cast: Cast) -> None:
    case = factory.complaint(cast, at="deciding")
    index_due(RECEIVED)
    before = xmins()
    Due.objects.create(case_id=case.pk)
    index_due(RECEIVED)
    assert xmins() == before


def test_number_of_queries_does_not_grow_with_the_batch(cast: Cast, django_assert_max_num_queries) -> None:
    for n in range(6):
        factory.file(phone=f"1390000{n:04}")
    with django_assert_max_num_queries(22):
        index_due(RECEIVED)


def test_destroying_the_key_takes_the_tokens_along(cast: Cast) -> None:
    case = factory.file()
    index_due(RECEIVED)
    assert Piece.objects.filter(case=case).exists()

    privacy.destroy_key(case.pk, now=RECEIVED)

    assert not Piece.objects.filter(case=case).exists()
    Due.objects.create(case_id=case.pk)
    index_due(RECEIVED)
    assert not Piece.objects.filter(case=case).exists()


def test_rebuilding_makes_the_same_tokens(cast: Cast) -> None:
    case = factory.complaint(cast, at="deciding")
    index_due(RECEIVED)
    before = pieces(case)
    Piece.objects.all().delete()

    call_command("search_rebuild")
    assert pieces(case) == before
    call_command("search_rebuild", missing=True)
    assert pieces(case) == before
