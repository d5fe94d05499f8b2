"""Handing in on an open case: photos and papers at any time, and the answers to what was asked, one by one."""

from __future__ import annotations

import secrets
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import decorator_from_middleware
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.attachments import pieces
from cases.attachments.adding import attach_verb
from cases.attachments.pictures import picture_of
from cases.attachments.queries import paper_for, papers_of
from cases.complaints.actions import supplement_complaint
from cases.complaints.models import Complaint
from cases.complaints.portal import following, taking
from cases.complaints.portal.forms import AnswerForm
from cases.complaints.portal.own import own_case
from cases.queries import NotVisible
from jike.accounts.access import public
from jike.base.actors import Actor
from jike.base.dates import now as current_instant
from jike.base.errors import refuse_if
from jike.files.receiving import receive_in_memory
from jike.web.csrf import SpaceCsrfMiddleware
from jike.web.pages import wants_part


@public
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def papers(request: HttpRequest, number: str) -> HttpResponseBase:
    """Put the handler in place before anything reads the form, then check the form's token like everywhere else."""
    receive_in_memory(request)
    return decorator_from_middleware(SpaceCsrfMiddleware)(own_case(_papers))(request, number=number)


def _papers(request: HttpRequest, case: Complaint, actor: Actor) -> HttpResponse:
    refused: list[taking.RefusedPaper] = []
    needed = taking.needed_for(case)
    if request.method == "POST":
        about = request.POST.get("about", "") if needed else ""
        refused = taking.take_for_case(case, actor, request.FILES, about=about, now=current_instant())
    if not refused and request.method == "POST" and not wants_part(request):
        return redirect("portal:case_papers", case.number)
    papers = papers_of(case, actor)
    shown = {"case": case, "papers": papers, "refused": refused, "needed": needed}
    shown["has_register"] = case.has("evidence")
    shown["is_waiting"] = any(paper.is_waiting for paper in papers)
    template = "_papers.html" if wants_part(request) else "case_papers.html"
    return render(request, f"complaints/portal/{template}", shown, status=400 if refused else 200)


@public
@require_POST
@own_case
def upload_new(request: HttpRequest, case: Complaint, actor: Actor) -> HttpResponseBase:
    """A recording that is too large for one request begins."""
    verb = attach_verb(case)
    refuse_if(verb.why_not(case, actor, now=current_instant()), verb=verb.name)
    return pieces.begun(request, case.pk, actor)


@public
@require_http_methods(["GET", "PATCH", "POST", "DELETE"])
@own_case
def upload(request: HttpRequest, case: Complaint, actor: Actor, upload: UUID) -> HttpResponseBase:
    """The pieces of it, each for itself."""
    return pieces.continued(request, pieces.upload_of(case.pk, actor, upload))


@public
@require_safe
@own_case
def picture(request: HttpRequest, case: Complaint, actor: Actor, paper: UUID) -> HttpResponseBase:
    """The small picture of a paper of one's own."""
    try:
        return picture_of(paper_for(case, actor, paper), actor=actor, size="thumbnail")
    except NotVisible:
        raise Http404 from None


@public
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def asked(request: HttpRequest, number: str) -> HttpResponseBase:
    """The list of what we ask for. Each thing is answered by itself; "I do not have it" is an answer."""
    receive_in_memory(request)
    return decorator_from_middleware(SpaceCsrfMiddleware)(own_case(_asked))(request, number=number)


def _asked(request: HttpRequest, case: Complaint, actor: Actor) -> HttpResponse:
    form, refused, now = AnswerForm(request.POST or None), [], current_instant()
    if request.method == "POST" and form.is_valid():
        files, refused = taking.seal_for_answer(case, actor, request.FILES, now=now)
        answer = form.answer(tuple(files))
        if answer and not refused:
            supplement_complaint(case, actor=actor, now=now, key=request.POST.get("key", "")[:64], answers=[answer])
            return redirect(f"{reverse('portal:case_asked', args=[case.number])}#open")
        form.add_empty(is_refused=bool(refused))
    items = following.asked_of(case)
    if not items:
        return redirect("portal:case", case.number)
    shown = {"case": case, "items": items, "form": form, "refused": refused, "key": secrets.token_urlsafe(16)}
    shown |= {"at": str(form.data.get("item", "")), "is_wrong": form.is_bound and bool(form.errors or refused)}
    return render(request, "complaints/portal/asked.html", shown, status=400 if shown["is_wrong"] else 200)


@public
@require_POST
@own_case
def that_is_all(request: HttpRequest, case: Complaint, actor: Actor) -> HttpResponse:
    """Nothing more will come: the handler goes on with what there is."""
    supplement_complaint(
        case, actor=actor, now=current_instant(), key=request.POST.get("key", "")[:64], answers=[], is_all=True
    )
    return redirect("portal:case", case.number)


@public
@require_safe
@own_case
def seen(request: HttpRequest, case: Complaint, actor: Actor) -> HttpResponse:
    """Who looked at my data: day, role, what and why."""
    return render(request, "complaints/portal/seen.html", {"case": case, "looks": following.looks_at(case)})
