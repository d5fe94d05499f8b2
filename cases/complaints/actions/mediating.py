"""Carrying a complaint to negotiation with the merchant, or to mediation by an outside body."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cases.complaints.models import Complaint
from cases.complaints.rules import mediating as rules
from cases.mediation.actions import propose_mediation
from jike.base.actors import Actor
from jike.verbs import verb


@verb(
    Complaint,
    "complaints.open_mediation",
    label=_("Propose negotiation or mediation"),
    blockers=rules.blockers_to_open_mediation,
)
def open_mediation(case: Complaint, *, actor: Actor, now: datetime, form: str, body: str = "") -> None:
    """Open a linked mediation that reads people, facts, papers and messages here. The complaint and its clock go on: only an outside
    body's mediation, with the consumer's consent, stops the count. Source: O2020-3 art 17, art 23.
    """
    mediation = propose_mediation(actor=actor, now=now, origin=case, form=form, body=body)
    case.tell(mediation=str(mediation.pk), form=form)
