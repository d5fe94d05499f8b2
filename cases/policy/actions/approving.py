"""From draft to approval: one person writes, another approves exactly what was written."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cases.policy import in_force, rules
from cases.policy.models import PolicyVersion
from jike import calendars
from jike.base.actors import Actor
from jike.calendars.notices import parse_notice
from jike.verbs import opener, verb


@opener(PolicyVersion, "policy.draft", label=_("Draft a new version"), blockers=rules.blockers_to_draft)
def draft_policy(
    *, actor: Actor, now: datetime, subject: str, code: str, title: str, content: str, effective_from: date
) -> PolicyVersion:
    """Begin a new version of `code`; `effective_from` is a Shanghai date, today or later. One version is worked on at a time."""
    return PolicyVersion(
        subject=subject,
        code=code,
        title=title,
        content=content,
        effective_from=effective_from,
        author_id=actor.user,
        author_person=actor.human,
        created_at=now,
    )


@verb(PolicyVersion, "policy.edit", label=_("Change the draft"), blockers=rules.blockers_to_edit)
def edit_policy(
    case: PolicyVersion, *, actor: Actor, now: datetime, title: str, content: str, effective_from: date
) -> None:
    """Change a draft. What it said before stays in the ledger as a hash."""
    case.mark_edited(title=title, content=content, effective_from=effective_from)


@verb(PolicyVersion, "policy.propose", label=_("Ask for approval"), blockers=rules.blockers_to_propose)
def propose_policy(case: PolicyVersion, *, actor: Actor, now: datetime) -> None:
    """Put the draft before a second person; from now on its words stand still."""
    case.reason = ""
    case.mark_proposed()


@verb(PolicyVersion, "policy.return", label=_("Return the draft"), blockers=rules.blockers_to_return)
def return_policy(case: PolicyVersion, *, actor: Actor, now: datetime, reason: str) -> None:
    """Send the draft back to its author with what must be improved."""
    case.mark_returned(reason=reason)


@verb(PolicyVersion, "policy.approve", label=_("Approve"), blockers=rules.blockers_to_approve)
def approve_policy(case: PolicyVersion, *, actor: Actor, now: datetime, content_sha256: str) -> None:
    """Approve exactly the text with this hash; it is in force from its day on and never changes again.

    A holiday notice comes into the calendar at once. Clocks that run keep the dates they have. Source: house rule version.
    """
    case.mark_approved(approver=actor.user, person=actor.human, at=now)
    if case.subject == PolicyVersion.Subject.CALENDAR:
        calendars.import_notice(parse_notice(case.content), now=now)
    transaction.on_commit(in_force.forget)


@verb(PolicyVersion, "policy.drop", label=_("Drop the draft"), blockers=rules.blockers_to_drop)
def drop_policy(case: PolicyVersion, *, actor: Actor, now: datetime) -> None:
    """Give up a draft; it stays on record and frees its place."""
    case.mark_dropped()
