"""The kinds of case. Each kind registers itself when its app is ready; nothing here names one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cases.panels import Panel
from jike.base.errors import Text


@dataclass(frozen=True)
class Stage:
    """One step of the strip on the case page: a label and the states it covers."""

    label: Text
    states: frozenset[str]


@dataclass(frozen=True)
class Foretold:
    """What a verb would tell: the text of every channel, the letter as HTML, and whether every word is known."""

    texts: Sequence[Any]
    sheet: str
    is_exact: bool = False


@dataclass(frozen=True)
class Kind:
    """What the shared code must know of a kind.

    `code` is stored on the row, `prefix` begins its numbers (TS20260928-00017), `states` maps state code to label,
    `final` are the states nothing leaves by itself, `stages` draw the strip, `openers` are the names of opening verbs,
    `way` the short names of the verbs that lead to the end,
    `next_step` returns the sentence "who does what by when" for a row; `waiting_for` says for each state
    who must act next (staff, approver, system, nobody). `after_delivery(case, message, delivery, now)` hears of every proof of
    sending, in the transaction that recorded it, with the case locked. `searched` are the encrypted columns of the kind's
    own row that a search reads. `request_lines(approval)` says in words what waits for a second person. `icon` stands before
    the number in lists; `nature_of(case)` is the word for a row where one kind knows several natures. `untold` are the states
    in which a result stands that nobody was told yet. `panels(case, events, now=…)` are what stands beside the timeline, for
    whoever sees the whole case.
    `holdings` are what such a case may have beside what every case may, by name: see `cases.models.holdings`.
    `worked_by` are the roles of whoever handles such cases.
    `aside` are verbs of people that the page folds away, for they belong to no step of the way. `told_by` names the verbs that tell the consumer something; `foretold(case, verb, said, now)` adds the letter to what such a verb has said in
    a rehearsal, `drafted(case, verb, known, now)` says it as far as its words are known.
    `event_detail(event)` is a word more about an event of such a case, on the timeline of the staff.
    `page_for_consumer` is the dotted path of the view at `/track/<number>/`, which staff may look at too where it `is_mirrored`, `consumer_words` what its states are called there;
    `next_for_consumer` is `next_step` said to them; `has_new_phone(case, since=…)` ends visits opened with the number before.
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
    searched: tuple[str, ...] = field(default=())
    request_lines: Callable[[Any], list[tuple[Text, str]]] | None = None
    icon: str = "chat-left-text"
    nature_of: Callable[[Any], Text] | None = None

    @property
    def area(self) -> str:
        """The first half of the names of the kind's verbs, like `complaints`."""
        return str(self.model._meta.app_label)

    def label_of(self, case: Any) -> Text:
        """What this case is called: by its nature where the kind knows several, else by its kind."""
        return self.nature_of(case) if self.nature_of else self.label

    worked_by: tuple[str, ...] = ("handler",)
    aside: frozenset[str] = field(default=frozenset())
    untold: frozenset[str] = field(default=frozenset())
    panels: Callable[..., list[Panel]] | None = None
    holdings: dict[str, str] = field(default_factory=dict)
    told_by: frozenset[str] = field(default=frozenset())
    foretold: Callable[..., Foretold] | None = None
    drafted: Callable[..., Foretold] | None = None
    event_detail: Callable[[Any], Text] | None = None
    page_for_consumer: str = ""
    is_mirrored: bool = False
    consumer_words: dict[str, Text] = field(default_factory=dict)
    next_for_consumer: Callable[[Any], Text] | None = None
    has_new_phone: Callable[..., bool] | None = None

    def word_for_consumer(self, state: str) -> Text:
        """What the consumer reads for a state: the plain word where there is one."""
        return self.consumer_words.get(state) or self.states.get(state, state)


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
