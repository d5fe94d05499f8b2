"""The words in which the consumer is told of a mediation; each says what it came from: a complaint (投诉) or a return of a loan (退贷)."""

from __future__ import annotations

from cases.mediation.models import Mediation
from cases.models import Message
from cases.wording import Wording

_F, _P = "mediation", Message.Purpose
ORIGINS = {"complaint": "投诉", "refund": "退贷"}
"""What a case is called in a sentence to the consumer, by its kind."""


def origin_of(case: Mediation) -> str:
    """The case this came from as the consumer knows it: what it is, and its number."""
    return f"{matter_of(case)} {case.origin.number}"


def matter_of(case: Mediation) -> str:
    return ORIGINS.get(case.origin.kind, "事项")


PROPOSAL = Wording(
    _F,
    "proposal.2026-11",
    _P.LETTER,
    "商户协商调解：请您确认是否同意",
    ("origin", "matter", "is_complaint", "is_external", "body"),
    is_short=False,
)
OFFER = Wording(_F, "offer.2026-11", _P.LETTER, "商户协商调解：对方提出方案", ("origin", "until"), is_short=False)
ROUND = Wording(
    _F, "round.2026-11", _P.LETTER, "商户协商调解：请您秘密答复", ("origin", "is_bids", "until"), is_short=False
)
SIGN = Wording(_F, "sign.2026-11", _P.LETTER, "商户协商调解：请您核对并签署协议", ("origin",), is_short=False)
ENDED = Wording(
    _F,
    "ended.2026-11",
    _P.LETTER,
    "商户协商调解已结束",
    ("origin", "matter", "how", "was_counted"),
    is_short=False,
)
AGREED = Wording(_F, "agreed.2026-11", _P.LETTER, "商户协商调解：协议已经生效", ("origin",), is_short=False)
BROKEN = Wording(
    _F, "broken.2026-11", _P.LETTER, "商户协商调解：对方未按约履行", ("origin", "is_external"), is_short=False
)
WRITTEN = Wording(
    _F,
    "written.2026-11",
    _P.LETTER,
    "商户协商调解：调解员给您留言",
    ("origin",),
    is_short=False,
    reach=("sms", "email"),
)
LONGER = Wording(
    _F,
    "longer.2026-11",
    _P.LETTER,
    "商户协商调解：是否同意延长调解期限",
    ("origin", "until", "answer_by"),
    is_short=False,
)
RELEASED = Wording(
    _F,
    "released.2026-11",
    _P.LETTER,
    "商户协商调解：商户同意提供协商方案",
    ("origin", "offers"),
    is_short=False,
)
