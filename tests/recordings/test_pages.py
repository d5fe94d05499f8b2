"""The pages of recordings over HTTP: who gets in, what is played to whom, and what is never shown."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from jike.accounts.models import Unit
from jike.base.dates import now, pinned
from jike.outbox import jobs
from jike.outbox.models import DemoMessage
from jike.privacy import open_sealed
from lending.models import Recording, RecordingLook, Script
from lending.recordings import links
from tests.accounts.signing_in import sign_in
from tests.factories import recordings as factory
from tests.people import staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _transcriber(settings: Any) -> None:
    settings.TRANSCRIPT_URL, settings.DEMO = "pretend:", True


def code() -> str:
    factory.work(now())

    jobs.run_due()
    rows = DemoMessage.objects.filter(key__startswith="accounts.code").order_by("-created_at")
    return "".join(c for c in open_sealed(rows[0], "text") if c.isdigit())[:6]


def borrower_at(client: Client, row: Recording) -> str:
    """The browser of the borrower, after link and code."""
    home = f"/recording/{links.token_of(row)}/"
    client.post(f"{home}code/")
    assert client.post(f"{home}enter/", {"code": code()}).status_code == 302
    return home


def test_a_link_alone_shows_nothing_and_opens_no_microphone(client: Client) -> None:
    row = factory.scheduled(now=now())
    home = f"/recording/{links.token_of(row)}/"

    page = client.get(home)
    assert page.status_code == 200
    assert row.contract.merchant.name not in page.content.decode() and "12,000" not in page.content.decode()
    assert client.post(f"{home}consent/", {"choice": "face_and_voice"}).status_code == 302
    asked = client.post(f"{home}parts/", {}, content_type="application/json", headers={"Accept": "application/json"})
    assert asked.status_code == 403
    assert Recording.objects.get().state == "scheduled"
    assert client.get("/recording/0123456789abcdef0123456789abcdef/").status_code == 404
    assert "microphone=()" in page.headers["Permissions-Policy"]


def test_who_declines_sees_the_other_way(client: Client) -> None:
    row = factory.scheduled(now=now())
    home = borrower_at(client, row)

    nothing = client.post(f"{home}consent/", {"choice": "", "text_sha256": row.script.text_sha256})
    assert nothing.status_code == 400
    client.post(f"{home}consent/", {"choice": "declined", "text_sha256": row.script.text_sha256})
    shown = client.get("/my/recordings/").content.decode()
    assert row.script.alternative_text in shown
    assert Recording.objects.get().failures == ["consent.declined"]
    assert client.get(home).status_code == 404


def test_only_the_page_that_records_may_ask_for_the_microphone(client: Client) -> None:
    row = factory.scheduled(now=now())
    home = borrower_at(client, row)
    assert "microphone=()" in client.get(home).headers["Permissions-Policy"]
    client.post(f"{home}consent/", {"choice": "face_and_voice", "text_sha256": row.script.text_sha256})

    page = client.get(home)
    assert "microphone=(self)" in page.headers["Permissions-Policy"]
    assert "geolocation=()" in page.headers["Permissions-Policy"]
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]


def test_a_name_that_is_not_known_is_not_told_apart(client: Client) -> None:
    factory.scheduled(now=now())

    for name, phone in (("王秀英", "13800138000"), ("李无名", "13700137000")):
        client.logout()
        answer = client.post("/my/recordings/start/", {"name": name, "phone": phone})
        assert (answer.status_code, answer.headers["Location"]) == (302, "/my/recordings/code/")
        assert "***" in client.get("/my/recordings/code/").content.decode()
    wrong = client.post("/my/recordings/code/", {"code": "000000"})
    assert wrong.status_code == 400 and client.get("/my/recordings/").status_code == 302


@pytest.mark.parametrize("body", [b"[", b"[]", b'{"size": "x"}', b'{"size": true}', b'{"size": 0}'])
def test_bad_bodies_are_answered_with_the_field(client: Client, body: bytes) -> None:
    row = factory.scheduled(now=now())
    home = borrower_at(client, row)
    client.post(f"{home}consent/", {"choice": "face_and_voice", "text_sha256": row.script.text_sha256})

    answer = client.generic("POST", f"{home}parts/", body, content_type="application/json")
    assert answer.status_code in (400, 409) and answer.json()["blockers"][0]["field"]
    answer = client.generic("POST", f"{home}marks/", body, content_type="application/json")
    assert answer.status_code == 400 and answer.json()["blockers"][0]["field"]


def test_it_plays_in_stretches_to_who_has_written_down_the_look(client: Client) -> None:
    row, who = factory.checked(student_hit=True), factory.people()
    film, content = f"/staff/recordings/{row.pk}/film/1/", factory.film()
    sign_in(client, who["anna"].user)

    assert client.get(film).status_code == 403
    assert client.post(f"/staff/recordings/{row.pk}/do/watch/", {"reason": ""}).status_code == 409
    client.post(f"/staff/recordings/{row.pk}/do/watch/", {"reason": "放款前质检"})
    assert RecordingLook.objects.count() == 1
    first = client.get(film, headers={"Range": "bytes=100-299"})
    assert (first.status_code, first.headers["Content-Range"]) == (206, f"bytes 100-299/{len(content)}")
    assert b"".join(first.streaming_content) == content[100:300]
    rest = client.get(film, headers={"Range": f"bytes={len(content) - 5}-"})
    assert b"".join(rest.streaming_content) == content[-5:]
    assert client.get(film, headers={"Range": f"bytes={len(content)}-"}).status_code == 416
    assert client.get(film, headers={"Sec-Fetch-Dest": "document"}).status_code == 403
    assert first.headers["Cache-Control"] == "no-store" and first.headers["Content-Disposition"] == "inline"
    assert client.get(f"/staff/recordings/{row.pk}/film/2/").status_code == 404

    sign_in(client, who["ben"].user)
    assert client.get(film).status_code == 403  # a look is one person's
    sign_in(client, staff("far", "supervisor", unit=Unit.objects.exclude(code="HQ-CP").order_by("code")[0]).user)
    assert client.get(film).status_code == 404


def test_a_look_ends_after_an_hour(client: Client) -> None:
    row, anna = factory.checked(student_hit=True), factory.people()["anna"]
    sign_in(client, anna.user)
    client.post(f"/staff/recordings/{row.pk}/do/watch/", {"reason": "放款前质检"})

    with pinned(now() + timedelta(minutes=61)):
        assert client.get(f"/staff/recordings/{row.pk}/film/1/").status_code == 403


def test_recorded_at_the_counter(client: Client) -> None:
    row, ben = factory.scheduled("counter", now=now()), factory.people()["ben"]
    sign_in(client, ben.user)
    counter = f"/staff/recordings/{row.pk}/counter/"

    assert row.script.consent_text in client.get(counter).content.decode()
    client.post(counter, {"choice": "face_and_voice", "text_sha256": row.script.text_sha256})
    page = client.get(counter)
    assert "microphone=(self)" in page.headers["Permissions-Policy"]
    assert Recording.objects.get(pk=row.pk).consent.given_to_id == ben.user.pk


def test_a_script_is_drafted_on_one_screen_and_approved_on_another(client: Client) -> None:
    factory.starter()
    who = factory.people()
    lines = "\n".join(f"{one['key']} | {one['kind']} | {one['text']}" for one in factory.SENTENCES)
    given = {
        "code": "JB-9", "effective_on": "2099-01-01", "sentences": lines, "consent_text": "同意？", "alternative_text": "到门店。",
    }  # fmt: skip
    sign_in(client, who["sue"].user)
    assert client.post("/staff/recordings/scripts/", given | {"sentences": "x"}).status_code == 400
    assert client.post("/staff/recordings/scripts/", given).status_code == 302
    draft = Script.objects.get(code="JB-9")
    approve = f"/staff/recordings/scripts/{draft.pk}/approve/"
    assert client.post(approve).status_code == 403

    sign_in(client, who["tom"].user)
    assert "JB-9" in client.get("/staff/recordings/scripts/").content.decode()
    assert client.post(approve).status_code == 302
    assert Script.objects.get(code="JB-9").approved_person == who["tom"].user.person
    sign_in(client, who["anna"].user)
    assert client.get("/staff/recordings/scripts/").status_code == 404
