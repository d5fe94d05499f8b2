"""The visit of a consumer to one case: opened by receipt code and phone code, over after half an hour without a click."""

from __future__ import annotations

import functools
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from cases.kinds import kind_named
from cases.ladder import carried_on_from
from cases.models import Case
from cases.portal import sealing
from cases.queries import NotVisible, case_for
from jike.accounts.roles import consumer_actor
from jike.base.actors import Actor
from jike.base.dates import now as current_instant

VISIT = "visit"
BINDING = "binding"
UNSENT = "unsent"
WORDS = ("text", "words", "reason")  # the fields in which people write at length
_WRITTEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Visit:
    """Which case this browser may open, as whom, since when, and when it was last used."""

    number: str
    person: UUID
    opened_at: datetime
    seen_at: datetime

    @property
    def actor(self) -> Actor:
        return consumer_actor(self.person)


def open_case(session: SessionBase, case: Case, *, now: datetime) -> None:
    """Let this browser into `case` and no other. Codes asked for before are worth nothing here any more.

    The caller has given the session a new key since the browser came (`cycle_key`), so that nobody holds the old one.
    """
    session.pop(BINDING, None)
    _write(session, case.number, case.consumer_id, opened=now.timestamp(), now=now)


def visit_of(session: SessionBase, *, now: datetime) -> Visit | None:
    """The visit, unless there is none or nothing was asked for during `PORTAL_SESSION_MINUTES`. Looking prolongs it."""
    kept = session.get(VISIT)
    if not kept:
        return None
    opened, seen = (datetime.fromtimestamp(kept.get(name, 0), UTC) for name in ("opened", "seen"))
    visit = Visit(kept["number"], UUID(kept["person"]), opened, seen)
    if now - visit.seen_at > timedelta(minutes=settings.PORTAL_SESSION_MINUTES):
        return None
    if now - visit.seen_at > _WRITTEN_EVERY:
        _write(session, visit.number, visit.person, opened=kept.get("opened", 0), now=now)
    return visit


def binding_of(session: SessionBase) -> str:
    """The random value that ties phone codes to this browser, made on first use."""
    if BINDING not in session:
        session[BINDING] = secrets.token_urlsafe(24)
    return session[BINDING]


View = Callable[..., HttpResponseBase]


def own(door: Callable[[Actor, str], Case] = case_for) -> Callable[[View], View]:
    """Give the view the visitor's own case, fetched by `door`, and actor instead of a number.

    The visit opens the case it was opened for and every case that one was carried on as. Any other number is not there, whether it
    exists or not. Without a visit the answer is the sign-in page for every number; a message that was being written is kept until
    then. A visit opened with a telephone number that was changed since is over.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def opened(request: HttpRequest, number: str, **kwargs: Any) -> HttpResponseBase:
            visit = visit_of(request.session, now=current_instant())
            if visit is None:
                _keep_unsent(request)
                return redirect(f"{reverse('portal:track')}?ended=1")
            try:
                case = door(visit.actor, number)
                entered = case if visit.number == number else _entered(case, visit)
            except NotVisible:
                raise Http404 from None
            has_new_phone = kind_named(entered.kind).has_new_phone
            if has_new_phone and has_new_phone(entered, since=visit.opened_at):
                return redirect(f"{reverse('portal:track')}?ended=1")
            return view(request, case, visit.actor, **kwargs)

        return opened

    return decorate


def _entered(case: Case, visit: Visit) -> Case:
    """The case the visit was opened for, if `case` carries that one on. Raises `NotVisible`."""
    entered = next((one for one in carried_on_from(case) if one.number == visit.number), None)
    if entered is None or entered.consumer_id != visit.person:
        raise NotVisible(case.number)
    return entered


def _write(session: SessionBase, number: str, person: UUID | None, *, opened: float, now: datetime) -> None:
    session[VISIT] = {"number": number, "person": str(person), "opened": opened, "seen": now.timestamp()}


def _keep_unsent(request: HttpRequest) -> None:
    words = {name: text for name in WORDS if (text := request.POST.get(name, "").strip())}
    if words:
        sealing.put(request.session, UNSENT, words)
