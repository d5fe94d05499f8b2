"""Cross-site request forgery protection with one cookie per space, so that a token of the portal opens nothing else."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware, _check_token_format
from django.utils.cache import patch_vary_headers

from jike.accounts.spaces import space_of


class SpaceCsrfMiddleware(CsrfViewMiddleware):
    """Django's check, reading and writing the cookie of the request's space. Sign-in forms are checked like any other."""

    def _get_secret(self, request: HttpRequest) -> str | None:
        secret = request.COOKIES.get(space_of(request.path_info).csrf_cookie)
        if secret is not None:
            _check_token_format(secret)
        return secret

    def _set_csrf_cookie(self, request: HttpRequest, response: HttpResponseBase) -> None:
        space = space_of(request.path_info)
        response.set_cookie(
            space.csrf_cookie,
            request.META["CSRF_COOKIE"],
            path=space.path,
            secure=settings.CSRF_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        patch_vary_headers(response, ("Cookie",))
