"""Doors to police reports: by whoever sees the case whole, and by the consumer it is about."""

from __future__ import annotations

from uuid import UUID

from cases.police.models import Pack, PackFile, PoliceReport
from cases.queries import NotVisible, case_for, sight_of
from jike.base.actors import Actor


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
