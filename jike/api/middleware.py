"""The door of the API: whose key it is, how large the request and how often. Stands outside the guard of reading requests,
because counting and noting are writes."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from jike.api import keys, limits
from jike.base.dates import now
from jike.files.receiving import LIMIT_BYTES, PIECE_BYTES, PIECE_TYPE
from jike.privacy import blind_index
from jike.web.problems import problem

PREFIX = "/api/v1/"
CALLBACKS = f"{PREFIX}callbacks/"


class ApiMiddleware:
    """Sets `request.api_key` and, with a living key, `request.actor`. Every answer carries what is left of the minute."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.api_key = None
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        instant = now()
        scheme, _sep, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            request.api_key = key = keys.key_of(token.strip(), now=instant)
            request.actor = keys.actor_of_key(key) if key else None
        share = limits.take(_subject(request), limit=_limit(request), now=instant)
        response = _turned_away(request, share) or self.get_response(request)
        if request.api_key is not None:
            keys.note_use(request.api_key, now=instant)
        for name, value in share.headers.items():
            response.headers[name] = value
        return response


def _turned_away(request: HttpRequest, share: limits.Share) -> HttpResponseBase | None:
    if share.is_used_up:
        return problem(429, "request.too_many", _("Too many requests. Wait as long as Retry-After says."))
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > _largest(request):
        return problem(413, "request.too_large", _("The request is too large."))
    return None


def _largest(request: HttpRequest) -> int:
    """How many bytes a body may have. Files come as forms, and only where an address takes them."""
    small = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if request.content_type == PIECE_TYPE:
        return PIECE_BYTES
    return small + LIMIT_BYTES if request.content_type == "multipart/form-data" else small


def _limit(request: HttpRequest) -> int:
    """A provider that calls back is a program like one with a key: it has many orders to report from one address."""
    is_program = request.actor is not None or request.path_info.startswith(CALLBACKS)
    return settings.API_RATE_PER_MINUTE if is_program else settings.API_ANONYMOUS_RATE_PER_MINUTE


def _subject(request: HttpRequest) -> uuid.UUID:
    """Who is counted: the key, else the account, else the address, which is kept as a keyed hash."""
    if request.api_key is not None:
        return request.api_key.pk
    if request.actor is not None and request.actor.id is not None:
        return request.actor.id
    return uuid.UUID(bytes=blind_index("address", request.META.get("REMOTE_ADDR", ""))[:16])
