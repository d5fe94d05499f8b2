"""The table of time limits: `config/rules/clocks.yaml` read, checked and asked by code and date. Pure but for reading the file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, get_args

import yaml
from django.utils.translation import get_language

Unit = Literal["calendar_day", "working_day", "uk_business_day", "hour", "month", "year"]
EndRule = Literal["strict", "roll", "exact"]
Duty = Literal["ours", "party", "info"]
PauseKind = Literal["mediation", "appraisal", "identity_check"]
Need = Literal["reason", "approval", "notice"]

TABLE = Path(__file__).resolve().parents[2] / "config" / "rules" / "clocks.yaml"


class RuleUnknown(LookupError):
    """No clock has this code, or none of its versions was in force on the day."""


class TableInvalid(ValueError):
    """The table of time limits contradicts itself. The message names the row."""


@dataclass(frozen=True, slots=True)
class Step:
    """The one extension that may follow a clock, and what it needs before the clock ends."""

    code: str
    needs: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One version of one clock. The columns are explained at the head of `config/rules/clocks.yaml`."""

    code: str
    family: str
    zh: str
    en: str
    version: str
    effective_from: date
    effective_to: date | None
    length: int
    unit: Unit
    end_rule: EndRule
    duty: Duty
    source: tuple[str, ...]
    pausable: tuple[PauseKind, ...] = ()
    warn: tuple[int, ...] = ()
    next: Step | None = None
    length_given: bool = False
    remind_strict: bool = False

    @property
    def label(self) -> str:
        return self.en if (get_language() or "").startswith("en") else self.zh

    @property
    def key(self) -> str:
        """Code and version, as a stored clock keeps it: `CMP15@2020-03`."""
        return f"{self.code}@{self.version}"

    def holds_on(self, day: date) -> bool:
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)


@dataclass(frozen=True, slots=True)
class RuleTable:
    """All clocks with all their versions, oldest version first."""

    versions: Mapping[str, tuple[Rule, ...]]

    def rule(self, code: str, *, on: date) -> Rule:
        """The version of `code` in force on `on`. Raises `RuleUnknown`."""
        for rule in self.of(code):
            if rule.holds_on(on):
                return rule
        raise RuleUnknown(f"{code} on {on}")

    def of(self, code: str) -> tuple[Rule, ...]:
        """Every version of `code`, oldest first. Raises `RuleUnknown`."""
        try:
            return self.versions[code]
        except KeyError:
            raise RuleUnknown(code) from None

    @property
    def codes(self) -> list[str]:
        return list(self.versions)


# A version approved in the product: the code of its clock, and its row of `versions` as YAML.
Overlay = tuple[str, str]

_overlay: Callable[[], tuple[Overlay, ...]] = tuple
_refresh: Callable[[], object] = tuple


def overlay_with(approved: Callable[[], tuple[Overlay, ...]], *, refresh: Callable[[], object] = tuple) -> None:
    """Lay the versions that `approved` returns, oldest first, over the table of the file; `refresh` makes it read them anew."""
    global _overlay, _refresh
    _overlay, _refresh = approved, refresh


def load(path: Path = TABLE, *, overlay: tuple[Overlay, ...] | None = None) -> RuleTable:
    """The table in `path` with the approved versions (or `overlay`) laid over it.

    A version laid over closes the open one before it. Raises `TableInvalid` for a row that contradicts itself or another.
    """
    return _read(path, _overlay() if overlay is None else overlay)


@lru_cache(maxsize=16)
def _read(path: Path, overlay: tuple[Overlay, ...]) -> RuleTable:
    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    for code, row in overlay:
        _lay_over(found["clocks"], code, yaml.safe_load(row))
    table: dict[str, tuple[Rule, ...]] = {}
    for clock in found["clocks"]:
        if clock["code"] in table:
            raise TableInvalid(f"{clock['code']} has two entries")
        table[clock["code"]] = tuple(_rules_of(clock, found.get("defaults", {})))
    _check_steps(table)
    return RuleTable(table)


