"""A GET that writes fails."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from jike.accounts.models import Unit, User
from jike.web.read_only import WriteInGet, is_read
from tests.accounts.signing_in import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("routes")]


@pytest.mark.parametrize("path", ["/write/", "/write-inside/"])
@pytest.mark.parametrize("method", ["get", "head"])
def test_writing_get_fails_and_nothing_is_written(client: Client, path: str, method: str) -> None:
    Unit.objects.create(code="Y", name="Y", level="branch")

    with pytest.raises(WriteInGet), transaction.atomic():
        getattr(client, method)(path)

    assert "X" not in Unit.objects.values_list("code", flat=True)
    assert Unit.objects.filter(code="Y").exists()


def test_post_writes(client: Client) -> None:
    assert client.post("/write/").content == b"written"


def test_production_logs_a_writing_get(client: Client, settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    settings.STRICT_GETS = False

    assert client.get("/write/").content == b"written"
    assert "get.wrote INSERT" in caplog.text


def test_session_is_written_outside_the_guard(client: Client, user: User) -> None:
    sign_in(client, user)

    assert client.get("/staff/remember/").status_code == 200


@pytest.mark.parametrize(
    ("sql", "answer"),
    [
        ("SELECT 1", True),
        ("  select 1", True),
        ("(SELECT 1) UNION (SELECT 2)", True),
        ('WITH a AS (SELECT 1) SELECT "deleted_at" FROM a', True),
        ("SAVEPOINT s1", True),
        ('RELEASE SAVEPOINT "s1"', True),
        ('ROLLBACK TO SAVEPOINT "s1"', True),
        ('DECLARE "c" NO SCROLL CURSOR FOR SELECT 1', True),
        ('SELECT "updated" FROM "t" WHERE "delete" = 1', True),
        ("INSERT INTO t VALUES (1)", False),
        ("UPDATE t SET a = 1", False),
        ("DELETE FROM t", False),
        ("TRUNCATE t", False),
        ("DROP TABLE t", False),
        ("CALL p()", False),
        ("SELECTED", False),
        ("WITH a AS (INSERT INTO t VALUES (1) RETURNING id) SELECT * FROM a", False),
        ('WITH a AS (UPDATE "t" SET a = 1 RETURNING id) SELECT * FROM a', False),
    ],
)
def test_is_read(sql: str, answer: bool) -> None:
    assert is_read(sql) is answer
