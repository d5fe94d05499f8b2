"""How a litigation comes to be, is taken up or declined, and how it ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cases.clocks import ledger as clocks
from cases.handling import acts
from cases.handling.carrying import carry_on, opened_from
from cases.kinds import kind_named
from cases.litigation import words
from cases.litigation.house_rules import house_rules
from cases.litigation.models import Enclosure, Litigation
from cases.litigation.rules import opening as rules
from cases.litigation.states import State
from cases.models import Case
from cases.notices.actions import tell_about
from cases.staffing import on_duty
from jike.accounts.models import Unit
from jike.base.actors import Actor
from jike.base.dates import cst_date
from jike.base.ids import uuid7
from jike.verbs import opener, verb


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A paper that goes along from the case it came from: what it is, the row, its version and its hash."""

    what: str
    of_case: UUID
    source_id: UUID
    version: int
    sha256: bytes


@opener(
    Litigation,
    "litigation.request",
    label=_("Ask for support in court"),
    blockers=rules.blockers_to_request,
    by_hand=False,
)
def request_litigation(
    *,
    actor: Actor,
    now: datetime,
    origin: Case,
    matter: Case,
    enclosed: Sequence[Enclosed] = (),
    is_mediated_outside: bool = False,
) -> Litigation:
    """Open a litigation out of `origin`, linked `escalated_to` it, about `matter`, where people, facts, papers and evidence are read: nothing
    is copied. It waits in the pool of the unit for such cases; whoever is recused in either is recused here. The consumer follows
    it under the receipt of the matter. Source: CPL art 15.
    """
    case = opened_from(
        matter,
        Litigation,
        "litigation",
        now=now,
        state=State.REQUESTED,
        origin=origin,
        matter=matter,
        is_mediated_outside=is_mediated_outside,
        unit=Unit.objects.filter(code=house_rules().unit).first() or matter.unit,
        assignee=None,
        amount_cny=matter.amount_cny,
    )
    carry_on(origin, case, actor=actor, now=now, recused_in=dict.fromkeys((matter, origin)))
    for seq, paper in enumerate(enclosed, start=1):
        case.bring(_enclosure(case, seq, paper, now))
    words.tell(case, words.REQUESTED, now=now)
    counsel = on_duty(case.unit_id, on=cst_date(now), roles=kind_named(case.kind).worked_by)
    tell_about(case, counsel, "court.asked", key=f"asked:{case.pk}", now=now)
    case.tell(origin=str(origin.pk), matter=str(matter.pk), enclosed=len(enclosed))
    return case


def _enclosure(case: Litigation, seq: int, paper: Enclosed, now: datetime) -> Enclosure:
    return Enclosure(
        id=uuid7(),
        case_id=case.pk,
        seq=seq,
        what=paper.what,
        of_case_id=paper.of_case,
        source_id=paper.source_id,
        version=paper.version,
        sha256=paper.sha256,
        added_at=now,
    )


@verb(Litigation, "litigation.assess", label=_("Begin the assessment"), blockers=rules.blockers_to_assess)
def begin_assessment(case: Litigation, *, actor: Actor, now: datetime) -> None:
    """Counsel takes it up: requested -> assessing."""
    case.mark_assessing()


@verb(Litigation, "litigation.decline", label=_("Decline the support"), blockers=rules.blockers_to_decline)
def decline_litigation(case: Litigation, *, actor: Actor, now: datetime, reason: str, told: str) -> None:
    """The house does not support it; the consumer hears why, and that the own way to the court stays open. Source: CPL art 15."""
    case.mark_declined(at=now)
    acts.add_note(case, actor=actor, now=now, text=reason.strip())
    clocks.stop_all(case, at=now, now=now)
    words.tell(case, words.DECLINED, now=now, told=told.strip().rstrip("。"))


@verb(Litigation, "litigation.withdraw", label=_("Record that the consumer gives it up"), blockers=rules.blockers_to_withdraw)  # fmt: skip
def withdraw_litigation(case: Litigation, *, actor: Actor, now: datetime, evidence: str = "") -> None:
    """The consumer is the party and leaves it: -> withdrawn. Source: CPL art 15."""
    case.mark_withdrawn(at=now)
    _kept(case, evidence, actor=actor, now=now)
    case.tell(by=actor.kind)
    end(case, "您放弃了本次诉讼支持", now=now)


@verb(Litigation, "litigation.settle", label=_("Record a settlement"), blockers=rules.blockers_to_settle)
def settle(case: Litigation, *, actor: Actor, now: datetime, terms: str, evidence: str = "") -> None:
    """The two sides came to terms, before, during or after the judgment: -> settled."""
    case.mark_settled(at=now)
    acts.add_note(case, actor=actor, now=now, text=terms.strip())
    _kept(case, evidence, actor=actor, now=now)
    end(case, "双方已和解", now=now)


@verb(Litigation, "litigation.close", label=_("Close"), blockers=rules.blockers_to_close)
def close_litigation(case: Litigation, *, actor: Actor, now: datetime, summary: str) -> None:
    """The way through the courts is over: -> closed. The consumer reads the sentence as it is."""
    case.mark_closed(at=now)
    end(case, summary.strip().rstrip("。"), now=now)


def end(case: Litigation, how: str, *, now: datetime) -> None:
    clocks.stop_all(case, at=now, now=now)
    words.tell(case, words.ENDED, now=now, how=how)


def _kept(case: Litigation, evidence: str, *, actor: Actor, now: datetime) -> None:
    if actor.is_staff and evidence.strip():
        acts.add_note(case, actor=actor, now=now, text=evidence.strip())
