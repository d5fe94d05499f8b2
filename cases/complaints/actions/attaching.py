"""Papers of a complaint that a party or the handler adds, and what is decided about those that were set aside."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cases.attachments import receiving, ruling
from cases.attachments.models import Attachment
from cases.complaints.models import Complaint
from cases.complaints.rules import attaching as rules
from jike.base.actors import Actor
from jike.files.models import StoredFile
from jike.verbs import verb


@verb(
    Complaint,
    "complaints.attach",
    label=_("Add a paper"),
    blockers=rules.blockers_to_attach,
    category="document",
    by_hand=False,
)
def attach_paper(
    case: Complaint,
    *,
    actor: Actor,
    now: datetime,
    file: StoredFile,
    name: str,
    about: str = "evidence",
    captured: str = "file",
    device: str = "",
) -> None:
    """Add a paper that was sealed under the key of the case; its hash is sealed with this event. No state changes."""
    words = {"name": name, "about": about, "captured": captured, "device": device}
    paper = receiving.register(case.pk, file, **words, actor=actor, now=now)
    case.tell(attachment=str(paper.pk), sha256=bytes(file.sha256).hex(), captured=paper.captured)


@verb(
    Complaint,
    "complaints.set_aside_paper",
    label=_("Set a paper aside"),
    blockers=rules.blockers_to_set_aside,
    category="document",
    by_hand=False,
)
def set_aside_paper(
    case: Complaint, *, actor: Actor, now: datetime, paper: UUID, verdict: str, reasons: list[str]
) -> None:
    """Make it part of the story that a paper is not usable, or waits for a person. No state changes, in whatever state the case is."""
    case.tell(attachment=str(paper), verdict=verdict, reasons=",".join(reasons)[:200])


@verb(
    Complaint,
    "complaints.rule_on_paper",
    label=_("Decide about a paper that was set aside"),
    blockers=rules.blockers_to_rule_on,
    category="document",
    by_hand=False,
)
def rule_on_paper(case: Complaint, *, actor: Actor, now: datetime, paper: Any, is_released: bool, reason: str) -> None:
    """Release a paper that a worker held, so that it is used like any other, or reject it for good. No state changes.

    The person who added it does not decide about it; the reason is kept sealed.
    """
    held: Attachment = paper
    ruling.rule(held, is_released=is_released, reason=reason, actor=actor, now=now)
    case.tell(attachment=str(held.pk), verdict="released" if is_released else "rejected")
