"""Questions, reports and clues in any state, brought there by the actions that bring real ones there."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from cases.handlers import record_delivery
from cases.inquiries import actions
from cases.inquiries.models import Inquiry
from cases.models import Message
from jike.outbox.channels import Receipt
from tests.factories.complaints import RECEIVED
from tests.people import Cast

PHONE = "13800138000"
QUESTION: dict[str, Any] = {
    "nature": "question",
    "name": "王小明",
    "phone": PHONE,
    "narrative": "请问提前还款需要什么材料？",
}
REPORT: dict[str, Any] = QUESTION | {"nature": "report", "narrative": "举报某商户没有资质还在做分期。"}
CLUE: dict[str, Any] = REPORT | {"name": "", "phone": ""}
GIVEN = {"question": QUESTION, "report": REPORT, "clue": CLUE}
AUTHORITY = "某市市场监督管理局"

# point: nature, and the steps after filing
POINTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "received": ("question", ()),
    "claimed": ("question", ("claim",)),
    "answered": ("question", ("claim", "answer")),
    "answer_told": ("question", ("claim", "answer", "deliver")),
    "question_closed": ("question", ("claim", "answer", "deliver", "conclude")),
    "converted": ("question", ("claim", "convert")),
    "report": ("report", ("claim",)),
    "report_answered": ("report", ("claim", "answer")),
    "routed": ("report", ("claim", "route")),
    "routed_told": ("report", ("claim", "route", "deliver")),
    "report_closed": ("report", ("claim", "route", "deliver", "conclude")),
    "clue": ("clue", ("claim",)),
    "clue_routed": ("clue", ("claim", "route")),
    "clue_closed": ("clue", ("claim", "conclude")),
}
INPUTS: dict[str, dict[str, Any]] = {
    "claim": {},
    "answer": {"text": "提前还款请携带身份证，可在线办理，免收违约金。"},
    "route": {"to": None, "outside": AUTHORITY, "reason": "由登记机关查处。"},
    "conclude": {"outcome": "已移送，对方已签收。"},
    "convert": {"claim": "要求退还多收的费用。", "narrative": "提前还款被收了违约金。", "reason": "主张自身权益。"},
}
ACTIONS = {
    "claim": actions.claim_inquiry,
    "answer": actions.answer_inquiry,
    "route": actions.route_inquiry,
    "conclude": actions.conclude_inquiry,
    "convert": actions.convert_inquiry,
}


def file(cast: Cast, *, nature: str = "question", now: datetime = RECEIVED, **given: Any) -> Inquiry:
    """An inquiry the handler has just registered."""
    return actions.file_inquiry(**({"actor": cast.handler.actor, "now": now} | GIVEN[nature] | given))


def inquiry(cast: Cast, *, at: str = "received", now: datetime = RECEIVED, **given: Any) -> Inquiry:
    """An inquiry at a point of `POINTS`; each step an hour after the one before."""
    nature, steps = POINTS[at]
    case = file(cast, nature=nature, now=now, **given)
    for hours, step in enumerate(steps, start=1):
        then = now + timedelta(hours=hours)
        if step == "deliver":
            case = delivered(case, then)
        else:
            case = ACTIONS[step](case, actor=cast.handler.actor, now=then, **INPUTS[step])
    return case


def delivered(case: Inquiry, now: datetime) -> Inquiry:
    """A gateway takes the latest text message to the person."""
    message = Message.objects.filter(case_id=case.pk, channel="sms").latest("created_at")
    with transaction.atomic():
        record_delivery(message, Receipt("fake", f"id-{message.pk}", now), now=now)
    return Inquiry.objects.get(pk=case.pk)
