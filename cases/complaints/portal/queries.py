"""Doors of the consumer's side: the own complaint, its letter, and the merchants to choose from while filing."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from cases.complaints.models import Complaint, PhoneChange
from cases.queries import NotVisible, case_for, complainant_of
from jike.base.actors import Actor
from jike.base.ids import normalise_code
from jike.privacy import blind_index, open_sealed
from lending.models import Loan, Merchant
from lending.queries import loans_of, person_called

SUGGESTED_AT_MOST = 60


def complaint_for(actor: Actor, number: str) -> Complaint:
    """The complaint with this number, if the actor may see it. Raises `NotVisible`."""
    case = case_for(actor, number)
    if not isinstance(case, Complaint):
        raise NotVisible(number)
    return Complaint.objects.select_related("unit", "assignee", "responsible_institution").get(pk=case.pk)


def goes_on_in(case: Complaint) -> Complaint | None:
    """The complaint that a merged one goes on in, where it is the same consumer's."""
    return Complaint.objects.filter(pk=case.merged_into_id, consumer_id=case.consumer_id).first()


def complaint_of_receipt(code: str) -> Complaint | None:
    """The complaint of this receipt code, for requests that show nothing of it: the code alone opens no case."""
    return Complaint.objects.filter(receipt_index=blind_index("receipt", normalise_code(code))).first()


def number_of(case: Complaint) -> str:
    """The complainant's number in clear, for the machine that sends a code to it; empty when the case holds none."""
    party = complainant_of(case)
    return open_sealed(party, "phone") if party and party.phone else ""


def has_new_phone(case: Complaint, *, since: datetime) -> bool:
    """Whether the complainant's number was changed after this moment."""
    return PhoneChange.objects.filter(case_id=case.pk, outcome="changed", ended_at__gt=since).exists()


def merchants_to_suggest() -> list[str]:
    """Names to choose from while typing; none when there are too many to send along with a page."""
    names = list(Merchant.objects.order_by("name").values_list("name", flat=True)[: SUGGESTED_AT_MOST + 1])
    return names if len(names) <= SUGGESTED_AT_MOST else []


def loans_to_offer(phone: str, name: str) -> list[Loan]:
    """The loans of whoever has this proven number and this name. A number alone is nobody: numbers are given to new people."""
    person = person_called(phone, name)
    return list(loans_of(person)[:12]) if person else []


def loan_offered(phone: str, name: str, chosen: str) -> Loan | None:
    """The loan that was chosen, if it is one that was offered."""
    return next((loan for loan in loans_to_offer(phone, name) if str(loan.pk) == chosen), None) if chosen else None


def open_complaints_of(phone: str, name: str) -> QuerySet[Complaint]:
    """Complaints of the same person that are still being handled, newest first."""
    person = person_called(phone, name)
    if person is None:
        return Complaint.objects.none()
    return Complaint.objects.filter(consumer=person, ended_at=None, is_historical=False).order_by("-received_at")[:5]


def own_open_complaint(phone: str, name: str, pk: UUID) -> Complaint | None:
    """One of them."""
    return next((case for case in open_complaints_of(phone, name) if case.pk == pk), None)
