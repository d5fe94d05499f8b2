"""Two cases that hang together, said by a person, and taken back by one."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cases.complaints.models import Complaint
from cases.complaints.rules import linking as rules
from cases.models import Case, Link
from jike.base.actors import Actor
from jike.base.ids import uuid7
from jike.verbs import verb


@verb(
    Complaint,
    "complaints.link",
    label=_("Link to another case"),
    blockers=rules.blockers_to_link,
    category="system",
)
def link_case(case: Complaint, *, actor: Actor, now: datetime, other: Case, kind: str) -> None:
    """Say that this case belongs together with `other`, or is the same matter again. Nothing of either moves to the other.

    What only belongs together is kept in one order of the two, so that it is kept once also when both ends say it at once.
    """
    one, two = (case.pk, other.pk) if kind == Link.Kind.REPEAT_OF else sorted((case.pk, other.pk))
    row = Link(id=uuid7(), case_id=one, other_id=two, kind=kind, created_by_id=actor.user, created_at=now)
    Link.objects.bulk_create([row], ignore_conflicts=True)
    case.tell(other=str(other.pk), kind=kind)


@verb(
    Complaint,
    "complaints.unlink",
    label=_("End a link"),
    blockers=rules.blockers_to_unlink,
    category="system",
)
def unlink_case(case: Complaint, *, actor: Actor, now: datetime, link: Link) -> None:
    """The two do not hang together after all: the link ends, from either end. It stays on record."""
    Link.objects.filter(pk=link.pk, ended_at=None).update(ended_at=now)
    case.tell(other=str(link.other_id if link.case_id == case.pk else link.case_id), kind=link.kind)
