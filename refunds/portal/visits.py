"""Who may see loans in this browser: whoever answered a code at the phone under which the name is known, or follows an own case.

A number alone is nobody, since numbers are given to new people: name and number go together. Over after half an hour without a click.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from cases.portal import sessions
from jike.accounts.roles import consumer_actor
from jike.base.actors import Actor
from jike.base.dates import now as current_instant
from lending.models import Person

SLOT = "borrower"
View = Callable[..., HttpResponseBase]


def let_in(session: SessionBase, person: Person, *, now: datetime) -> None:
    """Show this browser the loans of `person`. The caller has given the session a new key."""
    session[SLOT] = {"person": str(person.pk), "seen": now.timestamp()}


def borrower_in(session: SessionBase, *, now: datetime) -> Actor | None:
    """Whose loans this browser may show; None without a proof, or after half an hour without a click."""
    kept = session.get(SLOT)
    if kept:
        seen = datetime.fromtimestamp(kept["seen"], UTC)
        if now - seen <= timedelta(minutes=settings.PORTAL_SESSION_MINUTES):
            if now - seen > timedelta(minutes=1):
                session[SLOT] = {**kept, "seen": now.timestamp()}
            return consumer_actor(UUID(kept["person"]))
        session.pop(SLOT)
    visit = sessions.visit_of(session, now=now)
    return visit.actor if visit else None


def own_loans(view: View) -> View:
    """Give the view the borrower; whoever has not proven a phone proves it first."""

    @functools.wraps(view)
    def opened(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        actor = borrower_in(request.session, now=current_instant())
        if actor is None:
            return redirect("portal:return")
        return view(request, actor, **kwargs)

    return opened
