"""May a time limit be extended: 15 to 30 to 60 days, one step at a time, before it ends."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases import approvals
from cases.clocks.models import Clock
from cases.clocks.steps import VOIDING, blockers_to_extend, is_late
from cases.clocks.steps import Extension as Step
from cases.complaints import counting
from cases.complaints.models import Complaint, Extension
from cases.complaints.states import State
from cases.handling.proof_rules import blockers_to_prove
from cases.rules import ended, handler_only, missing, no_power, only_while, too_long
from jike.base.actors import Actor
from jike.base.errors import UNASKED, Blocker

ART = "O2020-3 art 18"
APPROVE = "complaints.approve_extension"


def blockers_to_extend_30(case: Complaint, actor: Actor, *, now: datetime, reason: Any = UNASKED) -> list[Blocker]:
    return _blockers_to_ask(case, actor, "CMP30", now=now, reason=reason, power="complaints.extend_30")


def blockers_to_extend_60(case: Complaint, actor: Actor, *, now: datetime, reason: Any = UNASKED) -> list[Blocker]:
    return _blockers_to_ask(case, actor, "CMP60", now=now, reason=reason, power="complaints.extend_60")


def _blockers_to_ask(
    case: Complaint, actor: Actor, code: str, *, now: datetime, reason: Any, power: str
) -> list[Blocker]:
    found = handler_only(case, actor, power) + only_while(case, State.INVESTIGATING, State.DECIDING)
    if found:
        return found + _reason(reason)
    clock = counting.running(case)
    if clock is None:
        return no_count() + _reason(reason)
    step = Step(counting.rule_of(case, code), asked_at=now, reason="-", approved_at=now, noticed_at=now)
    lacks = [b for b in blockers_to_extend(clock.rule, step, due_at=clock.due_at) if b.code not in VOIDING]
    return [*lacks, *([] if lacks else approval_open(case) + _unsettled(case)), *_reason(reason)]


def _reason(reason: Any) -> list[Blocker]:
    return missing(reason, "reason", _("Give the reason for the extension."), ART) + too_long(reason, "reason", 2_000)


def approval_open(case: Complaint) -> list[Blocker]:
    if approvals.waiting_for(case, APPROVE) is None:
        return []
    return [Blocker("extension.asked", _("An extension waits for approval already."), ART)]


def _unsettled(case: Complaint) -> list[Blocker]:
    if not case.has("open_extensions"):
        return []
    return [Blocker("extension.waits", _("An approved extension waits for its notice to be sent."), ART)]


def no_count() -> list[Blocker]:
    return [
        Blocker(
            "clock.none",
            _(
                "The count of 15, 30 or 60 days does not run here; a date agreed with the consumer is changed by a new agreement."
            ),
            ART,
        )
    ]


def blockers_to_approve_extension(
    case: Complaint, actor: Actor, *, now: datetime, payload: Any = UNASKED
) -> list[Blocker]:
    """The 60 days need an executive of the head office or the superior unit; nobody approves after the end. Source: O2020-3 art 18."""
    found = no_power(actor, APPROVE) + only_while(case, State.INVESTIGATING, State.DECIDING)
    if found:
        return found
    approval = approvals.waiting_for(case, APPROVE)
    if approval and approval.power != APPROVE:
        found += no_power(actor, approval.power)
    found += approvals.blockers_to_vote(case, actor, approval, payload=payload)
    clock = counting.running(case)
    if approval is None:
        return found
    if clock is None:
        return found + no_count()
    return found + _too_late(clock, now) + _no_longer_next(clock, str(approvals.request_of(approval).get("code")))


def _no_longer_next(clock: Clock, code: str) -> list[Blocker]:
    """The count began anew, or was extended otherwise, since this was asked."""
    if clock.rule.next and clock.rule.next.code == code:
        return []
    return [Blocker("extension.step_skipped", _("The time limit is extended one step at a time."), ART)]


def _too_late(clock: Clock, now: datetime) -> list[Blocker]:
    if clock.due_at is None or not is_late(now, clock.due_at):
        return []
    return [Blocker("extension.too_late", _("The time limit is over. It can only be extended before it ends."), ART)]


def blockers_to_settle_extension(
    case: Complaint,
    actor: Actor,
    *,
    now: datetime,
    proof: Any = UNASKED,
    manner: Any = UNASKED,
    evidence: Any = UNASKED,
    sent_at: Any = UNASKED,
) -> list[Blocker]:
    """The notice of an approved extension was sent, in time or not."""
    found = handler_only(case, actor, "complaints.settle_extension") + ended(case)
    if found:
        return found
    waiting = Extension.objects.filter(case_id=case.pk, outcome="").first() if case.has("open_extensions") else None
    if waiting is None:
        found.append(Blocker("extension.none", _("No extension waits for its notice."), ART))
    since = waiting.approved_at if waiting else None
    return found + blockers_to_prove(
        actor, now=now, since=since, proof=proof, manner=manner, evidence=evidence, sent_at=sent_at
    )
