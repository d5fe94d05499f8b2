"""Recordings in any state, brought there by the actions and the worker that bring real ones there.

The contract is of 12,000.00 over twelve months at 16.22 %, of a woman of 34, signed remotely on 2026-11-20.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from cases.starter import ensure_starter_data
from jike.accounts.models import Unit, User
from jike.accounts.roles import actor_of, consumer_actor, machine_actor
from jike.base.actors import Actor
from jike.base.dates import CST, pinned
from jike.outbox import jobs
from jike.outbox.models import Job
from jike.privacy.identities import check_digit
from lending.models import Contract, Funder, Merchant, Recording, Script, Terms
from lending.recordings import actions, handlers, pieces, queries
from lending.recordings.actions.scheduling import Told
from lending.recordings.pretend import pretended_webm
from tests.lending.documents import terms
from tests.people import Staff, staff

NOW = datetime(2026, 11, 20, 10, tzinfo=CST)
APPLICATION = "HT-R-1"
RECORDER = machine_actor("recorder")
SENTENCES = [
    {"key": "voluntary", "kind": "read", "text": "我自愿申请分期{amount}元，分{months}期偿还。"},
    {"key": "payee", "kind": "read", "text": "这笔钱支付给{merchant}。"},
    {"key": "not_student", "kind": "ask", "text": "您是否确认自己不是在校学生？"},
    {"key": "fraud_prone", "kind": "ask", "text": "您是否知道免费、返现、先整形后上班多为骗局？"},
    {"key": "free_return", "kind": "ask", "text": "您是否知道放款后七天内可以免费退贷？"},
]


def identity(born: str = "19920305", area: str = "110101", order: str = "002") -> str:
    body = f"{area}{born}{order}"
    return body + check_digit(body)


def program() -> Actor:
    """The core lending system, as it comes by its key."""
    unit = Unit.objects.get(code="HQ-CP")
    user = User.objects.filter(username="core").first() or staff("core", "integration", unit=unit).user
    return actor_of(user)


def people() -> dict[str, Staff]:
    """Two of everybody who has a part in recordings."""
    if not Unit.objects.filter(code="HQ-CP").exists():
        ensure_starter_data(NOW)
    unit = Unit.objects.get(code="HQ-CP")
    found = {}
    for name, role in (
        ("anna", "handler"),
        ("ben", "handler"),
        ("sue", "supervisor"),
        ("tom", "supervisor"),
        ("lea", "legal"),
    ):
        user = User.objects.filter(username=name).first()
        found[name] = Staff(user, actor_of(user)) if user else staff(name, role, unit=unit)
    return found


def script(**changes: Any) -> Script:
    """An approved script, in force."""
    who = people()
    given = {
        "code": "JB-2026-11",
        "effective_on": date(2026, 11, 1),
        "sentences": SENTENCES,
        "consent_text": "录音录像只用于证明您了解并自愿办理本笔分期。",
        "alternative_text": "您不同意的，可以到门店由工作人员当面核对。",
    } | changes
    known = Script.objects.filter(code=given["code"]).first()
    if known:
        return known
    draft = actions.draft_script(**given, actor=who["sue"].actor, now=NOW - timedelta(days=9))
    return actions.approve_script(draft.pk, actor=who["tom"].actor, now=NOW - timedelta(days=8))


def told(**changes: Any) -> Told:
    base = Told(
        application=APPLICATION,
        name="王秀英",
        phone="13800138000",
        id_number=identity(),
        merchant=Merchant.objects.order_by("uscc")[0].uscc,
        funder=Funder.objects.filter(speaks_for_platform=False).order_by("name")[0].name,
        terms="T-2026-08",
        principal_cents=1_200_000,
        term_months=12,
        annual_percent=Decimal("16.22"),
    )
    return replace(base, **changes)


def starter() -> None:
    ensure_starter_data(NOW)
    if not Terms.objects.filter(code="T-2026-08").exists():
        terms()
    script()


def contract(**changes: Any) -> Contract:
    starter()
    return actions.tell_contract(told(**changes), actor=program(), now=NOW)


def scheduled(way: str = "link", now: datetime = NOW, **changes: Any) -> Recording:
    told_now = contract(**changes)
    return actions.schedule_recording(actor=program(), now=now, contract=told_now, way=way)


def borrower(recording: Recording) -> Actor:
    return consumer_actor(recording.contract.person_id)


def begun(way: str = "link", actor: Actor | None = None, choice: str = "face_and_voice", **changes: Any) -> Recording:
    row = scheduled(way, **changes)
    given = {"choice": choice, "text_sha256": row.script.text_sha256}
    return actions.begin_recording(row, actor=actor or borrower(row), now=NOW, **given)


@cache
def film(seconds: int = 24, **how: Any) -> bytes:
    return pretended_webm(seconds, **how)


def captured(
    recording: Recording, content: bytes | None = None, actor: Actor | None = None, now: datetime = NOW
) -> Any:
    """One part, sent in pieces of 64 KiB and ended."""
    who, content = actor or borrower(recording), content if content is not None else film()
    part = pieces.begin_part(recording, actor=who, now=now)
    for offset in range(0, len(content), 65_536):
        piece = content[offset : offset + 65_536]
        part = pieces.append(part, offset=offset, piece=piece, sha256=None, actor=who, now=now)
    return pieces.end_part(part, actor=who, now=now)


def read(recording: Recording, part: Any, actor: Actor | None = None, *, answers: str = "yes", first: int = 0) -> None:
    """Every sentence from `first` on, four seconds each."""
    sentences = queries.said(recording)["sentences"]
    for number, sentence in enumerate(sentences[first:], start=first):
        began = (number - first) * 4_000 + 500
        answer = "read" if sentence["kind"] == "read" else answers
        given = {"number": number, "began_ms": began, "ended_ms": began + 3_500, "answer": answer}
        actions.keep_mark(recording, part, actor=actor or borrower(recording), now=NOW, **given)


def finished(content: bytes | None = None, **changes: Any) -> Recording:
    row = begun(**changes)
    part = captured(row, content)
    read(row, part)
    return actions.finish_recording(row, actor=borrower(row), now=NOW)


def work(at: datetime = NOW) -> None:
    """Let the worker do what is due."""
    with pinned(at):
        for _n in range(6):
            jobs.run_due(clock=lambda: at + timedelta(seconds=30))
            if not Job.objects.filter(state=Job.State.READY, topic__startswith="recordings.").exists():
                return


@contextmanager
def transcribing(settings: Any, url: str = "pretend:") -> Iterator[None]:
    before, settings.TRANSCRIPT_URL = settings.TRANSCRIPT_URL, url
    yield
    settings.TRANSCRIPT_URL = before


def checked(content: bytes | None = None, **changes: Any) -> Recording:
    row = finished(content, **changes)
    work()
    return Recording.objects.get(pk=row.pk)


def decide(
    recording: Recording, who: Staff, *, passed: bool = True, faults: tuple[str, ...] = (), now: datetime = NOW
) -> Recording:
    actions.watch_recording(recording, actor=who.actor, now=now, reason="质检抽查")
    cleared = [code for code in recording.flags if code not in faults]
    given = {"passed": passed, "cleared": cleared, "faults": list(faults), "reason": "逐项核对，与合同一致。"}
    return actions.decide_recording(Recording.objects.get(pk=recording.pk), actor=who.actor, now=now, **given)


def passed(**changes: Any) -> Recording:
    row = checked(**changes)
    return row if row.state == "passed" else decide(row, people()["anna"])


def archived(at: datetime = NOW + timedelta(days=31), **changes: Any) -> Recording:
    row = passed(**changes)
    handlers.watch(at)
    return Recording.objects.get(pk=row.pk)


def contract_values() -> dict[str, Any]:
    """What is about to be paid out, as the first version of the contract says it."""
    return Contract.objects.select_related("merchant", "funder").get(application=APPLICATION, version=1).values


def changed(policy: Any, **changes: Any) -> Any:
    return replace(policy, **changes)
