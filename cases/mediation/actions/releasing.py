"""Offers that both sides let go into evidence bundles. Source: house without prejudice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cases.handling import acts
from cases.mediation import words
from cases.mediation.models import Mediation, Offer, OfferRelease
from cases.mediation.news import tell_merchant
from cases.mediation.rules import releasing as rules
from cases.mediation.rules.sides import side_of
from cases.mediation.states import Side
from cases.queries import complainant_of
from jike.base.actors import Actor
from jike.base.ids import uuid7
from jike.verbs import verb


@verb(
    Mediation,
    "mediation.release_offers",
    label=_("Offers released by a side"),
    blockers=rules.blockers_to_release_offers,
    category="document",
    by_hand=False,
)
def release_offers(case: Mediation, *, actor: Actor, now: datetime, offers: Sequence[Offer]) -> None:
    """One side consents that these offers go into bundles; with the same word of the other side they do. The other side is told.

    Source: house without prejudice.
    """
    by_merchant = actor.kind == Side.MERCHANT.value
    OfferRelease.objects.bulk_create(
        OfferRelease(
            id=uuid7(),
            case=case,
            offer=offer,
            side=actor.kind,
            link_id=actor.id if by_merchant else None,
            said_at=now,
        )
        for offer in offers
    )
    numbers = _numbers(offers)
    case.tell(side=actor.kind, offers=numbers)
    acts.tell_handler(case, "case.side_spoke", key=f"released:{case.pk}:{case.version}", now=now)
    party = complainant_of(case)
    if by_merchant and party:
        words.RELEASED.queue(case, party, now=now, origin=words.origin_of(case), offers=numbers.replace(",", "、"))
    tell_merchant(case, actor, about=offers[0].pk, now=now)


@verb(
    Mediation,
    "mediation.take_back_offers",
    label=_("Record that a release of offers is taken back"),
    blockers=rules.blockers_to_take_back_offers,
    category="document",
)
def take_back_offers(
    case: Mediation, *, actor: Actor, now: datetime, offers: Sequence[Offer], side: str = "", evidence: str = ""
) -> None:
    """A side takes its consent back; the offers are without prejudice again and go into no bundle made from now on."""
    speaks = side_of(actor, side)
    for row in case.releases.filter(side=speaks, taken_back_at=None, offer__in=offers):
        row.taken_back_at, row.evidence = now, evidence.strip()
        row.save(update_fields=["taken_back_at", "evidence"])
    case.tell(side=speaks, offers=_numbers(offers))


def _numbers(offers: Sequence[Offer]) -> str:
    return ",".join(str(seq) for seq in sorted(offer.seq for offer in offers))
