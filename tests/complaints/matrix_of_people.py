"""The rows of the matrices for verbs about people, sources, tasks and evidence; `test_matrix` and `test_walk` join them to theirs."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Q

from cases.bundles.models import Bundle
from cases.complaints import actions
from cases.complaints.models import Complaint
from cases.evidence.models import Item
from cases.models import Case, Link
from cases.ties.models import MassEvent
from jike.accounts.models import User
from jike.accounts.roles import actor_of, consumer_actor, machine_actor
from jike.base.actors import Actor
from jike.files.covers import Area
from lending.models import Funder
from tests.factories import complaints as factory
from tests.factories.complaints import RECEIVED
from tests.factories.policy import reply_text
from tests.people import Cast, staff

LATER = RECEIVED + timedelta(days=2)
ASKED = {"declining", "extending", "extending_60", "restarting", "deciding"}  # a second person is asked
HANDLED = ASKED | {
    "claimed", "supplementing", "investigating", "extended", "untold", "paused", "appraising", "added", "decided", "issued", "notified", "kept",
    "reviewing",
}  # fmt: skip
OPEN = HANDLED | {"received"}
ONCE_HANDLED = HANDLED | {"closed", "declined", "decline_told", "merged"}
EVERYWHERE = OPEN | {"closed", "withdrawn", "declined", "decline_told", "merged"}

COPIES = ("redact_evidence", "release_evidence")
EVIDENCE = (
    "register_evidence",
    "describe_evidence",
    "reorder_evidence",
    "supersede_evidence",
    "hand_over_evidence",
    "lock_evidence",
    *COPIES,
)
BUNDLES = ("build_bundle", "ask_bundle_release", "release_bundle", "hand_out_bundle")

ALLOWED = {
    "recuse": EVERYWHERE,
    "request_recusal": OPEN,
    "decide_recusal": OPEN,
    "lift_recusal": EVERYWHERE,
    "recuse_by_relation": EVERYWHERE,
    "auto_assign": {"received"},
    "transfer": OPEN - ASKED,
    "accept_transfer": OPEN
    - ASKED
    - {"reviewing"},  # a branch case goes to the head office, whose people these are not
    "return_transfer": OPEN - ASKED - {"reviewing"},
    "add_party": HANDLED,
    "verify_authority": HANDLED,
    "record_joint": HANDLED,
    "add_source": HANDLED,
    "reply_source": HANDLED,
    "forward_to_funder": HANDLED,
    "record_funder_reply": HANDLED,
    "add_task": HANDLED,
    "finish_task": HANDLED,
    "skip_task": HANDLED,
    "flag": HANDLED,
    "name_salesperson": HANDLED,
    "link": EVERYWHERE - {"received", "withdrawn"},
    "unlink": EVERYWHERE - {"received", "withdrawn"},
    "send_reply": HANDLED,
    "form_mass": OPEN,
    "join_mass": OPEN,
    "leave_mass": OPEN,
    "change_phone": EVERYWHERE,
    "ask_phone": EVERYWHERE,
    "check_phone": ONCE_HANDLED,
    "approve_phone": ONCE_HANDLED,
    "refuse_phone": ONCE_HANDLED,
    "appoint_agent": OPEN,
    "accept_decision": {"notified", "kept", "closed"},
    "contest_decision": {"notified", "kept", "closed"},
    "split_off": HANDLED,
    "open_litigation": HANDLED,
    "open_mediation": set(),  # needs a merchant: tests/mediation
    "open_police_report": HANDLED,
    "open_house_report": EVERYWHERE,
    "correct_facts": HANDLED,
    "ask_receipt_time": HANDLED - {"notified", "kept", "reviewing"},
    "approve_receipt_time": HANDLED - {"notified", "kept", "reviewing"},
    **dict.fromkeys((*EVIDENCE, *BUNDLES), EVERYWHERE - {"received", "withdrawn"}),
    **dict.fromkeys(("issue_bundle", "halt_bundle"), EVERYWHERE),
}
CASE_WORK = {"handler", "supervisor"}
ROLES = {
    "recuse": {"handler", "supervisor", "executive", "mediator", "legal", "risk"},
    "request_recusal": {"handler", "supervisor", "mediator", "legal", "risk", "consumer"},
    "decide_recusal": {"supervisor", "executive"},
    "lift_recusal": {"supervisor", "executive"},
    "recuse_by_relation": {"clock"},
    "auto_assign": {"supervisor", "clock"},
    "transfer": {"supervisor"},
    "accept_transfer": {"supervisor"},
    "return_transfer": {"supervisor"},
    "add_party": CASE_WORK,
    "verify_authority": CASE_WORK,
    "record_joint": CASE_WORK,
    "add_source": CASE_WORK,
    "reply_source": CASE_WORK,
    "forward_to_funder": CASE_WORK,
    "record_funder_reply": CASE_WORK,
    "add_task": CASE_WORK,
    "finish_task": CASE_WORK,
    "skip_task": CASE_WORK,
    "flag": CASE_WORK,
    "name_salesperson": CASE_WORK,
    "link": CASE_WORK,
    "unlink": CASE_WORK,
    "send_reply": CASE_WORK,
    "form_mass": {"supervisor"},
    "join_mass": {"supervisor"},
    "leave_mass": {"supervisor"},
    "change_phone": {"consumer"},
    "ask_phone": {"consumer"},
    "check_phone": CASE_WORK,
    "approve_phone": {"supervisor"},
    "refuse_phone": CASE_WORK,
    "appoint_agent": {"consumer"},
    "accept_decision": {"consumer"},
    "contest_decision": {"consumer"},
    "split_off": CASE_WORK,
    "open_litigation": CASE_WORK | {"consumer"},
    "open_mediation": CASE_WORK | {"consumer"},
    "open_police_report": CASE_WORK | {"consumer"},
    "open_house_report": {"supervisor", "risk"},
    "correct_facts": CASE_WORK,
    "ask_receipt_time": CASE_WORK,
    "approve_receipt_time": {"supervisor", "executive"},
    **dict.fromkeys(EVIDENCE, CASE_WORK),
    "issue_bundle": {"outbox-worker"},
    "halt_bundle": {"outbox-worker"},
    "build_bundle": CASE_WORK | {"consumer"},
    "ask_bundle_release": CASE_WORK,
    "hand_out_bundle": CASE_WORK,
    "release_bundle": {"supervisor"},
}
CONSUMERS = {"change_phone", "ask_phone", "appoint_agent", "accept_decision", "contest_decision"}
SUPERVISED = {
    "open_house_report",
    "release_bundle",
    "approve_phone",
    "approve_receipt_time",
    "decide_recusal",
    "lift_recusal",
    "auto_assign",
    "transfer",
    "form_mass",
    "join_mass",
    "leave_mass",
}


def boss_of_the_branch(cast: Cast) -> Actor:
    known = User.objects.filter(username="branch-boss").first()
    return actor_of(known) if known else staff("branch-boss", "supervisor", unit=cast.other_unit).actor


BY_OTHERS = {
    "recuse_by_relation": lambda cast: machine_actor("clock"),
    "accept_transfer": boss_of_the_branch,
    "return_transfer": boss_of_the_branch,
}


def prepared(verb: str, case: Complaint, cast: Cast) -> Complaint:
    """What must have happened before, besides the state, for `verb` to be possible at all. Rolled back after the look."""
    if verb == "lift_recusal":
        return actions.recuse_oneself(case, actor=cast.colleague.actor, now=LATER, ground="other", reason="Reason")
    if verb == "unlink" and case.assignee_id:
        given = {"other": another_of(case), "kind": "related"}
        return actions.link_case(case, actor=cast.handler.actor, now=LATER, **given)
    if verb in ("check_phone", "approve_phone", "refuse_phone"):
        return with_new_phone_asked(verb, case, cast)
    if verb in BUNDLES:
        return with_a_bundle(verb, case, cast) if case.assignee_id else case
    if verb in EVIDENCE:
        factory.examined(case)
        if verb != "register_evidence" and case.assignee_id:
            actions.register_evidence(case, actor=cast.handler.actor, now=LATER)
        if verb in COPIES:
            factory.paged(case)
        return Complaint.objects.get(pk=case.pk)
    if (
        case.ended_at is not None
        or case.state == "declined"
        or (case.assignee_id is None and verb not in ("decide_recusal", "leave_mass", *BY_OTHERS))
    ):
        return case
    if verb in ("forward_to_funder", "record_funder_reply"):
        Case.objects.filter(pk=case.pk).update(funder=Funder.objects.filter(speaks_for_platform=False).first())
        case = Complaint.objects.get(pk=case.pk)
    if verb in ("ask_receipt_time", "approve_receipt_time"):
        if case.state in ("notified", "reviewing"):
            return case
        committed()
    step = {
        "approve_receipt_time": ("ask_receipt_time", RECEIPT, cast.handler),
        "decide_recusal": ("request_recusal", {"of": cast.colleague.user, "reason": "Reason"}, cast.handler),
        "accept_transfer": ("transfer", {"to": cast.other_unit, "reason": "Reason"}, cast.supervisor),
        "return_transfer": ("transfer", {"to": cast.other_unit, "reason": "Reason"}, cast.supervisor),
        "verify_authority": ("add_party", {"role": "agent", "name": "李律师"}, cast.handler),
        "reply_source": ("add_source", SOURCE, cast.handler),
        "record_funder_reply": ("forward_to_funder", {"words": "请核查。"}, cast.handler),
        "leave_mass": ("form_mass", {"name": "停业"}, cast.supervisor),
        "finish_task": ("add_task", {"title": "核查"}, cast.handler),
        "skip_task": ("add_task", {"title": "核查"}, cast.handler),
    }.get(verb)
    is_asked = case.approvals.filter(verdict="").exists()
    if step is None or (verb in ("accept_transfer", "return_transfer") and is_asked):
        return case
    name, given, who = step
    getattr(actions, name)(case, actor=who.actor, now=LATER, **given)
    return Complaint.objects.get(pk=case.pk)


def with_a_bundle(verb: str, case: Complaint, cast: Cast) -> Complaint:
    """A register of one paper; for what comes after a bundle, one that is finished, and for the vote one that is asked for."""
    factory.examined(case)
    case = actions.register_evidence(case, actor=cast.handler.actor, now=LATER)
    if verb != "build_bundle":
        bundle = factory.bundled(case, "consumer" if verb == "hand_out_bundle" else "court")
        case = Complaint.objects.get(pk=case.pk)
        if verb == "release_bundle":
            actions.ask_bundle_release(case, actor=cast.handler.actor, now=LATER, bundle=bundle)
    return Complaint.objects.get(pk=case.pk)


def another_of(case: Complaint) -> Complaint:
    """A case of the same unit that its people may open."""
    return factory.file(now=RECEIVED, phone="13900002222", unit=case.unit)


def event_for(case: Complaint, cast: Cast) -> MassEvent:
    lead = actions.form_mass(another_of(case), actor=cast.supervisor.actor, now=RECEIVED, name="停业")
    return MassEvent.objects.get(lead_id=lead.pk)


# Inputs that must be made first, each only for its own verb.
MADE: dict[str, Any] = {
    "link": lambda case, cast: {"other": claimed_by(cast, another_of(case)), "kind": "related"},
    "unlink": lambda case, cast: {"link": Link.objects.filter(Q(case=case) | Q(other=case), kind="related").first()},
    "join_mass": lambda case, cast: {"event": event_for(case, cast)},
    "send_reply": lambda case, cast: {"reply": reply_text(cast).version, "channel": "inbox"},
    "describe_evidence": lambda case, cast: item_of(case, **WORDS),
    "supersede_evidence": lambda case, cast: item_of(case, reason="A better scan came."),
    "hand_over_evidence": lambda case, cast: item_of(case, to="The court", reason="Hearing."),
    "redact_evidence": lambda case, cast: item_of(
        case, audience="merchant", areas=[Area(1, 0.1, 0.1, 0.2, 0.1, "phone")]
    ),
    "release_evidence": lambda case, cast: item_of(case, audience="merchant"),
    "build_bundle": lambda case, cast: {"profile": "consumer"},
    "ask_bundle_release": lambda case, cast: {"bundle": Bundle.objects.filter(case=case.pk).first()},
    "hand_out_bundle": lambda case, cast: {"bundle": Bundle.objects.filter(case=case.pk).first(), "to": "The court"},
    "release_bundle": lambda case, cast: {
        "verdict": "approved",
        "payload": asked_for(case, "complaints.release_bundle"),
    },
    "reorder_evidence": lambda case, cast: {
        "order": list(Item.objects.filter(case_id=case.pk).values_list("pk", flat=True))
    },
}
WORDS = {
    "evidence_class": "document", "title": "合同", "source": "消费者", "proves": "合同成立", "summary": "分期合同",
    "page_from": 1, "page_to": 2, "form": "copy",
}  # fmt: skip


def asked_for(case: Complaint, verb: str) -> str:
    """The hash of the request that waits for this verb, where there is one."""
    return factory.payload_of(case, verb) if case.approvals.filter(verb=verb, verdict="").exists() else "00"


def item_of(case: Complaint, **words: Any) -> dict[str, Any]:
    """The first item of its register; nothing where there can be none."""
    item = Item.objects.filter(case_id=case.pk).first()
    return {"item": item, **words} if item else {}


def claimed_by(cast: Cast, case: Complaint) -> Complaint:
    return actions.claim_complaint(case, actor=cast.handler.actor, now=RECEIVED)


def with_new_phone_asked(verb: str, case: Complaint, cast: Cast) -> Complaint:
    """Somebody asks for another number; for the vote the handler has recorded who it is."""
    asked = {"phone": "13900139000", "name": "王小明", "words": "旧手机丢了。"}
    actions.ask_phone(case, actor=consumer_actor(None), now=LATER, **asked)
    if verb == "approve_phone" and case.assignee_id == cast.handler.user.pk:
        actions.check_phone(case, actor=cast.handler.actor, now=LATER, evidence="身份证原件")
    return Complaint.objects.get(pk=case.pk)


def committed() -> None:
    """What is checked at commit is checked now: in life the acts so far were transactions of their own."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


