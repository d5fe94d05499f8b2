"""Whom a complaint is about besides merchant and loan: who sold it."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cases.complaints.models import Complaint
from cases.complaints.rules import naming as rules
from jike.base.actors import Actor
from jike.privacy import open_sealed
from jike.verbs import verb
from lending.actions import register_salesperson


@verb(
    Complaint,
    "complaints.name_salesperson",
    label=_("Name the salesperson"),
    blockers=rules.blockers_to_name_salesperson,
)
def name_salesperson(case: Complaint, *, actor: Actor, now: datetime, name: str = "", code: str = "") -> None:
    """Say who sold or arranged it, by name, code or both; a later naming replaces the earlier one, whose id stays on the event."""
    shop = open_sealed(case, "merchant_named") if case.merchant_named else ""
    found = register_salesperson(merchant=case.merchant, shop=shop, code=code, name=name, now=now)
    case.tell(salesperson=str(found.pk), was=str(case.salesperson_id) if case.salesperson_id else None)
    case.salesperson = found
