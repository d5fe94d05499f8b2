"""How people come to be known here."""

from __future__ import annotations

import unicodedata
from datetime import datetime

from django.db import transaction

from jike.base.actors import Actor
from jike.privacy import blind_index, mask_id, mask_name, mask_phone, normalise_id_number, normalise_phone
from lending.models import Person


def identity_of(phone: str, name: str) -> bytes:
    """The keyed hash of a normalised phone number and a name together: what makes two filings the same person."""
    return blind_index("identity", f"{phone}|{comparable_name(name)}")


def comparable_name(name: str) -> str:
    """A name for comparing: half width, single spaces, no difference of case."""
    return " ".join(unicodedata.normalize("NFKC", name).split()).casefold()


@transaction.atomic
def register_person(*, name: str, phone: str, id_number: str = "", actor: Actor, now: datetime) -> Person:
    """The person with this phone number AND this name; made when there is none. Safe against two requests at once.

    Never the number alone: numbers are recycled, and the next owner must not see the earlier one's cases. Never the identity
    number: anybody can write down another person's, while the phone is proven by a code. An identity number is added to a
    known person who has none and never replaced. Raises ValueError for a bad phone or identity number.
    """
    phone = normalise_phone(phone)
    id_number = normalise_id_number(id_number) if id_number else ""
    identity = identity_of(phone, name)
    known = Person.objects.select_for_update().filter(identity_index=identity).first()
    if known is None:
        Person.objects.bulk_create(
            [new_person(name, phone, id_number, identity=identity, now=now)], ignore_conflicts=True
        )
        return Person.objects.get(identity_index=identity)
    if id_number and known.id_index is None:
        known.id_number, known.id_mask, known.id_index = (
            id_number,
            mask_id(id_number),
            blind_index("id_number", id_number),
        )
        known.save(update_fields=["id_number", "id_mask", "id_index"])
    return known


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
