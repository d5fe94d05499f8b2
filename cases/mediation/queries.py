"""Doors to mediations: what each side and the staff may read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from cases.mediation.links import index_of
from cases.mediation.models import Agreement, Mediation, MerchantLink, Offer
from cases.mediation.rules.sides import no_link
from cases.mediation.states import OTHER
from cases.mediation.terms import Difference, differences, effect_on_consumer
from cases.queries import NotVisible, case_for, sight_of
from jike.base.actors import Actor
from jike.base.errors import Text


@dataclass(frozen=True, slots=True)
class Ledger:
    """Every offer, oldest first; what the last two say otherwise; what the newest means for the consumer; whose turn it is, or empty."""

    offers: list[Offer]
    differences: list[Difference]
    effect: str
    turn: str


@dataclass(frozen=True, slots=True)
class MerchantSees:
    """The projection for a merchant: no phone, no address, no full name of the consumer, nothing of the case it came from."""

    number: str
    state_label: Text
    consumer: str
    form: Text
    body: str
    answer_until: datetime | None
    ledger: Ledger
    agreement: Agreement | None


def mediation_for(actor: Actor, number: str) -> Mediation:
    """The mediation with this number, for staff and for its consumer. Raises `NotVisible`; merchants come by their link alone."""
    case = case_for(actor, number)
    if not isinstance(case, Mediation):
        raise NotVisible(number)
    return case


def link_by_token(token: str, *, now: datetime) -> MerchantLink:
    """The link of this token while it is in force, confirmed or not; reading it changes nothing. Raises `NotVisible`."""
    found = MerchantLink.objects.filter(token_index=index_of(token), revoked_at=None, expires_at__gte=now)
    link = found.select_related("case").first()
    if link is None:
        raise NotVisible("link")
    return link


def link_gone(token: str, *, now: datetime) -> MerchantLink | None:
    """The latest link of a case that still goes on, once it has run out by itself; None for every other token."""
    link = MerchantLink.objects.filter(token_index=index_of(token), revoked_at=None, expires_at__lt=now).first()
    if link is None or link.confirmed_at is None or link.case.ended_at is not None:
        return None
    return link


def mediation_of_link(actor: Actor, *, now: datetime) -> Mediation:
    """The one case that a merchant's confirmed link opens. Raises `NotVisible`."""
    if actor.kind != "merchant" or actor.id is None:
        raise NotVisible("link")
    case = Mediation.objects.filter(merchant_links=actor.id).first()
    if case is None or no_link(case, actor, now=now):
        raise NotVisible("link")
    return case


def links_of_phone(actor: Actor, *, now: datetime) -> list[MerchantLink]:
    """The links to open mediations of the same merchant that were sent to the phone of the actor's link, which a code has proven.

    Never of another merchant, never one that was revoked; one that ran out is there once it had been opened, for a new one to be asked for.
    Raises `NotVisible` without a link in force.
    """
    here = mediation_of_link(actor, now=now)
    own = MerchantLink.objects.get(pk=actor.id)
    found = MerchantLink.objects.filter(phone_index=own.phone_index, revoked_at=None, case__ended_at=None)
    found = found.filter(Q(expires_at__gte=now) | Q(confirmed_at__isnull=False))
    rows = found.filter(case__merchant_id=here.merchant_id, case__merchant_id__isnull=False)
    return list(rows.select_related("case").order_by("issued_at", "id"))


def ledger_for(actor: Actor, case: Mediation, *, now: datetime) -> Ledger:
    """The offers, for whoever takes part: both sides the same, and staff with full sight. Raises `NotVisible`."""
    if not takes_part(case, actor, now=now):
        raise NotVisible(case.number)
    return _ledger(case, now=now)


def takes_part(case: Mediation, actor: Actor, *, now: datetime) -> bool:
    """Whether the actor is one of the two sides, or of the staff with full sight."""
    return not no_link(case, actor, now=now) if actor.kind == "merchant" else sight_of(case, actor) == "full"


def _ledger(case: Mediation, *, now: datetime) -> Ledger:
    offers = case.known_offers
    last_two = [offer.plain_terms for offer in offers[-2:]]
    waiting = case.offer_waiting(now)
    return Ledger(
        offers,
        differences(*last_two) if len(last_two) == 2 else [],
        effect_on_consumer(last_two[-1]) if last_two else "",
        OTHER[waiting.side] if waiting else "",
    )


def seen_by_merchant(actor: Actor, case: Mediation, *, now: datetime) -> MerchantSees:
    """What the merchant's page may show. Raises `NotVisible` without a link in force to this case."""
    if actor.kind != "merchant":
        raise NotVisible(case.number)
    clock = next((row for row in case.open_clocks if row.family == "MED_ANSWER"), None)
    return MerchantSees(
        number=case.number,
        state_label=case.state_label,
        consumer=case.consumer_mask,
        form=case.get_form_display(),
        body=case.body,
        answer_until=clock.due_at if clock else None,
        ledger=ledger_for(actor, case, now=now),
        agreement=case.known_agreement,
    )
