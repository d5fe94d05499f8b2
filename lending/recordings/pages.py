"""What the pages of recordings show, on the portal and on the workbench."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jike.accounts.models import User
from jike.accounts.roles import role_labels
from jike.base.actors import Actor
from jike.base.dates import cst_date
from jike.base.errors import Blocker, Refused, Text
from jike.base.money import from_cents
from jike.privacy import Unreadable, open_sealed
from jike.verbs import verb_named
from lending.models import Person
from lending.recordings import gate, queries
from lending.recordings.models import Recording, RecordingEvent, Script
from lending.recordings.policy import policy_of
from lending.recordings.records import RecordingCheck, RecordingLook, RecordingMark
from lending.recordings.states import Choice, State, words_of

OPEN = (State.SCHEDULED, State.RECORDING)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence with its mark, as the player and the capture show it."""

    number: int
    kind: str
    text: str
    mark: RecordingMark | None = None
    share: int | None = None

    @property
    def clock(self) -> str:
        return clock_of(self.mark.began_ms) if self.mark else ""

    @property
    def seconds(self) -> int:
        return (self.mark.ended_ms - self.mark.began_ms) // 1000 if self.mark else 0


@dataclass(frozen=True, slots=True)
class Own:
    """A recording as its borrower sees it in the list."""

    recording: Recording
    where: str
    amount: Any
    word: Text
    why: list[Text]
    alternative: str
    looks: list[tuple[date, list[Text]]]


def clock_of(ms: int) -> str:
    return f"{ms // 60_000}:{ms // 1000 % 60:02}"


def may_keep_face(recording: Recording) -> bool:
    """Whether the voice alone is enough for this contract."""
    return recording.contract.signing in policy_of(recording.policy_version).voice_only


def consent_page(recording: Recording) -> dict[str, Any]:
    contract = recording.contract
    return {
        "script": recording.script,
        "merchant": contract.merchant or contract.funder,
        "amount": from_cents(contract.principal_cents),
        "contract": contract,
        "count": len(recording.script.sentences),
    }


def capture_page(recording: Recording) -> dict[str, Any]:
    """The sentences, where to go on, and whether there is a picture."""
    following = queries.next_sentence(recording)
    sentences = [Sentence(n, one["kind"], one["text"]) for n, one in enumerate(queries.said(recording)["sentences"])]
    return {
        "recording": recording,
        "sentences": sentences,
        "following": len(sentences) if following is None else following,
        "has_parts": recording.parts.exists(),
        "is_voice": recording.consent.choice == Choice.VOICE,
    }


def portal_places(token: str) -> dict[str, str]:
    base = reverse("portal:recording", args=[token])
    return {"base": base, "done": reverse("portal:own_recordings")}


def person_of(pk: str) -> Person:
    """The person of a lookup whose code was answered. A decoy has none, and its code is never right."""
    if not pk:
        raise Refused(
            [Blocker("phone_code.wrong", _("The code is wrong or has expired. Check it, or ask for a new one."))]
        )
    return Person.objects.get(pk=pk)


def own_page(actor: Actor, *, now: datetime) -> list[Own]:
    return [_own(row) for row in queries.own_recordings(actor).prefetch_related("looks")]


def _own(row: Recording) -> Own:
    contract = row.contract
    declined = "consent.declined" in row.failures
    return Own(
        recording=row,
        where=str(contract.merchant or contract.funder),
        amount=from_cents(contract.principal_cents),
        word=row.get_state_display(),
        why=[words_of(code) for code in row.failures if code != "verdict.failed"],
        alternative=row.script.alternative_text if declined else "",
        looks=who_looked(row.looks.all()),
    )


def who_looked(looks: Iterable[RecordingLook]) -> list[tuple[date, list[Text]]]:
    """(day, roles) of every look; a borrower learns the role and not the name."""
    rows = sorted(looks, key=lambda look: look.at, reverse=True)
    users = User.objects.in_bulk({look.actor_id for look in rows})
    return [(cst_date(look.at), role_labels(users[look.actor_id].roles)) for look in rows if look.actor_id in users]


