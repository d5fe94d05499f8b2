"""The words in which people are told of their question or report."""

from __future__ import annotations

from cases.models import Message
from cases.wording import Wording

_F, _P = "inquiries", Message.Purpose
RECEIPT = Wording(
    _F,
    "receipt.2026-11",
    _P.RECEIPT,
    "咨询举报登记回执",
    ("receipt_code", "is_report", "origin", "is_whole"),
    is_short=False,
)
REPLY = Wording(_F, "reply.2026-11", _P.REPLY, "咨询举报答复", ("answer", "is_report"), is_short=False)
ROUTING = Wording(_F, "routing.2026-11", _P.ROUTING, "举报移送告知", ("place", "at"), is_short=False)
PROGRESS = "咨询举报办理进展"
