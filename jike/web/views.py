"""Pages that belong to no domain: the portal's front door, health, and errors."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from jike.accounts.access import public
from jike.web import health
from jike.web.context import LARGE_COOKIE
from jike.web.problems import MEDIA_TYPE, is_for_programs, not_found_body, problem


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/home.html")


@public
@require_POST
def large_text(request: HttpRequest) -> HttpResponse:
    """Switch the portal's large text on or off, in this browser, for a year, and go back to the page."""
    target = request.POST.get("next", "/")
    is_own = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    response = redirect(target if is_own else "/")
    wanted = "yes" if request.POST.get("large") == "yes" else "no"
    response.set_cookie(
        LARGE_COOKIE, wanted, max_age=365 * 86_400, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
    )
    return response


@public
@require_GET
def healthz(request: HttpRequest) -> JsonResponse:
    """The process is up. Asks nothing of anybody else."""
    return JsonResponse({"status": "ok"})


@public
@require_GET
def readyz(request: HttpRequest) -> JsonResponse:
    """Whether requests can be served: each part with its answer, 503 when one that is needed is missing."""
    parts = health.parts()
    is_ready = all(part.is_well or not part.is_needed for part in parts)
    body = {"status": "ok" if is_ready else "unready", "checks": {part.name: part.answer for part in parts}}
    return JsonResponse(body, status=200 if is_ready else 503)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "web/csrf_failed.html", status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Last resort: a fixed page that needs neither database nor session nor translation."""
    if is_for_programs(request):
        body = {"type": "about:blank", "title": "Server error", "status": 500, "code": "server_error", "blockers": []}
        return JsonResponse(body, status=500, content_type=MEDIA_TYPE)
    page = (settings.BASE_DIR / "templates" / "500.html").read_text(encoding="utf-8")
    return HttpResponse(page, status=500)


def _error(request: HttpRequest, status: int) -> HttpResponse:
    if is_for_programs(request):
        if status == 404:
            return JsonResponse(not_found_body(), status=404, content_type=MEDIA_TYPE)
        return problem(status, "request.refused", _("The request could not be understood."))
    return render(request, f"web/{status}.html", status=status)
