"""What the case page shows, gathered in a fixed number of queries and handed to a template that only prints."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from cases.clocks import ledger as clocks
from cases.desk.danger import NO_CLOCK, danger_of
from cases.desk.queue import matter_of, yuan
from cases.forms import VerbForm, form_of
from cases.kinds import Kind, kind_named
from cases.models import Approval, Case, Decision, Delivery, Event
from cases.queries import messages_for, notes_for, sight_of, timeline_of
from jike.base.actors import Actor
from jike.base.dates import CST
from jike.base.errors import Blocker, Text
from jike.privacy import open_sealed
from jike.verbs import Verb, verb_named, verbs_of

REVEALABLE = ("phone", "email")
QUIET_VERBS = ("note", "message")
HOUSE_PROVIDERS = ("inbox", "demo", "")


@dataclass(frozen=True, slots=True)
class Gate:
    """One verb as a button: open, or closed with every reason."""

    verb: Verb
    blockers: list[Blocker]
    needs_input: bool

    @property
    def is_open(self) -> bool:
        return not self.blockers


@dataclass(frozen=True, slots=True)
class Step:
    label: Text
    status: str  # done, current, next
    at: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the timeline; `texts` are the words that belong to the event (a note, a message), for those who may read."""

    seq: int
    time: str
    label: Text
    category: str
    actor: Text
    before: Text
    after: Text
    texts: list[dict[str, Any]]


def gates_of(case: Case, actor: Actor, *, now: datetime) -> list[Gate]:
    """Every verb a person can do to this case, with why not."""
    return [
        Gate(v, v.why_not(case, actor, now=now), bool(form_of(v.name).base_fields))
        for v in verbs_of(type(case))
        if v.by_hand
    ]


def case_context(case: Case, actor: Actor, *, now: datetime) -> dict[str, Any]:
    """Everything the case page prints. With masked sight the words of the parties are left out."""
    kind = kind_named(case.kind)
    sees_all = sight_of(case, actor) == "full"
    events = list(timeline_of(case, actor))
    gates = gates_of(case, actor, now=now)
    running = clocks.clocks_of(case)
    prefetch_related_objects(running, "lines")
    context = head_context(case, kind, now=now) | {
        "sees_all": sees_all,
        "is_own": case.assignee_id == actor.id,
        "gates": [g for g in gates if g.verb.short_name not in QUIET_VERBS],
        "primary": primary_of(kind, case, gates),
        "steps": steps_of(kind, case, events),
        "clocks": [
            {"clock": c, "danger": danger_of(c.started_at, c.due_at, now=now) if c.is_running else NO_CLOCK}
            for c in running
        ],
        "parties": _parties_of(case) if sees_all else [],
        "documents": list(case.documents.order_by("created_at")) if sees_all else [],
        "words": _words_of(case) if sees_all else {},
        "decisions": _decisions_of(case) if sees_all else [],
    }
    composer = {
        g.verb.short_name: form_of(g.verb.name)(case=case, actor=actor)
        for g in gates
        if g.is_open and g.verb.short_name in QUIET_VERBS
    }
    return context | {"composer": composer, "days": days_of(kind, events, _texts_of(case, actor) if sees_all else {})}


def head_context(case: Case, kind: Kind, *, now: datetime) -> dict[str, Any]:
    return {
        "case": case,
        "kind": kind,
        "next_step": kind.next_step(case),
        "danger": danger_of(case.received_at, case.next_due_at, now=now),
        "matter": matter_of(case.business_code, case.cause_code),
        "amount": yuan(case.amount_cny),
        "received": case.received_at.astimezone(CST).strftime("%Y-%m-%d %H:%M"),
    }


def verb_context(case: Case, verb: Verb, form: VerbForm, actor: Actor, *, now: datetime) -> dict[str, Any]:
    """The page of one verb: its form, why it may not happen, and what is approved where something is."""
    context = head_context(case, kind_named(case.kind), now=now)
    decisions = _decisions_of(case) if sight_of(case, actor) == "full" else []
    proposal = decisions[-1] if decisions and verb.short_name in ("approve_decision", "return_decision") else None
    words = _words_of(case) if proposal else {}
    blockers = verb.why_not(case, actor, now=now)
    return context | {"verb": verb, "form": form, "blockers": blockers, "proposal": proposal, "words": words}


def primary_of(kind: Kind, case: Case, gates: list[Gate]) -> Gate | None:
    """The one button that stands out: the first open verb on the kind's way, classifying only while it is still to be done."""
    way = [*(["classify"] if case.assignee_id and not case.business_code else []), *kind.way]
    opened = [g for g in gates if g.is_open and g.verb.short_name in way]
    return min(opened, key=lambda g: way.index(g.verb.short_name), default=None)


