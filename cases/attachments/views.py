"""Papers on the workbench: the drawn picture of one, and its original for whoever says why."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.decorators import decorator_from_middleware
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from cases.attachments.adding import add_sealed, seal_for
from cases.attachments.pictures import picture_of
from cases.attachments.queries import paper_for
from cases.queries import NotVisible, case_for, sight_of
from jike import privacy
from jike.base.dates import now as current_instant
from jike.files import store
from jike.files.receiving import receive_in_memory
from jike.web.csrf import SpaceCsrfMiddleware
from jike.web.downloads import SensitiveDownload

SIZES = {"small": "thumbnail", "large": "file"}


@csrf_exempt
@require_POST
def add(request: HttpRequest, number: str) -> HttpResponseBase:
    """Put the handler in place before anything reads the form, then check the form's token like everywhere else."""
    receive_in_memory(request)
    return _add(request, number)


@decorator_from_middleware(SpaceCsrfMiddleware)
def _add(request: HttpRequest, number: str) -> HttpResponseBase:
    case, now = case_for(request.actor, number), current_instant()
    if sight_of(case, request.actor) != "full":
        raise NotVisible(number)
    for upload in request.FILES.getlist("file"):
        file = seal_for(case, upload, actor=request.actor, now=now)
        words = {"name": upload.given_name, "about": request.POST.get("about", ""), "device": upload.device}
        add_sealed(case, file, actor=request.actor, now=now, key=f"paper:{upload.sha256.hex()[:40]}", **words)
        messages.success(request, _("Added: %(name)s") % {"name": file.display_name})
    return redirect("staff:case", number=case.number)


@require_GET
def picture(request: HttpRequest, number: str, paper: UUID, size: str) -> HttpResponseBase:
    case = case_for(request.actor, number)
    if size not in SIZES:
        raise Http404(size)
    return picture_of(paper_for(case, request.actor, paper), actor=request.actor, size=SIZES[size])


@require_POST
def original(request: HttpRequest, number: str, paper: UUID) -> HttpResponseBase:
    """The file as it came, with everything a camera wrote into it. A reason is asked and kept with the name; the consumer sees it."""
    case = case_for(request.actor, number)
    found = paper_for(case, request.actor, paper)
    reason = request.POST.get("reason", "")[:200]
    name = privacy.reveal(request.actor, found, "name", reason=reason, now=current_instant())
    return SensitiveDownload(
        store.read(found.file), media_type=found.file.media_type, name=name, subject=case.pk, purpose="staff.original"
    )
