"""Doors of the consumer's side: the own complaint, its letter, and the merchants to choose from while filing."""

from __future__ import annotations

from cases.complaints.models import Complaint
from cases.queries import case_for
from jike.base.actors import Actor
from lending.models import Merchant

SUGGESTED_AT_MOST = 60


def complaint_for(actor: Actor, number: str) -> Complaint:
    """The complaint with this number, if the actor may see it. Raises `NotVisible`."""
    case = case_for(actor, number)
    return Complaint.objects.select_related("unit", "assignee", "responsible_institution").get(pk=case.pk)


def merchants_to_suggest() -> list[str]:
    """Names to choose from while typing; none when there are too many to send along with a page."""
    names = list(Merchant.objects.order_by("name").values_list("name", flat=True)[: SUGGESTED_AT_MOST + 1])
    return names if len(names) <= SUGGESTED_AT_MOST else []


def merchant_called(name: str) -> Merchant | None:
    """The merchant whose name was typed exactly; two of one name are nobody."""
    found = list(Merchant.objects.filter(name=name.strip())[:2]) if name.strip() else []
    return found[0] if len(found) == 1 else None