def steps_of(kind: Kind, case: Case, events: list[Event]) -> list[Step]:
    """The stage strip: done with its date, current, next."""
    reached = {}
    for event in events:
        reached[event.after_state] = event.at
    current = next((i for i, stage in enumerate(kind.stages) if case.state in stage.states), 0)
    steps = []
    for i, stage in enumerate(kind.stages):
        status = "current" if i == current else "done" if i < current else "next"
        passed = status == "done" or case.ended_at is not None
        at = max((reached[s] for s in stage.states if s in reached), default=None) if passed else None
        steps.append(Step(stage.label, status, at.astimezone(CST).strftime("%m-%d") if at else ""))
    return steps


def days_of(kind: Kind, events: list[Event], texts: dict[str, list[dict[str, Any]]]) -> list[tuple[str, list[Line]]]:
    """The timeline grouped by Shanghai day, newest first."""
    lines = [(e.at.astimezone(CST), e) for e in reversed(events)]
    return [
        (day, [_line(kind, at, event, texts) for at, event in group])
        for day, group in groupby(lines, key=lambda pair: pair[0].strftime("%Y-%m-%d"))
    ]


def _line(kind: Kind, at: datetime, event: Event, texts: dict[str, list[dict[str, Any]]]) -> Line:
    moved = event.is_move
    return Line(
        seq=event.seq,
        time=at.strftime("%H:%M"),
        label=_("Message from the consumer") if event.data.get("direction") == "in" else verb_named(event.verb).label,
        category=event.category,
        actor=_("System") if event.actor_kind in ("machine", "import") else event.actor_label,
        before=kind.states.get(event.before_state, "") if moved else "",
        after=kind.states.get(event.after_state, "") if moved else "",
        texts=texts.get(event.data.get("note") or event.data.get("message") or event.at.isoformat(), []),
    )


def _words_of(case: Case) -> dict[str, str]:
    fields = ("claim", "narrative", "merchant_named")
    return {field: open_sealed(case, field) for field in fields if getattr(case, field, None)}


def _parties_of(case: Case) -> list[dict[str, Any]]:
    """Who takes part, by full name: whoever sees the whole case must know whom they write to."""
    return [{"party": p, "name": open_sealed(p, "name")} for p in case.parties.order_by("created_at", "id")]


def _texts_of(case: Case, actor: Actor) -> dict[str, list[dict[str, Any]]]:
    """The words said, by what their event names: the id of the note or message, or the instant for messages a verb sends by itself."""
    texts: dict[str, list[dict[str, Any]]] = {}
    for note in notes_for(actor, case):
        texts[str(note.pk)] = [{"audience": "staff", "body": open_sealed(note, "body"), "proof": None}]
    for message in messages_for(actor, case):
        key = message.created_at.isoformat() if message.template else str(message.pk)
        texts.setdefault(key, []).append(
            {
                "audience": message.audience,
                "channel": message.get_channel_display(),
                "is_incoming": message.is_incoming,
                "is_automatic": bool(message.template),
                "body": open_sealed(message, "body"),
                "proof": _proof_of(getattr(message, "delivery", None)),
            }
        )
    return texts


def _proof_of(delivery: Delivery | None) -> dict[str, str] | None:
    """When a message was sent and, where a provider outside the house took it, the provider's number for it."""
    if delivery is None:
        return None
    at = delivery.sent_at.astimezone(CST).strftime("%m-%d %H:%M")
    return {
        "at": at,
        "number": "" if delivery.provider in HOUSE_PROVIDERS else f"{delivery.provider} {delivery.provider_id}",
    }


def _decisions_of(case: Case) -> list[dict[str, Any]]:
    return [
        {
            "decision": d,
            "approval": d.approval if hasattr(d, "approval") else None,
            "parts": {p: open_sealed(d, p) for p in Decision.PARTS},
            "amount": yuan(d.redress_cny) if d.redress_cny else "",
        }
        for d in case.decisions.select_related("approval", "approval__voter", "proposer").order_by("version")
    ]


def approval_rows(approvals: Iterable[Approval], *, now: datetime) -> list[dict[str, Any]]:
    """The inbox: what waits, who asked, the money, and the nearest due date."""
    return [
        {
            "case": a.case,
            "label": verb_named(a.verb).label,
            "verb": verb_named(a.verb).short_name,
            "maker": a.maker.display_name,
            "asked": a.asked_at.astimezone(CST).strftime("%m-%d %H:%M"),
            "result": a.decision.get_result_display() if a.decision else "",
            "amount": yuan(a.decision.redress_cny) if a.decision and a.decision.redress_cny else "",
            "danger": danger_of(a.case.received_at, a.case.next_due_at, now=now),
        }
        for a in approvals
    ]
