from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection, transaction

from jike.base.ids import uuid7
from jike.privacy import Destroyed, KeyMissing, create_keys, destroy_key, keys, open_sealed, prefetch_keys, rewrap
from jike.privacy.keyring import keyring
from jike.privacy.models import DataKey
from tests.privacy.samples import CANARY, Holder, Piece

pytestmark = pytest.mark.usefixtures("samples")
NOW = datetime(2026, 9, 28, 4, tzinfo=UTC)


def master(version: int) -> str:
    return f"{version}:{base64.urlsafe_b64encode(bytes([version]) * 32).decode()}"


def test_page_of_one_case_costs_one_key_select(django_assert_num_queries: Any) -> None:
    holder = Holder.objects.create(name=CANARY, phone="1")
    Piece.objects.bulk_create([Piece(holder=holder, text=str(n)) for n in range(10)])
    holder, pieces = Holder.objects.get(), list(Piece.objects.all())
    connection.run_on_commit.clear()  # as another process would see it

    with django_assert_num_queries(1):
        assert open_sealed(holder, "name") == CANARY
        assert {open_sealed(piece, "text") for piece in pieces} == {str(n) for n in range(10)}


def test_list_of_cases_costs_one_key_select(django_assert_num_queries: Any) -> None:
    Holder.objects.bulk_create([Holder(name=str(n)) for n in range(20)])
    holders = list(Holder.objects.all())
    connection.run_on_commit.clear()

    with django_assert_num_queries(1):
        prefetch_keys([holder.pk for holder in holders] + [uuid7(), None])
        prefetch_keys(holder.pk for holder in holders)
        assert len({open_sealed(holder, "name") for holder in holders}) == 20


def test_a_key_read_on_the_way_is_not_read_again(django_assert_num_queries: Any) -> None:
    holder = Holder.objects.create(name=CANARY)
    row = DataKey.objects.get(pk=holder.pk)
    holder = Holder.objects.get()
    connection.run_on_commit.clear()
    keys.forget_keys()

    keys.learn_key(holder.pk, bytes(row.wrapped)[:-1], row.master_version)
    keys.learn_key(uuid7(), bytes(row.wrapped), row.master_version)
    keys.learn_key(holder.pk, bytes(row.wrapped), row.master_version)

    with django_assert_num_queries(0):
        assert open_sealed(holder, "name") == CANARY


def test_writing_a_new_scope_costs_one_insert_for_its_key(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):  # the key, the row
        Holder(name=CANARY, phone="1").save(force_insert=True)


def test_create_keys_is_set_wise_and_keeps_existing_ones(django_assert_num_queries: Any) -> None:
    holder = Holder.objects.create(name=CANARY)
    scopes = [holder.pk, *(uuid7() for _ in range(100))]
    connection.run_on_commit.clear()

    with django_assert_num_queries(2):  # one INSERT, one SELECT of the key that was there
        create_keys(scopes)

    assert DataKey.objects.count() == 101
    assert open_sealed(Holder.objects.get(), "name") == CANARY


def test_key_of_a_rolled_back_transaction_is_not_used_again() -> None:
    scope = uuid7()
    with transaction.atomic():
        lost = keys.cipher_for(scope, create=True)
        assert keys.cipher_for(scope) is lost
        transaction.set_rollback(True)

    assert keys.cipher_for(scope, create=True) is not lost
    assert DataKey.objects.filter(pk=scope).count() == 1


def test_cache_forgets(monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any) -> None:
    scope = uuid7()
    create_keys([scope])
    connection.run_on_commit.clear()
    with django_assert_num_queries(1):
        keys.cipher_for(scope)
        keys.cipher_for(scope)

    monkeypatch.setattr(keys.time, "monotonic", lambda at=keys.time.monotonic(): at + keys.CACHE_SECONDS + 1)
    with django_assert_num_queries(1):
        keys.cipher_for(scope)
    assert keys.CACHE_SECONDS <= 60


def test_destroyed_key_opens_nothing_and_stays_destroyed() -> None:
    first, second = Holder.objects.create(name=CANARY), Holder.objects.create(name="别人")
    connection.run_on_commit.clear()

    assert destroy_key(first.pk, now=NOW) is True
    assert destroy_key(first.pk, now=NOW) is False
    with pytest.raises(Destroyed):
        open_sealed(Holder.objects.get(pk=first.pk), "name")
    with pytest.raises(Destroyed), transaction.atomic():
        Piece.objects.create(holder=first, text="new")
    assert open_sealed(Holder.objects.get(pk=second.pk), "name") == "别人"
    prefetch_keys([first.pk])


def test_rewrap_moves_every_key_to_the_newest_master(settings: Any) -> None:
    settings.FIELD_KEYS = master(1)
    Holder.objects.bulk_create([Holder(name=CANARY) for _ in range(7)])
    connection.run_on_commit.clear()
    settings.FIELD_KEYS = f"{master(1)},{master(2)}"

    assert rewrap(batch=3) == 7
    assert rewrap() == 0
    settings.FIELD_KEYS = master(2)
    keys.forget_keys()
    assert {open_sealed(holder, "name") for holder in Holder.objects.all()} == {CANARY}
    settings.FIELD_KEYS = master(1)
    keys.forget_keys()
    with pytest.raises(KeyMissing, match="no master key 2"):
        open_sealed(Holder.objects.first(), "name")


def test_wrapped_key_moved_to_another_scope_does_not_open() -> None:
    first, second = Holder.objects.create(name="甲"), Holder.objects.create(name="乙")
    connection.run_on_commit.clear()
    DataKey.objects.filter(pk=second.pk).update(wrapped=DataKey.objects.get(pk=first.pk).wrapped)

    with pytest.raises(KeyMissing):
        open_sealed(Holder.objects.get(pk=second.pk), "name")


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM privacy_datakey",
        "TRUNCATE privacy_datakey",
        "UPDATE privacy_datakey SET scope = gen_random_uuid()",
        "UPDATE privacy_reveallog SET field = 'x'",
        "DELETE FROM privacy_reveallog",
        "TRUNCATE privacy_reveallog",
    ],
)
def test_keys_and_log_are_guarded(statement: str) -> None:
    holder = Holder.objects.create(name=CANARY)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO privacy_reveallog (id, actor_kind, scope, model, row, field, reason, at)"
            " VALUES (%s, 'staff', %s, 'x.y', %s, 'f', '', now())",
            [uuid7(), holder.pk, holder.pk],
        )
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute(statement)


@pytest.mark.parametrize("text", ["", "1:short", "x:AAAA", "1:!!!", f"{master(1)},{master(1)}", "0:" + master(1)[2:]])
def test_bad_keys_name_the_setting_and_not_the_value(settings: Any, text: str) -> None:
    settings.FIELD_KEYS = text

    with pytest.raises(ImproperlyConfigured, match="FIELD_KEYS") as caught:
        keyring("FIELD_KEYS")
    assert not text or text not in str(caught.value)


def test_bare_key_is_version_one(settings: Any) -> None:
    settings.LEDGER_KEY = master(7)[2:]

    assert keyring("LEDGER_KEY").keys == {1: bytes([7]) * 32}
    assert "7" not in repr(keyring("LEDGER_KEY")).replace("[1]", "")
