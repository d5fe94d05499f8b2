"""One session per space (portal, workbench, merchant page), each with its own cookie, key and idle time."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import VALID_KEY_CHARS, UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import connection
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.crypto import get_random_string

from jike.accounts.spaces import MERCHANT, PORTAL, STAFF, Space, space_of
from jike.base.prepared import Prepared

TOUCH_SECONDS = 60
BACKGROUND_HEADER = "Jike-Background"


class SpaceStore(DatabaseStore):
    """A session whose key begins with the letter of its space; keys of other spaces are unknown to it."""

    space: Space

    @classmethod
    def get_model_class(cls) -> type:
        from django.contrib.sessions.models import Session  # noqa: PLC0415

        return Session

    def _get_session_from_db(self) -> Any:
        """As Django does it, by a query that is compiled once: every request passes here."""
        found = _sessions(self.get_model_class()).first(self.session_key)
        if found is None or found.expire_date <= timezone.now():
            self._session_key = None
            return None
        return found

    def _get_new_session_key(self) -> str:
        while True:
            key = self.space.letter + "." + get_random_string(32, VALID_KEY_CHARS)
            if not self.exists(key):
                return key

    def _validate_session_key(self, key: str | None) -> bool:
        return key is not None and key.startswith(f"{self.space.letter}.") and len(key) == 34

    def load(self) -> dict[str, Any]:
        """What a session that lasts holds, read without composing the same query for every request."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s",
                [self.session_key, timezone.now()],
            )
            found = cursor.fetchone()
        if found is None:
            self._session_key = None
            return {}
        return self.decode(found[0])

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002 - the signature of Django
        """Write the session. One that is there is written over by one statement, which is its own transaction."""
        if must_create or self.session_key is None:
            super().save(must_create=must_create)
            return
        content = (self.encode(self._get_session()), self.get_expiry_date(), self.session_key)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE django_session SET session_data = %s, expire_date = %s WHERE session_key = %s", content
            )
            if not cursor.rowcount:
                raise UpdateError

    def get_session_cookie_age(self) -> int:
        return self.space.idle_minutes * 60


@functools.cache
def _sessions(model: Any) -> Prepared[Any]:
    return Prepared(lambda key: model.objects.filter(session_key=key), sample="-")


class PortalStore(SpaceStore):
    space = PORTAL


class SessionStore(SpaceStore):
    """The workbench's store, under the name that Django expects of a session engine."""

    space = STAFF


class MerchantStore(SpaceStore):
    space = MERCHANT


STORES: dict[Space, type[SpaceStore]] = {store.space: store for store in (PortalStore, SessionStore, MerchantStore)}


class SpaceSessionMiddleware:
    """Load the session of the request's space before the view and save it after.

    A session ends when nothing was asked for during its idle time. The row is touched at most once a minute, and requests
    that a page makes by itself (header `Jike-Background`) do not count as activity.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.space = space = space_of(request.path_info)
        request.session = STORES[space](request.COOKIES.get(space.session_cookie))
        response = self.get_response(request)
        return self._keep(request, response, space)

    def _keep(self, request: HttpRequest, response: HttpResponseBase, space: Space) -> HttpResponseBase:
        session = request.session
        if session.accessed:
            patch_vary_headers(response, ("Cookie",))
        if session.is_empty():
            if space.session_cookie in request.COOKIES and session.accessed:
                response.delete_cookie(space.session_cookie, path=space.path, samesite="Lax")
            return response
        _touch(request)
        if session.modified and response.status_code < 500:
            try:
                session.save()
            except UpdateError:
                raise SessionInterrupted("The session was ended by another request before this one was done.") from None
            _set_cookie(response, space, session.session_key or "")
        return response


def _touch(request: HttpRequest) -> None:
    if BACKGROUND_HEADER in request.headers:
        return
    if time.time() - request.session.get("touched", 0) >= TOUCH_SECONDS:
        request.session["touched"] = int(time.time())


def _set_cookie(response: HttpResponseBase, space: Space, key: str) -> None:
    set_cookie = functools.partial(response.set_cookie, space.session_cookie, key, path=space.path)
    set_cookie(secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax")