def desk_page(recording: Recording, actor: Actor, *, now: datetime) -> dict[str, Any]:
    """Everything about one recording on the workbench. What was destroyed shows its certificate and nothing else."""
    return {
        "recording": recording,
        "contract": recording.contract,
        "amount": from_cents(recording.contract.principal_cents),
        "sentences": _sentences(recording),
        "checks": RecordingCheck.objects.filter(recording=recording).first(),
        "flags": [(code, words_of(code)) for code in recording.flags],
        "failures": [words_of(code) for code in recording.failures],
        "verdict": getattr(recording, "verdict", None),
        "verdict_reason": _opened(getattr(recording, "verdict", None), "reason"),
        "parts": queries.parts_joined(recording),
        "may_play": queries.may_play(recording, actor, now=now),
        "looks": _looks(recording),
        "hold": queries.hold_on(recording),
        "certificate": getattr(recording, "certificate", None),
        "events": [_happened(event) for event in recording.events.order_by("-seq")[:60]],
        "standing": gate.standing_of(recording.contract, recording.contract.values, now=now),
        "acts": {name: _act(name, recording, actor, now) for name in ACTS},
    }


ACTS = (
    "issue_link", "expire", "begin", "watch", "decide", "hold", "lift_hold", "propose_destruction", "destroy",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Act:
    """A verb on the page: whether it may be done, why not, and whether it concerns this state at all."""

    label: Text
    blockers: list[Blocker]

    @property
    def is_open(self) -> bool:
        return not self.blockers

    @property
    def is_shown(self) -> bool:
        """Without the power, or in another state, there is nothing to be shown."""
        return all(b.code not in ("actor.no_power", "recording.wrong_state") for b in self.blockers)


def _act(name: str, recording: Recording, actor: Actor, now: datetime) -> Act:
    verb = verb_named(f"recordings.{name}")
    return Act(verb.label, verb.why_not(recording, actor, now=now))


def _happened(event: RecordingEvent) -> dict[str, Any]:
    moved = event.before_state != event.after_state
    return {
        "at": event.at,
        "who": event.actor_label,
        "what": verb_named(event.verb).label,
        "state": State(event.after_state).label if moved else "",
    }


def _sentences(recording: Recording) -> list[Sentence]:
    try:
        said = queries.said(recording)["sentences"]
    except Unreadable:
        return []
    marks, found = queries.marks_of(recording), RecordingCheck.objects.filter(recording=recording).first()
    shares = found.coverage if found else {}
    return [Sentence(n, one["kind"], one["text"], marks.get(n), shares.get(one["key"])) for n, one in enumerate(said)]


def _opened(row: Any, name: str) -> str:
    try:
        return open_sealed(row, name) if row else ""
    except Unreadable:
        return ""


def _looks(recording: Recording) -> list[dict[str, Any]]:
    rows = list(recording.looks.order_by("-at")[:50])
    users = User.objects.in_bulk({look.actor_id for look in rows})
    return [{"at": look.at, "who": users.get(look.actor_id), "reason": _opened(look, "reason")} for look in rows]


def list_page(actor: Actor, *, now: datetime, state: str = "") -> dict[str, Any]:
    """The queue of the unit: what waits for a verdict first, what is to be mended, and the newest."""
    rows = queries.recordings_visible_to(actor)
    return {
        "waiting": list(queries.waiting_for(actor)[:100]),
        "mend": [(row, cst_date(now) > row.mend_by_on) for row in queries.to_mend(actor)[:50] if row.mend_by_on],
        "due": list(queries.due_for_destruction(actor, cst_date(now))[:50]),
        "rows": list((rows.filter(state=state) if state in State.values else rows)[:100]),
        "states": State.choices,
        "chosen": state,
        "may_write_scripts": actor.can("lending.draft_script") or actor.can("lending.approve_script"),
    }


def scripts_page(actor: Actor) -> dict[str, Any]:
    newest = Script.objects.order_by("-effective_on", "-drafted_at")
    return {"scripts": newest, "may_approve": actor.can("lending.approve_script"), "person": actor.person}


def has_script(pk: UUID) -> bool:
    return Script.objects.filter(pk=pk).exists()
