"""Recordings of the demo story: a script two people made, and borrowers who read it, in every state that days bring about. `recordings.yaml` says who."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from jike.accounts.models import Unit, User
from jike.accounts.roles import actor_of, consumer_actor, machine_actor
from jike.base.actors import Actor
from jike.base.dates import pinned
from jike.outbox.models import Job
from jike.outbox.working import run_jobs
from jike.privacy.identities import check_digit
from lending.models import Contract, Merchant, Recording, Script
from lending.recordings import actions, handlers, pieces, queries
from lending.recordings.actions.scheduling import Told
from lending.recordings.pretend import pretended_webm

UNIT, DRAFTER, APPROVER, REVIEWER = "HQ-CP", "wangfang", "chenjing", "zhangmin"
OURS = r"^recordings\."
SPOKEN_MS = 3_600
Moment = Callable[[str, datetime], datetime]


def tell(now: datetime, moment: Moment) -> None:
    """Make the script and every recording that is not there yet."""
    story = yaml.safe_load((Path(__file__).parent / "recordings.yaml").read_text(encoding="utf-8"))
    _ensure_script(story["script"], now)
    for seed, row in enumerate(story["recordings"], start=1):
        if not Contract.objects.filter(application=row["application"]).exists():
            _tell(row, moment(row["when"], now), seed, now=now)
    handlers.watch(now)


def _staff(username: str) -> Actor:
    return actor_of(User.objects.get(username=username))


def _ensure_script(given: dict[str, Any], now: datetime) -> None:
    if Script.objects.filter(code=given["code"]).exists():
        return
    long_ago = now - timedelta(days=120)
    draft = actions.draft_script(**given | {"effective_on": date(2026, 1, 1)}, actor=_staff(DRAFTER), now=long_ago)
    actions.approve_script(draft.pk, actor=_staff(APPROVER), now=long_ago + timedelta(hours=2))


def _tell(row: dict[str, Any], at: datetime, seed: int, *, now: datetime) -> None:
    body = f"110101{row['born']}{seed:03}"
    told = Told(
        application=row["application"],
        name=row["name"],
        phone=row["phone"],
        id_number=body + check_digit(body),
        merchant=Merchant.objects.get(name=row["merchant"]).uscc,
        funder=row["funder"],
        terms="",
        principal_cents=row["principal"],
        term_months=12,
        annual_percent=Decimal(row["rate"]),
        student_hit=row.get("student", False),
    )
    with pinned(at):
        machine, unit = machine_actor("demo"), Unit.objects.get(code=UNIT)
        contract = actions.tell_contract(told, actor=machine, now=at)
        made = actions.schedule_recording(actor=machine, now=at, contract=contract, way="link", unit=unit)
        _work(made, at)
    if row["then"] != "nothing":
        _record(made, row, at + timedelta(minutes=12), seed)


def _record(made: Recording, row: dict[str, Any], at: datetime, seed: int) -> None:
    """Consent, one part with every sentence, the checks, and perhaps a verdict."""
    me, sha256 = consumer_actor(made.contract.person_id), made.script.text_sha256
    if row["then"] == "decline":
        with pinned(at):
            actions.decline_recording(made, actor=me, now=at, text_sha256=sha256)
        return
    sentences = queries.said(made)["sentences"]
    with pinned(at):
        made = actions.begin_recording(made, actor=me, now=at, choice="face_and_voice", text_sha256=sha256)
        part = pieces.begin_part(made, actor=me, now=at)
        film = pretended_webm(len(sentences) * 5, seed=seed, **row.get("film", {}))
        part = pieces.append(part, offset=0, piece=film, sha256=None, actor=me, now=at)
        for number, one in enumerate(sentences):
            began = number * 5_000 + 400
            answer = "read" if one["kind"] == "read" else "yes"
            given = {"number": number, "began_ms": began, "ended_ms": began + SPOKEN_MS, "answer": answer}
            actions.keep_mark(made, part, actor=me, now=at, **given)
        pieces.end_part(part, actor=me, now=at)
        made = actions.finish_recording(made, actor=me, now=at)
        _work(made, at)
    _judge(Recording.objects.get(pk=made.pk), row, at + timedelta(hours=2))


def _judge(made: Recording, row: dict[str, Any], at: datetime) -> None:
    if not made.waits_for_person or row["then"] == "wait":
        return
    reviewer, faults = _staff(REVIEWER), row.get("faults", [])
    with pinned(at):
        made = actions.watch_recording(made, actor=reviewer, now=at, reason="放款前质检")
        cleared = [code for code in made.flags if code not in faults]
        reason = (
            "逐句核对：本人朗读，内容与合同一致。" if not faults else "核心系统提示在校学生，借款人未能提供就业证明。"
        )
        given = {"passed": not faults, "cleared": cleared, "faults": faults, "reason": reason}
        actions.decide_recording(made, actor=reviewer, now=at, **given)


def _work(made: Recording, at: datetime) -> None:
    """Do what the outbox holds of recordings, in this process."""
    for n in range(4):
        with pinned(at + timedelta(seconds=20 * n)):
            due = Job.objects.filter(
                state=Job.State.READY, topic__regex=OURS, due_at__lte=at + timedelta(seconds=20 * n)
            )
            run_jobs(list(due.values_list("pk", flat=True)))
