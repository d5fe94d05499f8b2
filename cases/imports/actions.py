"""What people do with an import: bring the file, match the columns, try, start, stop, go on. The work itself is the outbox's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from cases.imports import rules
from cases.imports.models import ImportLine, ImportRun
from cases.imports.queries import POWER
from jike.base.actors import Actor
from jike.base.errors import refuse_if
from jike.base.ids import uuid7
from jike.files import store
from jike.outbox import posting
from jike.privacy import create_keys

INSPECT, ADVANCE = "imports.inspect", "imports.advance"
State = ImportRun.State


def receive_file(content: bytes, name: str, *, actor: Actor, now: datetime) -> ImportRun:
    """Keep the file sealed under a key of its own and let a worker look into it. Its name may be anything."""
    refuse_if(rules.blockers_to_upload(actor, size=len(content)), verb=POWER)
    assert actor.unit is not None  # the rule has asked
    pk = uuid7()
    create_keys([pk])
    kept = store.put(pk, content, media_type="application/octet-stream", display_name=name, now=now)
    with transaction.atomic():
        run = ImportRun(id=pk, unit_id=actor.unit, asked_by_id=actor.user, file=kept, created_at=now, progressed_at=now)
        run.save(force_insert=True)
        _post(run, INSPECT, now)
    return run


def read_again(run: ImportRun, *, actor: Actor, now: datetime, **wishes: Any) -> ImportRun:
    """Look into the file once more, with the encoding, the sheet or the header line that a person names."""
    with transaction.atomic():
        run = _locked(run)
        refuse_if(rules.blockers_to_read(run, actor), verb=POWER)
        run.state, run.wishes, run.trouble, run.progressed_at = State.READING, json.dumps(wishes), "", now
        run.columns = ""
        _next_round(run, INSPECT, now)
    return run


def match_columns(
    run: ImportRun, *, columns: Mapping[str, str], source: str, is_live: bool, actor: Actor, now: datetime
) -> ImportRun:
    """Keep what the person decided about the columns; a trial made before counts no more."""
    with transaction.atomic():
        run = _locked(run)
        refuse_if(rules.blockers_to_match(run, actor), verb=POWER)
        run.columns, run.source, run.is_live = json.dumps(columns, ensure_ascii=False), source, is_live
        run.state, run.progressed_at = State.MAPPING, now
        run.save()
    return run


def check(run: ImportRun, *, columns: Mapping[str, str], actor: Actor, now: datetime) -> ImportRun:
    """Try the whole file without writing a case."""
    with transaction.atomic():
        run = _locked(run)
        refuse_if(rules.blockers_to_check(run, actor, columns=columns), verb=POWER)
        ImportLine.objects.filter(run_id=run.pk, phase=ImportLine.CHECK).delete()
        run.state, run.position, run.total, run.checked, run.progressed_at = State.CHECKING, 0, None, {}, now
        _next_round(run, ADVANCE, now)
    return run


def start(run: ImportRun, *, actor: Actor, now: datetime) -> ImportRun:
    """Import for good. A second start is refused: one round, one chain of jobs."""
    with transaction.atomic():
        run = _locked(run)
        refuse_if(rules.blockers_to_start(run, actor), verb=POWER)
        run.state, run.position, run.counts, run.progressed_at = State.RUNNING, 0, {}, now
        _next_round(run, ADVANCE, now)
    return run


def stop(run: ImportRun, *, actor: Actor, now: datetime) -> ImportRun:
    """Stop after the rows that are being written. What was imported stays; a trial goes back to the columns."""
    with transaction.atomic():
        run = _locked(run)
        refuse_if(rules.blockers_to_stop(run, actor), verb=POWER)
        run.state = State.MAPPING if run.state == State.CHECKING else State.STOPPED
        run.progressed_at = now
        run.save()
    return run


def resume(run: ImportRun, *, actor: Actor, now: datetime) -> ImportRun:
    """Go on at the row where the import stopped."""
    with transaction.atomic():
        run = _locked(run)
        refuse_if(rules.blockers_to_resume(run, actor), verb=POWER)
        run.state, run.trouble, run.ended_at, run.progressed_at = State.RUNNING, "", None, now
        _next_round(run, ADVANCE, now)
    return run


def _locked(run: ImportRun) -> ImportRun:
    return ImportRun.objects.select_for_update().get(pk=run.pk)


def _next_round(run: ImportRun, topic: str, now: datetime) -> None:
    run.round += 1
    run.save()
    _post(run, topic, now)


def _post(run: ImportRun, topic: str, now: datetime) -> None:
    post_part(run, topic, now=now)


def post_part(run: ImportRun, topic: str, *, now: datetime) -> None:
    """The next piece of work of this round, from the position that is reached."""
    posting.post(
        topic,
        key=f"{topic}:{run.pk}:{run.round}:{run.position}",
        body={"run": str(run.pk), "round": run.round},
        now=now,
        subject=run.pk,
    )
