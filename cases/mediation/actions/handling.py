"""What is done on a mediation as on every case: taking it, notes, keeping somebody from it."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cases.handling import acts, recusal, recusal_rules, rules
from cases.mediation.models import Mediation
from jike.base.actors import Actor
from jike.verbs import verb

claim_mediation = verb(Mediation, "mediation.claim", label=_("Take this case"), blockers=rules.blockers_to_claim)(
    acts.claim
)

assign_mediation = verb(
    Mediation, "mediation.assign", label=_("Assign to somebody"), blockers=rules.blockers_to_assign
)(acts.assign)

auto_assign = verb(
    Mediation, "mediation.auto_assign", label=_("Assign to the best handler"), blockers=rules.blockers_to_auto_assign
)(acts.auto_assign)

add_note = verb(
    Mediation, "mediation.note", label=_("Add an internal note"), blockers=rules.blockers_to_note, category="message"
)(acts.add_note)


recuse_oneself = verb(
    Mediation,
    "mediation.recuse",
    label=_("Recuse myself"),
    blockers=recusal_rules.blockers_to_recuse,
    category="access",
)(recusal.recuse_oneself)

request_recusal = verb(
    Mediation,
    "mediation.request_recusal",
    label=_("Ask for a recusal"),
    blockers=recusal_rules.blockers_to_request_recusal,
    category="access",
)(recusal.request_recusal)


@verb(
    Mediation,
    "mediation.decide_recusal",
    label=_("Decide on a recusal"),
    blockers=recusal_rules.blockers_to_decide_recusal,
    category="access",
)
def decide_recusal(case: Mediation, *, actor: Actor, now: datetime, verdict: str, reason: str) -> None:
    """Grant or refuse the recusal that a colleague asked for. Source: O2020-3 art 17."""
    recusal.decide_recusal(case, actor=actor, now=now, verdict=verdict, reason=reason)


lift_recusal = verb(
    Mediation,
    "mediation.lift_recusal",
    label=_("Lift a recusal"),
    blockers=recusal_rules.blockers_to_lift_recusal,
    category="access",
)(recusal.lift_recusal)

recuse_by_relation = verb(
    Mediation,
    "mediation.recuse_by_relation",
    label=_("Recused by a known relation"),
    blockers=recusal_rules.blockers_to_recuse_by_relation,
    category="access",
    by_hand=False,
)(recusal.recuse_by_relation)
