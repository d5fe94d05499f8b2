"""Doors to people, loans and institutions."""

from __future__ import annotations

from django.db.models import QuerySet

from jike.base.actors import Actor
from jike.base.kept import kept
from jike.privacy import blind_index, normalise_phone
from lending.actions import identity_of
from lending.models import Funder, Loan, Merchant, Person


def people_by_phone(phone: str) -> QuerySet[Person]:
    """Everybody registered under this number, newest first: numbers are recycled. Raises ValueError for no phone number."""
    return Person.objects.filter(phone_index=blind_index("phone", normalise_phone(phone))).order_by(
        "-created_at", "-pk"
    )


def person_by_phone(phone: str) -> Person | None:
    """Who registered last under this number, or None. Raises ValueError for no phone number."""
    return people_by_phone(phone).first()


def person_called(phone: str, name: str) -> Person | None:
    """The person with this number and this name together, or None. Raises ValueError for no phone number."""
    return Person.objects.filter(identity_index=identity_of(normalise_phone(phone), name)).first()


def loans_of(person: Person) -> QuerySet[Loan]:
    """The loans of a person, newest first, with merchant and funder."""
    return Loan.objects.filter(person=person).select_related("merchant", "funder").order_by("-disbursed_at", "-pk")


@kept
def platform_entry() -> Funder | None:
    """The entry under which Jike speaks for itself; None before the starter data is loaded."""
    return Funder.objects.filter(speaks_for_platform=True).first()


def merchants_for(actor: Actor) -> QuerySet[Merchant]:
    """Merchants, for staff who may list cases. Their contact stays sealed."""
    if not actor.is_staff or not (actor.can("cases.list") or actor.can("cases.read_masked_all")):
        return Merchant.objects.none()
    return Merchant.objects.order_by("uscc")


def merchant_with(uscc: str) -> Merchant | None:
    """The merchant with this unified social credit code."""
    return Merchant.objects.filter(uscc=uscc).first()


def merchant_called(name: str) -> Merchant | None:
    """The merchant whose name was typed exactly; two of one name are nobody."""
    found = list(Merchant.objects.filter(name=name.strip())[:2]) if name.strip() else []
    return found[0] if len(found) == 1 else None
