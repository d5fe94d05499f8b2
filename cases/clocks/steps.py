"""Extensions: 15 to 30 to 60 days, one step at a time, each before the clock ends. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from cases.clocks.rules import Rule
from jike.base.errors import Blocker

# An act in the last second is in time; the next second is late.
GRACE = timedelta(seconds=1)

# A step that lacks one of these was taken in vain: it stays on record and moves nothing.
VOIDING = {"extension.not_approved", "extension.not_noticed"}


@dataclass(frozen=True, slots=True)
class Extension:
    """A step to the longer clock `rule`. All instants are aware; `approved_at` and `noticed_at` are None when it did not happen.

    `noticed_at` is when the notice to the consumer was sent.
    """

    rule: Rule
    asked_at: datetime
    reason: str
    approved_at: datetime | None = None
    noticed_at: datetime | None = None


def is_late(at: datetime, due_at: datetime) -> bool:
    """23:59:59 of the last day is in time, 00:00:00 of the next is late."""
    return at >= due_at + GRACE


def blockers_to_extend(rule: Rule, extension: Extension, *, due_at: datetime | None) -> list[Blocker]:
    """Why a clock of `rule` that ends at `due_at` (None while suspended) is not extended; empty when it is.

    Source: O2020-3 art 18.
    """
    art, step = "O2020-3 art 18", rule.next
    if step is None:
        return [Blocker("extension.none_left", _("This time limit cannot be extended any further."), art)]
    found = []
    if step.code != extension.rule.code:
        found.append(Blocker("extension.step_skipped", _("The time limit is extended one step at a time."), art))
    if due_at and is_late(extension.asked_at, due_at):
        found.append(
            Blocker("extension.too_late", _("The time limit is over. It can only be extended before it ends."), art)
        )
    if "reason" in step.needs and not extension.reason.strip():
        found.append(Blocker("extension.no_reason", _("Give the reason for the extension."), art, "reason"))
    if "approval" in step.needs and _is_missing(extension.approved_at, due_at):
        found.append(
            Blocker(
                "extension.not_approved",
                _("The superior unit or a head-office executive must approve before the time limit ends."),
                art,
            )
        )
    if "notice" in step.needs and _is_missing(extension.noticed_at, due_at):
        found.append(
            Blocker(
                "extension.not_noticed",
                _("The consumer must be told of the extension before the time limit ends."),
                art,
            )
        )
    return found


def _is_missing(at: datetime | None, due_at: datetime | None) -> bool:
    return at is None or (due_at is not None and is_late(at, due_at))
