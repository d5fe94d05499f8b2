"""Examining papers, away from the web process: the virus scanner where there is one, then a look by a confined process."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction

from cases.attachments.models import Attachment, Examination
from cases.attachments.receiving import EXAMINE_TOPIC, post_work
from cases.kinds import kind_named
from cases.models import Case
from jike.accounts.roles import machine_actor
from jike.base.dates import now as current_instant
from jike.files import scanning, store
from jike.files.examining import Examined, examine
from jike.outbox import jobs
from jike.privacy import Unreadable, open_sealed
from jike.verbs import verbs_of

SET_ASIDE = "set_aside_paper"
SCANNER_AWAY, AGAIN_AFTER_SECONDS = "scanner.unreachable", 30
Verdict = Examination.Verdict


@jobs.handler(EXAMINE_TOPIC, queue="documents", max_attempts=6, lease_seconds=180)
def examine_paper(job: jobs.ClaimedJob) -> Callable[[], None] | None:
    """Judge one paper: usable, not usable, or to be seen by a person first. What it is used for afterwards is posted with the verdict.

    While the scanner is away the paper waits, and its page says so: nothing passes unscanned.
    """
    paper = Attachment.objects.filter(pk=job.body["attachment"]).select_related("file").first()
    if paper is None or Examination.objects.filter(pk=paper.pk).exists():
        return None
    try:
        found = _looked_into(paper)
    except Unreadable:
        return None  # its key was destroyed meanwhile
    except scanning.ScannerAway:
        raise jobs.Postpone(AGAIN_AFTER_SECONDS, SCANNER_AWAY) from None
    return lambda: _conclude(paper, found)


def _looked_into(paper: Attachment) -> Examined:
    concerns: tuple[str, ...] = ()
    if scanning.is_wanted() and (name := scanning.finds(store.stream(paper.file))):
        concerns = ("virus.unscanned" if name == "unscanned" else "virus.found",)
    if "virus.found" in concerns:
        return Examined(paper.file.media_type, concerns=concerns)
    name = open_sealed(paper, "given_name") or open_sealed(paper, "name")
    found = examine(store.stream(paper.file), kind=paper.file.media_type, ending=_ending(name))
    return Examined(found.kind, found.refused, (*concerns, *found.concerns), found.facts, found.words)


def _ending(name: str) -> str:
    stem, _dot, ending = name.strip().lower().rpartition(".")
    return ending if stem and ending.isascii() and ending.isalnum() else ""


def _conclude(paper: Attachment, found: Examined) -> None:
    """Write the verdict. On a case, what is not simply taken becomes part of its story, by a verb of its kind."""
    verdict = Verdict.REFUSED if found.refused else Verdict.HELD if found.concerns else Verdict.ACCEPTED
    reasons = [found.refused] if found.refused else list(found.concerns)
    row = Examination(
        attachment=paper,
        subject=paper.subject,
        verdict=verdict,
        kind=found.kind or paper.file.media_type,
        reasons=reasons,
        facts=found.facts,
        words=json.dumps(found.words, ensure_ascii=False) if found.words else "",
        is_scanned=scanning.is_wanted(),
        examined_at=current_instant(),
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return  # taken out of its draft, or examined twice
    if verdict == Verdict.ACCEPTED:
        post_work(paper, row.kind, now=row.examined_at)
    else:
        _tell_case(paper, row)


def _tell_case(paper: Attachment, row: Examination) -> None:
    head = Case.objects.filter(pk=paper.subject).only("kind").first()
    case = kind_named(head.kind).model.objects.get(pk=head.pk) if head else None
    verb: Any = next((v for v in verbs_of(type(case)) if v.short_name == SET_ASIDE), None) if case else None
    if verb:
        words = {"paper": paper.pk, "verdict": row.verdict, "reasons": list(row.reasons)}
        verb.action(case, actor=machine_actor("examiner"), now=row.examined_at, key=f"aside:{paper.pk}", **words)
