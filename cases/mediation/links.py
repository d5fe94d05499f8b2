"""The merchant's link: 128 bits derived from its row by a key of its own, so that no table and no job ever holds what opens a case.

Reading a link changes nothing. It is confirmed by a code to the phone it was issued for. Source: house merchant link.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from cases.mediation.house_rules import house_rules
from cases.mediation.models import Mediation, MerchantLink
from jike.accounts.roles import merchant_actor
from jike.base.actors import Actor
from jike.base.ids import uuid7
from jike.privacy import blind_index, mask_phone, normalise_phone, open_sealed
from jike.privacy.keyring import keyring

TOKEN_BYTES = 16


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody the merchant named: how many before, who, where an e-mail goes besides the text message, and whether they sign."""

    by: MerchantLink
    number: int
    name: str
    email: str = ""
    may_sign: bool = False


def new_link(
    case: Mediation, *, phone: str, actor: Actor, now: datetime, colleague: Colleague | None = None
) -> MerchantLink:
    """Write a link. The caller has revoked the one it takes the place of. Empty `phone` is the number of the merchant's own entry.

    Called inside a verb.
    """
    phone = normalise_phone(phone or _own_number(case))
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
    if colleague:
        link.delegated_by, link.number, link.may_sign = colleague.by, colleague.number, colleague.may_sign
        link.holder, link.email = colleague.name, colleague.email  # type: ignore[assignment]
    link.save(force_insert=True)
    return link


def revoke(case: Mediation, *, now: datetime) -> int:
    """End every link in force, the colleagues' too. Called inside a verb."""
    return MerchantLink.objects.filter(case_id=case.pk, revoked_at=None).update(revoked_at=now)


def revoke_one(link: MerchantLink, *, now: datetime) -> None:
    """End one link and no other. Called inside a verb."""
    MerchantLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=now)


def holder_of(link: MerchantLink) -> Actor:
    """Whoever holds this link, as the rules and the timeline know them: the merchant, or the colleague of this number."""
    return merchant_actor(link.pk, colleague=link.number)


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
