"""May a version of policy be drafted, changed, proposed, approved; if not, every reason why not."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django_fsm import can_proceed

from cases.policy.models import PolicyVersion
from cases.policy.subjects import faults_of
from cases.rules import missing, no_power, too_long
from jike.base.actors import Actor
from jike.base.dates import cst_date
from jike.base.errors import UNASKED, Blocker


def blockers_to_draft(
    case: None,
    actor: Actor,
    *,
    now: datetime,
    subject: str,
    code: Any = UNASKED,
    title: Any = UNASKED,
    content: Any = UNASKED,
    effective_from: Any = UNASKED,
) -> list[Blocker]:
    found = no_power(actor, "policy.draft") + _words(title, content)
    pending = PolicyVersion.objects.filter(subject=subject, code=code, state__in=["draft", "proposed"])
    if code is not UNASKED and pending.exists():
        found.append(
            Blocker("policy.pending", _("A version of this is being worked on already. Finish that one first."))
        )
    return found + _not_past(effective_from, now)


def blockers_to_edit(
    case: PolicyVersion,
    actor: Actor,
    *,
    now: datetime,
    title: Any = UNASKED,
    content: Any = UNASKED,
    effective_from: Any = UNASKED,
) -> list[Blocker]:
    found = no_power(actor, "policy.edit") + _state(case, case.mark_edited) + _not_author(case, actor)
    return found + _words(title, content) + _not_past(effective_from, now)


def blockers_to_propose(case: PolicyVersion, actor: Actor, *, now: datetime) -> list[Blocker]:
    found = no_power(actor, "policy.propose") + _state(case, case.mark_proposed) + _not_author(case, actor)
    found += _not_past(case.effective_from, now)
    return found + faults_of(case.subject, case.code, case.content, case.effective_from)


def blockers_to_return(case: PolicyVersion, actor: Actor, *, now: datetime, reason: Any = UNASKED) -> list[Blocker]:
    found = no_power(actor, "policy.return") + _state(case, case.mark_returned)
    return found + missing(reason, "reason", _("Say what must be improved.")) + too_long(reason, "reason", 500)


def blockers_to_approve(
    case: PolicyVersion, actor: Actor, *, now: datetime, content_sha256: Any = UNASKED
) -> list[Blocker]:
    """Another human than the author, exactly the text that was read, and never in force backwards. Source: house rule version."""
    found = no_power(actor, "policy.approve") + _state(case, case.mark_approved)
    if actor.person == case.author_person:
        found.append(Blocker("actor.own_work", _("You wrote this. Another person must approve it.")))
    if content_sha256 is not UNASKED and content_sha256 != case.content_sha256:
        found.append(Blocker("approval.changed", _("The proposal changed since you opened it. Read it again.")))
    found += _not_past(case.effective_from, now)
    return found + faults_of(case.subject, case.code, case.content, case.effective_from)


def blockers_to_drop(case: PolicyVersion, actor: Actor, *, now: datetime) -> list[Blocker]:
    return no_power(actor, "policy.drop") + _state(case, case.mark_dropped) + _not_author(case, actor)


def _words(title: Any, content: Any) -> list[Blocker]:
    found = missing(title, "title", _("Give it a title.")) + too_long(title, "title", 120)
    return found + missing(content, "content", _("Please fill in this field.")) + too_long(content, "content", 40_000)


def _state(case: PolicyVersion, mark: Any) -> list[Blocker]:
    if can_proceed(mark):
        return []
    return [Blocker("policy.wrong_state", _("This is not possible in the state this version is in."))]


def _not_author(case: PolicyVersion, actor: Actor) -> list[Blocker]:
    if actor.person == case.author_person:
        return []
    return [Blocker("actor.not_author", _("Only the author changes a draft."))]


def _not_past(effective_from: Any, now: datetime) -> list[Blocker]:
    """What is in force today was promised yesterday: a change begins today at the earliest."""
    if (isinstance(effective_from, date) and effective_from >= cst_date(now)) or effective_from is UNASKED:
        return []
    return [
        Blocker(
            "effective_from.past",
            _("Say from which day on it is in force: today or later."),
            "house rule version",
            "effective_from",
        )
    ]
