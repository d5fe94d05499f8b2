"""One page of the queue: keyset paging over an index, fifty rows, everything preformatted for a template that only prints."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, TypedDict
from uuid import UUID

from django.db.models import Q, QuerySet

from cases import headings
from cases.desk.danger import danger_of
from cases.kinds import state_label
from cases.models import Case
from cases.queries import sight_by
from jike.base.actors import Actor
from jike.base.dates import CST
from jike.verbs import verb_named

PAGE_SIZE = 50
COLUMNS = (
    "id", "kind", "number", "state", "consumer_mask", "merchant__name", "business_code", "cause_code", "amount_cny",
    "assignee_id", "assignee__display_name", "unit_id", "last_verb", "last_event_at", "received_at", "queue_at", "next_due_at",
)  # fmt: skip


class Row(TypedDict):
    """One line of the queue, as printed. A dictionary of ready strings: fifty rows of attributes would cost twice the page."""

    number: str
    opens: bool
    state: str
    state_label: str
    consumer: str
    merchant: str
    matter: str
    amount: str
    owner: str
    last_event: str
    last_at: str
    step: str
    percent: int
    left: str


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[Row]
    next_cursor: str
    is_first: bool


def encode_cursor(queue_at: datetime, pk: UUID) -> str:
    return base64.urlsafe_b64encode(json.dumps([queue_at.isoformat(), str(pk)]).encode()).decode().rstrip("=")


def decode_cursor(text: str) -> tuple[datetime, UUID] | None:
    """The place a cursor points to, or None for one that nobody of ours wrote: the list then starts at its beginning."""
    try:
        at, pk = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return datetime.fromisoformat(at), UUID(pk)
    except (ValueError, TypeError):
        return None


def page_of(cases: QuerySet[Case], actor: Actor, *, cursor: str, now: datetime) -> Page:
    """Fifty cases after `cursor`, nearest due date first; `opens` says whether `actor` may open the case. One query, whatever the page."""
    place = decode_cursor(cursor) if cursor else None
    if place:
        at, pk = place
        cases = cases.filter(queue_at__gte=at).exclude(Q(queue_at=at) & Q(id__lte=pk))
    found = list(cases.order_by("queue_at", "id").values(*COLUMNS)[: PAGE_SIZE + 1])
    rows = found[:PAGE_SIZE]
    more = len(found) > PAGE_SIZE
    next_cursor = encode_cursor(rows[-1]["queue_at"], rows[-1]["id"]) if more else ""
    return Page([_row(case, actor, now) for case in rows], next_cursor, is_first=place is None)


def _row(case: dict[str, Any], actor: Actor, now: datetime) -> Row:
    danger = danger_of(case["received_at"], case["next_due_at"], now=now)
    return {
        "number": case["number"],
        "opens": sight_by(actor, unit=case["unit_id"], assignee=case["assignee_id"]) is not None,
        "state": case["state"],
        "state_label": str(state_label(case["kind"], case["state"])),
        "consumer": case["consumer_mask"],
        "merchant": case["merchant__name"] or "",
        "matter": matter_of(case["business_code"], case["cause_code"]),
        "amount": yuan(case["amount_cny"]),
        "owner": case["assignee__display_name"] or "",
        "last_event": _verb_label(case["last_verb"]),
        "last_at": short_time(case["last_event_at"]),
        "step": danger.step,
        "percent": danger.percent,
        "left": danger.text,
    }


def matter_of(business_code: str, cause_code: str) -> str:
    return " / ".join(headings.label_of(code) for code in (business_code, cause_code) if code)


def yuan(amount: Decimal | None) -> str:
    return f"¥{amount:,.2f}" if amount is not None else ""


def short_time(at: datetime | None) -> str:
    """Shanghai time as `10-13 09:30`; a template filter on fifty rows costs more than the query."""
    return at.astimezone(CST).strftime("%m-%d %H:%M") if at else ""


def _verb_label(name: str) -> str:
    return str(verb_named(name).label) if name else ""
