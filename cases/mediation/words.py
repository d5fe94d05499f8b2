"""The words in which the consumer is told of a mediation."""

from __future__ import annotations

from cases.models import Message
from cases.wording import Wording

_F, _P = "mediation", Message.Purpose
PROPOSAL = Wording(
    _F,
    "proposal.2026-11",
    _P.LETTER,
    "商户协商调解：请您确认是否同意",
    ("origin", "is_external", "body"),
    is_short=False,
)
OFFER = Wording(_F, "offer.2026-11", _P.LETTER, "商户协商调解：对方提出方案", ("origin", "until"), is_short=False)
SIGN = Wording(_F, "sign.2026-11", _P.LETTER, "商户协商调解：请您核对并签署协议", ("origin",), is_short=False)
ENDED = Wording(_F, "ended.2026-11", _P.LETTER, "商户协商调解已结束", ("origin", "how", "was_counted"), is_short=False)
AGREED = Wording(_F, "agreed.2026-11", _P.LETTER, "商户协商调解：协议已经生效", ("origin",), is_short=False)
BROKEN = Wording(
    _F, "broken.2026-11", _P.LETTER, "商户协商调解：对方未按约履行", ("origin", "is_external"), is_short=False
)
