"""A database of its own for tests that need real commits: history cannot be truncated, so it is cloned and dropped instead."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.db import connection, connections
from django.test.utils import setup_databases, teardown_databases
from psycopg import sql

from cases.policy import in_force
from jike.api import webhooks
from jike.base import kept
from jike.calendars import store as calendars

# A database can be cloned or dropped only while nobody is in it; a thread of an earlier test may have left its connection open.
# Autovacuum is left alone: PostgreSQL itself sends it away first, and only its superuser may. That is why nothing is dropped WITH (FORCE).
_LEAVE = sql.SQL(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = {} AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
)


def _administer(statement: sql.Composed) -> None:
    wanted = connection.settings_dict
    given = {"host": wanted["HOST"], "port": wanted["PORT"], "user": wanted["USER"], "password": wanted["PASSWORD"]}
    with psycopg.connect(dbname="postgres", autocommit=True, **{k: v for k, v in given.items() if v}) as admin:
        admin.execute(statement)


@pytest.fixture(scope="session")
def template_database(django_db_setup, django_db_blocker) -> Iterator[None]:
    """The migrated test database, also in a run of nothing but tests with a database of their own."""
    if connection.settings_dict["NAME"].startswith("test_"):
        yield
        _administer(_LEAVE.format(sql.Literal(connection.settings_dict["NAME"])))
        return
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False, aliases={"default"})
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


@contextmanager
def cloned() -> Iterator[str]:
    """A clone of the migrated test database, dropped in the end. Nobody is moved into it: see `inside`."""
    settings = connection.settings_dict
    template = settings["NAME"]
    name = f"{template}_{uuid.uuid4().hex[:8]}"
    connections.close_all()
    _administer(_LEAVE.format(sql.Literal(template)))
    _administer(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
    try:
        yield name
    finally:
        connections.close_all()
        _administer(_LEAVE.format(sql.Literal(name)))
        _administer(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))


@contextmanager
def inside(name: str) -> Iterator[None]:
    """Whatever asks the database meanwhile asks the one of this name, and commits are real."""
    before = connection.settings_dict["NAME"]
    _move_to(name)
    try:
        yield
    finally:
        _move_to(before)


def _move_to(name: str) -> None:
    """What this process keeps of one database is not true of another."""
    connections.close_all()
    connection.settings_dict["NAME"] = name
    for keeper in (kept, in_force, calendars, webhooks):
        keeper.forget()


@pytest.fixture
def own_database(template_database, django_db_blocker) -> Iterator[str]:
    """A clone of the migrated test database; every commit in it is real, other threads and processes may join by its name."""
    with django_db_blocker.unblock(), cloned() as name, inside(name):
        yield name
