"""How people come to be known here."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from jike.base import rows
from jike.base.actors import Actor
from jike.privacy import (
    blind_index,
    mask_id,
    mask_name,
    mask_phone,
    new_key,
    normalise_id_number,
    normalise_phone,
    open_sealed,
)
from lending.models import Merchant, Person, Salesperson

BOTH = 2  # the key and the person: fewer were written when another request made the person meanwhile


def identity_of(phone: str, name: str) -> bytes:
    """The keyed hash of a normalised phone number and a name together: what makes two filings the same person."""
    return blind_index("identity", f"{phone}|{comparable_name(name)}")


def comparable_name(name: str) -> str:
    """A name for comparing: half width, single spaces, no difference of case."""
    return " ".join(unicodedata.normalize("NFKC", name).split()).casefold()


def register_person(*, name: str, phone: str, id_number: str = "", actor: Actor, now: datetime) -> Person:
    """The person with this phone number AND this name; made when there is none. Safe against two requests at once.

    Never the number alone: numbers are recycled, and the next owner must not see the earlier one's cases. Never the identity
    number: anybody can write down another person's, while the phone is proven by a code. An identity number is added to a
    known person who has none and never replaced. Raises ValueError for a bad phone or identity number.
    """
    phone = normalise_phone(phone)
    id_number = normalise_id_number(id_number) if id_number else ""
    identity = identity_of(phone, name)
    with transaction.atomic(savepoint=False):  # nothing here is taken back alone
        return _registered(name, phone, id_number, identity=identity, now=now)


def _registered(name: str, phone: str, id_number: str, *, identity: bytes, now: datetime) -> Person:
    known = rows.first(Person, "identity_index = %s", [identity], lock=True)
    if known is None:
        person = new_person(name, phone, id_number, identity=identity, now=now)
        if rows.insert(new_key(person.pk, now=now), person, skip_known=True) == BOTH:
            person.is_new = True
            return person
        return Person.objects.get(identity_index=identity)
    if id_number and known.id_index is None:
        known.id_number, known.id_mask, known.id_index = (
            id_number,
            mask_id(id_number),
            blind_index("id_number", id_number),
        )
        known.save(update_fields=["id_number", "id_mask", "id_index"])
    return known


@transaction.atomic
def renumber_person(person: Person, *, phone: str) -> Person:
    """Give a person a new, proven number and return whose row it now is: the same one, or the one that has this number and name.

    The old number belongs to nobody here afterwards: its next owner must find neither loans nor cases. `phone` is normalised.
    Source: house contact.
    """
    row = Person.objects.select_for_update().get(pk=person.pk)
    identity = identity_of(phone, open_sealed(row, "name"))
    known = Person.objects.filter(identity_index=identity).first()
    if known is not None:
        return known
    row.phone, row.phone_mask = phone, mask_phone(phone)
    row.phone_index, row.identity_index = blind_index("phone", phone), identity
    row.save(update_fields=["phone", "phone_mask", "phone_index", "identity_index"])
    return row


def new_person(name: str, phone: str, id_number: str, *, identity: bytes, now: datetime) -> Person:
    """An unsaved person from normalised values."""
    return Person(
        name=name.strip(),
        phone=phone,
        id_number=id_number,
        name_mask=mask_name(name.strip()),
        phone_mask=mask_phone(phone),
        id_mask=mask_id(id_number) if id_number else "",
        identity_index=identity,
        phone_index=blind_index("phone", phone),
        id_index=blind_index("id_number", id_number) if id_number else None,
        created_at=now,
    )


@transaction.atomic
def register_salesperson(
    *, merchant: Merchant | None, shop: str = "", code: str = "", name: str = "", now: datetime
) -> Salesperson:
    """The salesperson of this shop with this code, else with this name; made when there is none. Safe against two requests at once.

    `shop` is the shop's name as it was said, for one that is not registered. A name alone finds the one salesperson of the
    registered shop who is known by it, also by code; where two are, it is a third, since nobody knows which. Raises ValueError
    when neither code nor name is given.
    """
    code, name = comparable_name(code).upper(), " ".join(name.split())
    if not (code or name):
        raise ValueError("a salesperson has a code or a name")
    if not code and (known := _only_one_called(merchant, name)):
        return known
    identity = _salesperson_identity(merchant, shop, code, name)
    known = Salesperson.objects.select_for_update().filter(identity_index=identity).first()
    if known is None:
        row = Salesperson(merchant=merchant, code=code, identity_index=identity, created_at=now, **_named(name))
        Salesperson.objects.bulk_create([row], ignore_conflicts=True)
        return Salesperson.objects.get(identity_index=identity)
    if name and known.name_index is None:
        for field, value in _named(name).items():
            setattr(known, field, value)
        known.save(update_fields=["name", "name_mask", "name_index"])
    return known


def _only_one_called(merchant: Merchant | None, name: str) -> Salesperson | None:
    found = list(salespeople_called(name).filter(merchant=merchant)[:2]) if merchant else []
    return found[0] if len(found) == 1 else None


def salespeople_called(name: str) -> QuerySet[Salesperson]:
    """Everybody known by this name, at whichever shop."""
    return Salesperson.objects.filter(name_index=blind_index("salesperson", comparable_name(name)))


def _salesperson_identity(merchant: Merchant | None, shop: str, code: str, name: str) -> bytes:
    place = str(merchant.pk) if merchant else comparable_name(shop)
    said = f"code|{code}" if code else f"name|{comparable_name(name)}"
    return blind_index("salesperson_at", f"{place}|{said}")


def _named(name: str) -> dict[str, Any]:
    if not name:
        return {}
    return {
        "name": name,
        "name_mask": mask_name(name),
        "name_index": blind_index("salesperson", comparable_name(name)),
    }
