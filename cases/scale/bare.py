"""Tables without guards, foreign keys and secondary indexes, for a load that nobody else sees; put back in sets afterwards.

What is taken down is written into a table in the same transaction, so that a run cut off anywhere leaves either nothing to do
or everything needed to put it back. Putting back checks each foreign key and each uniqueness over all rows; what only guards
know is asked afterwards by the invariants.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection, transaction

from cases.scale.rows import MODELS
from jike.privacy.models import DataKey

# (what makes it, what drops it), in the order in which things are made: indexes, then uniqueness, then what refers to other tables.
_FOUND = """
    SELECT making, dropping FROM (
      SELECT 1 AS step, pg_get_indexdef(i.indexrelid) AS making, format('DROP INDEX %%s', i.indexrelid::regclass) AS dropping
      FROM pg_index i WHERE i.indrelid = ANY (%(tables)s::regclass[]) AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)
      UNION ALL
      SELECT CASE c.contype WHEN 'f' THEN 3 ELSE 2 END, format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid)),
        format('ALTER TABLE %%s DROP CONSTRAINT %%I', c.conrelid::regclass, c.conname)
      FROM pg_constraint c WHERE c.conrelid = ANY (%(tables)s::regclass[]) AND c.contype IN ('f', 'u', 'x')
    ) found ORDER BY step, making
"""
_OTHERS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


class NotAlone(Exception):
    """Somebody else is connected to the database, who would write without guards."""


@transaction.atomic
def take_down() -> None:
    """Drop what slows a load. Raises `NotAlone`; then nothing has changed."""
    tables = [model._meta.db_table for model in (*MODELS, DataKey)]
    with connection.cursor() as cursor:
        cursor.execute(_OTHERS)
        if cursor.fetchone()[0]:
            raise NotAlone
        cursor.execute(_FOUND, {"tables": tables})
        found = cursor.fetchall()
        cursor.execute("CREATE TABLE scale_taken_down (seq int PRIMARY KEY, statement text NOT NULL)")
        _note(
            [making for making, _dropping in found] + [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables]
        )
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for _making, dropping in reversed(found):
            cursor.execute(dropping)


def _note(statements: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO scale_taken_down SELECT * FROM unnest(%s::int[], %s::text[])",
            [list(range(len(statements))), list(statements)],
        )


def is_down() -> bool:
    return "scale_taken_down" in connection.introspection.table_names()


@transaction.atomic
def put_back() -> None:
    """Make again what was taken down, all of it or nothing. Raises IntegrityError when a row does not fit."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        cursor.execute("SET LOCAL work_mem = '128MB'")
        cursor.execute("SELECT statement FROM scale_taken_down ORDER BY seq")
        for (statement,) in cursor.fetchall():
            cursor.execute(statement)
        cursor.execute("DROP TABLE scale_taken_down")
