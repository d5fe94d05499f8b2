"""A bundle as a file that somebody looks at or takes away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from cases.attachments.models import Attachment
from cases.bundles import acts
from cases.bundles.models import Bundle
from cases.bundles.plan import papers_in, papers_of
from cases.copies.queries import has_looked
from cases.evidence import custody
from cases.evidence.models import Custody
from cases.models import Case
from jike.base.actors import Actor
from jike.files import store
from jike.files.models import StoredFile
from jike.privacy import open_sealed
from jike.web.downloads import SensitiveStream


@transaction.atomic
def look(bundle: Bundle, *, actor: Actor, now: datetime) -> None:
    """Before anybody of the staff sees a bundle: it becomes part of the custody of every paper in it, once per person and hour."""
    for paper in papers_of(bundle):
        Attachment.objects.select_for_update(of=("self",)).get(pk=paper.pk)
        if not has_looked(paper.pk, actor, now=now):
            custody.record(paper, custody.Act.VIEWED, actor=actor, reason=bundle.code, now=now)


@dataclass(frozen=True, slots=True)
class Taken:
    """When a bundle left, to whom, and who handed it out."""

    at: datetime
    to: str
    by: str


def taken_away(bundles: Iterable[Bundle]) -> dict[str, list[Taken]]:
    """By document code, each time one of these bundles, which a door gave out, left the house. Read from the custody of its first paper."""
    first = {bundle.code: papers[0] for bundle in bundles if (papers := papers_in(bundle))}
    rows = Custody.objects.filter(attachment__in=set(first.values()), act=custody.Act.EXPORTED).order_by("seq")
    found: dict[str, list[Taken]] = {code: [] for code in first}
    for row in rows:
        to, _colon, code = open_sealed(row, "reason").rpartition(acts.BETWEEN)
        if first.get(code) == row.attachment_id:
            found[code].append(Taken(row.at, to, row.actor_label))
    return found


def taken(case: Case, file: StoredFile, *, purpose: str) -> SensitiveStream:
    """The file piece by piece, whatever its size; `purpose` says in the log who took it and why."""
    name = open_sealed(file, "display_name")
    return SensitiveStream(
        store.stream(file), size=file.size, media_type=file.media_type, name=name, subject=case.pk, purpose=purpose
    )
