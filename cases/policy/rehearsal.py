"""What a version would have moved, shown before anybody approves it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cases.clocks import rules
from cases.clocks.rehearsal import Rehearsal, rehearse_calendar, rehearse_rules
from cases.policy import in_force
from cases.policy.models import PolicyVersion
from jike import calendars
from jike.base.errors import Text
from jike.calendars.notices import NoticeInvalid, parse_notice
from jike.calendars.store import calendar_with

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Shown:
    """A rehearsal as printed: sums only, for whoever approves policy reads no case."""

    summary: Text
    moves: list[dict[str, Any]]


def rehearsal_of(policy: PolicyVersion, *, now: datetime) -> Shown | None:
    """What time limits and holidays would have moved in the open cases and those of the last 30 days; a reply text moves nothing.

    A draft that contradicts itself is not rehearsed: its faults are told instead.
    """
    if policy.subject == PolicyVersion.Subject.REPLY or policy.state == PolicyVersion.State.APPROVED:
        return None
    try:
        return _shown(_rehearsed(policy, now))
    except (rules.TableInvalid, NoticeInvalid, KeyError, TypeError, AttributeError, ValueError):
        return None


def _rehearsed(policy: PolicyVersion, now: datetime) -> Rehearsal:
    if policy.subject == PolicyVersion.Subject.CALENDAR:
        return rehearse_calendar(calendar_with(parse_notice(policy.content)), now=now)
    candidate = rules.load(overlay=(*in_force.clock_rows(), (policy.code, policy.content)))
    return rehearse_rules(candidate, calendar=calendars.current(), now=now)


def _shown(found: Rehearsal) -> Shown:
    summary = format_lazy(
        _(
            "{looked_at} clocks of open cases and of the last 30 days: {moved} would end on another day, {settled} would become certain."
        ),
        looked_at=found.looked_at,
        moved=len(found.moved),
        settled=found.settled,
    )
    days = Counter((one.code, str(one.old or "—"), str(one.new or "—")) for one in found.moved)
    table = rules.load()
    return Shown(
        summary,
        [
            {"label": table.of(code)[-1].label, "before": old, "after": new, "count": count}
            for (code, old, new), count in sorted(days.items(), key=lambda pair: pair[0][1])[:SHOWN]
        ],
    )
