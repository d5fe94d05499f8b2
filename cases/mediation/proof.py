"""Codes to phones in a mediation: confirming the merchant's link, and signing. A code is checked outside any transaction, then acted on."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from cases.mediation import actions
from cases.mediation.links import holder_of
from cases.mediation.models import LongerPeriod, Mediation, MerchantLink
from cases.mediation.queries import link_by_token, link_gone
from cases.queries import NotVisible, complainant_of
from jike.accounts import codes
from jike.base.actors import Actor
from jike.privacy import mask_phone, open_sealed

OPEN_LINK, SIGN, LONGER = "mediation_link", "mediation_sign", "mediation_longer"


def ask_for_link_code(token: str, *, session_key: str, address: str, now: datetime) -> UUID:
    """Send a code to the phone the link was issued for; the challenge to answer. Raises `NotVisible`, or `Refused` beyond the limits."""
    link = link_by_token(token, now=now)
    phone = open_sealed(link, "phone")
    return codes.send(phone, purpose=OPEN_LINK, session_key=session_key, address=address, now=now)


def open_link(token: str, challenge: UUID | str, code: str, *, session_key: str, now: datetime) -> Actor:
    """The merchant who answered the code: an actor for this one case. Raises `NotVisible` or `Refused`, and nothing has changed."""
    link = link_by_token(token, now=now)
    phone = codes.check(challenge, code, purpose=OPEN_LINK, session_key=session_key, now=now)
    actor = holder_of(link)
    actions.confirm_link(link.case, actor=actor, now=now, link=link, phone=phone)
    return actor


def renew_link(token: str, *, now: datetime) -> None:
    """Send a link that ran out anew, to the phone that once answered it. Raises `NotVisible`, or `Refused`, and nothing has changed."""
    link = link_gone(token, now=now)
    if link is None:
        raise NotVisible("link")
    actions.renew_link(link.case, actor=holder_of(link), now=now)


def ask_for_code(case: Mediation, actor: Actor, *, purpose: str, session_key: str, address: str, now: datetime) -> UUID:
    """Send a code to the phone we know as this side's, whatever anybody typed. Raises `Refused` beyond the limits."""
    phone = own_phone(case, actor)
    return codes.send(phone, purpose=purpose, session_key=session_key, address=address, now=now)


def sign(
    case: Mediation,
    actor: Actor,
    *,
    sha256: bytes,
    challenge: UUID | str,
    code: str,
    session_key: str,
    now: datetime,
) -> Mediation:
    """Sign the version with this hash by the code of the challenge. Raises `Refused`, and then there is no signature."""
    phone = codes.check(challenge, code, purpose=SIGN, session_key=session_key, now=now)
    given = {"sha256": sha256, "phone": phone, "challenge": UUID(str(challenge))}
    signed: Mediation = actions.sign_agreement(case, actor=actor, now=now, **given)
    return signed


def agree_to_longer(
    case: Mediation,
    actor: Actor,
    *,
    of: LongerPeriod | None,
    challenge: UUID | str,
    code: str,
    session_key: str,
    now: datetime,
) -> Mediation:
    """Say yes to this longer period by the code of the challenge. Raises `Refused`, and then nothing was said."""
    phone = codes.check(challenge, code, purpose=LONGER, session_key=session_key, now=now)
    given = {"of": of, "says_yes": True, "phone": phone, "challenge": UUID(str(challenge))}
    answered: Mediation = actions.answer_longer(case, actor=actor, now=now, **given)
    return answered


def own_phone(case: Mediation, actor: Actor) -> str:
    """The number of the consumer in the case it came from, or of the merchant's link; empty for everybody else."""
    if actor.kind == "merchant":
        link = MerchantLink.objects.filter(pk=actor.id, case_id=case.pk).first()
        return open_sealed(link, "phone") if link else ""
    party = complainant_of(case)
    return open_sealed(party, "phone") if actor.kind == "consumer" and party else ""


def own_phone_mask(case: Mediation, actor: Actor) -> str:
    """The same number as a page may show it."""
    phone = own_phone(case, actor)
    return mask_phone(phone) if phone else ""
