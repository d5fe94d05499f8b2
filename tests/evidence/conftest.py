"""A claimed complaint with three usable papers, and what people do to its register."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from cases.attachments.models import Attachment
from cases.complaints import actions
from cases.complaints.models import Complaint
from cases.evidence.models import Item
from tests.api.conftest import program
from tests.complaints.conftest import cast, committed_cast
from tests.factories import complaints as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast

__all__ = ["cast", "committed_cast", "program"]

LATER = RECEIVED + timedelta(days=2)
WORDS: dict[str, Any] = {
    "evidence_class": "document", "title": "分期合同", "source": "消费者提交", "proves": "双方约定十二期", "summary": "合同全文",
    "page_from": 1, "page_to": 3, "form": "copy",
}  # fmt: skip


@dataclass
class Register:
    """One complaint and its keeper. Each verb is one call, as its handler."""

    case: Complaint
    cast: Cast

    def do(self, verb: str, **given: Any) -> Complaint:
        given = {"actor": self.cast.handler.actor, "now": LATER} | given
        return getattr(actions, f"{verb}_evidence")(self.case, **given)

    def paper(self, content: bytes = b"%PDF-1.7 late", **given: Any) -> Attachment:
        return factory.examined(self.case, content, **{"now": RECEIVED + timedelta(days=1)} | given)

    def item(self, label: str) -> Item:
        return next(item for item in self.items() if item.label == label)

    def items(self) -> list[Item]:
        return list(Item.objects.filter(case_id=self.case.pk).order_by("number", "late"))

    def labels(self) -> list[str]:
        return [item.label for item in self.items()]


def register_of(cast: Cast, papers: int = 3) -> Register:
    case = factory.complaint(cast, at="claimed")
    for n in range(papers):
        factory.examined(
            case, f"%PDF-1.7 {n}".encode(), name=f"证据{n}.pdf", now=RECEIVED + timedelta(minutes=n), pages=n + 1
        )
    return Register(case, cast)


@pytest.fixture
def empty(cast: Cast) -> Register:
    return register_of(cast)


@pytest.fixture
def full(empty: Register) -> Register:
    empty.do("register")
    return empty
