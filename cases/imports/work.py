"""The work of an import, in pieces: look into the file, try it, import it. A worker that is killed costs the rows of one batch."""

from __future__ import annotations

import functools
import itertools
import json
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import DatabaseError, transaction
from django.utils import translation

from cases.imports.actions import ADVANCE, INSPECT, post_part
from cases.imports.content import InMemory
from cases.imports.mapping import Mapping, fixed_mapping, suggested
from cases.imports.models import ImportLine, ImportRun
from cases.imports.queries import remembered_columns, unsealed
from cases.imports.reader import Choice, Row, Table, Unreadable, open_table
from cases.imports.remarks import Remark
from cases.imports.rows import Complaint, Judgement, judge
from cases.imports.settling import Outcome, Settler
from jike.accounts.roles import machine_actor
from jike.base.dates import now as current_instant
from jike.base.failpoints import failpoint
from jike.base.ids import uuid7
from jike.files import store
from jike.files.names import clean_display_name
from jike.outbox import jobs
from jike.privacy import blind_index, open_sealed

HISTORY_BATCH, LIVE_BATCH = 250, 25
PIECE_SECONDS = 20
SAMPLE_ROWS = 20
SAMPLE_CELL = 400
State = ImportRun.State


@jobs.handler(INSPECT, queue="documents", max_attempts=4, lease_seconds=180)
def inspect(job: jobs.ClaimedJob) -> Callable[[], None] | None:
    """Find format, encoding, sheet and header, and keep the first rows for the screen."""
    run = ImportRun.objects.select_related("file").get(pk=job.body["run"])
    if run.state != State.READING or run.round != job.body["round"]:
        return None
    found, trouble, headers = {}, "", []
    try:
        table = opened(run, guess=True)
        found, headers = _inspection(table)
    except Unreadable as error:
        trouble = str(error)
    return lambda: _keep_inspection(run.pk, found, headers, trouble, now=current_instant())


def opened(run: ImportRun, *, guess: bool = False) -> Table:
    """The file of a run as it is to be read. Nothing of it touches the disk in clear."""
    wishes = unsealed(run, "wishes")
    choice = Choice(
        encoding=wishes.get("encoding", ""),
        sheet=wishes.get("sheet", ""),
        header_line=wishes.get("header_line") or 0,
        guess=guess,
    )
    content = InMemory(store.read(run.file), clean_display_name(open_sealed(run.file, "display_name")))
    return open_table(content, score=Mapping().score, choice=choice)


def _inspection(table: Table) -> tuple[dict[str, Any], list[str]]:
    try:
        rows = list(itertools.islice(table.rows, SAMPLE_ROWS))
    except Exception as error:
        raise Unreadable(type(error).__name__) from error
    headers = table.headers or list(dict.fromkeys(key for row in rows for key in row.cells))
    return {
        "format": table.file_format,
        "encoding": table.encoding,
        "sheet": table.sheet,
        "sheets": table.sheets,
        "header_line": table.header_line,
        "is_known": table.is_known,
        "headers": headers,
        "warnings": [str(warning) for warning in table.warnings],
        "rows": [_plain_row(row) for row in rows],
    }, headers


def _plain_row(row: Row) -> dict[str, Any]:
    """A row of the sample as JSON. A date keeps its kind, so that the preview reads it as the import will."""
    return {
        "line": row.line,
        "cells": {header: _plain_cell(cell) for header, cell in row.cells.items()},
        "problem": str(row.problem) if row.problem else "",
        "warnings": [str(warning) for warning in row.warnings],
        "left_out": str(row.left_out) if row.left_out else "",
    }


def _plain_cell(cell: Any) -> Any:
    if isinstance(cell, (date, datetime)):
        return cell.isoformat(sep=" ") if isinstance(cell, datetime) else cell.isoformat()
    if hasattr(cell, "as_day"):
        return cell.as_day
    return cell[:SAMPLE_CELL] if isinstance(cell, str) else cell


def _keep_inspection(pk: UUID, found: dict[str, Any], headers: list[str], trouble: str, *, now: datetime) -> None:
    run = ImportRun.objects.select_for_update().get(pk=pk)
    run.progressed_at = now
    if trouble:
        run.state, run.trouble = State.UNREADABLE, trouble
    else:
        run.state, run.inspection = State.MAPPING, json.dumps(found, ensure_ascii=False)
        run.headers_index = blind_index("import_headers", json.dumps(headers, ensure_ascii=False))
        earlier, source = remembered_columns(run)
        run.columns = json.dumps(earlier or suggested(headers), ensure_ascii=False)
        run.source = run.source or source
    run.save()


@jobs.handler(ADVANCE, max_attempts=12, lease_seconds=60)
def advance(job: jobs.ClaimedJob) -> Callable[[], None] | None:
    """Settle rows batch by batch for some seconds, then hand over to the next piece. Each batch is one transaction."""
    run = ImportRun.objects.select_related("file", "unit").get(pk=job.body["run"])
    if run.state not in (State.CHECKING, State.RUNNING) or run.round != job.body["round"]:
        return None
    until = time.monotonic() + PIECE_SECONDS
    batches = _batches(run)
    while True:
        try:
            batch = next(batches, [])
        except DatabaseError:
            raise
        except Exception as error:
            trouble = str(error) if isinstance(error, Unreadable) else type(error).__name__
            return functools.partial(_break_off, run, trouble)
        if not batch:
            return lambda: _end(run)
        if not _settle(run, batch):
            return None  # stopped by a person, or another worker has taken over
        job.extend()
        if time.monotonic() > until:
            return lambda: post_part(run, ADVANCE, now=current_instant())


