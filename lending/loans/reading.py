"""Reading a JSON object field by field and keeping every fault, so that a sender is told all of them at once. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from django.utils.translation import gettext_lazy as _

from jike.base.errors import Blocker, Text

Row = TypeVar("Row")
MOST_CENTS = 10**13
LONGEST = 200
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]").search


@dataclass(slots=True)
class Reader:
    """One object at `place` of a document. `faults` is shared by all readers of the document."""

    content: Any
    place: str = ""
    faults: list[Blocker] = field(default_factory=list)
    known: set[str] = field(default_factory=set)

    def fault(self, name: str, message: Text) -> None:
        where = f"{self.place}.{name}".strip(".")
        self.faults.append(Blocker("document.malformed", message, field=where))

    def has(self, name: str) -> bool:
        return self._value(name) is not None

    def text(self, name: str, *, optional: bool = False) -> str:
        value = self._value(name)
        if value is None and optional:
            return ""
        if not isinstance(value, str) or not (value.strip() or optional) or len(value) > LONGEST or _UNSTORABLE(value):
            self.fault(name, _("Give a text of at most 200 characters."))
            return ""
        return value.strip()

    def whole(self, name: str, *, least: int = 0, most: int = MOST_CENTS) -> int:
        """A whole number, as amounts in cents are; never a float."""
        return self._whole(name, self._value(name), least, most)

    def whole_or_none(self, name: str, *, least: int = 0, most: int = MOST_CENTS) -> int | None:
        value = self._value(name)
        return None if value is None else self._whole(name, value, least, most)

    def wholes(self, name: str) -> tuple[int, ...]:
        value = self._value(name)
        if value is None:
            return ()
        if not isinstance(value, list):
            self.fault(name, _("Give a list."))
            return ()
        return tuple(self._whole(name, one, 0, MOST_CENTS) for one in value)

    def flag(self, name: str) -> bool:
        value = self._value(name)
        if value is None or isinstance(value, bool):
            return bool(value)
        self.fault(name, _("Give true or false."))
        return False

    def choice(self, name: str, choices: Iterable[str]) -> str:
        value = self._value(name)
        if isinstance(value, str) and value in choices:
            return value
        self.fault(name, _("Choose one of the known values."))
        return ""

    def moment(self, name: str) -> datetime:
        return self.moment_or_none(name) or self._no_moment(name)

    def moment_or_none(self, name: str) -> datetime | None:
        """An instant with its offset, as ISO text."""
        value = self._value(name)
        if value is None:
            return None
        try:
            found = datetime.fromisoformat(value)
        except (TypeError, ValueError):
            return self._no_moment(name)
        return found if found.tzinfo else self._no_moment(name)

    def day(self, name: str) -> date:
        try:
            return date.fromisoformat(self._value(name))
        except (TypeError, ValueError):
            self.fault(name, _("Give a date such as 2026-11-16."))
            return date.min

    def rows(self, name: str, read: Callable[[Reader], Row]) -> tuple[Row, ...]:
        """The objects of a list, none where the field is missing."""
        value = self._value(name)
        if value is None:
            return ()
        if not isinstance(value, list):
            self.fault(name, _("Give a list."))
            return ()
        return tuple(self._inner(one, f"{name}.{index}", read) for index, one in enumerate(value))

    def one(self, name: str, read: Callable[[Reader], Row]) -> Row:
        return self._inner(self._value(name), name, read)

    def end(self) -> None:
        """Whatever was not asked for is a fault: a misspelt field must not be lost in silence."""
        for name in sorted(set(self.content) - self.known if isinstance(self.content, dict) else []):
            self.fault(str(name), _("This field is not known."))

    def _inner(self, content: Any, name: str, read: Callable[[Reader], Row]) -> Row:
        inner = Reader(content, f"{self.place}.{name}".strip("."), self.faults)
        if not isinstance(content, dict):
            inner.fault("", _("Give an object."))
        found = read(inner)
        inner.end()
        return found

    def _value(self, name: str) -> Any:
        self.known.add(name)
        return self.content.get(name) if isinstance(self.content, dict) else None

    def _whole(self, name: str, value: Any, least: int, most: int) -> int:
        if type(value) is int and least <= value <= most:
            return value
        self.fault(name, _("Give a whole number in its range; amounts are cents."))
        return least

    def _no_moment(self, name: str) -> datetime:
        self.fault(name, _("Give a moment with its offset, such as 2026-11-16T15:20:00+08:00."))
        return datetime.min.replace(tzinfo=UTC)
