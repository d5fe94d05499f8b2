"""No log line holds the token of a link, also not that of a request that failed."""

from __future__ import annotations

import logging
import re

import pytest
from django.conf import settings

from jike.web.logs import WithoutLinks
from tests.web.walking import routes

TOKEN = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (f"Internal Server Error: /m/{TOKEN}/offer/", "Internal Server Error: /m/***/offer/"),
        (f"Internal Server Error: /recording/{TOKEN}/marks/", "Internal Server Error: /recording/***/marks/"),
        (f'"GET /complain/resume/{TOKEN}/ HTTP/1.1" 500', '"GET /complain/resume/***/ HTTP/1.1" 500'),
        ("Internal Server Error: /complain/resume/code/", "Internal Server Error: /complain/resume/code/"),
        (
            "Internal Server Error: /staff/cases/TS20260928-00001/",
            "Internal Server Error: /staff/cases/TS20260928-00001/",
        ),
    ],
)
def test_a_line_keeps_everything_but_the_token(said: str, kept: str) -> None:
    path = said.split(": ")[-1]
    record = logging.LogRecord("django.request", logging.ERROR, "x", 1, "%s%s", (said[: -len(path)], path), None)

    assert WithoutLinks().filter(record) and record.getMessage() == kept


def test_the_token_of_every_link_that_opens_something_is_hidden() -> None:
    opened = [route for route in routes() if re.search(r"<\w+:(token|link)>", route.pattern)]
    assert {route.pattern.split("/<")[0] for route in opened} >= {"m", "recording", "loan-cost", "complain/resume"}

    for route in opened:
        address = "/" + re.sub(r"<\w+:\w+>", TOKEN, route.pattern, count=1)
        record = logging.LogRecord("django.request", logging.ERROR, "x", 1, "Not Found: %s", (address,), None)
        WithoutLinks().filter(record)
        assert TOKEN not in record.getMessage(), route.name


def test_every_handler_of_the_settings_has_the_filter() -> None:
    assert all("links" in handler["filters"] for handler in settings.LOGGING["handlers"].values())
