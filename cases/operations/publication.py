"""Are the channels of complaint published where they must be: on the portal, in the app, in the contract. Source: O2020-3 art 8."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from jike.base.errors import Text
from jike.web.institution import institution

PARTS: dict[str, Text] = {
    "phone": _("telephone"),
    "address": _("address"),
    "online": _("e-mail or website"),
    "process": _("how a complaint is handled"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere the channels must stand. `read` gives its text as the consumer meets it."""

    code: str
    label: Text
    read: Callable[[], str]


def _portal() -> str:
    """The part of the first page that says it. It uses no static file: checks run before those are collected."""
    with override("zh-hans"):
        return render_to_string("portal/_channels.html", {"institution": institution()})


def _app() -> str:
    return (settings.BASE_DIR / "config" / "app_channels.yaml").read_text(encoding="utf-8")


def contract_clause() -> str:
    """The clause every contract carries, with the channels of today."""
    words = {"institution": institution(), "site": settings.PUBLIC_BASE_URL}
    return render_to_string("lending/contract_clause.2026-11.txt", words).strip()


PLACES = (
    Place("portal", _("portal"), _portal),
    Place("app", _("app"), _app),
    Place("contract", _("contract"), contract_clause),
)


def missing() -> dict[str, list[str]]:
    """Place -> the parts that do not stand there, for the places that lack one. What the house has not written down lacks everywhere."""
    found = {place.code: _lacking(place.read()) for place in PLACES}
    return {code: parts for code, parts in found.items() if parts}


def _lacking(text: str) -> list[str]:
    house = institution()
    wanted = {
        "phone": [house.hotline],
        "address": [house.address],
        "online": [house.email, settings.PUBLIC_BASE_URL],
        "process": [house.process],
    }
    return [part for part, words in wanted.items() if not any(word.strip() and word in text for word in words)]
