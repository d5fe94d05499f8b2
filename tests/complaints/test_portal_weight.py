"""The first load of every page of the portal: small enough for an old phone and a slow line, and nothing from elsewhere.

Measured as it travels: the page with its styles, scripts, icons, and whatever fonts and pictures the styles name, each compressed.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from jike.base.dates import pinned
from tests.complaints.portal_walk import LATER, enter, file
from tests.factories import complaints as factory
from tests.people import Cast

LIMIT_BYTES = 100_000
OPEN_TO_ALL = (
    "/",
    "/complain/",
    "/track/",
    "/track/lost/",
    "/track/lost/done/",
    "/verify/",
    "/complain/resume/2222-2222-2222-2222/",
)
OF_A_CASE = ("", "papers/", "asked/", "seen/", "withdraw/", "phone/", "after/facts/", "after/agent/", "after/recusal/")
TOLD = ("", "after/accept/", "after/contest/", "after/survey/", "after/review/")


def linked_by(page: str) -> set[str]:
    """The files a page loads: those it names, and those their styles name."""
    named = set(re.findall(r'(?:src|href)="/static/([^"#]+)', page))
    for style in [name for name in named if name.endswith(".css")]:
        text = Path(finders.find(style)).read_text(encoding="utf-8")
        for inner in re.findall(r"""url\(["']?(?!data:)([^"')#]+)""", text):
            named.add(posixpath.normpath(posixpath.join(posixpath.dirname(style), inner)))
    return named


def check(client: Client, path: str) -> None:
    with pinned(LATER):
        answer = client.get(path)
    assert answer.status_code == 200, path
    page, linked = answer.content, linked_by(answer.content.decode())
    assert len(linked) > 5
    files = [Path(finders.find(name)).read_bytes() for name in linked]
    assert sum(len(brotli.compress(content)) for content in [page, *files]) < LIMIT_BYTES, path
    assert not re.findall(r'(?:src|href|action)="(?:https?:)?//', page.decode())


@pytest.mark.usefixtures("cast")
@pytest.mark.parametrize("path", OPEN_TO_ALL)
def test_the_first_load_is_light_and_local(client: Client, path: str) -> None:
    check(client, path)


def test_the_pictures_that_styles_name_are_weighed(client: Client, cast: Cast) -> None:
    assert "img/hero.svg" in linked_by(client.get("/").content.decode())


def test_the_pages_of_an_open_case_are_light(client: Client, cast: Cast) -> None:
    case = factory.supplementing(factory.complaint(cast, at="claimed", now=LATER), cast, LATER)
    enter(client, case)
    for path in OF_A_CASE:
        check(client, f"/track/{case.number}/{path}")


def test_the_pages_after_a_decision_are_light(client: Client, cast: Cast) -> None:
    case = factory.of_branch(cast, at="notified")
    enter(client, case)
    for path in TOLD:
        check(client, f"/track/{case.number}/{path}")


def test_the_receipt_is_light(client: Client, cast: Cast) -> None:
    file(client, at=LATER)
    check(client, "/complain/receipt/")
