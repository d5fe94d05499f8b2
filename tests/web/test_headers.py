"""Headers on every answer of every route."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from jike.accounts.models import User
from tests.accounts.signing_in import sign_in
from tests.web.walking import Route
from tests.web.walking import routes as all_routes

SAMPLES = {
    "number": "TS20260928-00001",
    "uuid": "019e0000-0000-7000-8000-000000000000",
    "slug": "x",
    "str": "x",
    "int": "1",
}
EXPECTED = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def check(response: Any) -> None:
    assert {name: response.headers.get(name) for name in EXPECTED} == EXPECTED
    policy = dict(part.split(" ", 1) for part in response.headers["Content-Security-Policy"].split("; "))
    assert (policy["default-src"], policy["frame-ancestors"], policy["form-action"]) == ("'self'", "'none'", "'self'")
    assert policy["img-src"] == "'self' data:"
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert {"geolocation=()", "camera=()", "microphone=()"} <= set(response.headers["Permissions-Policy"].split(", "))


@pytest.mark.parametrize("route", all_routes(), ids=lambda route: route.name)
def test_every_route_answers_with_the_headers(client: Client, user: User, route: Route) -> None:
    path = "/" + re.sub(r"<(\w+):\w+>", lambda match: SAMPLES[match[1]], route.pattern)

    check(client.get(path))
    check(client.post(path))
    sign_in(client, user)
    check(client.get(path))


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/nowhere/", "/staff/nowhere/", "/static/nowhere.css", "/refuse/"])
def test_errors_carry_them_too(client: Client, routes: None, path: str) -> None:
    check(client.get(path))


@pytest.mark.django_db
def test_failed_token_check_carries_them(routes: None) -> None:
    response = Client(enforce_csrf_checks=True).post("/remember/", {"word": "x"})

    assert response.status_code == 403
    assert "web/csrf_failed.html" in [t.name for t in response.templates]
    check(response)


@pytest.mark.django_db
def test_fault_shows_the_fixed_page_and_no_detail(routes: None) -> None:
    response = Client(raise_request_exception=False).get("/fail/")

    assert response.status_code == 500
    assert "系统暂时出错" in response.content.decode()
    assert "13800138000" not in response.content.decode()
    check(response)


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["evil.example", "testserver@evil.example", "testserver.evil.example"])
def test_foreign_host_is_refused_and_never_repeated(client: Client, host: str) -> None:
    response = client.get("/staff/", headers={"Host": host, "X-Forwarded-Host": host})

    assert response.status_code == 400
    assert "evil.example" not in response.content.decode() + str(response.headers)


@pytest.mark.django_db
def test_forwarded_host_is_ignored(client: Client) -> None:
    response = client.get("/staff/", headers={"X-Forwarded-Host": "evil.example"})

    assert response.headers["Location"] == "/staff/sign-in/?next=/staff/"
