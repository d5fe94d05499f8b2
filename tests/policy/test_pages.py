"""The policy pages: read by those who may, a draft through to approval, nothing for the others."""

from __future__ import annotations

import pytest
from django.test import Client

from cases.policy.models import PolicyVersion
from jike.base.dates import cst_date
from jike.base.dates import now as current_instant
from tests.accounts.signing_in import sign_in
from tests.people import Cast, staff

SHELVES = ("reply", "clock", "calendar")


def test_a_reply_text_from_draft_to_approval(client: Client, cast: Cast) -> None:
    sign_in(client, cast.supervisor.user)
    words = {
        "code": "hello",
        "title": "问候",
        "content": "{姓名}您好，案件{案件编号}。",
        "effective_from": str(cst_date(current_instant())),
    }
    made = client.post("/staff/policy/reply/new/", words)
    policy = PolicyVersion.objects.get()
    assert made.status_code == 302
    assert client.post(f"/staff/policy/version/{policy.pk}/propose/").status_code == 302

    sign_in(client, staff("secadmin", "security_admin", unit=cast.unit).user)
    page = client.get(f"/staff/policy/version/{policy.pk}/approve/")
    form = page.context["form"].initial["content_sha256"]
    assert client.post(f"/staff/policy/version/{policy.pk}/approve/", {"content_sha256": form}).status_code == 302

    policy.refresh_from_db()
    assert policy.state == "approved"
    assert "问候" in client.get("/staff/policy/").content.decode()


@pytest.mark.parametrize("subject", SHELVES)
def test_each_shelf_shows_what_is_in_force(client: Client, cast: Cast, subject: str) -> None:
    sign_in(client, cast.supervisor.user)

    page = client.get(f"/staff/policy/{subject}/")

    assert page.status_code == 200
    assert subject == "reply" or page.context["places"]


@pytest.mark.parametrize(("subject", "code"), [("clock", "CMP15"), ("calendar", "2026")])
def test_a_new_version_begins_with_the_words_in_force(client: Client, cast: Cast, subject: str, code: str) -> None:
    sign_in(client, cast.supervisor.user)

    page = client.get(f"/staff/policy/{subject}/{code}/new/")

    assert len(page.context["form"].initial["content"]) > 100


def test_a_bad_form_keeps_what_was_typed(client: Client, cast: Cast) -> None:
    sign_in(client, cast.supervisor.user)

    page = client.post(
        "/staff/policy/reply/new/", {"code": "两个 字", "title": "题", "content": "写了很久", "effective_from": "x"}
    )

    assert page.status_code == 400
    assert "写了很久" in page.content.decode()


def test_handlers_find_no_policy_pages(client: Client, cast: Cast) -> None:
    sign_in(client, cast.handler.user)

    for path in ("/staff/policy/", "/staff/policy/clock/", "/staff/policy/reply/new/"):
        assert client.get(path).status_code == 404
    assert client.post("/staff/policy/export/").status_code == 404


def test_policy_in_force_is_exported_as_yaml(client: Client, cast: Cast) -> None:
    sign_in(client, cast.supervisor.user)

    answer = client.post("/staff/policy/export/")

    assert answer.headers["Content-Type"].startswith("application/yaml")
    assert answer.content.startswith(b"policy:")
