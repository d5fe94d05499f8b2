"""What the consumer may do beside writing: accept or contest, ask for a review, add facts, appoint an agent, and so on."""

from __future__ import annotations

import secrets

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from cases.complaints.models import Complaint
from cases.complaints.portal import ways
from cases.complaints.portal.own import own_case
from cases.complaints.portal.ways import WAYS
from cases.forms import form_of
from cases.portal import sealing, sessions
from jike.accounts.access import public
from jike.base.actors import Actor
from jike.base.dates import now as current_instant
from jike.verbs import verb_named


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@own_case
def after(request: HttpRequest, case: Complaint, actor: Actor, way: str) -> HttpResponse:
    """The page of one of these ways: why it is closed, or the form. A refusal shows every reason."""
    if way not in WAYS:
        raise Http404(way)
    verb, now = verb_named(WAYS[way].verb), current_instant()
    shown = ways.way_page(case, actor, WAYS[way], now=now)
    unsent = sealing.take(request.session, sessions.UNSENT)
    form = form_of(verb.name)(request.POST or None, case=case, actor=actor, typed=unsent)
    if request.method == "POST" and form.is_valid():
        verb.action(case, actor=actor, now=now, key=request.POST.get("key", "")[:64], **form.inputs())
        sealing.drop(request.session, sessions.UNSENT)
        return redirect(f"{reverse('portal:case', args=[case.number])}?done={way}")
    shown |= {"form": form, "key": secrets.token_urlsafe(16)}
    status = 400 if request.method == "POST" else 200
    return render(request, "complaints/portal/after.html", shown, status=status)
