"""What the case page shows, gathered in a fixed number of queries and handed to a template that only prints."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.attachments.adding import may_attach
from cases.attachments.queries import papers_of
from cases.attachments.ruling import may_rule
from cases.bundles.rules import VERBS as BUNDLE_VERBS
from cases.clocks.labels import mark_label
from cases.copies.rules import VERBS as COPY_VERBS
from cases.desk import preview
from cases.desk.asked import inbox_lines, request_lines
from cases.desk.danger import danger_of
from cases.desk.lateness import keyed_late
from cases.desk.queue import matter_of, short_time, yuan
from cases.desk.signs import signs_of
from cases.desk.stack import clock_context
from cases.desk.tasks import task_context
from cases.desk.timeline import Change, View, changes_of
from cases.evidence.rules import VERBS as EVIDENCE_VERBS
from cases.forms import VerbForm, form_of
from cases.kinds import Kind, kind_named
from cases.ladder import ladder_of, read_in
from cases.models import Approval, Case, Delivery, Event, Message
from cases.panels import Item, Panel
from cases.policy import in_force
from cases.policy.variables import filled
from cases.queries import messages_for, messages_of, notes_for, sight_of, timeline_of
from cases.writing import drafts, looks
from jike.base.actors import Actor
from jike.base.dates import CST, cst_date
from jike.base.errors import Blocker, Refused, Text
from jike.privacy import open_sealed
from jike.verbs import Verb, verb_named, verbs_of

REVEALABLE = ("phone", "email")
QUIET_VERBS = ("note", "message")
ELSEWHERE = (*QUIET_VERBS, *EVIDENCE_VERBS, *COPY_VERBS, *BUNDLE_VERBS)
"""What has a place of its own on the page, or a page of its own."""
KEYS = {"claim": "e", "assign": "a", "classify": "c"}
HOUSE_PROVIDERS = ("inbox", "demo", "")


@dataclass(frozen=True, slots=True)
class Gate:
    """One verb as a button: open, or closed with every reason."""

    verb: Verb
    blockers: list[Blocker]
    needs_input: bool
    key: str = ""

    @property
    def is_open(self) -> bool:
        return not self.blockers

    @property
    def is_for_others(self) -> bool:
        """Closed because of who looks, not because of where the case stands."""
        return any(blocker.code.startswith("actor.") for blocker in self.blockers)


@dataclass(frozen=True, slots=True)
class Step:
    label: Text
    status: str  # done, current, next
    at: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the timeline; `texts` are the words that belong to the event (a note, a message), for those who may read.

    `is_edge` marks the first of the new lines: between it and the one before lies the reader's last look.
    """

    seq: int
    time: str
    label: Text
    category: str
    actor: Text
    before: Text
    after: Text
    texts: list[dict[str, Any]]
    changes: list[Change]
    is_new: bool = False
    is_edge: bool = False


def gates_of(case: Case, actor: Actor, *, now: datetime) -> list[Gate]:
    """Every verb a person can do to this case, with why not."""
    return [
        Gate(v, v.why_not(case, actor, now=now), bool(form_of(v.name).base_fields))
        for v in verbs_of(type(case))
        if v.by_hand
    ]


def case_context(case: Case, actor: Actor, *, now: datetime, view: View | None = None) -> dict[str, Any]:
    """Everything the case page prints; `view` is how the timeline is looked at. Masked sight leaves the parties' words out."""
    kind, view = kind_named(case.kind), view or View()
    sees_all = sight_of(case, actor) == "full"
    events = case.known_events
    beside = clock_context(case, now=now) | (task_context(case, actor, now=now) if sees_all else {})
    gates = gates_of(case, actor, now=now)
    context = (
        head_context(case, kind, now=now)
        | beside
        | {
            "sees_all": sees_all,
            "is_own": case.assignee_id == actor.id,
            "keyed_late": keyed_late(case, events),
            **gate_context(kind, case, gates),
            "signs": signs_of(case, kind),
            "steps": steps_of(kind, case, events),
            "ladder": ladder_of(case, actor),
            "parties": _parties_of(case) if sees_all else [],
            "papers": (papers := papers_of(case, actor) if case.has("papers") else []),
            "is_waiting": any(paper.is_waiting for paper in papers),
            "may_rule": any(paper.standing.code == "held" for paper in papers) and may_rule(case, actor),
            "may_attach": sees_all and may_attach(case, actor, now=now),
            "documents": case.known_letters if sees_all else [],
            **_words_read_for(case, actor, sees_all=sees_all),
            "decisions": _decisions_of(case) if sees_all else [],
            "panels": panels_of(kind, case, events, gates, now=now) if sees_all else [],
        }
    )
    composer = _composer(case, actor, gates)
    if "message" in composer:
        context["replies"] = [(reply, filled(reply.text, case, actor)) for reply in in_force.replies(on=cst_date(now))]
    seen = looks.last_seen_seq(case, actor=actor) if actor.is_staff and case.has("looks") else None
    days = days_of(
        kind, view.shown(events), _texts_of(case, actor) if sees_all else {}, seen=seen, oldest_first=view.oldest_first
    )
    return context | {"composer": composer, "days": days, "view": view, "categories": view.toggles(events)}


