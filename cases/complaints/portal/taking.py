"""Taking photos and papers in the portal: what was stored, what was refused and why, and the pictures of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.datastructures import MultiValueDict

from cases.attachments import receiving
from cases.attachments.handing import RefusedPaper, refused_paper, uploads_in
from cases.attachments.models import Attachment
from cases.attachments.queries import paper_under, papers_under
from cases.complaints.actions import attach_paper
from cases.complaints.models import Complaint
from cases.complaints.portal.models import Draft
from cases.queries import NotVisible
from jike.accounts.roles import consumer_actor
from jike.base.actors import Actor
from jike.base.errors import Refused

NEEDED = {"agent": Attachment.About.AUTHORITY, "heir": Attachment.About.KINSHIP}


def take_for_draft(draft: Draft, files: MultiValueDict[str, Any], *, about: str, now: datetime) -> list[RefusedPaper]:
    """Store what may be stored under the draft; answers with what was refused. One bad file harms no other."""
    refused = []
    for captured, upload in uploads_in(files):
        try:
            file = receiving.seal_upload(draft.pk, upload, now=now)
        except Refused as no:
            refused.append(refused_paper(upload, no))
            continue
        words = {"name": upload.given_name, "about": about, "captured": captured, "device": upload.device}
        receiving.register(draft.pk, file, **words, actor=consumer_actor(None), now=now)
    return refused


def take_for_case(
    case: Complaint, actor: Actor, files: MultiValueDict[str, Any], *, about: str, now: datetime
) -> list[RefusedPaper]:
    """Add papers to a case, each by its own act. The same photo twice is one paper and one act."""
    refused = []
    for captured, upload in uploads_in(files):
        try:
            file = receiving.seal_upload(case.pk, upload, now=now)
            words = {"name": upload.given_name, "about": about, "captured": captured, "device": upload.device}
            attach_paper(case, actor=actor, now=now, key=f"paper:{bytes(file.sha256).hex()[:40]}", file=file, **words)
        except Refused as no:
            refused.append(refused_paper(upload, no))
    return refused


def seal_for_answer(
    case: Complaint, actor: Actor, files: MultiValueDict[str, Any], *, now: datetime
) -> tuple[list[UUID], list[RefusedPaper]]:
    """Add the papers that answer what was asked; gives the ids of their files and what was refused."""
    refused = take_for_case(case, actor, files, about="", now=now)
    hashes = [upload.sha256 for _captured, upload in uploads_in(files)]
    held = Attachment.objects.filter(subject=case.pk, file__sha256__in=hashes)
    return list(held.order_by("created_at", "id").values_list("file_id", flat=True)), refused


def take_out(draft: Draft, pk: UUID) -> None:
    """Remove a paper from a draft. Its bytes go when the draft's key goes. Raises `NotVisible`."""
    if draft._state.adding:
        raise NotVisible(str(pk))
    paper_under(draft.pk, pk).delete()


def papers_page(draft: Draft, refused: list[RefusedPaper]) -> dict[str, Any]:
    """What the page of a draft's papers shows; `needed` is the paper an agent or heir is asked for."""
    needed = NEEDED.get(draft.answers.get("who", ""))
    papers = [] if draft._state.adding else papers_under(draft.pk)
    held = {str(paper.label) for paper in papers}
    return {
        "draft": draft,
        "papers": papers,
        "refused": refused,
        "needed": needed,
        "is_needed": needed is not None and str(needed.label) not in held,
        "is_waiting": any(paper.is_waiting for paper in papers),
    }


def needed_for(case: Complaint) -> Attachment.About | None:
    """The paper that shows the authority of an agent or heir of the case, while it was not seen."""
    waiting = case.parties.filter(role__in=NEEDED, verified_at=None).order_by("-created_at").first()
    return NEEDED[waiting.role] if waiting else None
