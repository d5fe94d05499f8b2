"""Three spaces, three cookies: a session of one is worth nothing in another."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.http import SimpleCookie
from django.test import Client
from django.utils import timezone

from jike.accounts.models import User
from jike.accounts.spaces import MERCHANT, PORTAL, STAFF, space_of
from tests.accounts.signing_in import sign_in

pytestmark = pytest.mark.usefixtures("routes", "db")

SPACES = {"/remember/": PORTAL, "/m/remember/": MERCHANT}


@pytest.mark.parametrize(
    ("path", "space"),
    [
        ("/", PORTAL),
        ("/staff", STAFF),
        ("/staff/queue/", STAFF),
        ("/staffing/", PORTAL),
        ("/m/abc/", MERCHANT),
        ("/my/", PORTAL),
        ("/api/v1/cases/", STAFF),
        ("/verify/", PORTAL),
    ],
)
def test_space_follows_the_path(path: str, space: object) -> None:
    assert space_of(path) is space


@pytest.mark.parametrize("path", SPACES)
def test_each_space_has_a_cookie_of_its_own(client: Client, path: str) -> None:
    space = SPACES[path]

    client.post(path, {"word": "hello"})

    cookie = client.cookies[space.session_cookie]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (space.path, True, "Lax", "")
    assert client.get(path).json()["word"] == "hello"
    assert {"sessionid", "csrftoken"} & set(client.cookies) == set()


def test_staff_cookie_stays_under_its_path(client: Client, user: User) -> None:
    client.post("/staff/sign-in/", {"username": "liming", "password": "long enough"})

    assert client.cookies["jike_staff"]["path"] == "/staff/"
    assert client.cookies["jike_staff_csrf"]["path"] == "/staff/"


def test_portal_session_opens_no_workbench(client: Client) -> None:
    client.post("/remember/", {"word": "hello"})
    client.cookies["jike_staff"] = client.cookies["jike_portal"].value

    response = client.get("/staff/remember/")

    assert response.status_code == 302
    assert Session.objects.count() == 1


def test_staff_session_is_unknown_to_portal_and_merchant_page(client: Client, user: User) -> None:
    sign_in(client, user)
    client.post("/staff/remember/", {"word": "inside"})
    key = client.cookies["jike_staff"].value
    assert client.get("/staff/remember/").json() == {"word": "inside", "user": "李明", "actor": "李明"}

    client.cookies = SimpleCookie({"jike_portal": key, "jike_merchant": key})

    for path in SPACES:
        assert client.get(path).json() == {"word": None, "user": "AnonymousUser", "actor": None}


@pytest.mark.parametrize("path", SPACES)
def test_staff_session_is_not_overwritten_from_outside(client: Client, user: User, path: str) -> None:
    sign_in(client, user)
    client.post("/staff/remember/", {"word": "inside"})
    key = client.cookies["jike_staff"].value
    client.cookies = SimpleCookie({"jike_portal": key, "jike_merchant": key})

    client.post(path, {"word": "planted"})

    assert client.cookies[SPACES[path].session_cookie].value != key
    client.cookies = SimpleCookie({"jike_staff": key})
    assert client.get("/staff/remember/").json()["word"] == "inside"


def test_portal_sees_no_actor_beside_a_staff_session(client: Client, user: User) -> None:
    sign_in(client, user)

    assert client.get("/remember/").json() == {"word": None, "user": "AnonymousUser", "actor": None}


def test_planted_session_key_is_not_taken(client: Client) -> None:
    client.cookies["jike_portal"] = planted = "p.abcdefghijklmnopqrstuvwxyz012345"

    client.post("/remember/", {"word": "hello"})

    assert client.cookies["jike_portal"].value != planted
    assert not Session.objects.filter(pk=planted).exists()


def test_portal_session_ends_after_thirty_idle_minutes(client: Client) -> None:
    client.post("/remember/", {"word": "hello"})
    row = Session.objects.get()
    assert timedelta(minutes=29) < row.expire_date - timezone.now() <= timedelta(minutes=30)

    Session.objects.update(expire_date=timezone.now())

    assert client.get("/remember/").json()["word"] is None


def test_looking_makes_no_session(client: Client) -> None:
    client.get("/")
    client.get("/remember/")

    assert not Session.objects.exists()
    assert "jike_portal" not in client.cookies


def test_token_of_one_space_is_no_good_in_another() -> None:
    client = Client(enforce_csrf_checks=True)
    token = str(client.get("/").context["csrf_token"])

    def status(path: str) -> int:
        return client.post(path, {"word": "x", "csrfmiddlewaretoken": token}).status_code

    assert status("/remember/") == 200
    assert status("/m/remember/") == 403
    assert status("/staff/sign-in/") == 403


def test_language_is_changed_by_post_in_every_space(client: Client) -> None:
    for path in ("/language/", "/staff/language/"):
        response = client.post(path, {"language": "en", "next": "/staff/sign-in/"})
        assert (response.status_code, response.headers["Location"], client.cookies["jike_language"].value) == (
            302,
            "/staff/sign-in/",
            "en",
        )

    assert 'lang="en"' in client.get("/").content.decode()
    assert client.post("/language/", {"language": "en", "next": "https://evil.example/"}).headers["Location"] == "/"
