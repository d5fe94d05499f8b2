"""Papers of a complaint: photos, PDF and sound recordings that a party or the handler adds."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cases.attachments import receiving
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
) -> None:
    """Add a paper that was sealed under the key of the case; its hash is sealed with this event. No state changes."""
    paper = receiving.register(case.pk, file, name=name, about=about, captured=captured, actor=actor, now=now)
    case.tell(attachment=str(paper.pk), sha256=bytes(file.sha256).hex(), captured=paper.captured)
