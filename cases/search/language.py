"""The language of the search box: words, "phrases", field:value, -not, OR and parentheses, in Chinese or English.

编号:TS20260928-00017  手机尾号:5678  商户:学而优  状态:调查中  到期:<3d  -渠道:黑猫  负责人:我  收到:2026-09..2026-10  金额:>3000
退款 OR 退费    NOT "自动扣款"    (退款 或 退费) 状态:未结
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NoReturn

from django.utils.translation import gettext as _

QUERY_LENGTH = 300
DEPTH = 5
MOST_PARTS = 20


class QueryError(Exception):
    """A query that cannot be read. `part` is the bad part as it was typed, the text says what would be right."""

    def __init__(self, part: str, message: str) -> None:
        super().__init__(message)
        self.part, self.message = part, message


@dataclass(frozen=True, slots=True)
class Word:
    text: str


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    value: str
    typed: str


@dataclass(frozen=True, slots=True)
class Not:
    node: Node


@dataclass(frozen=True, slots=True)
class All:
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Any:
    nodes: tuple[Node, ...]


Node = Word | Field | Not | All | Any


@dataclass(frozen=True, slots=True)
class Query:
    """What was asked. `parts` are the texts that may be taken out one by one, in order; together they are the query."""

    node: All
    parts: tuple[str, ...]

    def without(self, index: int) -> str:
        return " ".join(part for i, part in enumerate(self.parts) if i != index)


NAMES = {
    "number": ("编号", "number", "no"),
    "phone": ("手机", "phone"),
    "tail": ("手机尾号", "尾号", "tail"),
    "merchant": ("商户", "merchant"),
    "state": ("状态", "state"),
    "kind": ("类型", "kind"),
    "due": ("到期", "due"),
    "channel": ("渠道", "channel"),
    "owner": ("负责人", "经办人", "owner"),
    "unit": ("部门", "unit"),
    "received": ("收到", "received"),
    "amount": ("金额", "amount"),
    "matter": ("事项", "matter"),
    "flag": ("标记", "flag"),
    "waiting": ("等待", "waiting"),
    "salesperson": ("销售", "salesperson", "sales"),
}
_FIELDS = {alias: name for name, aliases in NAMES.items() for alias in aliases}
_OR = {"OR", "或", "或者", "|"}
_NOT = {"NOT", "非"}
_QUOTES = {'"': '"', "“": "”", "「": "」", "”": "”"}
_OPEN, _CLOSE = "(（", ")）"
_FIELD = re.compile(r"([A-Za-z\u4e00-\u9fff]{1,12})[:：]")
_BARE = re.compile(r"[^\s()（）\"“”「」]+")
_HYPHENS = "-－−–"


def parse(text: str) -> Query:
    """Raises `QueryError`. An empty query asks for everything."""
    if len(text) > QUERY_LENGTH:
        raise QueryError(
            text[:20] + "…", _("The query is too long; use at most %(n)s characters.") % {"n": QUERY_LENGTH}
        )
    return _Parser(text).query()


class _Parser:
    def __init__(self, text: str) -> None:
        self.text, self.at, self.count = text, 0, 0

    def query(self) -> Query:
        nodes: list[Node] = []
        spans: list[tuple[int, int]] = []
        while self._more():
            start = self.at
            word = self._peek()
            if word in _OR:
                self._join(nodes, spans, word)
            elif self.text[self.at] in _CLOSE:
                self._fail(self.text[self.at], _("This parenthesis closes nothing. Take it out."))
            else:
                nodes.append(self._term(0))
                spans.append((start, self.at))
        return Query(All(tuple(nodes)), tuple(self.text[a:b].strip() for a, b in spans))

    def _join(self, nodes: list[Node], spans: list[tuple[int, int]], word: str) -> None:
        """OR binds its two neighbours: `A B OR C` is A and (B or C), as in search engines."""
        self.at += len(word)
        if not nodes or not self._more() or self._peek() in _OR or self.text[self.at] in _CLOSE:
            self._fail(word, _("OR stands between two things. Write one on each side."))
        right = self._term(0)
        left = nodes.pop()
        nodes.append(Any((*left.nodes, right) if isinstance(left, Any) else (left, right)))
        if spans:
            spans[-1] = (spans[-1][0], self.at)

    def _term(self, depth: int) -> Node:
        self._more()
        self.count += 1
        if self.count > MOST_PARTS:
            self._fail("…", _("At most %(n)s conditions, please.") % {"n": MOST_PARTS})
        char, word = self.text[self.at], self._peek()
        negates = char in _HYPHENS and self.at + 1 < len(self.text) and not self.text[self.at + 1].isspace()
        if negates or word in _NOT:
            self.at += 1 if negates else len(word)
            if not self._more() or self._peek() in _OR or self.text[self.at] in _CLOSE:
                self._fail(word, _("NOT stands before what is to be left out. Write it there."))
            return Not(self._term(depth + 1))
        if char in _OPEN:
            return self._group(depth)
        if char in _QUOTES:
            return Word(self._quoted())
        return self._field_or_word()

    def _group(self, depth: int) -> Node:
        if depth > DEPTH:
            self._fail("(", _("Too many parentheses inside each other."))
        start = self.at
        self.at += 1
        nodes: list[Node] = []
        while self._more() and self.text[self.at] not in _CLOSE:
            word = self._peek()
            if word in _OR:
                self._join(nodes, [], word)
            else:
                nodes.append(self._term(depth + 1))
        if self.at >= len(self.text):
            self._fail(self.text[start:], _("A parenthesis is open. Close it with “)”."))
        self.at += 1
        if not nodes:
            self._fail("()", _("There is nothing between the parentheses."))
        return All(tuple(nodes)) if len(nodes) > 1 else nodes[0]

    def _quoted(self) -> str:
        start, close = self.at, _QUOTES[self.text[self.at]]
        end = self.text.find(close, start + 1)
        if end < 0:
            self._fail(self.text[start:], _("A quotation mark is open. Close it, or take it out."))
        self.at = end + 1
        if not self.text[start + 1 : end].strip():
            self._fail(self.text[start : self.at], _("There is nothing between the quotation marks."))
        return self.text[start + 1 : end].strip()

    def _field_or_word(self) -> Node:
        start = self.at
        found = _FIELD.match(self.text, self.at)
        if found and not self.text.startswith("//", found.end()):
            name = _FIELDS.get(found.group(1).lower())
            if name is None:
                known = "、".join(f"{aliases[0]}:" for aliases in NAMES.values())
                self._fail(
                    found.group(),
                    _(
                        "There is no such field. Known are %(known)s. To search for the words themselves, put them in quotation marks."
                    )
                    % {"known": known},
                )
            self.at = found.end()
            value = self._value()
            if not value:
                self._fail(
                    found.group(),
                    _("A value is missing after the colon, for example %(example)s.")
                    % {"example": f"{found.group()}…"},
                )
            return Field(name, value, self.text[start : self.at])
        bare = _BARE.match(self.text, self.at)
        if bare is None:
            self._fail(self.text[start:], _("This sign has no place here. Take it out."))
        self.at = bare.end()
        return Word(bare.group())

    def _value(self) -> str:
        if self.at < len(self.text) and self.text[self.at] in _QUOTES:
            return self._quoted()
        bare = _BARE.match(self.text, self.at)
        if bare is None:
            return ""
        self.at = bare.end()
        return bare.group()

    def _peek(self) -> str:
        bare = _BARE.match(self.text, self.at)
        return bare.group() if bare else self.text[self.at]

    def _more(self) -> bool:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1
        return self.at < len(self.text)

    def _fail(self, part: str, message: str) -> NoReturn:
        raise QueryError(part[:40], message)
