"""Rows of a model on their way into COPY: columns, defaults and spelling come from the model, so that it may change."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import NOT_PROVIDED
from psycopg import sql

from jike.privacy import EncryptedTextField

Spelling = Callable[[Any], str]

NULL = r"\N"
# As CSV nothing but these characters means anything, so that no text needs escaping; a row that holds one is refused, not changed.
_ORDER = r"COPY {} ({}) FROM STDIN (FORMAT csv, DELIMITER E'\t', QUOTE E'\x01', NULL '\N')"
_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class _Line:
    """How a row is written of which these values are given: the others stand in `template` already, or are made for each row."""

    template: str
    made: list[tuple[str, Callable[[], Any]]]
    nullable: list[str]
    spelled: list[tuple[str, Spelling]]


class Rows:
    """The rows of one table, spelled for COPY as they come and then written at once.

    `add` takes attribute names and keeps the dict; what is not given gets the model's default, encrypted columns none. Values of
    encrypted columns are given sealed, text for a JSON column is JSON already. Columns that the database fills stay out, but those named in `stamped`.
    """

    def __init__(self, model: type[models.Model], *, stamped: tuple[str, ...] = ()) -> None:
        self.table = model._meta.db_table
        self.lines: list[str] = []
        self._fields = [
            field
            for field in model._meta.local_concrete_fields
            if not field.generated and (field.db_default is NOT_PROVIDED or field.attname in stamped)
        ]
        self._known: dict[tuple[str, ...], _Line] = {}

    def add(self, values: dict[str, Any]) -> None:
        names = tuple(values)
        line = self._known.get(names) or self._line_of(names)
        for name, make in line.made:
            values[name] = make()
        for name, spell in line.spelled:
            value = values[name]
            values[name] = NULL if value is None else spell(value)
        for name in line.nullable:
            if values[name] is None:
                values[name] = NULL
        self.lines.append(line.template % values)

    def _line_of(self, names: tuple[str, ...]) -> _Line:
        if unknown := set(names) - {field.attname for field in self._fields}:
            raise TypeError(f"{self.table} has no {sorted(unknown)}")
        words: list[str] = []
        line = _Line("", [], [], [])
        for field in self._fields:
            name, spell, default = field.attname, _spelling_of(field), _default_of(field)
            if name not in names and not callable(default):
                word = NULL if default is None else spell(default) if spell else str(default)
                words.append(word.replace("%", "%%"))
                continue
            words.append(f"%({name})s")
            if name not in names:
                line.made.append((name, default))
            if spell:
                line.spelled.append((name, spell))
            elif field.null:
                line.nullable.append(name)
        found = self._known[names] = replace(line, template="\t".join(words) + "\n")
        return found

    def write(self) -> int:
        """COPY the gathered rows inside the current transaction; answers how many."""
        if not self.lines:
            return 0
        columns = sql.SQL(", ").join(sql.Identifier(field.column) for field in self._fields)
        order = sql.SQL(_ORDER).format(sql.Identifier(self.table), columns)
        with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(order) as copy:
            copy.write("".join(self.lines))
        return len(self.lines)


def _default_of(field: models.Field[Any, Any]) -> Any:
    if isinstance(field, EncryptedTextField):
        return b""
    if field.has_default():
        return field.default
    return None if field.null else "" if field.empty_strings_allowed else None


def _spelling_of(field: models.Field[Any, Any]) -> Spelling | None:
    """How COPY reads a value of this column; None where it reads what `str` says of it."""
    if isinstance(field, models.BinaryField | EncryptedTextField):
        return lambda value: rf"\x{value.hex()}"
    if isinstance(field, models.JSONField):
        return lambda value: value if isinstance(value, str) else _json(value)
    if isinstance(field, ArrayField):
        return lambda value: f"{{{','.join(map(str, value))}}}"  # numbers and times need no quotes
    return None
