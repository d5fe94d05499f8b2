"""Who asks, as REST framework sees it: the key the middleware found, or the session of a signed-in member of staff."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from jike.accounts.spaces import STAFF
from jike.web.csrf import SpaceCsrfMiddleware


class KeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer jk_…`. A header that is no living key never falls back to a session."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        if request.api_key is not None:
            return request.api_key.owner, request.api_key
        if "Authorization" in request.headers:
            raise AuthenticationFailed
        return None

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class _Check(SpaceCsrfMiddleware):
    def _reject(self, request: HttpRequest, reason: str) -> Any:
        return reason


def _looks(request: HttpRequest) -> HttpResponse:
    """A view without an exemption: what the check is asked about."""
    return HttpResponse()


class SessionAuthentication(BaseAuthentication):
    """The workbench's session, which must prove that no other site sent the request. Its cookie is only sent by who means it."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        user = request._request.user
        if request.actor is None or not user.is_active:
            return None
        check = _Check(_looks)
        check.process_request(request._request)
        if check.process_view(request._request, _looks, (), {}):
            raise PermissionDenied(code="csrf.failed")
        return user, None


class KeyScheme(OpenApiAuthenticationExtension):
    target_class = KeyAuthentication
    name = "key"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "jk_prefix_secret"}


class SessionScheme(OpenApiAuthenticationExtension):
    target_class = SessionAuthentication
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": STAFF.session_cookie}
