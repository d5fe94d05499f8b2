"""Following one's own question or report: what was said, what was answered, and writing once more."""

from __future__ import annotations

import secrets

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from cases.complaints.portal import pages, sealing, sessions
from cases.complaints.portal.forms import WordsForm
from cases.complaints.portal.sessions import own_inquiry
from cases.inquiries.actions import send_message
from cases.inquiries.models import Inquiry
from jike.base.actors import Actor
from jike.base.dates import now as current_instant


@own_inquiry
def page(request: HttpRequest, case: Inquiry, actor: Actor) -> HttpResponse:
    unsent = sealing.take(request.session, sessions.UNSENT).get("text", "")
    return _page(request, case, actor, WordsForm(initial={"text": unsent, "key": secrets.token_urlsafe(16)}))


@own_inquiry
def write(request: HttpRequest, case: Inquiry, actor: Actor) -> HttpResponse:
    """Write to the handler. An empty or too long text comes back as it was."""
    form = WordsForm(request.POST)
    if not form.is_valid():
        return _page(request, case, actor, form, status=400)
    send_message(case, actor=actor, now=current_instant(), key=form.cleaned_data["key"], text=form.cleaned_data["text"])
    sealing.drop(request.session, sessions.UNSENT)
    return redirect(f"{reverse('portal:case', args=[case.number])}?sent=1#letters")


def _page(request: HttpRequest, case: Inquiry, actor: Actor, form: WordsForm, *, status: int = 200) -> HttpResponse:
    shown = {"form": form, "just_sent": "sent" in request.GET, **pages.inquiry_page(case, actor, now=current_instant())}
    return render(request, "complaints/portal/inquiry.html", shown, status=status)
