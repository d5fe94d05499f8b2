"""Two transactions need the key of one new scope at the same time."""

from __future__ import annotations

import threading
import time
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection, transaction

from jike.base.ids import uuid7
from jike.privacy import keys
from jike.privacy.models import DataKey

NONCE = bytes(12)


@pytest.fixture
def committing(own_database: str) -> UUID:
    """A scope whose key may really be committed, in a database of its own."""
    return uuid7()


def start(scope: UUID, results: list[AESGCM]) -> threading.Thread:
    def work() -> None:
        try:
            with transaction.atomic():
                results.append(keys.cipher_for(scope, create=True))
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def wait_until_blocked() -> None:
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.02)
    raise AssertionError("the second transaction never waited")


@pytest.mark.parametrize("commits", [True, False])
def test_both_end_up_with_the_stored_key(committing: UUID, commits: bool) -> None:
    results: list[AESGCM] = []
    with transaction.atomic():
        first = keys.cipher_for(committing, create=True)
        thread = start(committing, results)
        wait_until_blocked()
        transaction.set_rollback(not commits)
    thread.join()
    keys.forget_keys()

    stored = keys.cipher_for(committing)
    sealed = stored.encrypt(NONCE, b"x", None)

    assert results[0].encrypt(NONCE, b"x", None) == sealed
    assert (first.encrypt(NONCE, b"x", None) == sealed) is commits
    assert DataKey.objects.filter(pk=committing).count() == 1


def test_committed_keys_are_kept_in_the_process(committing: UUID, django_assert_num_queries: Any) -> None:
    with transaction.atomic():
        cipher = keys.cipher_for(committing, create=True)

    with django_assert_num_queries(0):
        assert keys.cipher_for(committing) is cipher
