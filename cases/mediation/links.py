"""The merchant's link: 128 bits derived from its row by a key of its own, so that no table and no job ever holds what opens a case.

Reading a link changes nothing. It is confirmed by a code to the phone it was issued for. Source: house merchant link.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from cases.mediation.house_rules import house_rules
from cases.mediation.models import Mediation, MerchantLink
from jike.base.actors import Actor
from jike.base.ids import uuid7
from jike.privacy import blind_index, mask_phone, normalise_phone, open_sealed
from jike.privacy.keyring import keyring

TOKEN_BYTES = 16


def new_link(case: Mediation, *, phone: str, actor: Actor, now: datetime) -> MerchantLink:
    """Write a link in place of the one before. Empty `phone` is the number of the merchant's own entry. Called inside a verb."""
    phone = normalise_phone(phone or _own_number(case))
    revoke(case, now=now)
    pk = uuid7()
    link = MerchantLink(
        id=pk,
        case=case,
        token_index=index_of(_derived(pk)),
        phone=phone,
        phone_index=blind_index("phone", phone),
        phone_mask=mask_phone(phone),
        issued_by_id=actor.user if actor.is_staff else None,
        issued_at=now,
        expires_at=now + timedelta(hours=house_rules().link_hours),
    )
    link.save(force_insert=True)
    return link


def revoke(case: Mediation, *, now: datetime) -> int:
    """End the link in force, if there is one. Called inside a verb."""
    return MerchantLink.objects.filter(case_id=case.pk, revoked_at=None).update(revoked_at=now)


def token_of(link: MerchantLink) -> str:
    """The token in clear, for the machine that sends it. Raises LookupError when the key it was made with is gone."""
    for version in sorted(keyring("LINK_KEY").keys, reverse=True):
        token = _derived(link.pk, version)
        if hmac.compare_digest(index_of(token), bytes(link.token_index)):
            return token
    raise LookupError("the key of this link is gone")


def address_of(link: MerchantLink) -> str:
    return f"{settings.MERCHANT_BASE_URL}/m/{token_of(link)}/"


def index_of(token: str) -> bytes:
    return blind_index("merchant link", token)


def _derived(link: UUID, version: int | None = None) -> str:
    key = keyring("LINK_KEY")
    made = hmac.digest(key.keys[version or key.current], b"jike.merchant-link|" + link.bytes, hashlib.sha256)
    return made[:TOKEN_BYTES].hex()


def _own_number(case: Mediation) -> str:
    return open_sealed(case.merchant, "contact_phone") if case.merchant and case.merchant.contact_phone else ""
