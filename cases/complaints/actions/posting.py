"""Letters that were taken to the post."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cases.complaints.models import Complaint
from cases.complaints.rules import posting as rules
from cases.models import Delivery, Message
from jike.base.actors import Actor
from jike.base.ids import uuid7
from jike.verbs import verb


@verb(
    Complaint,
    "complaints.record_post",
    label=_("Record a letter posted"),
    blockers=rules.blockers_to_record_post,
    category="message",
)
def record_post(
    case: Complaint, *, actor: Actor, now: datetime, letter: Message, evidence: str, sent_at: datetime
) -> None:
    """Keep that a letter was posted, with its postal number. No state changes; the row is never edited.

    Notices whose proof moves the case (decision, decline, extension, appraisal) have verbs of their own. Source: O2020-3 art 21.
    """
    delivery = Delivery.objects.create(
        id=uuid7(),
        case_id=case.pk,
        message=letter,
        manner=Delivery.Manner.POST,
        sent_at=sent_at,
        evidence=evidence,
        recorded_by_id=actor.user,
        created_at=now,
    )
    case.tell(delivery=str(delivery.pk), letter_posted=str(letter.pk), manner=delivery.manner)
