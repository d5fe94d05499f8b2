"""Every verb of the product, by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jike.base.actors import Actor
from jike.base.errors import Blocker, Text

Rule = Callable[..., list[Blocker]]


class VerbUnknown(LookupError):
    """No verb has this name."""


@dataclass(frozen=True, slots=True)
class Verb:
    """One thing that may happen to a case.

    `name` is `app.verb` and also the power an actor needs. `blockers` answers why it may not happen now; `action` does it.
    `opens` marks verbs that make a new case. `category` files the event on the timeline: milestone, message, document,
    money, clock, access or system. `by_hand` is false for verbs only machines do.
    """

    name: str
    label: Text
    model: type[Any]
    blockers: Rule
    action: Callable[..., Any]
    opens: bool = False
    category: str = "milestone"
    by_hand: bool = True

    @property
    def short_name(self) -> str:
        return self.name.partition(".")[2]

    def why_not(self, case: Any, actor: Actor, *, now: datetime) -> list[Blocker]:
        """Every reason against doing this now, before any input is given; empty when the button may be pressed."""
        return self.blockers(case, actor, now=now)


_VERBS: dict[str, Verb] = {}


def register(verb: Verb) -> None:
    if verb.name in _VERBS:
        raise ValueError(f"The verb {verb.name} is registered twice.")
    _VERBS[verb.name] = verb


def verb_named(name: str) -> Verb:
    try:
        return _VERBS[name]
    except KeyError:
        raise VerbUnknown(name) from None


def verbs_of(model: type[Any]) -> list[Verb]:
    """The verbs that act on an existing row of `model`, in the order they were written."""
    return [v for v in _VERBS.values() if v.model is model and not v.opens]


def all_verbs() -> list[Verb]:
    return list(_VERBS.values())