def head_context(case: Case, kind: Kind, *, now: datetime) -> dict[str, Any]:
    return {
        "case": case,
        "kind": kind,
        "kind_label": kind.label_of(case),
        "next_step": kind.next_step(case),
        "danger": danger_of(case.received_at, case.next_due_at, now=now),
        "matter": matter_of(case.business_code, case.cause_code),
        "amount": yuan(case.amount_cny),
        "received": case.received_at.astimezone(CST).strftime("%Y-%m-%d %H:%M"),
    }


def verb_context(
    case: Case, verb: Verb, form: VerbForm, actor: Actor, *, now: datetime, refused: Refused | None = None
) -> dict[str, Any]:
    """The page of one verb: its form, why it may not happen (or was refused), and what is approved where something is."""
    context = head_context(case, kind_named(case.kind), now=now)
    decisions = _decisions_of(case) if sight_of(case, actor) == "full" else []
    proposal = decisions[-1] if decisions and verb.short_name in ("approve_decision", "return_decision") else None
    words = words_of(case) if proposal else {}
    blockers = verb.why_not(case, actor, now=now)
    shown = refused.blockers if refused else blockers
    return context | {
        "verb": verb,
        "form": form,
        "blockers": shown,
        "is_barred": bool(blockers),
        "proposal": proposal,
        "words": words,
        "request_lines": request_lines(case, form, actor),
        "checked": checked_of(case, verb),
        "return_verb": "" if "verdict" in form.fields else returning_of(case, verb, actor),
        "tells": preview.tells(case, verb),
    }


def gate_context(kind: Kind, case: Case, gates: list[Gate]) -> dict[str, Any]:
    """The buttons: what can be done, what cannot yet be, and what is for others."""
    on_way = primary_of(kind, case, [g for g in gates if g.verb.short_name in kind.way])
    letters = ({on_way.verb.short_name: "d"} if on_way else {}) | KEYS
    shown = [
        replace(g, key=letters[g.verb.short_name]) if g.is_open and g.verb.short_name in letters else g
        for g in gates
        if g.verb.short_name not in ELSEWHERE
    ]
    return {
        "gates": shown,
        "open_gates": [g for g in shown if g.is_open and g.verb.short_name not in kind.aside],
        "aside_gates": [g for g in shown if g.is_open and g.verb.short_name in kind.aside],
        "closed_gates": [g for g in shown if not g.is_open and not g.is_for_others],
        "others_gates": [g for g in shown if g.is_for_others],
        "primary": primary_of(kind, case, shown),
    }


def panels_of(
    kind: Kind, case: Case, events: list[Event], gates: list[Gate], *, now: datetime
) -> list[tuple[Panel, Verb | None, list[tuple[Item, Verb | None]]]]:
    """The panels of the kind with the verb of their button where that is open, and so their lines."""
    if kind.panels is None:
        return []
    opened = {gate.verb.short_name: gate.verb for gate in gates if gate.is_open}
    panels: list[Panel] = kind.panels(case, events, now=now)
    return [(panel, opened.get(panel.act), [(item, opened.get(item.act)) for item in panel.items]) for panel in panels]


def checked_of(case: Case, verb: Verb) -> dict[str, str] | None:
    """Who asked for what is voted on here, when, and the beginning of its hash; None for a verb nothing waits for."""
    approval = next((a for a in case.open_approvals if a.verb == verb.name), None)
    if approval is None:
        return None
    digest = bytes(approval.payload_sha256).hex()[:12]
    return {"maker": approval.maker.display_name, "asked": short_time(approval.asked_at), "hash": digest}


