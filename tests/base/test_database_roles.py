"""What web and worker may do in the database, whatever the code asks."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from jike.base import database_roles

pytestmark = pytest.mark.django_db


def may(role: str, statement: str) -> bool:
    """True if `role` may run `statement` here. Nothing stays of it."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {role}")
            cursor.execute(statement)
            cursor.execute("RESET ROLE")
            transaction.set_rollback(True)
    except ProgrammingError as error:
        assert "permission denied" in str(error)
        return False
    return True


@pytest.mark.parametrize("role", database_roles.ROLES)
def test_roles_may_add_to_history_and_never_change_it(role: str) -> None:
    existing = set(connection.introspection.table_names())
    history = [table for table in database_roles.APPEND_ONLY_TABLES if table in existing]
    assert "cases_event" in history
    assert "ledger_entry" in history

    columns = {table: connection.introspection.get_primary_key_column(connection.cursor(), table) for table in history}
    for table in history:
        assert may(role, f"SELECT count(*) FROM {table}"), table
        assert not may(role, f"DELETE FROM {table} WHERE false"), table
        assert not may(role, f"UPDATE {table} SET {columns[table]} = {columns[table]} WHERE false"), table
        assert not may(role, f"TRUNCATE {table}"), table


def test_every_table_of_a_kind_whose_rows_are_final_is_history_for_the_roles() -> None:
    """The trigger that refuses every change is what makes a table history; the roles may not even try."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger JOIN pg_proc p ON p.oid = tgfoid"
            " WHERE p.proname = 'cases_history_is_final'"
        )
        final = {table for (table,) in cursor.fetchall()}
    assert {"refunds_screening", "refunds_journalline"} <= final
    assert final - set(database_roles.APPEND_ONLY_TABLES) == set()


@pytest.mark.parametrize("role", database_roles.ROLES)
def test_roles_may_keep_house_and_never_change_the_schema(role: str) -> None:
    assert may(role, "DELETE FROM django_session WHERE false")
    assert may(role, "UPDATE outbox_job SET attempts = attempts WHERE false")
    assert not may(role, "CREATE TABLE public.made_by_a_hole (n int)")
    assert not may(role, "INSERT INTO django_migrations (app, name, applied) VALUES ('x', 'y', now())")


def test_granting_twice_changes_nothing() -> None:
    def grants() -> list[tuple[str, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT grantee, table_name, privilege_type FROM information_schema.role_table_grants"
                " WHERE grantee = ANY(%s) ORDER BY 1, 2, 3",
                [list(database_roles.ROLES)],
            )
            return cursor.fetchall()

    before = grants()

    assert database_roles.grant_roles() is True
    assert grants() == before != []


def test_connection_takes_the_role_of_its_process(settings: object) -> None:
    settings.DATABASE_ROLE = "jike_web"
    try:
        database_roles.become_role(connection)
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            assert cursor.fetchone() == ("jike_web",)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
