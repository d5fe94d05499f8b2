"""The words in which the consumer is told of a return."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cases.models import Message
from cases.queries import complainant_of
from cases.wording import Wording
from refunds.models import Refund

_F, _P = "refunds", Message.Purpose
RECEIVED = Wording(
    _F, "received.2026-11", _P.RECEIPT, "七天免费退贷申请已收到", ("receipt_code", "asked", "loan"), is_short=False
)
PAYING = Wording(
    _F,
    "paying.2026-11",
    _P.LETTER,
    "七天免费退贷：款项正在退回",
    ("amount", "is_goodwill", "is_partly"),
    is_short=False,
)
REFUSED = Wording(
    _F, "refused.2026-11", _P.LETTER, "七天免费退贷：本次申请不符合条件", ("told", "may_goodwill"), is_short=False
)
DISPUTED = Wording(
    _F, "disputed.2026-11", _P.LETTER, "七天免费退贷：正在向商户核实", ("is_unknown", "hours"), is_short=False
)
HELD = Wording(_F, "held.2026-11", _P.LETTER, "七天免费退贷：正在进行安全核实", (), is_short=False)
RESUMED = Wording(_F, "resumed.2026-11", _P.LETTER, "七天免费退贷：暂停已经解除", (), is_short=False)
COMPLETED = Wording(_F, "completed.2026-11", _P.LETTER, "七天免费退贷已完成", ("amount", "is_partly"), is_short=False)


def tell(case: Refund, wording: Wording, *, now: datetime, **words: Any) -> None:
    """Tell the consumer, by every way known."""
    party = complainant_of(case)
    if party:
        wording.queue(case, party, now=now, **words)