RECEIPT: dict[str, Any] = {
    "received_at": RECEIVED - timedelta(days=1),
    "reason": "来信邮戳为前一日。",
    "recording": "录音 7",
}
SOURCE: dict[str, Any] = {"name": "12378", "external_id": "N-1", "received_at": LATER}


def inputs(case: Complaint, cast: Cast) -> dict[str, dict[str, Any]]:
    task = case.tasks.filter(ended_at=None).first()
    reason = {"reason": "Reason"}
    return {
        "recuse": {"ground": "other"} | reason,
        "request_recusal": {"of": cast.colleague.user} | reason,
        "decide_recusal": {"verdict": "refused"} | reason,
        "lift_recusal": {"of": cast.colleague.user} | reason,
        "transfer": {"to": cast.other_unit} | reason,
        "return_transfer": reason,
        "add_party": {"role": "agent", "name": "李律师"},
        "verify_authority": {"party": case.parties.filter(role="agent").first(), "authority": "poa"},
        "record_joint": {"people": 3},
        "add_source": SOURCE,
        "reply_source": {"source": case.sources.first(), "text": "已答复"},
        "forward_to_funder": {"words": "请核查。"},
        "record_funder_reply": {"text": "已核查。"},
        "add_task": {"title": "核查"},
        "finish_task": {"task": task},
        "skip_task": {"task": task} | reason,
        "flag": {"flags": ["crime"]},
        "name_salesperson": {"name": "钱顾问"},
        "form_mass": {"name": "停业"},
        "leave_mass": reason,
        "change_phone": {"phone": "13900139000"},
        "ask_phone": {"phone": "13900139000", "name": "王小明", "words": "旧手机丢了。"},
        "check_phone": {"evidence": "身份证原件"},
        "refuse_phone": reason,
        "appoint_agent": {"name": "李律师", "phone": "13700137000"},
        "contest_decision": {"words": "第九条没有提示。"},
        "correct_facts": {"amount_cny": Decimal("4800.00")} | reason,
        "ask_receipt_time": RECEIPT,
        "split_off": {"nature": "report", "text": "举报：无证办学。"},
        "open_mediation": {"form": "internal"},
        "open_house_report": {"capacity": "accuser", "about": "本单位损失"},
        "open_police_report": {"capacity": "accuser", "wish": "通话录音 77"},
    }
