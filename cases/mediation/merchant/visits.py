"""The visit of a merchant to one mediation: opened by link and code, over with the link or after half an hour without a click."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from cases.mediation.links import holder_of
from cases.mediation.models import Mediation
from cases.mediation.queries import link_by_token, mediation_of_link
from cases.mediation.talks.places import Place, of_merchant
from cases.queries import NotVisible
from jike.base.actors import Actor
from jike.base.dates import now as current_instant

VISIT = "link"
View = Callable[..., HttpResponseBase]


def open_visit(session: SessionBase, actor: Actor) -> None:
    """Let this browser into the case of the link that `actor` has confirmed. The caller has given the session a new key."""
    session[VISIT] = str(actor.id)


def entered(request: HttpRequest, token: str) -> tuple[Mediation, Actor] | None:
    """The case and the merchant, once this browser has answered the code of this very link; None before."""
    now = current_instant()
    try:
        link = link_by_token(token, now=now)
        actor = holder_of(link)
        case = mediation_of_link(actor, now=now)
    except NotVisible:
        return None
    return (case, actor) if request.session.get(VISIT) == str(link.pk) else None


def by_link(view: View) -> View:
    """Give the view the case, the merchant and the place of its pages; without a visit the answer is the page that asks for the code."""

    @functools.wraps(view)
    def opened(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponseBase:
        found = entered(request, token)
        place: Place = of_merchant(token)
        if found is None:
            return redirect(place.home)
        return view(request, *found, place, **kwargs)

    return opened
