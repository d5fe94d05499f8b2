"""Pages that belong to no domain: the portal's front door, health, and errors."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_safe

from jike.accounts.access import public
from jike.web import health


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/home.html")


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
    page = (settings.BASE_DIR / "templates" / "500.html").read_text(encoding="utf-8")
    return HttpResponse(page, status=500)


def _error(request: HttpRequest, status: int) -> HttpResponse:
    return render(request, f"web/{status}.html", status=status)
