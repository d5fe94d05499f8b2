"""Telling cases what their clocks have reached: marks of the sweep become events with their ledger entries, set by set."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from cases.clocks import rules
from cases.clocks.models import Clock, Passing
from cases.models import Case, Event
from cases.rules import no_power
from jike import ledger
from jike.base.actors import Actor
from jike.base.dates import CST
from jike.base.errors import Blocker, refuse_if
from jike.base.failpoints import failpoint
from jike.verbs import Verb
from jike.verbs.registry import register

BATCH = 500
END = 100

# One mark per case and batch, so that each event is one version. Cases somebody is working on are told in the next pass:
# that may be the very act which stops the clock in time. All three rows are locked, so all three are read as they are now.
_PICK = """
SELECT p.id, p.stage, p.at, c.id, c.version, c.state, c.number, c.unit_id, c.assignee_id,
       k.code, k.rule_version, k.duty, k.due_at, k.state, k.breached_at
FROM (SELECT min(id) AS id FROM clocks_passing GROUP BY case_id ORDER BY min(id) LIMIT %(limit)s) first
JOIN clocks_passing p ON p.id = first.id
JOIN cases_case c ON c.id = p.case_id
JOIN clocks_clock k ON k.id = p.clock_id
ORDER BY p.id FOR UPDATE OF p, c, k SKIP LOCKED
"""
_COUNT_UP = """
UPDATE cases_case c SET version = new.version, last_verb = new.verb, last_event_at = new.at
FROM unnest(%s::uuid[], %s::int[], %s::text[], %s::timestamptz[]) AS new (id, version, verb, at) WHERE c.id = new.id
"""


@dataclass(frozen=True, slots=True)
class Told:
    """A mark that a case has been told of. `percent` is 100 at the end; `is_breach` only when a duty of ours is late."""

    case_id: UUID
    number: str
    unit_id: UUID
    assignee_id: UUID | None
    code: str
    percent: int
    is_breach: bool
    due_at: datetime
    at: datetime


Then = Callable[[Sequence[Told], datetime], None]


def tell(*, actor: Actor, now: datetime, then: Then | None = None, limit: int = BATCH) -> int:
    """Tell up to `limit` cases one mark each: event, ledger entry and version in one transaction; how many marks it took.

    `then` hears of what was told, in the same transaction. A mark that no longer holds (the clock was stopped in time, or
    replaced) is dropped without an event. Two at once never tell one mark twice, and a process killed here has told nothing.
    """
    refuse_if([*no_power(actor, WARN.name), *no_power(actor, BREACH.name)], verb=BREACH.name)
    if not Passing.objects.exists():
        return 0
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_PICK, {"limit": limit})
            rows = cursor.fetchall()
        told, events = [], []
        for row in rows:
            one = _told(row)
            if one:
                told.append(one)
                events.append(_event(one, version=row[4] + 1, state=row[5], actor=actor))
        _write(events)
        Passing.objects.filter(pk__in=[row[0] for row in rows])._raw_delete("default")
        if then:
            then(told, now)
        failpoint("clock.telling")
    failpoint("clock.told")
    return len(rows)


def _told(row: Sequence[Any]) -> Told | None:
    (
        _id,
        stage,
        at,
        case_id,
        _version,
        _state,
        number,
        unit_id,
        assignee_id,
        code,
        version,
        duty,
        due_at,
        state,
        late,
    ) = row
    if late is None if stage == Passing.BREACH else late is not None or state != Clock.State.RUNNING:
        return None
    warn = next(rule for rule in rules.load().of(code) if rule.version == version).warn
    percent = END if stage == Passing.BREACH else warn[min(stage, len(warn)) - 1]
    is_breach = stage == Passing.BREACH and duty == Clock.Duty.OURS
    return Told(case_id, number, unit_id, assignee_id, code, percent, is_breach, due_at, at)


def _event(told: Told, *, version: int, state: str, actor: Actor) -> Event:
    case = Case(id=told.case_id, version=version, state=state)
    case.tell(clock=told.code, percent=told.percent, due=told.due_at.astimezone(CST).isoformat(timespec="seconds"))
    return Event.of(case, BREACH if told.is_breach else WARN, actor=actor, now=told.at, key="", before=state)


def _write(events: Sequence[Event]) -> None:
    Event.append_many(events)
    ledger.append_many(
        (
            ledger.NewEntry(event.case_id, event.verb, Event.LEDGER_SOURCE, event.pk, event.facts(), event.at)
            for event in events
        ),
        heads=ledger.heads_of([event.case_id for event in events]),
    )
    columns = ([getattr(event, name) for event in events] for name in ("case_id", "seq", "verb", "at"))
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_UP, list(columns))


def _rule(power: str) -> Callable[..., list[Blocker]]:
    def blockers(case: Case | None, actor: Actor, *, now: datetime) -> list[Blocker]:
        return no_power(actor, power)

    return blockers


WARN = Verb("clocks.warn", _("Time limit warning"), Case, _rule("clocks.warn"), tell, category="clock", by_hand=False)
BREACH = Verb(
    "clocks.breach", _("Time limit exceeded"), Case, _rule("clocks.breach"), tell, category="clock", by_hand=False
)
register(WARN)
register(BREACH)