def _lay_over(clocks: list[dict[str, Any]], code: str, row: Any) -> None:
    clock = next((clock for clock in clocks if clock["code"] == code), None)
    if clock is None or not isinstance(row, dict) or not isinstance(row.get("effective_from"), date):
        raise TableInvalid(f"{code}: a new version needs a known clock and the day from which it is in force")
    clock["versions"][-1]["effective_to"] = row["effective_from"] - timedelta(days=1)
    clock["versions"].append({**row, "effective_to": None})


def version_of(code: str, version: str) -> Rule:
    """The version of `code` with this name. One that another process has just approved is read anew. Raises `RuleUnknown`."""
    for refresh in (tuple, _refresh):
        refresh()
        for found in load().of(code):
            if found.version == version:
                return found
    raise RuleUnknown(f"{code}@{version}")


def rule(code: str, *, on: date) -> Rule:
    """The version of `code` in force on `on` in the product's table. Raises `RuleUnknown`."""
    return load().rule(code, on=on)


def _rules_of(clock: Mapping[str, Any], defaults: Mapping[str, Any]) -> list[Rule]:
    rules = [_rule(clock, _defaults_of(row, defaults) | row) for row in clock["versions"]]
    names = [rule.version for rule in rules]
    if len(set(names)) < len(names):
        raise TableInvalid(f"{clock['code']} has two versions of one name")
    for earlier, later in pairwise(rules):
        if earlier.effective_to is None or later.effective_from != earlier.effective_to + timedelta(days=1):
            raise TableInvalid(f"{later.key} does not begin the day after {earlier.key} ends")
    return rules


def _defaults_of(row: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """Only our own duties are warned of unless a row asks for it: what lapses for others is no work of the staff."""
    return {**defaults, **({} if row.get("duty") == "ours" else {"warn": []})}


def _rule(clock: Mapping[str, Any], row: Mapping[str, Any]) -> Rule:
    names = {key: clock[key] for key in ("code", "family", "zh", "en")}
    step = row.get("next")
    row = {
        **row,
        "source": tuple(row["source"]),
        "pausable": tuple(row["pausable"]),
        "warn": tuple(row["warn"]),
        "next": Step(step["code"], tuple(step["needs"])) if step else None,
    }
    try:
        found = Rule(**names, **row)
    except TypeError as error:
        raise TableInvalid(f"{clock['code']}: {error}") from None
    _check(found)
    return found


def _check(rule: Rule) -> None:
    _known(rule, [rule.unit], Unit)
    _known(rule, [rule.end_rule], EndRule)
    _known(rule, [rule.duty], Duty)
    _known(rule, rule.pausable, PauseKind)
    _known(rule, rule.next.needs if rule.next else (), Need)
    if (rule.unit == "hour") != (rule.end_rule == "exact"):
        raise TableInvalid(f"{rule.key}: hours end exactly, days never do")
    if rule.length < 0 or (rule.length == 0 and not rule.length_given) or not rule.source:
        raise TableInvalid(f"{rule.key}: a limit needs a length and a source")
    if list(rule.warn) != sorted(set(rule.warn)) or not all(0 < percent <= 100 for percent in rule.warn):
        raise TableInvalid(f"{rule.key}: warnings are rising percentages up to 100")


def _known(rule: Rule, values: Iterable[str], kind: Any) -> None:
    for value in values:
        if value not in get_args(kind):
            raise TableInvalid(f"{rule.key}: {value!r} is none of {', '.join(get_args(kind))}")


def _check_steps(table: Mapping[str, tuple[Rule, ...]]) -> None:
    for rules in table.values():
        for found in rules:
            step = table.get(found.next.code) if found.next else ()
            if step is None or any(later.family != found.family or later.length <= found.length for later in step):
                raise TableInvalid(f"{found.key}: the next step must be a longer clock of the same family")
