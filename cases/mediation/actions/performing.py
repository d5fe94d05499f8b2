"""What was agreed is done: reported by the merchant, confirmed by the consumer, or found broken after the days of grace."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cases.handling import acts
from cases.mediation import words
from cases.mediation.models import Mediation, Term
from cases.mediation.rules import agreeing
from cases.mediation.rules import performing as rules
from cases.queries import complainant_of
from jike.base.actors import Actor
from jike.verbs import verb


@verb(
    Mediation, "mediation.perform", label=_("Performance begins"), blockers=agreeing.blockers_to_perform, by_hand=False
)
def begin_performance(case: Mediation, *, actor: Actor, now: datetime) -> None:
    """The agreement binds and its days run: agreed -> performing."""
    case.mark_performing()


@verb(
    Mediation,
    "mediation.report_term",
    label=_("Report a promise as kept"),
    blockers=rules.blockers_to_report_term,
    category="message",
)
def report_term(case: Mediation, *, actor: Actor, now: datetime, term: Term, evidence: str) -> None:
    """The merchant says that a promise was kept, and how. From then on nothing is found broken without a person."""
    row = _own(case, term)
    row.reported_at, row.report = now, evidence.strip()
    row.save(update_fields=["reported_at", "report"])
    case.tell(term=str(row.pk), seq=row.seq)


@verb(
    Mediation,
    "mediation.confirm_term",
    label=_("Confirm a promise as kept"),
    blockers=rules.blockers_to_confirm_term,
)
def confirm_term(case: Mediation, *, actor: Actor, now: datetime, term: Term, evidence: str = "") -> None:
    """The consumer confirms one promise; with the last one the agreement is performed."""
    row = _own(case, term)
    row.confirmed_at, row.confirmed_by_kind, row.confirmation = now, actor.kind, evidence.strip()
    row.save(update_fields=["confirmed_at", "confirmed_by_kind", "confirmation"])
    case.tell(term=str(row.pk), seq=row.seq)
    if all(promise.confirmed_at for promise in rules.promises_of(case)):
        case.mark_performed(at=now)


@verb(Mediation, "mediation.breach", label=_("Record that the agreement is broken"), blockers=rules.blockers_to_breach)
def record_breach(case: Mediation, *, actor: Actor, now: datetime, reason: str = "") -> None:
    """A promise was not kept within the days of grace: performing -> breached. The consumer hears what can be done.

    Source: PML art 31, house grace.
    """
    late = rules.missed(case, now=now)
    case.mark_breached()
    if actor.is_staff:
        acts.add_note(case, actor=actor, now=now, text=reason.strip())
    case.tell(missed=len(late), first=str(late[0].pk))
    party = complainant_of(case)
    if party:
        words.BROKEN.queue(case, party, now=now, origin=words.origin_of(case), is_external=case.is_external)


def _own(case: Mediation, term: Term) -> Term:
    """The row as this locked case knows it, so that what is asked after the change is asked of the change."""
    return next(row for row in rules.promises_of(case) if row.pk == term.pk)
