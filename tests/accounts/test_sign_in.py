"""Signing in: lock-out, rotation, idle time, safe targets."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urljoin, urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jike.accounts.models import User
from tests.accounts.signing_in import sign_in

PASSWORD = "long enough to be safe"
SIGN_IN = "/staff/sign-in/"
HOME = "/staff/"


@pytest.fixture
def user(db: None) -> User:
    return User.objects.create_user("liming", password=PASSWORD, display_name="李明", staff_no="1", roles=["handler"])


def post(client: Client, password: str = PASSWORD, **more: str) -> int:
    return client.post(SIGN_IN, {"username": "liming", "password": password, **more}).status_code


def is_inside(client: Client) -> bool:
    return client.get(HOME).headers["Location"] == "/staff/queue/"


def test_right_password_opens_the_workbench(client: Client, user: User) -> None:
    assert not is_inside(client)

    assert post(client) == 302

    assert is_inside(client)


def test_wrong_password_says_one_thing_for_everybody(client: Client, user: User) -> None:
    wrong = client.post(SIGN_IN, {"username": "liming", "password": "wrong"}).content.decode()
    unknown = client.post(SIGN_IN, {"username": "nobody", "password": "wrong"}).content.decode()

    assert 'data-level="error"' in wrong
    assert (
        wrong.replace("liming", "").split("<main")[1].count("data-level")
        == unknown.split("<main")[1].count("data-level")
        == 1
    )


def test_five_failures_lock_the_account_for_fifteen_minutes(client: Client, user: User) -> None:
    answers = [post(client, "wrong") for _ in range(5)]
    locked = client.post(SIGN_IN, {"username": "liming", "password": PASSWORD})

    assert answers == [200, 200, 200, 200, 429]
    assert locked.status_code == 429
    assert "accounts/locked.html" in [t.name for t in locked.templates]
    assert not is_inside(client)


def test_lock_is_of_the_account_not_of_the_browser(user: User) -> None:
    for _ in range(5):
        post(Client(), "wrong")

    assert post(Client()) == 429


def test_lock_ends(client: Client, user: User) -> None:
    from axes.models import AccessAttempt, AccessAttemptExpiration

    for _ in range(5):
        post(client, "wrong")
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=15, seconds=1))
    AccessAttemptExpiration.objects.all().delete()

    assert post(client) == 302


def test_session_key_changes_at_sign_in_and_a_planted_one_is_not_taken(client: Client, user: User) -> None:
    client.cookies["jike_staff"] = planted = "s.abcdefghijklmnopqrstuvwxyz012345"

    post(client)
    first = client.cookies["jike_staff"].value
    post(client)

    assert first != planted
    assert client.cookies["jike_staff"].value != first
    assert Session.objects.filter(pk__in=[planted, first]).count() == 0


def test_sign_out_ends_the_session_on_the_server(client: Client, user: User) -> None:
    post(client)
    stolen = client.cookies["jike_staff"].value

    response = client.post("/staff/sign-out/")
    client.cookies["jike_staff"] = stolen

    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert not is_inside(client)


def test_sign_out_is_not_a_link(client: Client, user: User) -> None:
    sign_in(client, user)

    assert client.get("/staff/sign-out/").status_code == 405
    assert is_inside(client)


def test_idle_session_ends_after_fifteen_minutes(client: Client, user: User) -> None:
    sign_in(client, user)
    row = Session.objects.get()
    assert timedelta(minutes=14) < row.expire_date - timezone.now() <= timedelta(minutes=15)

    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))

    assert not is_inside(client)


def aged(minutes: float) -> None:
    """Make the only session as if its last activity was `minutes` ago."""
    from jike.web.sessions import SessionStore

    row = Session.objects.get()
    store = SessionStore(row.pk)
    store["touched"] = int(timezone.now().timestamp() - minutes * 60)
    store.save()
    Session.objects.update(expire_date=timezone.now() + timedelta(minutes=15 - minutes))


def test_activity_keeps_the_session_and_background_requests_do_not(client: Client, user: User) -> None:
    sign_in(client, user)
    aged(minutes=10)

    client.get(HOME, headers={"Jike-Background": "1"})
    after_background = Session.objects.get().expire_date - timezone.now()
    client.get(HOME)
    after_activity = Session.objects.get().expire_date - timezone.now()

    assert after_background < timedelta(minutes=5, seconds=1)
    assert after_activity > timedelta(minutes=14)


def test_session_is_written_at_most_once_a_minute(client: Client, user: User) -> None:
    sign_in(client, user)
    client.get(HOME)

    with CaptureQueriesContext(connection) as seen:
        client.get(HOME)
    aged(minutes=1)
    with CaptureQueriesContext(connection) as later:
        client.get(HOME)

    def writes(queries: CaptureQueriesContext) -> int:
        return sum("django_session" in query["sql"] and "UPDATE" in query["sql"] for query in queries)

    assert (writes(seen), writes(later)) == (0, 1)


def test_deactivated_user_is_out_at_once(client: Client, user: User) -> None:
    sign_in(client, user)
    assert is_inside(client)

    User.objects.update(is_active=False)

    assert not is_inside(client)


def test_new_password_ends_old_sessions(client: Client, user: User) -> None:
    sign_in(client, user)
    user.set_password("another long password")
    user.save()

    assert not is_inside(client)


BAD_TARGETS = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/staff/",
    "/\\evil.example/",
    "http:/staff/",
    "javascript:alert(1)",
    "/staff/\\\\evil.example\x00",
    "\t//evil.example/",
    "/",
    "/track/",
    "",
]


@pytest.mark.parametrize("target", BAD_TARGETS)
def test_sign_in_leads_to_no_other_place(client: Client, user: User, target: str) -> None:
    response = client.post(SIGN_IN, {"username": "liming", "password": PASSWORD, "next": target})

    where = urlsplit(urljoin("http://testserver/staff/sign-in/", response.headers["Location"].replace("\\", "/")))
    assert (where.netloc, where.path.startswith(HOME)) == ("testserver", True)


def test_sign_in_leads_back_to_the_page_that_was_asked_for(client: Client, user: User) -> None:
    asked = client.get("/staff/?after=abc")
    assert asked.headers["Location"] == "/staff/sign-in/?next=/staff/%3Fafter%3Dabc"

    response = client.post(SIGN_IN, {"username": "liming", "password": PASSWORD, "next": "/staff/?after=abc"})

    assert response.headers["Location"] == "/staff/?after=abc"


def test_htmx_is_sent_to_the_sign_in_page(client: Client, db: None) -> None:
    response = client.get(HOME, headers={"HX-Request": "true"})

    assert response.headers["HX-Redirect"] == SIGN_IN


def test_sign_in_asks_for_the_token(user: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert post(strict) == 403

    page = strict.get(SIGN_IN)
    token = page.context["csrf_token"]

    assert post(strict, csrfmiddlewaretoken=str(token)) == 302
