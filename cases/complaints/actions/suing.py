"""Carrying a complaint to court, with the support of the house."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cases.complaints.models import Complaint
from cases.complaints.rules import suing as rules
from cases.litigation.actions import request_litigation
from jike.base.actors import Actor
from jike.verbs import verb


@verb(
    Complaint,
    "complaints.open_litigation",
    label=_("Ask for support in court"),
    blockers=rules.blockers_to_open_litigation,
)
def open_litigation(case: Complaint, *, actor: Actor, now: datetime) -> None:
    """Open a linked litigation that reads people, facts, papers and evidence here. The complaint and its clock go on. Source: CPL art 15."""
    litigation = request_litigation(actor=actor, now=now, origin=case, matter=case)
    case.tell(litigation=str(litigation.pk))
