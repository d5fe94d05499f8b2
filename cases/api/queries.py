"""Lists for the API, one row longer than the page, and the whole of one case."""

from __future__ import annotations

import re
from typing import Any

from django.db.models import QuerySet

from cases.api import scopes, shapes
from cases.kinds import all_kinds, kind_of_number
from cases.models import Case
from cases.queries import NotVisible, case_for, cases_listed_for, messages_for, sight_of
from jike.api.cursors import decode, page
from jike.api.views import Endpoint
from jike.base.actors import Actor
from jike.privacy import open_sealed, prefetch_keys

FIELDS_OF_WORDS = ("claim", "narrative", "merchant_named")


def kinds_open_to(view: Endpoint) -> list[str]:
    """The codes of the kinds that the key of this request may read."""
    return [kind.code for kind in all_kinds() if view.has_scope(scopes.READ, f"{kind.area}.read", f"{kind.area}.*")]


def case_of(view: Endpoint, number: str, *, kind: str = "") -> Case:
    """The case with this number, if actor and key may see it. Raises `NotVisible`."""
    found = kind_of_number(number)
    if found is None or found.code not in kinds_open_to(view) or (kind and found.code != kind):
        raise NotVisible(number)
    return case_to_verify(view, number)


def case_to_verify(view: Endpoint, number: str) -> Case:
    """The case with this number, whose seals the actor may check: only its number and hashes are shown."""
    if not re.fullmatch(shapes.NUMBER, number):
        raise NotVisible(number)
    return case_for(view.actor, number)


def page_of_cases(view: Endpoint, asked: dict[str, Any], *, kind: str = "") -> dict[str, Any]:
    """One page, newest registration first. The cursor is a case number; ids are ordered by time, so the key is their order."""
    cases = _narrowed(cases_listed_for(view.actor).filter(kind__in=kinds_open_to(view)), view.actor, asked)
    if kind:
        cases = cases.filter(kind=kind)
    if "cursor" in asked:
        cases = cases.filter(pk__lt=_place(decode(asked["cursor"])))
    rows = list(cases.select_related("unit", "assignee", "merchant").order_by("-pk")[: asked["limit"] + 1])
    shown, following = page(rows, asked["limit"], lambda case: case.number)
    return {"results": shown, "next": following}


def _place(number: str) -> Any:
    """Where a number stands in the order. A number nobody has begins at the end: such a page is empty."""
    return Case.objects.filter(number=number).values("pk")


def _narrowed(cases: QuerySet[Case], actor: Actor, asked: dict[str, Any]) -> QuerySet[Case]:
    if "kind" in asked:
        cases = cases.filter(kind=asked["kind"])
    if "state" in asked:
        cases = cases.filter(state=asked["state"])
    if "open" in asked:
        cases = cases.filter(ended_at__isnull=asked["open"])
    if asked.get("mine"):
        cases = cases.filter(assignee_id=actor.id)
    if "received_from" in asked:
        cases = cases.filter(received_at__gte=asked["received_from"])
    if "received_before" in asked:
        cases = cases.filter(received_at__lt=asked["received_before"])
    return cases


def may_read_words(view: Endpoint, case: Case) -> bool:
    """Full sight of the case, and for a key the scope that lets words through."""
    return sight_of(case, view.actor) == "full" and view.has_scope(scopes.WORDS)


def whole(view: Endpoint, case: Case) -> Case:
    """The case with what `CaseWhole` shows beside the columns."""
    reads = may_read_words(view, case)
    full = sight_of(case, view.actor) == "full"
    case.sight = "full" if full else "masked"
    case.words = _words_of(case) if reads else None
    parties = case.parties.order_by("created_at", "id") if full else []
    case.party_rows = [
        {"role": p.role, "name": open_sealed(p, "name") if reads else p.name_mask, "phone": p.phone_mask}
        for p in parties
    ]
    case.document_rows = list(case.documents.order_by("created_at", "id")) if full else []
    return case


def _words_of(case: Case) -> dict[str, str]:
    return {name: open_sealed(case, name) for name in FIELDS_OF_WORDS if getattr(case, name, None)}


def messages_of(view: Endpoint, case: Case) -> list[dict[str, Any]]:
    """What was said, for whoever sees the whole case; the words with the scope for words."""
    reads = may_read_words(view, case)
    prefetch_keys([case.pk])
    return [
        {
            "direction": "in" if message.is_incoming else "out",
            "channel": message.channel,
            "purpose": message.purpose,
            "subject": open_sealed(message, "subject") if reads else None,
            "body": open_sealed(message, "body") if reads else None,
            "created_at": message.created_at,
            "sent_at": message.delivery.sent_at if hasattr(message, "delivery") else None,
            "provider": message.delivery.provider if hasattr(message, "delivery") else None,
        }
        for message in messages_for(view.actor, case)
    ]
