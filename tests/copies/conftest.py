"""A register with one paper of words that give somebody away, and its pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cases.complaints import actions
from cases.copies import paging, previews
from cases.copies.models import Covering
from cases.copies.paging import made
from cases.evidence.models import Item
from jike.files import kinds
from jike.files.covers import Area
from tests.attachments import pdfs
from tests.evidence.conftest import LATER, Register, cast, register_of

__all__ = ["LATER", "cast"]

ID_NUMBER, PHONE, CARD = "11010519491231002X", "13812345678", "6222020200112230"
ADDRESS = "上海市浦东新区世纪大道100号2栋301室"
WORDS = f"住址：{ADDRESS}\n电话 {PHONE}\n身份证 {ID_NUMBER}\n卡号 {CARD}\n邮箱 wang@example.com\n订单号 202611280001"
TELLING = (ID_NUMBER, PHONE, CARD, ADDRESS, "wang@example.com")
SOMEWHERE = [Area(1, 0.1, 0.1, 0.5, 0.2, "phone")]


def telling_paper() -> bytes:
    return pdfs.chinese(WORDS)


@pytest.fixture
def register(cast) -> Register:
    """One item, its pages made and drawn."""
    found = register_of(cast, papers=0)
    found.paper(telling_paper(), kind=kinds.PDF, pages=1)
    found.do("register")
    paging.make(found.item("1").attachment, now=LATER)
    return found


@pytest.fixture
def item(register: Register) -> Item:
    return register.item("1")


@pytest.fixture
def decide(register: Register, item: Item) -> Callable[..., Covering]:
    """Say what is covered; without areas that nothing is."""

    def said(areas: list[Area] | None = None, audience: str = "merchant") -> Covering:
        given = {"actor": register.cast.handler.actor, "now": LATER, "item": item, "audience": audience}
        if areas is None:
            actions.release_evidence(register.case, **given)
        else:
            actions.redact_evidence(register.case, **given, areas=areas)
        return Covering.objects.filter(item=item, audience=audience).latest("version")

    return said


@pytest.fixture
def drawn(item: Item) -> Item:
    pages = made(item.attachment)
    assert pages is not None
    previews.draw(pages, now=LATER)
    return item