def _batches(run: ImportRun) -> Iterator[list[Judgement]]:
    table = opened(run, guess=True)
    found = unsealed(run, "inspection")
    mapping = fixed_mapping(unsealed(run, "columns"), found["headers"])
    rows = itertools.islice(table.rows, run.position, None)
    size = LIVE_BATCH if run.is_live else HISTORY_BATCH
    while batch := list(itertools.islice(rows, size)):
        yield [_judged(run, row, mapping) for row in batch]


def _judged(run: ImportRun, row: Row, mapping: Mapping) -> Judgement:
    known = len(mapping.ignored)
    cells = mapping.fields(row.cells)
    judged = judge(row, cells, source=run.source, now=current_instant(), live=run.is_live)
    judged.warnings += mapping.ignored[known:]
    return judged


@transaction.atomic
def _settle(run: ImportRun, batch: list[Judgement]) -> bool:
    """Settle one batch and note its lines and the position, all or nothing. False when the run is not ours any more."""
    row = ImportRun.objects.select_for_update().get(pk=run.pk)
    if (row.state, row.round, row.position) != (run.state, run.round, run.position):
        return False
    now = current_instant()
    outcomes = _settler(run, now).settle(batch)
    failpoint("import.settled")
    ImportLine.objects.bulk_create(
        [_line(run, run.position + n, outcome) for n, outcome in enumerate(outcomes, start=1)], batch_size=500
    )
    counts = _added(run.shown_counts, outcomes)
    run.position += len(outcomes)
    run.progressed_at = now
    if run.phase == ImportLine.RUN:
        run.counts = counts
    else:
        run.checked = counts
    run.save(update_fields=["position", "progressed_at", "counts", "checked"])
    failpoint("import.noted")
    return True


def _settler(run: ImportRun, now: datetime) -> Settler:
    is_trial = run.state == State.CHECKING
    return Settler(
        machine_actor("importer"),
        now,
        run.is_live,
        is_trial,
        run.unit,
        str(run.pk),
        _seen_in(run) if is_trial else _nothing,
    )


def _nothing(rows: Any) -> dict[tuple[str, str], str]:
    return {}


def _seen_in(run: ImportRun) -> Callable[[Any], dict[tuple[str, str], str]]:
    """What earlier batches of this trial would have created."""

    def seen(rows: list[Complaint]) -> dict[tuple[str, str], str]:
        wanted = {_identity(row): row.identity for row in rows}
        lines = ImportLine.objects.filter(
            run_id=run.pk, phase=ImportLine.CHECK, result="created", identity__in=list(wanted)
        )
        return {wanted[bytes(line.identity)]: line.fingerprint for line in lines}

    return seen


def _identity(row: Complaint) -> bytes:
    return blind_index("import_identity", "|".join(row.identity))


def _line(run: ImportRun, position: int, outcome: Outcome) -> ImportLine:
    remarks: list[Remark] = [*outcome.problems, *outcome.warnings]
    with translation.override("zh-hans"):
        said = "；".join(str(one) for one in remarks)
    return ImportLine(
        id=uuid7(),
        run_id=run.pk,
        phase=run.phase,
        position=position,
        line=outcome.line,
        result=outcome.result,
        codes=[one.code for one in remarks][:20],
        said=said,
        identity=_identity(outcome.row) if outcome.row and run.state == State.CHECKING else None,
        fingerprint=outcome.row.fingerprint if outcome.row and run.state == State.CHECKING else "",
        case_id=outcome.case,
    )


def _added(counts: dict[str, int], outcomes: list[Outcome]) -> dict[str, int]:
    counts = dict(counts)
    for outcome in outcomes:
        counts[outcome.result] = counts.get(outcome.result, 0) + 1
        if outcome.warnings and outcome.result != "left_out":
            counts["warned"] = counts.get("warned", 0) + 1
    return counts


def _end(run: ImportRun) -> None:
    now = current_instant()
    if run.state == State.CHECKING:
        _moved(run, State.CHECKING, state=State.CHECKED, total=run.position, progressed_at=now)
    else:
        _moved(run, State.RUNNING, state=State.DONE, ended_at=now, progressed_at=now)


def _break_off(run: ImportRun, trouble: str) -> None:
    """The file cannot be read any further. What was imported stays, and the screen says where and why."""
    row = ImportRun.objects.select_for_update().get(pk=run.pk)
    if row.state in (State.CHECKING, State.RUNNING):
        row.state = State.UNREADABLE if row.state == State.CHECKING else State.BROKEN
        row.trouble, row.progressed_at = trouble, current_instant()
        row.save()


def _moved(run: ImportRun, before: str, **fields: Any) -> None:
    ImportRun.objects.filter(pk=run.pk, state=before, round=run.round).update(**fields)
