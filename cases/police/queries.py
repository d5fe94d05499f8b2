"""Doors to police reports: by whoever sees the case whole, and by the consumer it is about."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from cases.attachments.queries import Paper, papers_of
from cases.models import Case, Message, Party
from cases.police.models import Pack, PackFile, PoliceReport
from cases.queries import NotVisible, case_for, messages_of, sight_of
from jike.base.actors import Actor


@dataclass(frozen=True, slots=True)
class CarriedOver:
    """What the case it came from holds, read there: nothing of it is stored twice."""

    origin: Case
    parties: list[Party]
    papers: list[Paper]
    messages: list[Message]


def report_for(actor: Actor, number: str) -> PoliceReport:
    """The police report with this number, for staff and for its consumer. Raises `NotVisible`; no merchant ever sees one."""
    case = case_for(actor, number)
    if not isinstance(case, PoliceReport):
        raise NotVisible(number)
    return case


def whole_report_for(actor: Actor, number: str) -> PoliceReport:
    """The same for staff who see it whole: handler, supervisors of the unit, whoever votes on something of it. Raises `NotVisible`."""
    case = report_for(actor, number)
    if not actor.is_staff or sight_of(case, actor) != "full":
        raise NotVisible(number)
    return case


def carried_over(actor: Actor, case: PoliceReport) -> CarriedOver:
    """People, papers and messages of the case it came from, for staff who see both whole; a consumer gets the own ones there.

    Staff recused from the case it came from get `NotVisible`.
    """
    origin = case.origin
    if sight_of(case, actor) != "full" or origin.barred(actor):
        raise NotVisible(case.number)
    if actor.kind == "consumer":
        return CarriedOver(origin, [], papers_of(origin, actor), [])
    sees = sight_of(origin, actor) == "full"
    return CarriedOver(origin, case.known_parties, papers_of(origin, actor), messages_of(origin) if sees else [])


def finished_pack_for(actor: Actor, case: PoliceReport, pack: UUID) -> PackFile:
    """A finished pack of a case the staff see whole, whether it may leave or not. Raises `NotVisible`."""
    found = PackFile.objects.filter(pk=pack, case_id=case.pk).select_related("pack__statement", "file").first()
    if found is None or not actor.is_staff or sight_of(case, actor) != "full":
        raise NotVisible(str(pack))
    return found


def packs_of(actor: Actor, case: PoliceReport) -> list[Pack]:
    """Every pack of a case, newest first, for staff who see it whole; nobody else is shown one."""
    if not actor.is_staff or sight_of(case, actor) != "full":
        return []
    return list(reversed(case.known_packs))
