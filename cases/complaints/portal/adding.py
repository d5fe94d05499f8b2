"""Putting what was written for a new complaint into one that is open already: nothing is typed or photographed twice."""

from __future__ import annotations

from datetime import datetime

from cases.attachments.models import Attachment
from cases.complaints.actions import attach_paper, send_message
from cases.complaints.models import Complaint
from cases.complaints.portal import submission
from cases.complaints.portal.models import Draft
from cases.complaints.rules.limits import PART_LIMIT
from jike.accounts.roles import consumer_actor
from jike.files import store
from jike.privacy import open_sealed


def add_draft_to(case: Complaint, draft: Draft, *, now: datetime) -> None:
    """Send the words as messages of the consumer and the papers as papers of the case, each once however often it is tried."""
    actor, typed = consumer_actor(case.consumer_id), submission.clean(draft)
    words = "\n\n".join(
        part for part in (typed["narrative"], typed["claim"], submission.answers_in_words(typed)) if part
    )
    for nth, start in enumerate(range(0, len(words), PART_LIMIT)):
        part = words[start : start + PART_LIMIT]
        send_message(case, actor=actor, now=now, key=f"{draft.token}:{nth}", text=part)
    for paper in Attachment.objects.filter(subject=draft.pk).select_related("file").order_by("created_at", "id"):
        content, name = store.read(paper.file), open_sealed(paper, "given_name") or open_sealed(paper, "name")
        file = store.put(case.pk, content, media_type=paper.file.media_type, display_name=name, now=now)
        attach_paper(
            case,
            actor=actor,
            now=now,
            key=f"{draft.token}:{bytes(file.sha256).hex()[:16]}",
            file=file,
            name=name,
            about=paper.about,
            captured=paper.captured,
            device=open_sealed(paper, "device"),
        )
