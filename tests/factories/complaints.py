"""Complaints in any state, brought there by the actions that bring real ones there."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from cases.complaints import actions
from cases.complaints.models import Complaint
from cases.handlers import record_delivery
from cases.models import Message
from jike.accounts.roles import consumer_actor, machine_actor
from jike.base.actors import Actor
from jike.base.dates import CST
from jike.files import store
from jike.outbox.channels import Receipt
from tests.people import Cast

RECEIVED = datetime(2026, 9, 28, 10, 0, tzinfo=CST)
PATH = ("received", "claimed", "investigating", "deciding", "decided", "issued", "notified", "closed")
PHONE = "13800138000"
DECISION: dict[str, Any] = {
    "result": "upheld",
    "findings": "经核实，商户未提供合同约定的服务。",
    "basis": "分期服务合同第七条。",
    "reasons": "服务未履行，消费者有权解除合同。",
    "remedies": "核查、调解、仲裁、诉讼。",
    "redress": "退还已付分期款。",
    "redress_cny": Decimal("3000.00"),
}


def file(*, now: datetime = RECEIVED, **given: Any) -> Complaint:
    """A complaint just filed through the portal."""
    words: dict[str, Any] = {
        "name": "王小明",
        "phone": PHONE,
        "claim": "要求退款",
        "narrative": "商户收费后停业，电话无人接听。",
    }
    return actions.file_complaint(**({"actor": consumer_actor(None), "now": now} | words | given))


def complaint(cast: Cast, *, at: str = "received", now: datetime = RECEIVED, **given: Any) -> Complaint:
    """A complaint at a point of `PATH`, or `withdrawn`; each step an hour after the one before."""
    case = file(now=now, **given)
    if at == "withdrawn":
        return actions.withdraw_complaint(case, actor=consumer_of(case), now=now + timedelta(hours=1))
    for hours, step in enumerate(PATH[1 : PATH.index(at) + 1], start=1):
        case = STEPS[step](case, cast, now + timedelta(hours=hours))
    return case


def consumer_of(case: Complaint) -> Actor:
    return consumer_actor(case.consumer_id)


def claimed(case: Complaint, cast: Cast, now: datetime) -> Complaint:
    return actions.claim_complaint(case, actor=cast.handler.actor, now=now)


def investigating(case: Complaint, cast: Cast, now: datetime) -> Complaint:
    case = actions.accept_complaint(case, actor=cast.handler.actor, now=now)
    return classified(case, cast, now)


def classified(case: Complaint, cast: Cast, now: datetime) -> Complaint:
    business, cause = headings()
    return actions.classify_complaint(case, actor=cast.handler.actor, now=now, business_code=business, cause_code=cause)


def headings() -> tuple[str, str]:
    """One business and one cause code in force at the usual time of receipt."""
    from cases.headings import choices

    on = RECEIVED.date()
    return choices("business", on=on)[0][0], choices("cause", on=on)[0][0]


def deciding(case: Complaint, cast: Cast, now: datetime) -> Complaint:
    return actions.propose_decision(case, actor=cast.handler.actor, now=now, **DECISION)


def payload_of(case: Complaint) -> str:
    return bytes(case.approvals.get(verdict="").payload_sha256).hex()


def decided(case: Complaint, cast: Cast, now: datetime) -> Complaint:
    return actions.approve_decision(case, actor=cast.supervisor.actor, now=now, payload=payload_of(case))


def issued(case: Complaint, cast: Cast, now: datetime) -> Complaint:
    file = store.put(
        case.pk,
        b"%PDF-letter-of-" + case.number.encode(),
        media_type="application/pdf",
        display_name="letter.pdf",
        now=now,
    )
    worker = machine_actor("outbox-worker")
    return actions.issue_letter(
        case,
        actor=worker,
        now=now,
        decision=case.decision,
        file=file,
        code=f"CODE-{case.number}",
        template="complaints/letters/decision.2026-11",
    )


def notified(case: Complaint, cast: Cast, now: datetime) -> Complaint:
    notice = Message.objects.get(case_id=case.pk, purpose="decision", channel="sms")
    with transaction.atomic():
        record_delivery(notice, Receipt("fake", f"id-{notice.pk}", now), now=now)
    return Complaint.objects.get(pk=case.pk)


def closed(case: Complaint, cast: Cast, now: datetime) -> Complaint:
    return actions.close_complaint(case, actor=cast.handler.actor, now=now)


STEPS = {
    "claimed": claimed,
    "investigating": investigating,
    "deciding": deciding,
    "decided": decided,
    "issued": issued,
    "notified": notified,
    "closed": closed,
}
