"""May a complaint be declined, may that be confirmed, and was the consumer told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases import approvals
from cases.complaints import declines
from cases.complaints.models import Complaint
from cases.complaints.rules.limits import PART_LIMIT
from cases.complaints.states import State
from cases.handling.proof_rules import blockers_to_prove
from cases.rules import handler_only, missing, no_power, only_while, request_waits, too_long, wrong_state
from jike.base.actors import Actor
from jike.base.dates import cst_date
from jike.base.errors import UNASKED, Blocker


def blockers_to_decline(
    case: Complaint,
    actor: Actor,
    *,
    now: datetime,
    ground: Any = UNASKED,
    explanation: Any = UNASKED,
    remedies: Any = UNASKED,
) -> list[Blocker]:
    """A ground of the list, what it rests on here, and the remedies. Source: O2020-3 art 18."""
    found = handler_only(case, actor, "complaints.decline") + wrong_state(case, case.mark_declined)
    found += [] if found else request_waits(case)
    if ground is not UNASKED and not declines.may_be_given(str(ground), on=cst_date(now)):
        found.append(Blocker("ground.unknown", _("Choose a ground from the list."), "O2020-3 art 18", "ground"))
    found += missing(explanation, "explanation", _("Say what the ground rests on in this case."), "O2020-3 art 18")
    found += missing(remedies, "remedies", _("Name the remedies: review, mediation, arbitration, litigation."))
    return found + too_long(explanation, "explanation", 2_000) + too_long(remedies, "remedies", PART_LIMIT)


def blockers_to_confirm_decline(
    case: Complaint, actor: Actor, *, now: datetime, payload: Any = UNASKED
) -> list[Blocker]:
    """Another person than the one who asked, for exactly what was asked. Source: house four eyes."""
    found = no_power(actor, "complaints.confirm_decline") + wrong_state(case, case.mark_declined)
    if found:
        return found
    waiting = approvals.waiting_for(case, "complaints.confirm_decline")
    return approvals.blockers_to_vote(case, actor, waiting, payload=payload)


def blockers_to_tell_decline(
    case: Complaint,
    actor: Actor,
    *,
    now: datetime,
    proof: Any = UNASKED,
    manner: Any = UNASKED,
    evidence: Any = UNASKED,
    sent_at: Any = UNASKED,
) -> list[Blocker]:
    """A declined complaint ends when the consumer was told, with proof. Source: O2020-3 art 18, art 21."""
    found = handler_only(case, actor, "complaints.tell_decline") + only_while(case, State.DECLINED)
    if case.notice_id is not None:
        found.append(Blocker("notice.given", _("The consumer was told already.")))
    return found + blockers_to_prove(
        actor, now=now, since=case.declined_at, proof=proof, manner=manner, evidence=evidence, sent_at=sent_at
    )
