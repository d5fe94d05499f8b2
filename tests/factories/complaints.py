"""Complaints in any state, brought there by the actions that bring real ones there."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from cases.attachments import receiving
from cases.attachments.models import Attachment, Examination
from cases.bundles.models import Binding, Bundle
from cases.complaints import actions, supplements
from cases.complaints.models import Complaint
from cases.complaints.promises import open_promises
from cases.complaints.supplements import Answer
from cases.copies.models import Pages
from cases.copies.paging import RECIPE
from cases.evidence.models import Item
from cases.handlers import record_delivery
from cases.models import Message
from jike.accounts.models import User
from jike.accounts.roles import actor_of, consumer_actor, machine_actor
from jike.base.actors import Actor
from jike.base.dates import CST, cst_date
from jike.files import store
from jike.files.models import StoredFile
from jike.outbox.channels import Receipt
from tests.people import Cast, Staff, staff

RECEIVED = datetime(2026, 9, 28, 10, 0, tzinfo=CST)
PATH = ("received", "claimed", "investigating", "deciding", "decided", "issued", "notified", "kept", "closed")
PHONE = "13800138000"
SUPPLEMENT: dict[str, Any] = {"codes": ["merchant_contract"], "others": "收据：核对您付的定金"}
DECLINE: dict[str, Any] = {
    "ground": "not_entitled",
    "explanation": "来电人自称投诉人的邻居，没有委托手续。",
    "remedies": "调解、仲裁、诉讼。",
}
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
    """A complaint at a point of `PATH`, or `withdrawn`, `supplementing`, `merged` or `reviewing`; each step an hour after the one before.

    `merged` goes on in an earlier complaint of the same person; `reviewing` belongs to a branch.
    """
    if at in ASIDE:
        return ASIDE[at](cast, now, **given)
    case = file(now=now, **given)
    if at == "withdrawn":
        return actions.withdraw_complaint(case, actor=consumer_of(case), now=now + timedelta(hours=1))
    trunk, *branch = BRANCHES.get(at, (at,))
    steps = [*PATH[1 : PATH.index(trunk) + 1], *branch]
    for hours, step in enumerate(steps, start=1):
        case = STEPS[step](case, cast, now + timedelta(hours=hours))
    return case


def consumer_of(case: Complaint) -> Actor:
    return consumer_actor(case.consumer_id)


def paper(case: Complaint, content: bytes = b"%PDF-1.7 contract") -> StoredFile:
    """A file sealed for the case, ready to be attached."""
    return store.put(case.pk, content, media_type="application/pdf", display_name="合同.pdf", now=RECEIVED)


def attached(case: Complaint, cast: Cast, now: datetime = RECEIVED) -> Attachment:
    """A paper of the case, as if it had been handed in."""
    words = {"name": "协议.pdf", "about": "evidence", "captured": "file"}
    return receiving.register(case.pk, paper(case), actor=cast.handler.actor, now=now, **words)


def examined(
    case: Complaint,
    content: bytes = b"%PDF-1.7 accepted",
    *,
    name: str = "合同.pdf",
    kind: str = "application/pdf",
    verdict: str = "accepted",
    now: datetime = RECEIVED,
    by: Actor | None = None,
    **facts: Any,
) -> Attachment:
    """A paper of the consumer that a worker has looked at."""
    file = store.put(case.pk, content, media_type=kind, display_name=name, now=now)
    words = {"name": name, "about": "evidence", "captured": "file"}
    found = receiving.register(case.pk, file, actor=by or consumer_of(case), now=now, **words)
    given = {"subject": case.pk, "verdict": verdict, "kind": kind, "facts": facts, "examined_at": now}
    reasons = [] if verdict == "accepted" else ["pdf.script"]
    Examination.objects.get_or_create(attachment=found, defaults=given | {"reasons": reasons})
    return Attachment.objects.select_related("file", "examination").get(pk=found.pk)


def paged(case: Complaint, content: bytes = b"%PDF-1.7 pages", *, count: int = 1, now: datetime = RECEIVED) -> None:
    """Every item of the register has these pages."""
    file = store.put(case.pk, content, media_type="application/pdf", display_name="pages.pdf", now=now)
    for item in Item.objects.filter(case_id=case.pk):
        given = {"outcome": "drawn", "file": file, "count": count, "made_at": now}
        Pages.objects.get_or_create(attachment_id=item.pk, recipe=RECIPE, defaults=given)


def bundled(
    case: Complaint, profile: str = "court", now: datetime = RECEIVED, *, content: bytes = b"%PDF-1.7 bundle"
) -> Bundle:
    """A finished bundle, as far as rows go: its document is one small file, and it names no item."""
    bundle = Bundle.objects.create(
        case_id=case.pk, profile=profile, version=1, manifest='{"items": []}', manifest_sha256=bytes(32), items=1,
        code=f"T-{case.pk.hex[-8:]}-{profile[:5]}", asked_by_kind="staff", asked_at=now,
    )  # fmt: skip
    file = paper(case, content)
    Binding.objects.create(
        bundle=bundle, case_id=case.pk, document=file, package=file, pages=1, is_signed=True, bound_at=now
    )
    return bundle


def held(case: Complaint, now: datetime = RECEIVED) -> Attachment:
    """A paper of the consumer that a worker held for a person."""
    words = {"name": "协议.pdf", "about": "evidence", "captured": "file"}
    found = receiving.register(case.pk, paper(case, b"%PDF-1.7 held"), actor=consumer_of(case), now=now, **words)
    Examination.objects.get_or_create(
        attachment=found,
        defaults={
            "subject": case.pk, "verdict": "held", "kind": "application/pdf", "reasons": ["pdf.script"], "examined_at": now,
        },
    )  # fmt: skip
    return found


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
    return actions.propose_decision(case, actor=cast.handler.actor, now=now, **decision_for(case))


def decision_for(case: Complaint) -> dict[str, Any]:
    """The words of a decision by the unit of the case: a branch names the unit above it."""
    body = case.unit.superior
    return DECISION | ({"remedies": f"向{body.name}申请核查；调解、仲裁、诉讼。"} if body else {})


def payload_of(case: Complaint, verb: str = "") -> str:
    """The hash of what waits, or of what waits for `verb`."""
    waiting = case.approvals.filter(verdict="")
    return bytes((waiting.filter(verb=verb) if verb else waiting).get().payload_sha256).hex()


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
        code=f"CODE-{case.number}" + ("" if case.decision.version == 1 else f"-{case.decision.version}"),
        template="complaints/letters/decision.2026-11",
    )


def notified(case: Complaint, cast: Cast, now: datetime) -> Complaint:
    notice = Message.objects.get(case_id=case.pk, purpose="decision", channel="sms", decision=case.decision_id)
    with transaction.atomic():
        record_delivery(notice, Receipt("fake", f"id-{notice.pk}", now), now=now)
    return Complaint.objects.get(pk=case.pk)


def kept(case: Complaint, cast: Cast, now: datetime) -> Complaint:
    """Every promise of the decision confirmed."""
    for promise in open_promises(case):
        case = actions.confirm_redress(
            case, actor=cast.handler.actor, now=now, promise=promise, evidence=f"PAY-{promise.seq}"
        )
    return case


def closed(case: Complaint, cast: Cast, now: datetime) -> Complaint:
    return actions.close_complaint(case, actor=cast.handler.actor, now=now)


def merged(cast: Cast, now: datetime, **given: Any) -> Complaint:
    into = complaint(cast, at="investigating", now=now, **given)
    case = complaint(cast, at="investigating", now=now + timedelta(hours=4), **given)
    at = now + timedelta(hours=9)
    case = actions.ask_merge(case, actor=cast.handler.actor, now=at, into=into, same_matter="同一商户、同一笔贷款。")
    return actions.merge_complaint(
        case, actor=cast.supervisor.actor, now=at, verdict="approved", payload=payload_of(case)
    )


def branch_cast(cast: Cast) -> Cast:
    """The same house seen from the branch: its handler, colleague and supervisor; `stranger` sits in the head office."""
    if not User.objects.filter(username="branch-handler").exists():
        staff("branch-handler", "handler", unit=cast.other_unit)
        staff("branch-colleague", "handler", unit=cast.other_unit)
        staff("branch-supervisor", "supervisor", unit=cast.other_unit)
    found = {user.username: Staff(user, actor_of(user)) for user in User.objects.filter(username__startswith="branch-")}
    return replace(
        cast,
        unit=cast.other_unit,
        other_unit=cast.unit,
        handler=found["branch-handler"],
        colleague=found["branch-colleague"],
        supervisor=found["branch-supervisor"],
    )


def of_branch(cast: Cast, *, at: str, now: datetime = RECEIVED, **given: Any) -> Complaint:
    """A complaint that a branch handles, at a point of `PATH`. `cast` is the usual one."""
    case = file(now=now, unit=cast.other_unit, **given)
    branch = branch_cast(cast)
    for hours, step in enumerate(PATH[1 : PATH.index(at) + 1], start=1):
        case = STEPS[step](case, branch, now + timedelta(hours=hours))
    return case


def reviewing(cast: Cast, now: datetime, **given: Any) -> Complaint:
    case = of_branch(cast, at="closed", now=now, **given)
    return actions.request_review(
        case, actor=consumer_of(case), now=now + timedelta(hours=10), reason="商户的说法没有核实。"
    )


REVIEW: dict[str, Any] = DECISION | {
    "outcome": "changed",
    "procedure": "已查阅全部办理记录，程序符合规定。",
    "timeliness": "在十五日内作出并告知。",
    "remedies": "调解、仲裁、诉讼。",
}


def supplementing(case: Complaint, cast: Cast, now: datetime) -> Complaint:
    return actions.ask_supplement(case, actor=cast.handler.actor, now=now, **SUPPLEMENT)


def answers_of(case: Complaint, **given: Any) -> list[Answer]:
    """The same answer to everything still open; "has none" unless `given` says otherwise."""
    request = supplements.open_request_of(case)
    words: dict[str, Any] = given or {"has_none": True}
    return [Answer(i.id, **words) for i in supplements.items_of(request) if not i.is_answered] if request else []


def declining(case: Complaint, cast: Cast, now: datetime) -> Complaint:
    return actions.decline_complaint(case, actor=cast.handler.actor, now=now, **DECLINE)


def declined(case: Complaint, cast: Cast, now: datetime) -> Complaint:
    return actions.confirm_decline(case, actor=cast.supervisor.actor, now=now, payload=payload_of(case))


def decline_told(case: Complaint, cast: Cast, now: datetime) -> Complaint:
    return delivered(case, "decline", now)


def delivered(case: Complaint, purpose: str, now: datetime) -> Complaint:
    """A gateway takes the latest text message of this purpose."""
    message = Message.objects.filter(case_id=case.pk, purpose=purpose, channel="sms").latest("created_at")
    with transaction.atomic():
        record_delivery(message, Receipt("fake", f"id-{message.pk}", now), now=now)
    return Complaint.objects.get(pk=case.pk)


def extending(case: Complaint, cast: Cast, now: datetime) -> Complaint:
    return actions.extend_30(case, actor=cast.handler.actor, now=now, reason="需要向商户调取合同原件。")


def extended(case: Complaint, cast: Cast, now: datetime) -> Complaint:
    return actions.approve_extension(case, actor=cast.supervisor.actor, now=now, payload=payload_of(case))


def extending_60(case: Complaint, cast: Cast, now: datetime) -> Complaint:
    return actions.extend_60(case, actor=cast.handler.actor, now=now, reason="商户账目需要审计。")


def untold(case: Complaint, cast: Cast, now: datetime) -> Complaint:
    return actions.approve_extension(case, actor=cast.executive.actor, now=now, payload=payload_of(case))


def paused(case: Complaint, cast: Cast, now: datetime) -> Complaint:
    return actions.pause_clock(
        case, actor=cast.handler.actor, now=now, kind="mediation", first_on=cst_date(now), evidence="通话录音 77"
    )


def appraising(case: Complaint, cast: Cast, now: datetime) -> Complaint:
    return actions.pause_clock(
        case, actor=cast.handler.actor, now=now, kind="appraisal", first_on=cst_date(now), evidence="委托书 8"
    )


def added(case: Complaint, cast: Cast, now: datetime) -> Complaint:
    return actions.add_facts(case, actor=consumer_of(case), now=now, text="商户今天又扣了一期。")


def restarting(case: Complaint, cast: Cast, now: datetime) -> Complaint:
    return actions.ask_restart(case, actor=cast.handler.actor, now=now, reason="新的扣款发生在投诉之后。")


# Points beside the path: where they leave it, and the steps from there.
BRANCHES = {
    "supplementing": ("claimed", "supplementing"),
    "declining": ("claimed", "declining"),
    "declined": ("claimed", "declining", "declined"),
    "decline_told": ("claimed", "declining", "declined", "decline_told"),
    "extending": ("investigating", "extending"),
    "extended": ("investigating", "extending", "extended"),
    "extending_60": ("investigating", "extending", "extended", "extending_60"),
    "untold": ("investigating", "extending", "extended", "extending_60", "untold"),
    "paused": ("investigating", "paused"),
    "appraising": ("investigating", "appraising"),
    "added": ("investigating", "added"),
    "restarting": ("investigating", "added", "restarting"),
}
ASIDE = {"merged": merged, "reviewing": reviewing}

STEPS = {
    "supplementing": supplementing,
    "declining": declining,
    "declined": declined,
    "decline_told": decline_told,
    "extending": extending,
    "extended": extended,
    "extending_60": extending_60,
    "untold": untold,
    "paused": paused,
    "appraising": appraising,
    "added": added,
    "restarting": restarting,
    "claimed": claimed,
    "investigating": investigating,
    "deciding": deciding,
    "decided": decided,
    "issued": issued,
    "notified": notified,
    "kept": kept,
    "closed": closed,
}
