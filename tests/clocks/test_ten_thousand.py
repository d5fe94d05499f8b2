"""Ten thousand random time limits against a calendar walked day by day, written without a line of the engine."""

from __future__ import annotations

import json
import os
import random
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cases.clocks import dates
from cases.clocks.pauses import Pause
from cases.clocks.rules import TABLE, Rule, load
from cases.clocks.steps import Extension
from jike.base.dates import CST
from tests.clocks.counting import CALENDAR, summed

COUNT = int(os.environ.get("RANDOM_CASES", "10000"))
DAY = timedelta(days=1)
FIRST = date(2019, 1, 1)
DATA = Path(__file__).resolve().parents[2] / "jike" / "calendars" / "data"


def _worked_days() -> set[date]:
    """Every working day of 2019 to 2030, straight from the files: weekdays, minus what is off, plus what is made up for."""
    worked = {FIRST + DAY * n for n in range(4400) if (FIRST + DAY * n).weekday() < 5}
    years = set()
    for path in sorted(DATA.glob("20*.json")):
        years.add(int(path.stem))
        for day in json.loads(path.read_text(encoding="utf-8"))["days"]:
            (worked.discard if day["isOffDay"] else worked.add)(date.fromisoformat(day["date"]))
    statute = json.loads((DATA / "statutory.json").read_text(encoding="utf-8"))
    for year in sorted({day.year for day in worked} - years):
        worked -= {date(year, int(text[:2]), int(text[3:])) for text in statute["fixed"]}
    lunar = (date.fromisoformat(day["date"]) for days in statute["lunar"].values() for day in days)
    return worked - {day for day in lunar if day.year not in years}


WORKED = _worked_days()


def by_hand(rule: Rule, length: int, start: date, pauses: list[Pause]) -> date | None:
    """The last day, found by walking: a day counts unless it is the first, paused or of no working sort. None: it never comes."""
    paused, goes_on = set(), [p.first for p in pauses if p.last is None and stops(p)]
    for pause in pauses:
        if pause.last and stops(pause):
            paused |= {pause.first + DAY * n for n in range((pause.last - pause.first).days + 1)}
    day = start
    while length:
        day += DAY
        if any(day >= first for first in goes_on):
            return None
        length -= day not in paused and counts(rule, day)
    while rule.end_rule == "roll" and day not in WORKED:
        day += DAY
    return day


def stops(pause: Pause) -> bool:
    return pause.is_noticed if pause.kind == "appraisal" else True


def counts(rule: Rule, day: date) -> bool:
    if rule.unit == "working_day":
        return day in WORKED
    return day.weekday() < 5 if rule.unit == "uk_business_day" else True


def a_pause(chance: random.Random, rule: Rule, start: date) -> Pause:
    first = start + DAY * chance.randint(-3, 70)
    last = None if chance.random() < 0.05 else first + DAY * chance.randint(0, 20)
    kind = chance.choice(rule.pausable)
    return Pause(kind, first, last, has_consent=True, is_noticed=chance.random() < 0.8)


def a_case(chance: random.Random, rules: list[Rule]) -> dict[str, Any]:
    """A rule, a start, pauses and extensions as people would take them; whether a step counts is drawn, not judged."""
    rule = chance.choice(rules)
    start = datetime(2019, 1, 1, tzinfo=CST) + timedelta(seconds=chance.randint(0, int(7.9 * 365 * 86400)))
    most = 1 if rule.pausable == ("identity_check",) else 4
    pauses = [a_pause(chance, rule, start.date()) for _ in range(chance.randint(0, most))] if rule.pausable else []
    steps: list[Extension] = []
    at, last = rule, rule
    while at.next and chance.random() < 0.5:
        longer = load(TABLE).of(at.next.code)[-1]
        told = start if chance.random() < 0.7 or "notice" not in at.next.needs else None
        steps.append(Extension(longer, start, "情况复杂", approved_at=start, noticed_at=told))
        if told is None:
            break
        at = last = longer
    return {"rule": rule, "at": start, "pauses": pauses, "steps": steps, "length": last.length}


def found_for(case: dict[str, Any], pauses: list[Pause] | None = None) -> dates.Due:
    given = case["pauses"] if pauses is None else pauses
    return dates.due(case["rule"], case["at"], pauses=given, extensions=case["steps"], calendar=CALENDAR)


def day_rules() -> list[Rule]:
    table = load(TABLE)
    rules = [
        rule
        for code in table.codes
        for rule in table.of(code)
        if rule.unit not in ("hour", "month", "year") and rule.length
    ]
    own = [rule for rule in rules if rule.family == "CMP"]
    return [*rules, *own * 5]


@pytest.mark.parametrize("part", range(4))
def test_random_cases_end_as_counted_by_hand(part: int) -> None:
    chance, rules, seen = (
        random.Random(20261122 + part),
        day_rules(),
        dict.fromkeys(("paused", "suspended", "stepped"), 0),
    )

    for _ in range(COUNT // 4):
        case = a_case(chance, rules)
        found = found_for(case)
        assert found.day == by_hand(case["rule"], case["length"], case["at"].date(), case["pauses"]), case
        seen["paused"] += bool(case["pauses"])
        seen["stepped"] += bool(case["steps"])
        if found.at is None:
            seen["suspended"] += 1
            continue
        assert summed(found) == found.day
        assert found.at.astimezone(CST).isoformat().endswith("T23:59:59+08:00")
    assert min(seen.values()) > COUNT / 400, seen


def depends(line: dates.Line, pause: Pause) -> bool:
    """Whether `line` may say something else when the last day of `pause` changes."""
    if line.key == "pause_void":
        return line.values["first"] == pause.first.isoformat()
    if line.key in ("pause", "pause_too_late", "suspended"):
        return stops(pause) and (line.values["last"] or "9999") >= pause.first.isoformat()
    return not line.counts  # what is said of the end


def test_changing_a_pause_changes_exactly_the_lines_that_depend_on_it() -> None:
    """Start, period and extensions, and every pause that was over before, stay word for word; what comes after moves along."""
    chance, rules, moved = random.Random(7), [rule for rule in day_rules() if rule.family == "CMP"], 0
    for _ in range(COUNT // 10):
        case = a_case(chance, rules)
        if not case["pauses"]:
            continue
        index = chance.randrange(len(case["pauses"]))
        old = case["pauses"][index]
        new = Pause(old.kind, old.first, (old.last or old.first) + DAY * 2, old.has_consent, old.is_noticed)
        pauses = [*case["pauses"][:index], new, *case["pauses"][index + 1 :]]
        before, after = found_for(case), found_for(case, pauses)
        for line in before.lines:
            if line not in after.lines:
                assert depends(line, old), (line, old)
        fixed = [line for line in before.lines if line.key in ("start", "period", "extension", "extension_void")]
        assert fixed == [line for line in after.lines if line.key in ("start", "period", "extension", "extension_void")]
        moved += before.day != after.day
    assert moved > COUNT / 100
