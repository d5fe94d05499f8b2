"""Page or part, dates, downloads, and what the shells' files weigh."""

from __future__ import annotations

import gzip
import hashlib
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from jike.accounts.models import User
from jike.base.ids import uuid7
from jike.web.downloads import SensitiveDownload, safe_name
from jike.web.pages import short_date, wants_part
from tests.accounts.signing_in import sign_in

STATIC = Path(settings.BASE_DIR) / "static"
TEMPLATES = Path(settings.BASE_DIR) / "templates"


@pytest.mark.parametrize(
    ("headers", "answer"),
    [
        ({}, False),
        ({"HX-Request": "true"}, True),
        ({"HX-Request": "true", "HX-Boosted": "true"}, False),
        ({"HX-Request": "true", "HX-History-Restore-Request": "true"}, False),
    ],
)
def test_part_is_for_htmx_alone(headers: dict[str, str], answer: bool) -> None:
    assert wants_part(RequestFactory().get("/", headers=headers)) is answer


def test_short_date_is_in_shanghai_and_names_another_year() -> None:
    this_year = datetime.now(UTC).year

    assert short_date(datetime(this_year, 5, 6, 18, 30, tzinfo=UTC)) == "05-07 02:30"
    assert short_date(datetime(2019, 12, 31, 16, 0, tzinfo=UTC)) == "2020-01-01 00:00"
    assert short_date(None) == ""


def test_download_is_an_attachment_that_runs_nothing(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    subject = uuid7()

    response = SensitiveDownload(
        b"%PDF", media_type="application/pdf", name="答复函.pdf", subject=subject, purpose="case work"
    )

    assert response.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert f"download {subject} case_work" in caplog.text


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "etcpasswd"),
        ("合同\u202efdp.exe", "合同fdp.exe"),
        ("a\r\nSet-Cookie: x", "aSet-Cookie x"),
        ('x"; filename="y', "x; filename=y"),
        ("\u200b\u200b", "file"),
        ("..", "file"),
        ("字" * 240, "字" * 120),
    ],
)
def test_safe_name_hides_nothing(given: str, kept: str) -> None:
    assert safe_name(given) == kept


def test_vendored_files_are_those_listed() -> None:
    rows = re.findall(
        r"^\| (\S+) \|.*\| ([0-9a-f]{64}) \|$",
        (STATIC / "vendor" / "VENDORED.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )

    assert {name: hashlib.sha256((STATIC / "vendor" / name).read_bytes()).hexdigest() for name, _hash in rows} == dict(
        rows
    )
    assert {p.name for p in (STATIC / "vendor").iterdir()} == {"VENDORED.md", *(name for name, _hash in rows)}


def test_every_icon_asked_for_is_in_the_sprite() -> None:
    known = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "vendor" / "icons.svg").read_text(encoding="utf-8")))
    pages = "\n".join(p.read_text(encoding="utf-8") for p in TEMPLATES.rglob("*.html"))
    asked = set(re.findall(r'{% icon "([a-z0-9-]+)"', pages)) - {"danger-"}

    assert asked - known == set()
    assert {f"danger-{step}" for step in ("ok", "50", "75", "99", "100", "paused", "provisional", "none")} <= known


def test_danger_bar_says_it_three_times() -> None:
    html = render_to_string("_parts/danger.html", {"danger": {"step": "75", "percent": 80, "text": "剩3天"}})

    assert ('data-danger="75"' in html, "#danger-75" in html, "剩3天" in html, 'width="80"' in html) == (
        True,
        True,
        True,
        True,
    )


@pytest.mark.django_db
def test_portal_first_load_is_under_100_kb(client: Client) -> None:
    page = client.get("/").content
    names = set(re.findall(r'(?:href|src)="/static/([^"#]+)', page.decode()))
    weight = len(gzip.compress(page)) + sum(len(gzip.compress((STATIC / name).read_bytes())) for name in names)

    assert len(names) > 8
    assert weight < 100_000


@pytest.mark.django_db
def test_home_says_what_to_do_and_where_else_to_turn(client: Client) -> None:
    page = client.get("/").content.decode()

    assert [
        link in page for link in ('href="/complain/"', 'href="/track/"', 'href="tel:12378"', 'action="/language/"')
    ] == [True] * 4


def test_pages_load_nothing_from_elsewhere() -> None:
    pages = [p for p in TEMPLATES.rglob("*.html") if "letters" not in p.parts]
    found = [p.name for p in pages if re.search(r'(?:src|href|action)="(?:https?:)?//', p.read_text(encoding="utf-8"))]

    assert found == []


def test_staff_home_leads_to_the_queue(client: Client, user: User) -> None:
    sign_in(client, user)

    assert client.get("/staff/").headers["Location"] == "/staff/queue/"
