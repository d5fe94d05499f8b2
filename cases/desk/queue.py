"""One page of the queue: keyset paging over an index, fifty rows, everything preformatted for a template that only prints."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypedDict
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cases import headings
from cases.desk.danger import danger_of
from cases.kinds import kind_named, state_label
from cases.models import Case
from cases.queries import sight_by
from jike.base.actors import Actor
from jike.base.dates import CST
from jike.base.errors import Text
from jike.verbs import verb_named

PAGE_SIZE = 50
FLAGS: dict[str, Text] = {
    "mass": _("Mass event"),
    "vulnerable": _("Vulnerable"),
    "fraud": _("Fraud suspected"),
    "hold": _("On hold"),
    "major": _("Major"),
    "crime": _("Signs of a crime"),
    "leak": _("Leak of personal data"),
    "distress": _("Distress or self-harm"),
    "low_score": _("Low score"),
    "new_phone": _("New number asked for"),
    "contested": _("Decision contested"),
    "reopen_asked": _("Wants it reopened"),
    "post": _("Letters by post"),
}
_CHANNELS = dict(Case.Channel.choices)
COLUMNS = (
    "id", "kind", "number", "state", "consumer_mask", "merchant__name", "business_code", "cause_code", "amount_cny",
    "assignee_id", "assignee__display_name", "unit_id", "last_verb", "last_event_at", "received_at", "queue_at", "next_due_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Order:
    """An order of the queue that a cursor can hold on to: by the column `at`, then by key."""

    at: str
    down: bool

    @property
    def by(self) -> tuple[str, str]:
        return (f"-{self.at}", "-id") if self.down else (self.at, "id")

    def after(self, at: datetime, pk: UUID) -> Q:
        beyond, side = ("lte", "gte") if self.down else ("gte", "lte")
        return Q(**{f"{self.at}__{beyond}": at}) & ~(Q(**{self.at: at}) & Q(**{f"id__{side}": pk}))


_ANY_PLACE = (datetime.min.replace(tzinfo=UTC), UUID(int=1))  # stands in a composed statement for the place of a cursor
ORDERS = {"due": Order("queue_at", down=False), "new": Order("received_at", down=True)}


class Row(TypedDict, total=False):
    """One line of the queue, as printed. A dictionary of ready strings: fifty rows of attributes would cost twice the page."""

    pk: UUID
    number: str
    opens: bool
    in_full: bool
    state: str
    state_label: str
    kind_icon: str
    kind_label: str
    consumer: str
    merchant: str
    matter: str
    amount: str
    owner: str
    last_event: str
    last_at: str
    step: str
    dotted: bool
    percent: int
    left: str
    received: str
    channel: str
    unit: str
    flags: str
    found: str
    html: str


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[Row]
    next_cursor: str
    is_first: bool

    @property
    def body(self) -> SafeString:
        """The rows as they were drawn: templates escaped what is in them."""
        return SafeString("".join(row["html"] for row in self.rows))


def encode_cursor(queue_at: datetime, pk: UUID) -> str:
    return base64.urlsafe_b64encode(json.dumps([queue_at.isoformat(), str(pk)]).encode()).decode().rstrip("=")


def decode_cursor(text: str) -> tuple[datetime, UUID] | None:
    """The place a cursor points to, or None for one that nobody of ours wrote: the list then starts at its beginning."""
    try:
        at, pk = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return datetime.fromisoformat(at), UUID(pk)
    except (ValueError, TypeError):
        return None


def page_of(
    cases: QuerySet[Case],
    actor: Actor,
    *,
    cursor: str,
    now: datetime,
    order: str = "due",
    extra: tuple[str, ...] = (),
) -> Page:
    """Fifty cases after `cursor`; `opens` says whether `actor` may open the case. Two queries, whatever the page."""
    place = decode_cursor(cursor) if cursor else None
    way = ORDERS[order]
    found = _read(cases, order, (*COLUMNS, *extra), place)
    rows = found[:PAGE_SIZE]
    more = len(found) > PAGE_SIZE
    next_cursor = encode_cursor(rows[-1][way.at], rows[-1]["id"]) if more else ""
    odd = _odd_clocks([row["id"] for row in rows]) if rows else {}
    language = get_language() or ""
    drawn = [_row(row, actor, now, odd.get(row["id"], ""), language) for row in rows]
    return Page(drawn, next_cursor, is_first=place is None)


def _read(
    cases: QuerySet[Case], order: str, names: tuple[str, ...], place: tuple[datetime, UUID] | None
) -> list[dict[str, Any]]:
    """A page of `cases`. The statement stays with the query set: whoever asks the same one again pays for no second one."""
    composed: dict[Any, tuple[str, Any]] = cases.__dict__.setdefault("_composed", {})
    asked = order, names, place is None
    if asked not in composed:
        wanted = cases.filter(ORDERS[order].after(*_ANY_PLACE)) if place else cases
        wanted_rows = wanted.order_by(*ORDERS[order].by).values_list(*names)[: PAGE_SIZE + 1]
        try:
            composed[asked] = wanted_rows.query.sql_with_params()
        except EmptyResultSet:
            return []
    sql, values = composed[asked]
    if place:
        values = [place[_ANY_PLACE.index(value)] if value in _ANY_PLACE else value for value in values]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _odd_clocks(cases: list[UUID]) -> dict[UUID, str]:
    """Which of the cases have a clock that rests, or one whose end a holiday notice may still move."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT case_id, CASE WHEN bool_or(state = 'suspended') THEN 'paused' ELSE 'provisional' END FROM clocks_clock"
            " WHERE case_id = ANY(%s) AND (state = 'suspended' OR state = 'running' AND provisional AND duty = 'ours') GROUP BY case_id",
            [cases],
        )
        return dict(cursor.fetchall())


