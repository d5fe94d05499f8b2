"""What a version must say to be usable, by subject: its faults in words, and the facts a reader needs before approving."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import yaml
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cases.clocks import rules
from cases.policy import in_force
from cases.policy.models import PolicyVersion
from cases.policy.variables import KNOWN, blanks_of
from jike.base.errors import Blocker, Text
from jike.calendars.notices import NoticeInvalid, parse_notice

REPLY_LIMIT = 2_000
Faults = Callable[[str, str, date | None], list[Text]]


def faults_of(subject: str, code: str, content: str, effective_from: date | None) -> list[Blocker]:
    """Why this content cannot stand as a version of `code`; empty when it can."""
    return [
        Blocker("content.invalid", text, field="content") for text in _FAULTS[subject](code, content, effective_from)
    ]


def _faults_of_reply(code: str, content: str, effective_from: date | None) -> list[Text]:
    found: list[Text] = []
    unknown = [word for word in blanks_of(content) if word not in KNOWN]
    if unknown:
        found.append(
            format_lazy(
                _("Nothing fills {unknown}. Use one of: {known}."), unknown="、".join(unknown), known="、".join(KNOWN)
            )
        )
    if len(content) > REPLY_LIMIT:
        found.append(format_lazy(_("At most {limit} characters, please."), limit=REPLY_LIMIT))
    return found


def _faults_of_clock(code: str, content: str, effective_from: date | None) -> list[Text]:
    """The row must be a version that the table of time limits accepts, and in force from the day the form names."""
    try:
        row = yaml.safe_load(content)
    except yaml.YAMLError:
        return [_("This is not YAML. Write it like the version in force, which stands beside it.")]
    if not isinstance(row, dict) or row.get("effective_from") != effective_from:
        return [_("“effective_from” must be the day on which the version takes effect.")]
    laid = in_force.clock_rows()
    try:
        newest = rules.load(overlay=laid).of(code)[-1]
        rules.load(overlay=(*laid, (code, content)))
    except rules.RuleUnknown:
        return [_("There is no such time limit.")]
    except rules.TableInvalid as invalid:
        return [str(invalid)]
    except (KeyError, TypeError, AttributeError) as error:
        return [format_lazy(_("The row lacks or misspells something: {error}."), error=str(error))]
    if effective_from is not None and effective_from <= newest.effective_from:
        told = _("A version is in force from {day} on already; a newer one begins later.")
        return [format_lazy(told, day=newest.effective_from)]
    return []


def _faults_of_calendar(code: str, content: str, effective_from: date | None) -> list[Text]:
    try:
        notice = parse_notice(content)
    except NoticeInvalid as invalid:
        return list(invalid.problems)
    return [] if str(notice.year) == code else [_("The notice is of another year.")]


_FAULTS: dict[str, Faults] = {
    PolicyVersion.Subject.REPLY: _faults_of_reply,
    PolicyVersion.Subject.CLOCK: _faults_of_clock,
    PolicyVersion.Subject.CALENDAR: _faults_of_calendar,
}
