"""Closed unless opened: the exact list of what the public may ask for."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from jike.accounts.access import access_rule, is_public
from jike.accounts.models import User
from tests.accounts.signing_in import sign_in
from tests.web.walking import routes as all_routes

SAMPLES = {"number": "TS20260928-00001", "uuid": "019e0000-0000-7000-8000-000000000000", "int": "1"}

PUBLIC = {
    "healthz",
    "readyz",
    "staff:sign_in",
    "staff:language",
    "portal:home",
    "portal:language",
    "portal:large_text",
    "portal:verify",
    "portal:complain",
    "portal:complain_you",
    "portal:complain_code",
    "portal:complain_again",
    "portal:complain_check",
    "portal:complain_send",
    "portal:complain_receipt",
    "portal:complain_discard",
    "portal:complain_question",
    "portal:complain_papers",
    "portal:complain_upload",
    "portal:complain_upload_new",
    "portal:complain_paper_remove",
    "portal:complain_paper_picture",
    "portal:complain_loan",
    "portal:complain_same",
    "portal:complain_added",
    "portal:complain_save",
    "portal:complain_resume",
    "portal:complain_resume_phone",
    "portal:complain_resume_code",
    "portal:track",
    "portal:track_code",
    "portal:track_again",
    "portal:sign_out",
    "portal:case",
    "portal:case_message",
    "portal:case_after",
    "portal:case_withdraw",
    "portal:case_letter",
    "portal:case_copies",
    "portal:case_copy",
    "portal:case_papers",
    "portal:case_upload",
    "portal:case_upload_new",
    "portal:case_picture",
    "portal:case_asked",
    "portal:case_asked_all",
    "portal:case_seen",
    "portal:track_lost",
    "portal:track_lost_code",
    "portal:track_lost_done",
    "portal:case_phone",
    "portal:case_phone_code",
    "portal:case_phone_again",
    *(f"portal:mediation_{page}" for page in ("act", "copy", "files", "longer", "offer", "sign", "paper")),
    *(
        f"portal:merchant_{page}"
        for page in (
            "home",
            "code",
            "copy",
            "enter",
            "files",
            "longer",
            "people",
            "people_end",
            "cases",
            "renew",
            "act",
            "offer",
            "sign",
            "paper",
            "sign_out",
        )
    ),
    "portal:litigation_act",
    "portal:litigation_own_paper",
    "portal:police_statement",
    "portal:police_statement_code",
    "portal:police_statement_again",
    "portal:police_withdraw",
    *(
        f"portal:recording{page}"
        for page in ("", "_code", "_enter", "_consent", "_parts", "_part", "_marks", "_finish")
    ),
    *(f"portal:own_recordings{page}" for page in ("", "_start", "_code", "_sign_out")),
    "portal:return",
    "portal:return_code",
    "portal:return_again",
    "portal:return_loans",
    "portal:return_loan",
    "portal:return_contest",
    "portal:return_certificate",
    *(f"portal:cost_form{page}" for page in ("", "_code", "_enter", "_confirm", "_paper")),
    "portal:demo",
    "api:schema",
    "api:docs",
    "api:callback",
}


def test_public_views_are_exactly_these() -> None:
    assert {route.name for route in all_routes() if is_public(route.view)} == PUBLIC


def test_nothing_outside_the_workbench_is_left_unmarked() -> None:
    """An unmarked view there answers 404 to everybody: that would be a page nobody can reach."""
    unmarked = [r for r in all_routes() if not is_public(r.view) and not access_rule(r.view)]
    assert [r.pattern for r in unmarked if not r.pattern.startswith("staff/")] == []


def test_endpoints_for_programs_lie_below_the_api_and_ask_for_a_key() -> None:
    found = {r.pattern: access_rule(r.view) for r in all_routes() if access_rule(r.view)}

    assert [pattern for pattern in found if not pattern.startswith("api/v1/")] == []
    assert {rule.partition(":")[0] for rule in found.values()} == {"key or staff"}


def test_every_route_has_a_name_of_its_own() -> None:
    names = [route.name for route in all_routes()]

    assert sorted(names) == sorted(set(names))
    assert "" not in names


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/closed/", "/m/closed/", "/api/v1/closed/"])
def test_unmarked_view_outside_the_workbench_is_closed(client: Client, routes: None, path: str) -> None:
    response = client.get(path)

    assert response.status_code == 404
    assert b"secret" not in response.content


def test_workbench_opens_for_staff_only(client: Client, routes: None, user: User) -> None:
    assert client.get("/staff/closed/").headers["Location"] == "/staff/sign-in/?next=/staff/closed/"
    assert client.post("/staff/closed/").headers["Location"] == "/staff/sign-in/?next=/staff/"

    sign_in(client, user)

    assert client.get("/staff/closed/").content == b"secret"


def test_staff_session_opens_no_unmarked_view_elsewhere(client: Client, routes: None, user: User) -> None:
    sign_in(client, user)

    assert client.get("/closed/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    "route", [r for r in all_routes() if r.pattern.startswith("staff/") and not is_public(r.view)], ids=lambda r: r.name
)
def test_every_workbench_route_sends_strangers_to_sign_in(client: Client, route: object) -> None:
    path = "/" + re.sub(r"<(\w+):\w+>", lambda found: SAMPLES.get(found[1], "x"), route.pattern)  # type: ignore[attr-defined]

    for method in (client.get, client.post):
        response = method(path)
        assert (response.status_code, response.headers.get("Location", "").split("?")[0]) == (302, "/staff/sign-in/")
