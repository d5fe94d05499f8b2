"""May a side release offers into bundles, and may it take that back. Concessions are without prejudice unless both consent.

Source: house without prejudice.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.bundles.models import Bundle
from cases.mediation.models import Mediation, Offer, OfferRelease
from cases.mediation.rules.sides import blockers_to_speak, may_act, side_of
from cases.mediation.states import Side
from jike.base.actors import Actor
from jike.base.errors import UNASKED, Blocker


def answered_offers(case: Mediation) -> list[Offer]:
    """What may be released: offers that wait for nobody any more."""
    return [offer for offer in case.known_offers if offer.answer]


def releases_of(case: Mediation, side: str) -> list[OfferRelease]:
    """What this side has released and not taken back."""
    return list(case.releases.filter(side=side, taken_back_at=None).select_related("offer").order_by("offer__seq"))


def blockers_to_release_offers(case: Mediation, actor: Actor, *, now: datetime, offers: Any = UNASKED) -> list[Blocker]:
    """Each side for itself, by its own click: nobody releases for another. Each offer is named by its number."""
    found = may_act(case, actor, "mediation.release_offers", now=now)
    if actor.kind not in Side.values:
        return [*found, Blocker("actor.no_side", _("Only the two sides release offers, each for themselves."))]
    released = {row.offer_id for row in releases_of(case, actor.kind)}
    left = {offer.pk for offer in answered_offers(case)} - released
    if not left:
        found.append(Blocker("offer.none_left", _("There is no answered offer left that you could release.")))
    elif offers is not UNASKED and not (offers and all(offer.pk in left for offer in offers)):
        message = _("Choose by number which answered offers you release.")
        found.append(Blocker("offers.unknown", message, field="offers"))
    return found


def blockers_to_take_back_offers(
    case: Mediation,
    actor: Actor,
    *,
    now: datetime,
    offers: Any = UNASKED,
    side: Any = UNASKED,
    evidence: Any = UNASKED,
) -> list[Blocker]:
    """Until a bundle was sealed with the offer; by the side itself, or by staff for it, with where it was said."""
    found = blockers_to_speak(case, actor, "mediation.take_back_offers", now=now, side=side, evidence=evidence)
    speaks = side_of(actor, "" if side is UNASKED else str(side or ""))
    known = {row.offer_id for row in case.releases.filter(taken_back_at=None) if speaks in ("", row.side)}
    if not known:
        return [*found, Blocker("release.none", _("Nothing was released that could be taken back."))]
    if offers is UNASKED:
        return found
    if not offers or not all(offer.pk in known for offer in offers):
        found.append(Blocker("offers.unknown", _("Choose what was released."), field="offers"))
    elif any(is_bound(offer) for offer in offers):
        message = _("A bundle was made with it. What has gone out cannot be taken back.")
        found.append(Blocker("release.bound", message, "house without prejudice", "offers"))
    return found


def is_bound(offer: Offer) -> bool:
    """Whether a bundle was sealed with this offer."""
    return Bundle.objects.filter(beside__contains=[offer.pk]).exists()