def returning_of(case: Case, verb: Verb, actor: Actor) -> str:
    """The verb that sends back what `verb` would approve, where there is one of its own."""
    approval = next((a for a in case.open_approvals if a.verb == verb.name), None)
    return return_verb_of(approval, case) if approval and actor.can("approvals.vote") else ""


def lines_since(case: Case, actor: Actor, version: int | None) -> list[Line]:
    """What others did after the page was drawn: whoever was refused for it must see it before trying again."""
    if version is None or version >= case.version:
        return []
    kind, texts = kind_named(case.kind), _texts_of(case, actor) if sight_of(case, actor) == "full" else {}
    events = timeline_of(case, actor).filter(seq__gt=version)
    return [_line(kind, event.at.astimezone(CST), event, texts) for event in events]


def primary_of(kind: Kind, case: Case, gates: list[Gate]) -> Gate | None:
    """The one button that stands out: the first open verb on the kind's way, classifying only while it is still to be done."""
    return next(iter(_open_among(gates, _way_of(kind, case))), None)


def main_of(kind: Kind, case: Case, gates: list[Gate]) -> list[Gate]:
    """At most two buttons for a look into a line: those on the way first, then writing."""
    return _open_among(gates, [*_way_of(kind, case), "message", "note"])[:2]


def _way_of(kind: Kind, case: Case) -> list[str]:
    return [*(["classify"] if case.assignee_id and not case.business_code else []), *kind.way]


def _open_among(gates: list[Gate], names: list[str]) -> list[Gate]:
    opened = [g for g in gates if g.is_open and g.verb.short_name in names]
    return sorted(opened, key=lambda g: names.index(g.verb.short_name))


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


def days_of(
    kind: Kind,
    events: list[Event],
    texts: dict[str, list[dict[str, Any]]],
    *,
    seen: int | None = None,
    oldest_first: bool = False,
) -> list[tuple[str, list[Line]]]:
    """The timeline grouped by Shanghai day, newest first or oldest; what came after the event `seen` is marked as new."""
    lines = [(e.at.astimezone(CST), e) for e in (events if oldest_first else reversed(events))]
    edge = next((e.seq for e in events if seen and e.seq > seen), None)
    return [
        (day, [_line(kind, at, event, texts, seen=seen, edge=edge) for at, event in group])
        for day, group in groupby(lines, key=lambda pair: pair[0].strftime("%Y-%m-%d"))
    ]


def timeline_lines(case: Case, actor: Actor) -> list[tuple[str, list[Line]]]:
    """The whole timeline, oldest first. The caller knows that the actor sees the whole case."""
    return days_of(kind_named(case.kind), list(timeline_of(case, actor)), _texts_of(case, actor), oldest_first=True)


def _line(
    kind: Kind,
    at: datetime,
    event: Event,
    texts: dict[str, list[dict[str, Any]]],
    *,
    seen: int | None = None,
    edge: int | None = None,
) -> Line:
    moved = event.is_move
    return Line(
        seq=event.seq,
        time=at.strftime("%H:%M"),
        label=_label_of(kind, event),
        category=event.category,
        actor=_("System") if event.actor_kind in ("machine", "import") else event.actor_label,
        before=kind.states.get(event.before_state, "") if moved else "",
        after=kind.states.get(event.after_state, "") if moved else "",
        texts=texts.get(event.data.get("note") or event.data.get("message") or event.at.isoformat(), []),
        changes=changes_of(event),
        is_new=seen is not None and event.seq > seen,
        is_edge=event.seq == edge,
    )


def _label_of(kind: Kind, event: Event) -> Text:
    if kind.event_detail and (detail := kind.event_detail(event)):
        return f"{verb_named(event.verb).label} · {detail}"
    if event.category == "clock" and "clock" in event.data:
        return f"{verb_named(event.verb).label} · {mark_label(event.data)}"
    if event.data.get("direction") != "in":
        return verb_named(event.verb).label
    return _("Message from the merchant") if event.actor_kind == "merchant" else _("Message from the consumer")


