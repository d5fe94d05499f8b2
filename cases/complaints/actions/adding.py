"""Further facts on an open complaint, and the count that may begin anew because of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cases import approvals
from cases.clocks import dates
from cases.clocks import ledger as clocks
from cases.clocks.models import Clock
from cases.complaints import counting, wordings
from cases.complaints.actions.reviewing import keep_words
from cases.complaints.models import Complaint, NewFacts
from cases.complaints.rules import adding as rules
from cases.models import Approval
from cases.queries import complainant_of
from jike import calendars
from jike.base.actors import Actor
from jike.base.ids import uuid7
from jike.verbs import verb

FIRST = "CMP15"


@verb(
    Complaint,
    "complaints.add_facts",
    label=_("Add facts"),
    blockers=rules.blockers_to_add_facts,
    category="message",
)
def add_facts(
    case: Complaint,
    *,
    actor: Actor,
    now: datetime,
    text: str,
    files: Sequence[UUID] = (),
    received_at: datetime | None = None,
) -> None:
    """Keep further material of the consumer. Counted, and nothing moves: the due date stays unless a second person agrees.

    `files` are ids of stored files of the case; `received_at` is when the material came. Source: O2020-3 art 18.
    """
    facts = NewFacts.objects.create(
        id=uuid7(),
        case_id=case.pk,
        text=text.strip(),
        files=list(files),
        by_consumer=actor.kind == "consumer",
        received_at=received_at or now,
        recorded_at=now,
    )
    case.repeat_count += 1
    if actor.kind == "consumer":
        keep_words(case, text.strip(), now=now)
    case.tell(facts=str(facts.pk), files=len(facts.files))


@verb(
    Complaint,
    "complaints.ask_restart",
    label=_("Ask to count anew"),
    blockers=rules.blockers_to_ask_restart,
    category="clock",
)
def ask_restart(case: Complaint, *, actor: Actor, now: datetime, reason: str) -> None:
    """Flag the latest material as new facts or reasons and ask a second person to let the count begin anew.

    Source: O2020-3 art 18.
    """
    facts = cast(NewFacts, rules.facts_to_count_from(case))
    clock = cast(Clock, counting.running(case))
    request: approvals.Request = {
        "facts": str(facts.pk),
        "received": facts.received_at.isoformat(),
        "old_due": counting.as_text(clock.due_at),
        "new_due": counting.as_text(_anew(case, facts.received_at).at),
        "reason": reason.strip(),
    }
    approvals.ask(case, rules.RESTART, actor=actor, now=now, request=request)
    case.tell(facts=str(facts.pk))


def _anew(case: Complaint, at: datetime) -> dates.Due:
    pauses = counting.pauses_of(case, since=at)
    return dates.due(counting.rule_of(case, FIRST), at, pauses=pauses, calendar=calendars.current())


@verb(
    Complaint,
    rules.RESTART,
    label=_("Let the count begin anew"),
    blockers=rules.blockers_to_approve_restart,
    category="clock",
)
def approve_restart(case: Complaint, *, actor: Actor, now: datetime, payload: str) -> None:
    """Begin 15 days anew from the receipt of the new material; the first count stays in the history. The consumer is told.

    A count that was over when the material came stays marked as breached. Source: O2020-3 art 18.
    """
    approval = approvals.vote(case, rules.RESTART, Approval.Verdict.APPROVED, actor=actor, now=now)
    asked = approvals.request_of(approval)
    facts = NewFacts.objects.get(case_id=case.pk, pk=str(asked["facts"]))
    clock = cast(Clock, counting.running(case))
    before = clock.due_at
    pauses = counting.pauses_of(case, since=facts.received_at)
    clocks.count_anew(case, clock, FIRST, at=facts.received_at, now=now, pauses=pauses)
    party = complainant_of(case)
    if party:
        wordings.RESTART.queue(
            case, party, now=now, received_at=facts.received_at, old_due=before, new_due=case.next_due_at
        )
    case.tell(facts=str(facts.pk))
