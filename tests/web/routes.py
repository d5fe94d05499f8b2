"""Routes of the tests: one view for each thing the shells must do."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import include, path

from jike.accounts.access import public
from jike.accounts.models import Unit
from jike.accounts.urls import urlpatterns as staff_routes
from jike.base.errors import Blocker, Refused
from jike.web import views
from jike.web.urls import urlpatterns as portal_routes


def remember(request: HttpRequest) -> JsonResponse:
    """Write to the session on POST; tell what it holds."""
    if request.method == "POST":
        request.session["word"] = request.POST["word"]
    return JsonResponse(
        {"word": request.session.get("word"), "user": str(request.user), "actor": request.actor and request.actor.label}
    )


def write(request: HttpRequest) -> HttpResponse:
    Unit.objects.create(code="X", name="X", level="branch")
    return HttpResponse("written")


def write_inside_with(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("WITH gone AS (DELETE FROM accounts_unit RETURNING id) SELECT count(*) FROM gone")
    return HttpResponse("written")


def refuse(request: HttpRequest, number: str = "") -> HttpResponse:
    Unit.objects.update(name="changed") if request.method == "POST" else None
    blockers = [
        Blocker("case.not_decided", "The case has no decision yet.", "O2020-3 art 18"),
        Blocker("notice.no_proof", "There is no <proof> of sending.", "O2020-3 art 21"),
    ]
    if request.GET.get("who"):
        blockers.append(Blocker("actor.no_power", "Your role may not record notices."))
    raise Refused(blockers, verb="complaints.notify")


def fail(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a fault with 13800138000 in it")


def closed(request: HttpRequest) -> HttpResponse:
    return HttpResponse("secret")


STAFF = [
    path("remember/", lambda request: remember(request)),
    path("closed/", closed),
    path("cases/<number>/refuse/", lambda request, number: refuse(request, number), name="refuse"),
]
PORTAL = [
    path("remember/", public(remember)),
    path("m/remember/", public(remember)),
    path("write/", public(write)),
    path("write-inside/", public(write_inside_with)),
    path("refuse/", public(refuse)),
    path("api/v1/refuse/", public(refuse)),
    path("fail/", public(fail)),
    path("closed/", closed),
    path("m/closed/", closed),
    path("api/v1/closed/", closed),
]
urlpatterns = [
    path("staff/", include(([*STAFF, *staff_routes], "staff"))),
    path("", include(([*PORTAL, *portal_routes], "portal"))),
]
handler400 = views.bad_request
handler404 = views.not_found
handler500 = views.server_error
