"""The doors to imports: only those of one's own unit, only for those who may run imports."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from cases.imports.models import ImportLine, ImportRun
from cases.queries import NotVisible, cases_listed_for
from jike.base.actors import Actor
from jike.privacy import open_sealed

POWER = "imports.run"


def runs_visible_to(actor: Actor) -> QuerySet[ImportRun]:
    if not actor.is_staff or actor.unit is None or not actor.can(POWER):
        return ImportRun.objects.none()
    return ImportRun.objects.filter(unit_id=actor.unit).select_related("asked_by", "file")


def run_for(actor: Actor, pk: UUID) -> ImportRun:
    """The import with this id, if it is one of the actor's unit. Raises `NotVisible`."""
    run = runs_visible_to(actor).filter(pk=pk).first()
    if run is None:
        raise NotVisible(str(pk))
    return run


def lines_of(run: ImportRun, *, only_remarkable: bool = False) -> QuerySet[ImportLine]:
    """The lines of the phase that is shown, in their order. The caller has the run from a door."""
    lines = ImportLine.objects.filter(run_id=run.pk, phase=run.phase).order_by("position")
    return lines.exclude(result="created", codes=[]) if only_remarkable else lines


def numbers_of(actor: Actor, lines: list[ImportLine]) -> dict[UUID, str]:
    """The numbers of the cases of `lines` that the actor may list."""
    wanted = [line.case_id for line in lines if line.case_id]
    return dict(cases_listed_for(actor).filter(pk__in=wanted).values_list("pk", "number")) if wanted else {}


def unsealed(run: ImportRun, field: str) -> dict[str, Any]:
    """One of the sealed JSON columns of a run; empty when nothing is there yet."""
    text = open_sealed(run, field)
    found: dict[str, Any] = json.loads(text) if text else {}
    return found


def remembered_columns(run: ImportRun) -> tuple[dict[str, str], str]:
    """How the unit matched the same headers the last time, and what it called the source; empty for new headers."""
    earlier = (
        ImportRun.objects.filter(unit_id=run.unit_id, headers_index=run.headers_index, state=ImportRun.State.DONE)
        .exclude(pk=run.pk)
        .order_by("-created_at")
        .first()
    )
    return (unsealed(earlier, "columns"), earlier.source) if earlier else ({}, "")
