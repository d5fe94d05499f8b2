"""New rows of any models by one message to the database, and one row by a condition written as SQL.

For the paths where somebody waits: the ORM composes each statement anew, which takes it longer than the database takes to run it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import groupby
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault

Row = TypeVar("Row", bound=models.Model)


# Values that go to the database as they are; any other is prepared by its field.
_PLAIN = frozenset({str, int, bool, datetime, date, UUID, type(None)})


@dataclass(frozen=True, slots=True)
class _Table:
    """What of an INSERT is the same for every row of a model: (field, placeholder, whether the field may change the value)."""

    into: str
    columns: tuple[tuple[models.Field[Any, Any], str, bool], ...]


def insert(*rows: models.Model, skip_known: bool = False) -> int:
    """Write new rows in the order given, in the caller's transaction; returns how many were written.

    Neighbours of one model are one statement, a row of a child model is preceded by its parent's. Encrypted columns are sealed.
    No `save` and no signal of the model runs, and what the database sets by itself is not read back. With `skip_known` a row that
    breaks a unique constraint is left out; without it that raises IntegrityError, as ever.
    """
    if not rows:
        return 0
    with connection.cursor() as cursor:
        statements = []
        for model, group in groupby(_levels(rows), key=lambda level: level[0]):
            table = _table_of(model)
            values: list[Any] = []
            lines = ", ".join([_line(table, row, values) for _model, row in group])
            sql = f"{table.into} {lines}{' ON CONFLICT DO NOTHING' if skip_known else ''}"
            statements.append(cursor.mogrify(sql, values))  # one by one: the driver knows short statements again
        cursor.execute("; ".join(statements))
        written = cursor.rowcount
        while cursor.nextset():
            written += cursor.rowcount
    for row in rows:
        _is_written(row)
    return written


def first(model: type[Row], condition: str, values: Sequence[Any], *, lock: bool = False) -> Row | None:
    """The row for which `condition` holds, with its values for `%s`; None when there is none. `lock` keeps it for the transaction."""
    sql = f"{_select(model)} WHERE {condition} LIMIT 1{' FOR UPDATE' if lock else ''}"
    return next(iter(model._default_manager.raw(sql, values)), None)


def _is_written(row: models.Model) -> None:
    """The row knows that it is there; what the database has set is read when somebody asks for it."""
    row._state.adding, row._state.db = False, connection.alias
    for name in [name for name, value in row.__dict__.items() if isinstance(value, DatabaseDefault)]:
        delattr(row, name)


def _levels(rows: Sequence[models.Model]) -> Iterator[tuple[type[models.Model], models.Model]]:
    for row in rows:
        for parent in row._meta.parents:
            yield parent, row
        yield type(row), row


@cache
def _table_of(model: type[models.Model]) -> _Table:
    fields = [field for field in model._meta.local_concrete_fields if not field.generated]
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    return _Table(
        f"INSERT INTO {connection.ops.quote_name(model._meta.db_table)} ({names}) VALUES",
        tuple((field, _placeholder(field), _is_changing(field)) for field in fields),
    )


def _placeholder(field: Any) -> str:
    return field.get_placeholder(None, None, connection) if hasattr(field, "get_placeholder") else "%s"


def _is_changing(field: Any) -> bool:
    if isinstance(field, models.DateField):
        return bool(field.auto_now or field.auto_now_add)
    return isinstance(field, models.JSONField) or type(field).pre_save is not models.Field.pre_save


def _line(table: _Table, row: models.Model, values: list[Any]) -> str:
    """The placeholders of one row; its values are added to those of the whole message."""
    line = []
    for field, placeholder, is_changing in table.columns:
        value = field.pre_save(row, True) if is_changing else getattr(row, field.attname)
        if isinstance(value, DatabaseDefault):
            line.append("DEFAULT")
            continue
        line.append(placeholder)
        values.append(value if type(value) in _PLAIN and not is_changing else field.get_db_prep_save(value, connection))
    return f"({', '.join(line)})"


@cache
def _select(model: type[models.Model]) -> str:
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in model._meta.local_concrete_fields)
    return f"SELECT {names} FROM {connection.ops.quote_name(model._meta.db_table)}"  # noqa: S608 - our own names
