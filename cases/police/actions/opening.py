"""How help with a police report comes to be, begins, and ends before anything was reported."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases import approvals
from cases.clocks import ledger as clocks
from cases.handling import acts
from cases.handling.carrying import carry_on, opened_from
from cases.models import Case
from cases.notices.actions import tell_about
from cases.notices.people import People
from cases.playbooks import end_tasks
from cases.police import words
from cases.police.house_rules import house_rules
from cases.police.models import Material, PoliceReport
from cases.police.rules import opening as rules
from cases.police.states import Capacity, State
from cases.queries import complainant_of
from cases.wording import Wording
from jike.base.actors import Actor
from jike.base.ids import uuid7
from jike.verbs import opener, verb


@opener(
    PoliceReport,
    "police.request",
    label=_("Help with a police report"),
    blockers=rules.blockers_to_request,
    by_hand=False,
)
def request_help(*, actor: Actor, now: datetime, origin: Case, capacity: str, wish: str) -> PoliceReport:
    """Open help for the consumer of `origin`, linked `escalated_to` it. Nothing is copied: people, facts and papers are read where they
    are. Whoever is recused there is recused here. `wish` says where the consumer asked for it. Source: GACX2020 art 169.
    """
    case = opened_from(
        origin,
        PoliceReport,
        "police_report",
        now=now,
        state=State.REQUESTED,
        origin=origin,
        capacity=capacity,
        wish=wish.strip(),
    )
    carry_on(origin, case, actor=actor, now=now)
    say(case, words.OPENED, now=now, capacity=words.CAPACITIES[capacity])
    if not actor.is_staff:
        handlers = People([case.unit_id], [case.assignee_id]).handler(case.assignee_id, case.unit_id)
        tell_about(case, handlers, "police.asked", key=f"asked:{case.pk}", now=now)
    case.tell(origin=str(origin.pk), capacity=capacity)
    return case


def say(case: PoliceReport, wording: Wording, *, now: datetime, **told: Any) -> None:
    """Tell the consumer, who is known in the case it came from. Called inside verbs."""
    party, origin = complainant_of(case), case.origin
    if party and origin:
        wording.queue(case, party, now=now, origin=origin.number, **told)


@verb(PoliceReport, "police.begin", label=_("Begin to prepare"), blockers=rules.blockers_to_begin)
def begin(case: PoliceReport, *, actor: Actor, now: datetime) -> None:
    """Take it up: requested -> preparing. The papers usual in practice come onto the list of the case. Source: house police papers."""
    case.mark_preparing()
    usual = [code for code, one in house_rules().materials.items() if one.is_own is case.is_own]
    Material.objects.bulk_create(
        Material(id=uuid7(), case_id=case.pk, seq=seq, code=code, changed_at=now) for seq, code in enumerate(usual, 1)
    )
    case.forget("known_materials", holding="materials")
    case.tell(materials=len(usual))


@verb(PoliceReport, "police.decline", label=_("Decline to help"), blockers=rules.blockers_to_decline)
def decline(case: PoliceReport, *, actor: Actor, now: datetime, reason: str) -> None:
    """We do not help with this, and say why: the consumer may report without us, and the police must take it. Source: GACX2020 art 169."""
    case.mark_declined(at=now)
    end(case, actor=actor, now=now)
    acts.add_note(case, actor=actor, now=now, text=reason.strip())
    say(case, words.DECLINED, now=now, reason=reason.strip())


@verb(
    PoliceReport,
    "police.withdraw",
    label=_("Record that the consumer wants no help any more"),
    blockers=rules.blockers_to_withdraw,
)
def withdraw(case: PoliceReport, *, actor: Actor, now: datetime, evidence: str = "") -> None:
    """The consumer takes the request back before anything was reported."""
    case.mark_withdrawn(at=now)
    end(case, actor=actor, now=now)
    if actor.is_staff:
        acts.add_note(case, actor=actor, now=now, text=evidence.strip())
    case.tell(by=actor.kind)


def end(case: PoliceReport, *, actor: Actor, now: datetime) -> None:
    """What every end brings about: clocks stop, nothing waits for a vote or to be done any more."""
    clocks.stop_all(case, at=now, now=now)
    approvals.void_all(case, now=now)
    end_tasks(case, "receipt", actor=actor, now=now)


@verb(
    PoliceReport,
    "police.state_capacity",
    label=_("Correct the capacity"),
    blockers=rules.blockers_to_state_capacity,
)
def state_capacity(case: PoliceReport, *, actor: Actor, now: datetime, capacity: str, reason: str) -> None:
    """Say otherwise who reports: the victim who accuses, or somebody who reports or informs. Source: GACX2020 art 179."""
    case.tell(was=case.capacity, capacity=Capacity(capacity).value)
    case.capacity = capacity
    acts.add_note(case, actor=actor, now=now, text=reason.strip())
