"""Following one's own question or report: what was said, what was answered, and writing once more."""

from __future__ import annotations

import secrets

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from cases.inquiries.actions import send_message
from cases.inquiries.models import Inquiry
from cases.inquiries.next_step import HAPPENED, next_step
from cases.inquiries.queries import inquiry_for
from cases.inquiries.states import CONSUMER_WORDS
from cases.portal import sealing, sessions
from cases.portal.forms import WordsForm
from cases.portal.letters import letters_of
from jike.base.actors import Actor
from jike.base.dates import now as current_instant
from jike.privacy import open_sealed
from jike.verbs import verb_named


@sessions.own(inquiry_for)
def page(request: HttpRequest, case: Inquiry, actor: Actor) -> HttpResponse:
    unsent = sealing.take(request.session, sessions.UNSENT).get("text", "")
    return _page(request, case, actor, WordsForm(initial={"text": unsent, "key": secrets.token_urlsafe(16)}))


@sessions.own(inquiry_for)
def write(request: HttpRequest, case: Inquiry, actor: Actor) -> HttpResponse:
    """Write to the handler. An empty or too long text comes back as it was."""
    form = WordsForm(request.POST)
    if not form.is_valid():
        return _page(request, case, actor, form, status=400)
    send_message(case, actor=actor, now=current_instant(), key=form.cleaned_data["key"], text=form.cleaned_data["text"])
    sealing.drop(request.session, sessions.UNSENT)
    return redirect(f"{reverse('portal:case', args=[case.number])}?sent=1#letters")


def _page(request: HttpRequest, case: Inquiry, actor: Actor, form: WordsForm, *, status: int = 200) -> HttpResponse:
    """The same card and correspondence as a complaint's, without a last day."""
    now = current_instant()
    shown = {
        "case": case,
        "form": form,
        "just_sent": "sent" in request.GET,
        "state_word": CONSUMER_WORDS[case.state],
        "happened": HAPPENED[case.state],
        "next": next_step(case, for_consumer=True),
        "letters": letters_of(case, actor),
        "responsible": case.unit.name if case.ended_at is None else "",
        "narrative": open_sealed(case, "narrative"),
        "may_write": not verb_named("inquiries.message").why_not(case, actor, now=now),
    }
    return render(request, "inquiries/portal.html", shown, status=status)
