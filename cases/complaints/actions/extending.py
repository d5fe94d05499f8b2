"""Extending the time limit: asked with a reason, approved by a second person, told to the consumer, and only then counted."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from django.utils.translation import gettext_lazy as _

from cases import approvals
from cases.clocks.models import Clock
from cases.clocks.steps import Extension as Step
from cases.clocks.steps import is_late
from cases.complaints import counting, wordings
from cases.complaints.models import Complaint, Extension
from cases.complaints.rules import extending as rules
from cases.handling.proof import proof_by_hand
from cases.models import Approval, Delivery, Message
from cases.queries import complainant_of
from jike.accounts.models import Unit
from jike.base.actors import Actor
from jike.base.ids import uuid7
from jike.verbs import verb

EXECUTIVE = "approvals.extend_60"
LAST = "CMP60"


@verb(
    Complaint,
    "complaints.extend_30",
    label=_("Ask for 30 days"),
    blockers=rules.blockers_to_extend_30,
    category="clock",
)
def extend_30(case: Complaint, *, actor: Actor, now: datetime, reason: str) -> None:
    """Ask to take 30 days in all for a complex matter; a supervisor of the unit approves. Source: O2020-3 art 18."""
    _ask(case, "CMP30", actor=actor, now=now, reason=reason)


@verb(
    Complaint,
    "complaints.extend_60",
    label=_("Ask for 60 days"),
    blockers=rules.blockers_to_extend_60,
    category="clock",
)
def extend_60(case: Complaint, *, actor: Actor, now: datetime, reason: str) -> None:
    """Ask to take 60 days in all for special reasons: the superior unit approves, or an executive of the head office.

    Source: O2020-3 art 18.
    """
    superior = case.unit.superior if case.unit.level == Unit.Level.BRANCH else None
    power = rules.APPROVE if superior else EXECUTIVE
    _ask(case, "CMP60", actor=actor, now=now, reason=reason, unit=superior, power=power)


def _ask(
    case: Complaint, code: str, *, actor: Actor, now: datetime, reason: str, unit: Unit | None = None, power: str = ""
) -> None:
    clock = cast(Clock, counting.running(case))
    after = counting.due_with(case, clock, steps=[_step(case, code, asked_at=now, told_at=now)])
    request: approvals.Request = {
        "code": code,
        "reason": reason.strip(),
        "old_due": counting.as_text(clock.due_at),
        "new_due": counting.as_text(after.at),
    }
    approvals.ask(case, rules.APPROVE, actor=actor, now=now, request=request, unit=unit, power=power)
    case.tell(code=code)


def _step(case: Complaint, code: str, *, asked_at: datetime, told_at: datetime) -> Step:
    """The step as the arithmetic sees it: approved and told, each at a moment before the end."""
    return Step(counting.rule_of(case, code), asked_at=asked_at, reason="-", approved_at=asked_at, noticed_at=told_at)


@verb(
    Complaint,
    rules.APPROVE,
    label=_("Approve the extension"),
    blockers=rules.blockers_to_approve_extension,
    category="clock",
)
def approve_extension(case: Complaint, *, actor: Actor, now: datetime, payload: str) -> None:
    """Approve exactly what was asked, and queue the notice. 30 days hold at once; 60 only when the notice was sent in time.

    Source: O2020-3 art 18.
    """
    approval = approvals.vote(case, rules.APPROVE, Approval.Verdict.APPROVED, actor=actor, now=now)
    asked = approvals.request_of(approval)
    clock = cast(Clock, counting.running(case))
    code = str(asked["code"])
    extension = Extension.objects.create(
        id=uuid7(), case_id=case.pk, approval=approval, code=code, old_due_at=clock.due_at, approved_at=now
    )
    step = _step(case, code, asked_at=approval.asked_at, told_at=now)
    _tell(
        case, extension, reason=str(asked["reason"]), new_due=counting.due_with(case, clock, steps=[step]).at, now=now
    )
    case.tell(code=code)
    if clock.rule.next and "notice" not in clock.rule.next.needs:
        _settle(case, extension, clock, step, now=now)


def _tell(case: Complaint, extension: Extension, *, reason: str, new_due: datetime | None, now: datetime) -> None:
    party = complainant_of(case)
    if party:
        is_last = extension.code == LAST
        wordings.EXTENSION.queue(
            case, party, now=now, old_due=extension.old_due_at, new_due=new_due, reason=reason, is_last=is_last
        )


def _settle(case: Complaint, extension: Extension, clock: Clock, step: Step, *, now: datetime) -> None:
    extension.outcome, extension.settled_at = Extension.Outcome.EFFECTIVE, now
    after = counting.recount(case, clock, now=now, steps=[step])
    extension.new_due_at = after.due_at
    extension.save(update_fields=["outcome", "settled_at", "new_due_at"])


@verb(
    Complaint,
    "complaints.settle_extension",
    label=_("Record the notice of the extension"),
    blockers=rules.blockers_to_settle_extension,
    category="clock",
)
def settle_extension(
    case: Complaint,
    *,
    actor: Actor,
    now: datetime,
    proof: Delivery | None = None,
    manner: str = "",
    evidence: str = "",
    sent_at: datetime | None = None,
) -> None:
    """The notice of an approved extension was sent: in time, the longer limit holds; late, the step stays on record without effect.

    Source: O2020-3 art 18, art 21.
    """
    proof = proof or proof_by_hand(
        case,
        actor,
        manner=manner,
        evidence=evidence,
        sent_at=sent_at or now,
        now=now,
        purpose=Message.Purpose.EXTENSION,
    )
    extension = Extension.objects.select_related("approval").get(case_id=case.pk, outcome="")
    clock = counting.running(case)
    extension.notice = proof
    if clock:
        extension.old_due_at = clock.due_at  # a pause may have moved it since the approval
    extension.save(update_fields=["notice", "old_due_at"])
    is_next = clock is not None and clock.rule.next is not None and clock.rule.next.code == extension.code
    if clock is None or not is_next or (extension.old_due_at and is_late(proof.sent_at, extension.old_due_at)):
        extension.outcome, extension.settled_at = Extension.Outcome.VOID, now
        extension.save(update_fields=["outcome", "settled_at"])
    else:
        step = _step(case, extension.code, asked_at=extension.approval.asked_at, told_at=proof.sent_at)
        _settle(case, extension, clock, step, now=now)
    case.tell(delivery=str(proof.pk), code=extension.code, outcome=extension.outcome)
