"""Recusal: who handles a complaint has no interest of their own in it. Source: O2020-3 art 17."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cases.complaints import wordings
from cases.complaints.models import Complaint
from cases.handling import recusal
from cases.handling import recusal_rules as rules
from cases.queries import complainant_of
from jike.base.actors import Actor
from jike.verbs import verb

recuse_oneself = verb(
    Complaint, "complaints.recuse", label=_("Recuse myself"), blockers=rules.blockers_to_recuse, category="access"
)(recusal.recuse_oneself)

request_recusal = verb(
    Complaint,
    "complaints.request_recusal",
    label=_("Ask for a recusal"),
    blockers=rules.blockers_to_request_recusal,
    category="access",
)(recusal.request_recusal)


@verb(
    Complaint,
    "complaints.decide_recusal",
    label=_("Decide on a recusal"),
    blockers=rules.blockers_to_decide_recusal,
    category="access",
)
def decide_recusal(case: Complaint, *, actor: Actor, now: datetime, verdict: str, reason: str) -> None:
    """Grant or refuse the recusal that was asked for. A consumer who asked is told. Source: O2020-3 art 17."""
    row = recusal.decide_recusal(case, actor=actor, now=now, verdict=verdict, reason=reason)
    party = complainant_of(case)
    if party and row.asked_by_id is None:
        wordings.RECUSAL.queue(case, party, now=now, verdict=verdict)


lift_recusal = verb(
    Complaint,
    "complaints.lift_recusal",
    label=_("Lift a recusal"),
    blockers=rules.blockers_to_lift_recusal,
    category="access",
)(recusal.lift_recusal)

recuse_by_relation = verb(
    Complaint,
    "complaints.recuse_by_relation",
    label=_("Recused by a known relation"),
    blockers=rules.blockers_to_recuse_by_relation,
    category="access",
    by_hand=False,
)(recusal.recuse_by_relation)
