"""The offers of a matter that both sides released, as a bundle prints them."""

from __future__ import annotations

from typing import Any

from cases.mediation.models import Offer, OfferRelease
from cases.mediation.states import Side
from cases.mediation.terms import What, sentence_of
from cases.models import Case
from jike.base.dates import CST
from jike.privacy import open_sealed


def released_offers(case: Case, *, lock: bool) -> list[dict[str, Any]]:
    """Offers of the mediations of `case` with the consent of both in force, oldest first, each with both consents and their times.

    With `lock` a consent cannot be taken back before the transaction ends; one that is being taken back is waited for.
    """
    rows = OfferRelease.objects.filter(case__origin_id=case.pk, taken_back_at=None).order_by("said_at", "id")
    if lock:
        rows = rows.select_for_update(of=("self",))
    said: dict[Any, dict[str, OfferRelease]] = {}
    for row in rows:
        said.setdefault(row.offer_id, {})[row.side] = row
    both = [pk for pk, sides in said.items() if set(sides) == set(Side.values)]
    offers = (
        Offer.objects.filter(pk__in=both).select_related("case").prefetch_related("terms").order_by("made_at", "id")
    )
    return [_entry(offer, said[offer.pk]) for offer in offers]


def _entry(offer: Offer, said: dict[str, OfferRelease]) -> dict[str, Any]:
    terms = offer.plain_terms
    return {
        "id": str(offer.pk),
        "mediation": offer.case.number,
        "seq": offer.seq,
        "side": str(Side(offer.side).label),
        "made_at": _local(offer.made_at),
        "answer": str(offer.get_answer_display()),
        "terms": [f"{what.label}：{told}" for what in What if (told := sentence_of(terms, what.value))],
        "words": open_sealed(offer, "words") if offer.words else "",
        "consents": [{"side": str(side.label), "at": _local(said[side.value].said_at)} for side in Side],
    }


def _local(at: Any) -> str:
    return str(at.astimezone(CST).strftime("%Y-%m-%d %H:%M:%S"))