def _row(case: dict[str, Any], actor: Actor, now: datetime, odd: str, language: str) -> Row:
    danger = danger_of(case["received_at"], case["next_due_at"], now=now)
    sight = sight_by(actor, unit=case["unit_id"], assignee=case["assignee_id"])
    return {
        "pk": case["id"],
        "number": case["number"],
        "opens": sight is not None,
        "in_full": sight == "full",
        "state": case["state"],
        **_words_of_state(language, case["kind"], case["state"]),
        "consumer": case["consumer_mask"],
        "merchant": case["merchant__name"] or "",
        "matter": _matter(language, case["business_code"], case["cause_code"]),
        "amount": yuan(case["amount_cny"]),
        "owner": case["assignee__display_name"] or "",
        "last_event": _verb_label(language, case["last_verb"]),
        "last_at": short_time(case["last_event_at"]),
        "step": "paused" if odd == "paused" else odd if odd and danger.step == "ok" else danger.step,
        "dotted": odd == "provisional",
        "percent": danger.percent,
        "left": danger.text or (str(_("Clock rests")) if odd == "paused" else ""),
        "received": short_time(case["received_at"]),
        "channel": str(_CHANNELS.get(case.get("source_channel", ""), "")),
        "unit": case.get("unit__name", ""),
        "flags": " · ".join(str(FLAGS.get(flag, flag)) for flag in case.get("flags", ())),
    }


def matter_of(business_code: str, cause_code: str) -> str:
    return " / ".join(headings.label_of(code) for code in (business_code, cause_code) if code)


def yuan(amount: Decimal | None) -> str:
    return f"¥{amount:,.2f}" if amount is not None else ""


def short_time(at: datetime | None) -> str:
    """Shanghai time as `10-13 09:30`; a template filter on fifty rows costs more than the query."""
    return at.astimezone(CST).strftime("%m-%d %H:%M") if at else ""


# The words of fifty rows are few: they are put into the language once.


@lru_cache(maxsize=512)
def _verb_label(language: str, name: str) -> str:
    return str(verb_named(name).label) if name else ""


@lru_cache(maxsize=1024)
def _matter(language: str, business_code: str, cause_code: str) -> str:
    return matter_of(business_code, cause_code)


@lru_cache(maxsize=512)
def _words_of_state(language: str, kind: str, state: str) -> Row:
    found = kind_named(kind)
    return {
        "kind_icon": found.icon,
        "kind_label": str(found.label),
        "state_label": str(state_label(kind, state)),
    }
