"""A paper of a litigation as a file, on the workbench."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from cases.litigation.models import Draft
from cases.litigation.papers import TITLES
from cases.litigation.queries import litigation_for, paper_for
from jike.base.dates import now as current_instant
from jike.files import store
from jike.privacy.reads import note_read
from jike.web.downloads import SensitiveDownload
from jike.web.read_only import record_after


@require_GET
def paper(request: HttpRequest, number: str, pk: UUID) -> HttpResponse:
    """One printed version. That it was read is kept like a look at the case."""
    case = litigation_for(request.actor, number)
    draft = paper_for(request.actor, case, pk)
    record_after(request, lambda: note_read(request.actor, case.pk, now=current_instant()))
    return sent(draft, purpose="case work")


def sent(draft: Draft, *, purpose: str) -> HttpResponse:
    name = f"{draft.case.number} {TITLES[draft.kind]} v{draft.version}.pdf"
    return SensitiveDownload(
        store.read(draft.file), media_type=draft.file.media_type, name=name, subject=draft.case_id, purpose=purpose
    )
