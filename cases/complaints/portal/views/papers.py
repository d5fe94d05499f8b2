"""Photos and papers of a draft: several at once, one by one with a script, each stored or refused for itself."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import decorator_from_middleware
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.attachments import pieces
from cases.attachments.pictures import picture_of
from cases.attachments.queries import paper_under
from cases.complaints.portal import drafts, taking, way
from cases.complaints.portal.drafts import draft_of
from cases.complaints.portal.models import Draft
from cases.queries import NotVisible
from jike.accounts.access import public
from jike.accounts.roles import consumer_actor
from jike.base.dates import now as current_instant
from jike.files.receiving import receive_in_memory
from jike.web.csrf import SpaceCsrfMiddleware
from jike.web.pages import wants_part


@public
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def papers(request: HttpRequest) -> HttpResponseBase:
    """Put the handler in place before anything reads the form, then check the form's token like everywhere else."""
    receive_in_memory(request)
    return _papers(request)


@decorator_from_middleware(SpaceCsrfMiddleware)
def _papers(request: HttpRequest) -> HttpResponse:
    now = current_instant()
    draft = draft_of(request.session, now=now)
    if not draft.is_begun:
        return redirect("portal:complain")
    refused: list[taking.RefusedPaper] = []
    if request.method == "POST":
        drafts.keep(request.session, draft, now=now)
        refused = taking.take_for_draft(draft, request.FILES, about=request.POST.get("about", ""), now=now)
    if refused or request.method != "POST" or wants_part(request):
        return _page(request, draft, refused)
    return redirect("portal:complain_papers")


@public
@require_POST
def remove(request: HttpRequest, paper: UUID) -> HttpResponse:
    """Take a paper out again while nothing has been sent."""
    draft = draft_of(request.session, now=current_instant())
    try:
        taking.take_out(draft, paper)
    except NotVisible:
        raise Http404 from None
    return redirect("portal:complain_papers")


@public
@require_safe
def picture(request: HttpRequest, paper: UUID) -> HttpResponseBase:
    """The small picture of a paper of this browser's own draft."""
    draft = draft_of(request.session, now=current_instant())
    try:
        return picture_of(paper_under(draft.pk, paper), actor=consumer_actor(None), size="thumbnail")
    except NotVisible:
        raise Http404 from None


@public
@require_POST
def upload_new(request: HttpRequest) -> HttpResponseBase:
    """A recording that is too large for one request begins."""
    now = current_instant()
    draft = draft_of(request.session, now=now)
    if not draft.is_begun:
        raise Http404
    drafts.keep(request.session, draft, now=now)
    return pieces.begun(request, draft.pk, consumer_actor(None))


@public
@require_http_methods(["GET", "PATCH", "POST", "DELETE"])
def upload(request: HttpRequest, upload: UUID) -> HttpResponseBase:
    """The pieces of it, each for itself."""
    draft = draft_of(request.session, now=current_instant())
    return pieces.continued(request, pieces.upload_of(draft.pk, consumer_actor(None), upload))


def _page(request: HttpRequest, draft: Draft, refused: list[taking.RefusedPaper]) -> HttpResponse:
    shown = taking.papers_page(draft, refused) | {"progress": way.progress_at(way.PAPERS, draft.answers)}
    template = "complaints/portal/_papers.html" if wants_part(request) else "complaints/portal/papers.html"
    return render(request, template, shown, status=400 if refused else 200)
