"""Closed unless opened: the workbench asks for a signed-in member of staff, everything else for a mark."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from jike.accounts.access import access_rule, is_public
from jike.accounts.roles import actor_of
from jike.accounts.spaces import STAFF, space_of
from jike.base import htmx

logger = logging.getLogger(__name__)


class StaffLoginMiddleware:
    """Set `request.actor` (a staff `Actor`, or None) and turn away whoever may not pass."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        in_staff = space_of(request.path_info) is STAFF
        request.actor = actor_of(request.user) if in_staff and request.user.is_authenticated else None
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if is_public(view) or access_rule(view) or request.actor is not None:
            return None
        if not request.path_info.startswith(STAFF.path):
            logger.error("access.closed_view %s", request.resolver_match.route if request.resolver_match else "")
            raise Http404
        return _to_sign_in(request)


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    if htmx.asks(request):
        return htmx.go_to(reverse("staff:sign_in"))
    return redirect_to_login(request.get_full_path() if request.method == "GET" else STAFF.path)