def words_of(case: Case) -> dict[str, str]:
    fields = ("claim", "narrative", "answers", "merchant_named")
    return {field: open_sealed(case, field) for field in fields if getattr(case, field, None)}


def _composer(case: Case, actor: Actor, gates: Iterable[Gate]) -> dict[str, VerbForm]:
    """The forms that stand open on the page itself, with what was typed before; every field has an id of its own."""
    typed = drafts.drafts_of(case, actor=actor) if actor.is_staff and case.has("drafts") else {}
    return {
        name: form_of(g.verb.name)(case=case, actor=actor, typed=typed.get(name), auto_id=f"{name}_%s")
        for g in gates
        if g.is_open and (name := g.verb.short_name) in QUIET_VERBS
    }


def _words_read_for(case: Case, actor: Actor, *, sees_all: bool) -> dict[str, Any]:
    """The words of the case; where it was carried on from another one, the words there, and how many papers lie there."""
    source = read_in(case, actor) if sees_all else None
    if source is None:
        return {"words": {}}
    if source.pk == case.pk:
        return {"words": words_of(case)}
    papers = papers_of(source, actor) if source.has("papers") else []
    return {"words": words_of(source), "origin": source, "origin_papers": len(papers)}


def _parties_of(case: Case) -> list[dict[str, Any]]:
    """Who takes part, by full name: whoever sees the whole case must know whom they write to."""
    return [{"party": p, "name": open_sealed(p, "name")} for p in case.known_parties]


def _texts_of(case: Case, actor: Actor) -> dict[str, list[dict[str, Any]]]:
    """The words said, by what their event names: the id of the note or message, or the instant for messages a verb sends by itself."""
    texts: dict[str, list[dict[str, Any]]] = {}
    for note in notes_for(actor, case):
        texts[str(note.pk)] = [{"audience": "staff", "body": open_sealed(note, "body"), "proof": None}]
    for message in messages_of(case) if actor.is_staff else messages_for(actor, case):
        key = message.created_at.isoformat() if message.template else str(message.pk)
        texts.setdefault(key, []).append(
            {
                "audience": message.audience,
                "channel": message.get_channel_display(),
                "is_incoming": message.is_incoming,
                "is_automatic": bool(message.template),
                "paper": message.paper.code if hasattr(message, "paper") else "",
                "subject": open_sealed(message, "subject") if message.channel == Message.Channel.LETTER else "",
                "is_paper": message.channel == Message.Channel.LETTER,
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


PARTS: tuple[tuple[str, Text], ...] = (
    ("findings", _("What was found")),
    ("basis", _("Basis")),
    ("reasons", _("Reasons")),
    ("redress", _("What the consumer gets")),
    ("remedies", _("Remedies")),
)


def _decisions_of(case: Case) -> list[dict[str, Any]]:
    """Every version of the decision, oldest first, each line with what stood there in the version before, where it changed."""
    found: list[dict[str, Any]] = []
    for decision in case.known_decisions:
        approval = decision.approval if hasattr(decision, "approval") else None
        amount = yuan(decision.redress_cny) if decision.redress_cny else ""
        said = {"result": f"{decision.get_result_display()} {amount}".strip()}
        said |= {part: open_sealed(decision, part) for part, _label in PARTS}
        was = found[-1]["said"] if found else said
        found.append(
            {
                "decision": decision,
                "approval": approval,
                "returned": open_sealed(approval, "reason") if approval and approval.reason else "",
                "said": said,
                "lines": [
                    (label, said[part], was[part] if was[part] != said[part] else "")
                    for part, label in (("result", _("Result")), *PARTS)
                    if said[part] or was[part]
                ],
            }
        )
    return found


def return_verb_of(approval: Approval, case: Case) -> str:
    """The verb that sends back what waits: a verb of its own (`return_…` for `approve_…` or `accept_…`), else the general one."""
    short = approval.verb.partition(".")[2]
    own = f"return_{short.partition('_')[2]}"
    known = {verb.short_name for verb in verbs_of(kind_named(case.kind).model)}
    return own if "_" in short and own in known else "return_request"


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
            "lines": inbox_lines(a),
            "return_verb": return_verb_of(a, a.case),
            "amount": yuan(a.decision.redress_cny) if a.decision and a.decision.redress_cny else "",
            "danger": danger_of(a.case.received_at, a.case.next_due_at, now=now),
        }
        for a in approvals
    ]
