"""Papers on the workbench: adding them, the drawn picture of one, and what is decided about those set aside."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import decorator_from_middleware
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.attachments import pieces
from cases.attachments.adding import add_sealed, attach_verb, seal_for
from cases.attachments.pictures import picture_of
from cases.attachments.queries import paper_for, papers_held_for, papers_of
from cases.attachments.ruling import RULE, may_rule
from cases.attachments.standing import standing_of
from cases.models import Case
from cases.queries import NotVisible, case_for, sight_of
from jike.base.dates import now as current_instant
from jike.base.errors import Refused, refuse_if
from jike.files import clean_display_name
from jike.files.receiving import receive_in_memory
from jike.privacy import open_sealed
from jike.verbs import verbs_of
from jike.web.csrf import SpaceCsrfMiddleware
from jike.web.pages import wants_part

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
    try:
        for upload in request.FILES.getlist("file"):
            file = seal_for(case, upload, actor=request.actor, now=now)
            words = {"name": upload.given_name, "about": request.POST.get("about", ""), "device": upload.device}
            add_sealed(case, file, actor=request.actor, now=now, key=f"paper:{upload.sha256.hex()[:40]}", **words)
            if not wants_part(request):
                messages.success(request, _("Added: %(name)s") % {"name": clean_display_name(upload.given_name)})
    except Refused as no:
        if not wants_part(request):
            raise
        return _list(request, case, no)
    return _list(request, case) if wants_part(request) else redirect("staff:case", number=case.number)


@require_GET
def papers(request: HttpRequest, number: str) -> HttpResponseBase:
    """The list alone, while something in it is being checked."""
    case = case_for(request.actor, number)
    if sight_of(case, request.actor) != "full":
        raise NotVisible(number)
    return _list(request, case)


def _list(request: HttpRequest, case: Case, no: Refused | None = None) -> HttpResponseBase:
    papers = papers_of(case, request.actor)
    shown = {"case": case, "papers": papers, "may_rule": may_rule(case, request.actor)}
    shown["is_waiting"] = any(paper.is_waiting for paper in papers)
    shown["refused"] = [blocker.message for blocker in no.blockers] if no else []
    return render(request, "desk/_paper_list.html", shown, status=400 if no else 200)


@require_POST
def upload_new(request: HttpRequest, number: str) -> HttpResponseBase:
    """A recording that is too large for one request begins."""
    case = case_for(request.actor, number)
    if sight_of(case, request.actor) != "full":
        raise NotVisible(number)
    verb = attach_verb(case)
    refuse_if(verb.why_not(case, request.actor, now=current_instant()), verb=verb.name)
    return pieces.begun(request, case.pk, request.actor)


@require_http_methods(["GET", "PATCH", "POST", "DELETE"])
def upload(request: HttpRequest, number: str, upload: UUID) -> HttpResponseBase:
    """The pieces of it, each for itself."""
    case = case_for(request.actor, number)
    return pieces.continued(request, pieces.upload_of(case.pk, request.actor, upload))


@require_GET
def held(request: HttpRequest) -> HttpResponseBase:
    """Papers that wait for a person, of all cases one sees whole."""
    rows = [
        {"case": case, "paper": paper, "name": open_sealed(paper, "name"), "standing": standing_of(paper)}
        for case, paper in papers_held_for(request.actor)
    ]
    return render(request, "desk/held.html", {"rows": rows})


@require_POST
def rule(request: HttpRequest, number: str, paper: UUID) -> HttpResponseBase:
    """Release a paper that waits, or reject it; both with a reason."""
    case = case_for(request.actor, number)
    found = paper_for(case, request.actor, paper)
    is_released = request.POST.get("verdict") == "release"
    words = {"paper": found, "is_released": is_released, "reason": request.POST.get("reason", "")}
    verb = next(verb for verb in verbs_of(type(case)) if verb.short_name == RULE)
    verb.action(case, actor=request.actor, now=current_instant(), key=f"rule:{paper}:{is_released}", **words)
    messages.success(request, _("The paper is used from now on.") if is_released else _("The paper is not used."))
    return redirect("staff:held") if request.POST.get("back") == "held" else redirect("staff:case", number=case.number)


@require_GET
def picture(request: HttpRequest, number: str, paper: UUID, size: str) -> HttpResponseBase:
    case = case_for(request.actor, number)
    if size not in SIZES:
        raise Http404(size)
    return picture_of(paper_for(case, request.actor, paper), actor=request.actor, size=SIZES[size])
