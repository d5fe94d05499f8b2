"""The list of what a consumer is asked to send: how the portal and the case page read it.

A page draws `open_request_of(case)` as a checklist of `items_of(request)` and gives `complaints.supplement` one `Answer` per item
that was dealt with. An item is answered by words, by files already stored under the case, or by "I do not have it". The list
may be answered in several goes; it is done when every item is answered or the consumer says that this is all (`is_all`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from cases.complaints.models import Complaint, NewFacts, SupplementAnswer, SupplementItem, SupplementRequest
from cases.complaints.states import State
from jike.privacy import open_sealed


@dataclass(frozen=True, slots=True)
class Answer:
    """What the consumer gives for one item. `files` are ids of stored files whose scope is the case."""

    item: UUID
    text: str = ""
    files: tuple[UUID, ...] = ()
    has_none: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the checklist, in clear: for the consumer and for staff who see the whole case."""

    id: UUID
    seq: int
    code: str
    what: str
    why: str
    is_answered: bool
    text: str = ""
    has_none: bool = False
    files: list[UUID] = field(default_factory=list)
    answered_at: datetime | None = None


def open_request_of(case: Complaint) -> SupplementRequest | None:
    """The list the consumer is to answer now; None when nothing is asked."""
    return last_request_of(case) if case.state == State.SUPPLEMENTING else None


def last_request_of(case: Complaint) -> SupplementRequest | None:
    return SupplementRequest.objects.filter(case_id=case.pk).order_by("-asked_at", "-id").first()


def items_of(request: SupplementRequest) -> list[Item]:
    """Every item of the list with its answer, in order. The caller has the case from a door."""
    return [_item(row) for row in request.items.select_related("answer").order_by("seq")]


def items_in(case: Complaint) -> list[Item]:
    """Everything the consumer was ever asked for in this case, the newest list first. The caller sees the case whole."""
    rows = SupplementItem.objects.filter(case_id=case.pk).select_related("answer")
    return [_item(row) for row in rows.order_by("-request__asked_at", "-request_id", "seq")]


def _item(row: SupplementItem) -> Item:
    answer = getattr(row, "answer", None)
    line = Item(row.pk, row.seq, row.code, open_sealed(row, "what"), open_sealed(row, "why"), answer is not None)
    return line if answer is None else _answered(line, answer)


def _answered(line: Item, answer: SupplementAnswer) -> Item:
    said = open_sealed(answer, "text") if answer.text else ""
    return Item(
        line.id, line.seq, line.code, line.what, line.why, True, said, answer.has_none, answer.files, answer.answered_at
    )


def open_items_of(request: SupplementRequest) -> set[UUID]:
    return set(request.items.filter(answer=None).values_list("pk", flat=True))


def may_ask_again(case: Complaint) -> bool:
    """A second list only after new facts: all gaps are listed at once. Source: O2020-3 art 13."""
    last = last_request_of(case) if case.has("supplements") else None
    return last is None or NewFacts.objects.filter(case_id=case.pk, recorded_at__gt=last.asked_at).exists()
