"""Which commands start the embedded database, and when it is migrated."""

from __future__ import annotations

import subprocess
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from jike.embedded import session
from jike.embedded.home import Home


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """What would have happened: "database" for a start, "migrate" for a migration."""
    calls: list[str] = []

    @contextmanager
    def using_database(home: Home):
        calls.append("database")
        yield SimpleNamespace()

    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("JIKE_HOME", str(tmp_path))
    monkeypatch.setattr(session, "using_database", using_database)
    monkeypatch.setattr(session, "migrate_if_behind", lambda postgres: calls.append("migrate"))
    return calls


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["due", "--received", "2026-09-28T10:00+08:00"], ["database", "migrate"]),
        (["serve"], ["database", "migrate"]),
        (["migrate"], ["database"]),
        (["makemigrations", "--check"], ["database"]),
        (["help"], []),
        (["due", "--help"], []),
        (["collectstatic"], []),
        ([], []),
    ],
)
def test_only_commands_that_ask_the_database_start_it(
    started: list[str], words: list[str], expected: list[str]
) -> None:
    with session.database_for_command(["manage.py", *words]):
        pass

    assert started == expected


def test_named_database_is_left_alone(started: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://db.example/jike")

    with session.database_for_command(["manage.py", "serve"]):
        pass

    assert started == []


def test_database_is_migrated_when_new_and_when_behind_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[list[str]] = []
    monkeypatch.setattr(subprocess, "run", lambda command, **options: runs.append([str(word) for word in command[1:]]))
    postgres = SimpleNamespace(home=Home(tmp_path), data=tmp_path)

    session.migrate_if_behind(postgres)
    session.migrate_if_behind(postgres)
    assert [run[1:] for run in runs] == [["migrate", "--noinput", "-v", "0"]]

    monkeypatch.setattr(session, "migrations_digest", lambda: "a later checkout")
    session.migrate_if_behind(postgres)
    assert len(runs) == 2
