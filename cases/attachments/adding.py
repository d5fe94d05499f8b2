"""Adding a paper to a case of any kind, by the kind's own verb `attach`."""

from __future__ import annotations

from datetime import datetime

from cases.attachments import receiving
from cases.attachments.models import Attachment
from cases.models import Case
from jike.base.actors import Actor
from jike.base.errors import refuse_if
from jike.files.models import StoredFile
from jike.files.receiving import Received
from jike.verbs import Verb, verbs_of

ATTACH = "attach"


def attach_verb(case: Case) -> Verb:
    """The verb by which papers come to a case of this kind. Raises LookupError for a kind that takes none."""
    found = next((verb for verb in verbs_of(type(case)) if verb.short_name == ATTACH), None)
    if found is None:
        raise LookupError(f"{case.kind} takes no papers")
    return found


def may_attach(case: Case, actor: Actor, *, now: datetime) -> bool:
    """Whether this kind takes papers, and this actor may add one now."""
    return any(verb.short_name == ATTACH and not verb.why_not(case, actor, now=now) for verb in verbs_of(type(case)))


def seal_for(case: Case, upload: Received, *, actor: Actor, now: datetime) -> StoredFile:
    """Judge whether `actor` may add papers, then the upload itself, and seal it. Stands outside any transaction.

    Raises `Refused`, and then nothing is stored.
    """
    verb = attach_verb(case)
    refuse_if(verb.why_not(case, actor, now=now), verb=verb.name)
    return receiving.seal_upload(case.pk, upload, now=now)


def add_sealed(
    case: Case,
    file: StoredFile,
    *,
    name: str,
    about: str,
    actor: Actor,
    now: datetime,
    key: str,
    device: str = "",
    captured: str = Attachment.Capture.FILE.value,
) -> Attachment:
    """Add a sealed file to its case. The same content twice is one paper."""
    words = {"name": name, "about": about, "captured": captured, "device": device}
    attach_verb(case).action(case, actor=actor, now=now, key=key, file=file, **words)
    return Attachment.objects.select_related("file").get(subject=case.pk, file=file)
