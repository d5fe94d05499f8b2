"""The kinds of case. Each kind registers itself when its app is ready; nothing here names one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from jike.base.errors import Text


@dataclass(frozen=True)
class Stage:
    """One step of the strip on the case page: a label and the states it covers."""

    label: Text
    states: frozenset[str]


@dataclass(frozen=True)
class Kind:
    """What the shared code must know of a kind.

    `code` is stored on the row, `prefix` begins its numbers (TS20260928-00017), `states` maps state code to label,
    `final` are the states nothing leaves by itself, `stages` draw the strip, `openers` are the names of opening verbs,
    `way` the short names of the verbs that lead to the end,
    `next_step` returns the sentence "who does what by when" for a row; `waiting_for` says for each state
    who must act next (staff, approver, system, nobody). `after_delivery(case, message, delivery, now)` hears of every proof of
    sending, in the transaction that recorded it, with the case locked.
    """

    code: str
    prefix: str
    label: Text
    model: type[Any]
    states: dict[str, Text]
    final: frozenset[str]
    stages: tuple[Stage, ...]
    waiting_for: dict[str, str]
    next_step: Callable[[Any], Text]
    openers: tuple[str, ...] = field(default=())
    way: tuple[str, ...] = field(default=())
    after_delivery: Callable[[Any, Any, Any, datetime], None] | None = None


_KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    _KINDS[kind.code] = kind


def kind_named(code: str) -> Kind:
    return _KINDS[code]


def all_kinds() -> list[Kind]:
    return list(_KINDS.values())


def kind_of_number(number: str) -> Kind | None:
    """The kind whose prefix begins this case number, or None when no kind's does."""
    return next((kind for kind in _KINDS.values() if number.startswith(kind.prefix)), None)


def state_label(kind: str, state: str) -> Text:
    return _KINDS[kind].states.get(state, state)
