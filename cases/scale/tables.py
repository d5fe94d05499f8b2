"""Rows of a model on their way into COPY: columns, defaults and adaptation come from the model, so that it may change."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import NOT_PROVIDED
from psycopg import sql

from jike.privacy import EncryptedTextField


class Rows:
    """The rows of one table, gathered and then written by one COPY.

    `add` takes attribute names; what is not given gets the model's default, encrypted columns none. Values of encrypted
    columns are given sealed. Columns that the database fills stay out.
    """

    def __init__(self, model: type[models.Model]) -> None:
        self.table = model._meta.db_table
        self.rows: list[list[Any]] = []
        self._columns: list[str] = []
        self._plan: list[tuple[str, Any, Callable[[Any], Any] | None]] = []
        for field in model._meta.local_concrete_fields:
            if field.generated or field.db_default is not NOT_PROVIDED:
                continue
            self._columns.append(field.column)
            self._plan.append((field.attname, _default_of(field), _adapter_of(field)))
        self._known = {name for name, _, _ in self._plan}

    def add(self, **values: Any) -> None:
        if not values.keys() <= self._known:
            raise TypeError(f"{self.table} has no {sorted(values.keys() - self._known)}")
        row = []
        for name, default, adapt in self._plan:
            value = values[name] if name in values else default() if callable(default) else default
            row.append(adapt(value) if adapt and value is not None else value)
        self.rows.append(row)

    def write(self) -> int:
        """COPY the gathered rows inside the current transaction; answers how many."""
        if not self.rows:
            return 0
        order = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(self.table), sql.SQL(", ").join(map(sql.Identifier, self._columns))
        )
        with connection.cursor() as cursor, cursor.copy(order) as copy:
            for row in self.rows:
                copy.write_row(row)
        return len(self.rows)


def _default_of(field: models.Field[Any, Any]) -> Any:
    if isinstance(field, EncryptedTextField):
        return b""
    if field.has_default():
        return field.default
    return None if field.null else "" if field.empty_strings_allowed else None


def _adapter_of(field: models.Field[Any, Any]) -> Callable[[Any], Any] | None:
    if isinstance(field, models.JSONField):
        return lambda value: json.dumps(value, ensure_ascii=False)
    if isinstance(field, ArrayField):
        return list
    return None
