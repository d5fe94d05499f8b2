"""Doors to people, loans and institutions."""

from __future__ import annotations

from django.db.models import QuerySet

from jike.privacy import blind_index, normalise_phone
from lending.models import Funder, Loan, Person


def people_by_phone(phone: str) -> QuerySet[Person]:
    """Everybody registered under this number, newest first: numbers are recycled. Raises ValueError for no phone number."""
    return Person.objects.filter(phone_index=blind_index("phone", normalise_phone(phone))).order_by(
        "-created_at", "-pk"
    )


def person_by_phone(phone: str) -> Person | None:
    """Who registered last under this number, or None. Raises ValueError for no phone number."""
    return people_by_phone(phone).first()


def loans_of(person: Person) -> QuerySet[Loan]:
    """The loans of a person, newest first, with merchant and funder."""
    return Loan.objects.filter(person=person).select_related("merchant", "funder").order_by("-disbursed_at", "-pk")


def platform_entry() -> Funder | None:
    """The entry under which Jike speaks for itself; None before the starter data is loaded."""
    return Funder.objects.filter(speaks_for_platform=True).first()
