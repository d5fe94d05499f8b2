"""Doors to litigations: the case, and its papers."""

from __future__ import annotations

from uuid import UUID

from cases.litigation import papers
from cases.litigation.models import Draft, Litigation
from cases.queries import NotVisible, case_for, sight_of
from jike.base.actors import Actor


def litigation_for(actor: Actor, number: str) -> Litigation:
    """The litigation with this number, for staff and for its consumer. Raises `NotVisible`."""
    case = case_for(actor, number)
    if not isinstance(case, Litigation):
        raise NotVisible(number)
    return case


def paper_for(actor: Actor, case: Litigation, pk: UUID) -> Draft:
    """One printed version of a paper: for staff with full sight every one; for the consumer the latest of each, once nothing is missing
    in any. Raises `NotVisible`.
    """
    if sight_of(case, actor) != "full":
        raise NotVisible(case.number)
    draft = case.paper_versions.filter(pk=pk, file__isnull=False).select_related("file").first()
    if draft is None or (not actor.is_staff and draft.pk not in {row.pk for row in papers_shown(actor, case)}):
        raise NotVisible(case.number)
    return draft


def papers_shown(actor: Actor, case: Litigation) -> list[Draft]:
    """The latest version of each paper, for whoever sees the case whole; the consumer sees them once all are whole."""
    if sight_of(case, actor) != "full":
        return []
    latest = [case.known_drafts[kind] for kind in papers.FIELDS if kind in case.known_drafts]
    return latest if actor.is_staff or not any(draft.missing for draft in latest) else []
