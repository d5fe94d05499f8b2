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
        fields = [f for f in model._meta.local_concrete_fields if not f.generated and f.db_default is NOT_PROVIDED]
        self._columns = [field.column for field in fields]
        self._blank = {field.attname: None if callable(_default_of(field)) else _default_of(field) for field in fields}
        self._made = {field.attname: _default_of(field) for field in fields if callable(_default_of(field))}
        self._adapters = {field.attname: adapt for field in fields if (adapt := _adapter_of(field))}

    def add(self, **values: Any) -> None:
        row = self._blank | values
        if len(row) > len(self._blank):
            raise TypeError(f"{self.table} has no {sorted(values.keys() - self._blank.keys())}")
        for name, make in self._made.items():
            if name not in values:
                row[name] = make()
        for name, adapt in self._adapters.items():
            if row[name] is not None:
                row[name] = adapt(row[name])
        self.rows.append(list(row.values()))

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
