"""Who this browser is: whoever answered a code at the borrower's own phone. Over after half an hour without a click."""

from __future__ import annotations

import functools
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import redirect

from jike.accounts.roles import consumer_actor
from jike.base.actors import Actor
from jike.base.dates import now as current_instant
from lending.models import Person
from lending.recordings.models import Recording
from lending.recordings.queries import NotThere, recording_by_token, recording_for

SLOT, BINDING = "own_recordings", "recordings_binding"
View = Callable[..., HttpResponseBase]


def let_in(session: SessionBase, person: Person, *, now: datetime) -> None:
    """Let this browser see and make the recordings of `person`. The caller has given the session a new key."""
    session.pop(BINDING, None)
    session[SLOT] = {"person": str(person.pk), "seen": now.timestamp()}


def borrower_in(session: SessionBase, *, now: datetime) -> Actor | None:
    """Whose recordings this browser may show; None without a proof, or after half an hour without a click."""
    kept = session.get(SLOT)
    if not kept:
        return None
    seen = datetime.fromtimestamp(kept["seen"], UTC)
    if now - seen > timedelta(minutes=settings.PORTAL_SESSION_MINUTES):
        return None
    if now - seen > timedelta(minutes=1):
        session[SLOT] = {**kept, "seen": now.timestamp()}
    return consumer_actor(UUID(kept["person"]))


def binding_of(session: SessionBase) -> str:
    """The random value that ties phone codes to this browser, made on first use."""
    if BINDING not in session:
        session[BINDING] = secrets.token_urlsafe(24)
    return session[BINDING]


def entered(request: HttpRequest, token: str) -> tuple[Recording, Actor] | None:
    """The recording of this link and its borrower, once this browser has answered the code; None before."""
    now = current_instant()
    actor = borrower_in(request.session, now=now)
    if actor is None:
        return None
    try:
        row = recording_by_token(token, now=now)
        return recording_for(actor, row.pk), actor
    except NotThere:
        return None


def by_link(view: View) -> View:
    """Give the view the recording and its borrower; without a visit a page leads to the code, and a program gets 403."""

    @functools.wraps(view)
    def opened(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponseBase:
        found = entered(request, token)
        if found is None:
            wants_json = "application/json" in request.headers.get("Accept", "")
            return JsonResponse({"blockers": []}, status=403) if wants_json else redirect("portal:recording", token)
        return view(request, *found, token=token, **kwargs)

    return opened


def own(view: View) -> View:
    """Give the view the borrower; without a visit the answer is the page that asks for name and phone."""

    @functools.wraps(view)
    def opened(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        actor = borrower_in(request.session, now=current_instant())
        if actor is None:
            return redirect("portal:own_recordings_start")
        try:
            return view(request, actor, **kwargs)
        except NotThere:
            raise Http404 from None

    return opened
