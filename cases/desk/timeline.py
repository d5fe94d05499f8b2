"""How a person looks at a timeline: which categories, which end first; and what an event changed, field by field."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases import headings
from cases.models import Event
from jike.base.dates import CST
from jike.base.errors import Text
from lending.queries import merchant_with

ORDER_COOKIE = "jike_timeline"
ORDER_SECONDS = 365 * 24 * 3600
CATEGORIES = (
    ("milestone", pgettext_lazy("timeline", "Milestones")),
    ("message", pgettext_lazy("timeline", "Messages and notes")),
    ("clock", pgettext_lazy("timeline", "Clocks")),
    ("document", pgettext_lazy("timeline", "Documents")),
    ("money", pgettext_lazy("timeline", "Money")),
    ("access", pgettext_lazy("timeline", "Access")),
    ("system", pgettext_lazy("timeline", "System")),
)


@dataclass(frozen=True, slots=True)
class Toggle:
    """One category as a switch: the address with it switched over, and whether it is shown now."""

    code: str
    label: Text
    address: str
    is_on: bool


@dataclass(frozen=True, slots=True)
class Change:
    """One field an event changed, before and after, in words."""

    label: Text
    before: Text
    after: Text


@dataclass(frozen=True, slots=True)
class View:
    """What of the timeline is hidden and which end comes first; `origin` is the list the case was opened from."""

    hidden: frozenset[str] = frozenset()
    oldest_first: bool = False
    origin: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, request: HttpRequest) -> View:
        """From the address; the order also from the browser, which keeps what was last chosen."""
        codes = {code for code, _label in CATEGORIES}
        first = request.GET.get("first") or request.COOKIES.get(ORDER_COOKIE, "")
        origin = tuple((name, request.GET[name]) for name in ("in", "q", "order") if name in request.GET)
        return cls(codes & set(request.GET.get("hide", "").split(",")), first == "oldest", origin)

    def shown(self, events: list[Event]) -> list[Event]:
        return [event for event in events if event.category not in self.hidden]

    def toggles(self, events: list[Event]) -> list[Toggle]:
        present = {event.category for event in events}
        return [
            Toggle(code, label, self._address(hidden=self.hidden ^ {code}), code not in self.hidden)
            for code, label in CATEGORIES
            if code in present
        ]

    @property
    def everything(self) -> str:
        return self._address(hidden=frozenset())

    @property
    def turned(self) -> str:
        return self._address(hidden=self.hidden, first="newest" if self.oldest_first else "oldest")

    def _address(self, *, hidden: frozenset[str], first: str = "") -> str:
        told = [*self.origin, ("hide", ",".join(sorted(hidden))), ("first", first)]
        return f"?{urlencode([(name, value) for name, value in told if value])}#timeline-title"


def remember_order(answer: HttpResponse, request: HttpRequest) -> HttpResponse:
    """The browser keeps the order that was just chosen."""
    if (first := request.GET.get("first")) in ("oldest", "newest"):
        answer.set_cookie(
            ORDER_COOKIE,
            first,
            ORDER_SECONDS,
            path="/staff/",
            samesite="Lax",
            httponly=True,
            secure=request.is_secure(),
        )
    return answer


def _heading(code: str) -> str:
    return headings.label_of(code) if code else "—"


def _moment(text: str) -> str:
    return datetime.fromisoformat(text).astimezone(CST).strftime("%Y-%m-%d %H:%M") if text else "—"


def _as_it_is(text: str) -> str:
    return text or "—"


def _merchant(uscc: str) -> str:
    known = merchant_with(uscc) if uscc else None
    return known.name if known else uscc or "—"


def _sealed(code: str) -> Text:
    """Words that lie sealed: the event says only that they are others now."""
    return _("changed") if code == "changed" else "•••" if code else "—"


# What an event says as `was_<name>` and `<name>`.
FIELDS: dict[str, tuple[Text, Callable[[str], Text]]] = {
    "business": (_("Business"), _heading),
    "cause": (_("Primary cause"), _heading),
    "received": (_("Received"), _moment),
    "due": (_("Last day"), _moment),
    "amount": (_("Amount"), _as_it_is),
    "merchant": (_("Merchant"), _merchant),
    "named": (_("Merchant, as the consumer named it"), _sealed),
}


def changes_of(event: Event) -> list[Change]:
    """The fields this event changed. What it only set for the first time counts as well; what stayed the same does not."""
    data: dict[str, Any] = event.data
    found = []
    for name, (label, words) in FIELDS.items():
        if f"was_{name}" in data and data[f"was_{name}"] != data.get(name):
            found.append(Change(label, words(data[f"was_{name}"] or ""), words(data.get(name) or "")))
    return found
