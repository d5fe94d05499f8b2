"""May this number be called now. Pure: no database, no clock of its own; what was called before is given.

Source: GBT45251, CBA2026.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from functools import cache

import yaml
from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from jike.base.dates import cst_date
from jike.base.errors import Blocker
from jike.calendars.hours import Hours

STANDARD, GUIDELINE = "GBT45251", "CBA2026"
COLLECTION, ANTIFRAUD = "collection", "antifraud"
DEBTOR, THIRD = "debtor", "third"
EFFECTIVE, UNANSWERED, INVALID, DECLINED = "effective", "unanswered", "invalid", "declined"
FAILED = (UNANSWERED, INVALID)


@dataclass(frozen=True, slots=True)
class Call:
    """One dial: of which kind, to the debtor or a third person, to which number (its keyed hash), when, with what outcome."""

    kind: str
    to: str
    number: bytes
    at: datetime
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """What `config/rules/contacts.yaml` says."""

    hours: Hours
    effective_a_day: int
    unanswered_a_day: int
    failed_before_third_person: int
    debt_words: tuple[str, ...]


@cache
def limits() -> Limits:
    content = yaml.safe_load((settings.BASE_DIR / "config" / "rules" / "contacts.yaml").read_text(encoding="utf-8"))
    rules = dict(content["collection"])
    first, last = (time.fromisoformat(str(rules.pop(name))) for name in ("first", "last"))
    return Limits(Hours(first, last), debt_words=tuple(content["antifraud"]["debt_words"]), **rules)


def blockers_to_call(call: Call, earlier: Sequence[Call], *, rule: Limits, script: str = "") -> list[Blocker]:
    """Every reason why `call` may not be made. `earlier` are the dials for the same debtor or to the same number, by whomever.

    Anti-fraud calls have no hours and no count: a disbursement waits. They only may not speak of debt.
    """
    if call.kind == ANTIFRAUD:
        return _debt_wording(script, rule)
    collected = [one for one in earlier if one.kind == COLLECTION]
    today = [one for one in collected if cst_date(one.at) == cst_date(call.at)]
    return [
        *_hours(call, rule),
        *_reached_today(call, today, rule),
        *_dialled_today(call, today, rule),
        *_third_person(call, collected, rule),
    ]


def _hours(call: Call, rule: Limits) -> list[Blocker]:
    if rule.hours.is_open(call.at):
        return []
    message = format_lazy(
        _("Nobody is called about a debt between {last} and {first}."),
        last=f"{rule.hours.last:%H:%M}",
        first=f"{rule.hours.first:%H:%M}",
    )
    return [Blocker("contact.quiet_hours", message, STANDARD)]


def _reached_today(call: Call, today: Sequence[Call], rule: Limits) -> list[Blocker]:
    reached = sum(one.to == DEBTOR and one.outcome == EFFECTIVE for one in today)
    if call.to != DEBTOR or reached < rule.effective_a_day:
        return []
    message = format_lazy(
        _("The debtor was spoken to {count} times today, by all callers together. Call tomorrow."), count=reached
    )
    return [Blocker("contact.reached_today", message, STANDARD)]


def _dialled_today(call: Call, today: Sequence[Call], rule: Limits) -> list[Blocker]:
    dialled = sum(one.number == call.number and one.outcome in FAILED for one in today)
    if dialled < rule.unanswered_a_day:
        return []
    message = format_lazy(_("This number did not answer {count} times today. Call tomorrow."), count=dialled)
    return [Blocker("contact.dialled_today", message, GUIDELINE)]


def _third_person(call: Call, collected: Sequence[Call], rule: Limits) -> list[Blocker]:
    if call.to != THIRD:
        return []
    found = []
    if any(one.number == call.number and one.outcome == DECLINED for one in collected):
        found.append(Blocker("contact.declined", _("This person asked not to be called. Never call again."), STANDARD))
    reached_at = max((one.at for one in collected if one.to == DEBTOR and one.outcome == EFFECTIVE), default=None)
    failed = [one for one in collected if one.to == DEBTOR and one.outcome in FAILED]
    lately = [one for one in failed if reached_at is None or one.at > reached_at]
    if len(lately) < rule.failed_before_third_person:
        message = format_lazy(
            _("A contact person is called only after {count} failed contacts with the debtor."),
            count=rule.failed_before_third_person,
        )
        found.append(Blocker("contact.debtor_first", message, GUIDELINE))
    return found


def _debt_wording(script: str, rule: Limits) -> list[Blocker]:
    said = [word for word in rule.debt_words if word in script]
    if not said:
        return []
    message = format_lazy(
        _("A call about a possible fraud says nothing of debt. Take out: {words}"), words="、".join(said)
    )
    return [Blocker("contact.debt_words", message, "house antifraud calls", "script")]
