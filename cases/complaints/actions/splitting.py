"""What in a complaint is none: a passage is split off, or the whole goes on as the question or report it is."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cases.complaints.models import Complaint
from cases.complaints.rules import splitting as rules
from cases.inquiries.actions import file_from
from jike.base.actors import Actor
from jike.privacy import open_sealed
from jike.verbs import verb


@verb(
    Complaint, "complaints.split_off", label=_("Split off a question or report"), blockers=rules.blockers_to_split_off
)
def split_off(case: Complaint, *, actor: Actor, now: datetime, nature: str, text: str) -> None:
    """Register a passage that is a question or a report as a case of its own, linked. The complaint and its clock go on.

    The person is told its number. Source: O2020-3 art 2, art 32.
    """
    put_beside(case, nature, text, actor=actor, now=now)


def put_beside(case: Complaint, nature: str, text: str, *, actor: Actor, now: datetime) -> None:
    """The case that a passage of this complaint becomes; the event of the running verb names it."""
    inquiry = file_from(actor=actor, now=now, origin=case, nature=nature, narrative=text.strip())
    case.tell(split_off=str(inquiry.pk), nature=nature)


def carry_on(case: Complaint, nature: str, *, actor: Actor, now: datetime) -> None:
    """The whole message, claim and facts, goes on as a question or a report, received when it was received. Source: O2020-3 art 2."""
    said = "\n\n".join(open_sealed(case, field) for field in ("claim", "narrative") if getattr(case, field))
    inquiry = file_from(actor=actor, now=now, origin=case, nature=nature, narrative=said, is_whole=True)
    case.tell(carried_on=str(inquiry.pk), nature=nature)
