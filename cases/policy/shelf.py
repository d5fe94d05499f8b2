"""What the policy pages show: the shelf of each subject, a version beside the one in force, and what would move."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml

from cases.clocks import rules as clock_rules
from cases.policy import in_force
from cases.policy.models import PolicyVersion
from cases.policy.queries import policies_visible_to
from jike.base.actors import Actor
from jike.base.errors import Text
from jike.calendars.models import HolidayYear

Subject = PolicyVersion.Subject


@dataclass(frozen=True, slots=True)
class Place:
    """One thing on the shelf: what is in force, and what is being worked on."""

    code: str
    title: str
    since: date | None
    pending: PolicyVersion | None
    version: PolicyVersion | None


@dataclass(frozen=True, slots=True)
class DiffLine:
    mark: str  # "+", "-", " "
    text: str


def shelf_of(subject: str, actor: Actor, *, on: date) -> list[Place]:
    """Everything of one subject, by code: the versions of the product's own files and those made here."""
    rows = list(policies_visible_to(actor).filter(subject=subject).order_by("created_at"))
    pending = {row.code: row for row in rows if row.state in ("draft", "proposed")}
    current = {row.code: row for row in in_force.newest(subject, on=on)}
    named = {code: (title, since) for code, title, since in _built_in(subject)}
    codes = sorted({*pending, *current, *named})
    return [_place(code, pending.get(code), current.get(code), named.get(code)) for code in codes]


def _place(
    code: str, pending: PolicyVersion | None, version: PolicyVersion | None, built_in: tuple[str, date | None] | None
) -> Place:
    title, since = built_in or ("", None)
    if version:
        title, since = version.title, version.effective_from
    return Place(code, title or (pending.title if pending else code), since, pending, version)


def _built_in(subject: str) -> Iterable[tuple[str, str, date | None]]:
    if subject == Subject.CLOCK:
        table = clock_rules.load()
        return [(code, table.of(code)[-1].label, table.of(code)[-1].effective_from) for code in table.codes]
    if subject == Subject.CALENDAR:
        years = HolidayYear.objects.order_by("year", "-version").distinct("year")
        return [(str(row.year), row.source or str(row.year), None) for row in years]
    return []


def text_in_force(subject: str, code: str, *, on: date) -> str:
    """The words a new version of `code` begins with: those in force, in the form the editor takes."""
    row = next((row for row in in_force.newest(subject, on=on) if row.code == code), None)
    if row:
        return row.content
    if subject == Subject.CLOCK and code in clock_rules.load().codes:
        return _clock_row(code)
    if subject == Subject.CALENDAR and code.isdigit():
        year = HolidayYear.objects.filter(year=int(code)).order_by("-version").first()
        days: list[Any] = list(year.days) if year else []
        return json.dumps({"year": int(code), "days": days}, ensure_ascii=False, indent=1)
    return ""


def _clock_row(code: str) -> str:
    """The newest version of a clock as its row of the table."""
    rule = clock_rules.load().of(code)[-1]
    row: dict[str, Any] = {
        "version": rule.version,
        "effective_from": rule.effective_from,
        "length": rule.length,
        "unit": rule.unit,
        "end_rule": rule.end_rule,
        "duty": rule.duty,
        "pausable": list(rule.pausable),
        "warn": list(rule.warn),
        "source": list(rule.source),
    }
    if rule.next:
        row["next"] = {"code": rule.next.code, "needs": list(rule.next.needs)}
    if rule.length_given:
        row["length_given"] = True
    return yaml.safe_dump(row, allow_unicode=True, sort_keys=False)


def diff_of(policy: PolicyVersion, *, on: date) -> list[DiffLine]:
    """The version line by line beside the one in force."""
    before = text_in_force(policy.subject, policy.code, on=on) if policy.state != "approved" else ""
    lines = difflib.ndiff(before.splitlines(), policy.content.splitlines())
    return [DiffLine(line[0], line[2:]) for line in lines if line[0] in "+- "]


def exported(actor: Actor, *, on: date) -> str:
    """All policy in force that was made in the product, as one YAML document."""
    rows = [
        {
            "subject": row.subject,
            "code": row.code,
            "title": row.title,
            "effective_from": row.effective_from,
            "content": row.content,
        }
        for subject in Subject.values
        for row in in_force.newest(subject, on=on)
    ]
    return yaml.safe_dump({"policy": rows}, allow_unicode=True, sort_keys=False)


def subject_label(subject: str) -> Text:
    return Subject(subject).label
