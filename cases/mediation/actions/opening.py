"""How a mediation comes to be, is agreed to by the consumer, and how it ends without an agreement."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cases.clocks import ledger as clocks
from cases.handling import acts
from cases.handling.carrying import carry_on, opened_from
from cases.mediation import counting, links, words
from cases.mediation.closing import end_open_round
from cases.mediation.models import Mediation
from cases.mediation.rules import opening as rules
from cases.mediation.rules.sides import side_of
from cases.mediation.states import Form, Side, State
from cases.models import Case
from cases.queries import complainant_of
from jike.base.actors import Actor
from jike.base.dates import cst_date
from jike.verbs import opener, verb

HOW = {
    "failed": "未能达成协议",
    "silent": "商户未在期限内答复",
    "period": "调解期限届满，未能达成协议",
    "refused_merchant": "商户不同意协商调解",
    "refused_consumer": "您不同意协商调解",
    "withdrawn": "您退出了协商调解",
}


@opener(
    Mediation,
    "mediation.propose",
    label=_("Propose negotiation or mediation"),
    blockers=rules.blockers_to_propose,
    by_hand=False,
)
def propose_mediation(*, actor: Actor, now: datetime, origin: Case, form: str, body: str = "") -> Mediation:
    """Open a mediation of `origin`, linked `escalated_to` it, and ask the consumer. Nothing is copied: people, facts, papers and messages
    are read where they are. Whoever is recused there is recused here. The consumer follows it under the receipt of `origin`.

    `body` is the outside body's full name, only for the external form. Source: O2020-3 art 23, PML art 17.
    """
    case = opened_from(
        origin,
        Mediation,
        "mediation",
        now=now,
        state=State.PROPOSED,
        origin=origin,
        form=form,
        body=body.strip() if form == Form.EXTERNAL else "",
    )
    carry_on(origin, case, actor=actor, now=now)
    party = complainant_of(case)
    assert party is not None
    words.PROPOSAL.queue(
        case,
        party,
        now=now,
        origin=words.origin_of(case),
        matter=words.matter_of(case),
        is_complaint=origin.kind == "complaint",
        is_external=case.is_external,
        body=case.body,
    )
    case.tell(origin=str(origin.pk), form=form)
    return case


@verb(Mediation, "mediation.consent", label=_("Record the consumer's consent"), blockers=rules.blockers_to_consent)
def consent(case: Mediation, *, actor: Actor, now: datetime, evidence: str = "") -> None:
    """The consumer agrees to it: proposed -> consented. Nobody is invited before. Source: O2020-3 art 23, PML art 17."""
    case.mark_consented(at=now, evidence=evidence.strip())
    case.tell(by=actor.kind)


@verb(Mediation, "mediation.refuse", label=_("Record a refusal"), blockers=rules.blockers_to_refuse)
def refuse(
    case: Mediation, *, actor: Actor, now: datetime, side: str = "", reason: str = "", evidence: str = ""
) -> None:
    """A side clearly refuses, for one of the known reasons where it names one, and it ends; the consumer hears of the other remedies. Source: PML art 23, PML art 26, house R47."""
    by = side_of(actor, side)
    case.mark_refused(at=now, by=by)
    _kept(case, evidence, actor=actor, now=now)
    case.tell(side=by, reason=reason)
    end(case, HOW[f"refused_{by}"], at=now, now=now)


@verb(Mediation, "mediation.leave", label=_("Record that the consumer leaves it"), blockers=rules.blockers_to_leave)
def leave(case: Mediation, *, actor: Actor, now: datetime, evidence: str = "") -> None:
    """The consumer takes the consent back; what both signed stays. Source: PML art 17."""
    case.mark_withdrawn(at=now)
    _kept(case, evidence, actor=actor, now=now)
    end(case, HOW["withdrawn"], at=now, now=now)


@verb(Mediation, "mediation.fail", label=_("Record that there is no agreement"), blockers=rules.blockers_to_fail)
def fail(case: Mediation, *, actor: Actor, now: datetime, reason: str) -> None:
    """Whoever mediates gives up; the consumer hears of the other remedies. Source: PML art 26."""
    case.mark_failed(at=now)
    acts.add_note(case, actor=actor, now=now, text=reason.strip())
    end(case, HOW["failed"], at=now, now=now)


def end(case: Mediation, how: str, *, at: datetime, now: datetime) -> None:
    """What every end without an agreement brings about: clocks and link stop, the count of the origin goes on, the consumer is told.

    `at` is when it ended, which for silence is the minute the limit ran out, whenever the timer came by.
    """
    was_counted = case.stopped_count
    end_open_round(case, now=now)
    clocks.stop_all(case, at=at, now=now)
    links.revoke(case, now=now)
    counting.resume_count(case, last_on=cst_date(at), now=now)
    party = complainant_of(case)
    if party:
        words.ENDED.queue(
            case,
            party,
            now=now,
            origin=words.origin_of(case),
            matter=words.matter_of(case),
            how=how,
            was_counted=was_counted,
        )


def _kept(case: Mediation, evidence: str, *, actor: Actor, now: datetime) -> None:
    """What a side said along with it: a note of the staff, or the side's own words to whoever mediates."""
    if not evidence.strip():
        return
    if actor.is_staff:
        acts.add_note(case, actor=actor, now=now, text=evidence.strip())
    else:
        party = complainant_of(case) if actor.kind == Side.CONSUMER.value else None
        acts.take(case, actor=actor, now=now, text=evidence.strip(), party=party)
