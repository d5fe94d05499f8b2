"""What happened to one invented complaint: its last state and every step on the way there. Pure and repeatable."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Literal

By = Literal["consumer", "handler", "supervisor", "worker"]

# Shares of the last state in per mille: 170 open, 830 ended.
_ENDS = (
    ("received", 50),
    ("investigating", 65),
    ("deciding", 20),
    ("decided", 10),
    ("notified", 25),
    ("withdrawn", 110),
    ("closed", 720),
)
_WALK = {
    "complaints.file": ("", "received"),
    "complaints.accept": ("received", "investigating"),
    "complaints.propose_decision": ("investigating", "deciding"),
    "complaints.approve_decision": ("deciding", "decided"),
    "complaints.notify": ("decided", "notified"),
    "complaints.close": ("notified", "closed"),
}
_REACHES = {"received": 0, "withdrawn": 1, "investigating": 1, "deciding": 2, "decided": 3, "notified": 4, "closed": 5}


@dataclass(frozen=True, slots=True)
class Step:
    """One event: `verb` by somebody at some time, from one state to the next (or the same)."""

    verb: str
    by: By
    at: datetime
    before: str
    after: str

    @property
    def is_move(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Story:
    """The n-th complaint of a seed. `chance` is its own source of luck for whatever else is invented about it."""

    n: int
    chance: Random
    received_at: datetime
    state: str
    steps: list[Step] = field(default_factory=list)

    @property
    def has_ended(self) -> bool:
        return self.state in ("closed", "withdrawn")

    @property
    def is_told(self) -> bool:
        return self.state in ("notified", "closed")

    @property
    def is_claimed(self) -> bool:
        return any(step.verb == "complaints.claim" for step in self.steps)

    def at(self, verb: str) -> datetime | None:
        """When `verb` first happened."""
        return next((step.at for step in self.steps if step.verb == verb), None)


def story(seed: int, n: int, *, now: datetime) -> Story:
    """The n-th complaint of `seed` as it stands at `now`."""
    chance = Random(f"{seed}:{n}")  # noqa: S311 - invented stories are no secrets
    state = chance.choices([name for name, _ in _ENDS], [share for _, share in _ENDS])[0]
    days = _days_ago(chance, state)
    received_at = now - timedelta(days=days, minutes=chance.randrange(0, 600))
    told = Story(n, chance, received_at, state)
    _walk(told, until=now)
    return told


def _days_ago(chance: Random, state: str) -> int:
    """Open complaints are recent, a few of them late; ended ones lie up to three years back."""
    if state in ("received", "investigating", "deciding", "decided"):
        return chance.randrange(15, 25) if chance.random() < 0.04 else chance.randrange(0, 14)
    return chance.randrange(12, 40) if state == "notified" else chance.randrange(30, 1_100)


def _walk(told: Story, *, until: datetime) -> None:
    verbs = _verbs(told)
    span = min(
        until - told.received_at,
        timedelta(days=told.chance.randrange(16, 35) if told.chance.random() < 0.05 else told.chance.randrange(4, 14)),
    )
    state = ""
    for index, (verb, by) in enumerate(verbs):
        at = told.received_at + span * index / len(verbs)
        before, after = _WALK.get(verb, (state, state))
        if verb == "complaints.withdraw":
            after = "withdrawn"
        told.steps.append(Step(verb, by, at, before if verb in _WALK else state, after))
        state = after


def _verbs(told: Story) -> list[tuple[str, By]]:
    """The verbs in order: the main path as far as the state reaches, with notes and letters strewn in."""
    chance, reach = told.chance, _REACHES[told.state]
    found: list[tuple[str, By]] = [("complaints.file", "consumer")]
    early_end = told.state == "withdrawn" and chance.random() < 0.4
    if (told.state == "received" and chance.random() < 0.5) or early_end:
        return [*found, ("complaints.withdraw", "consumer")] if early_end else found
    found += [("complaints.claim", "handler"), ("complaints.classify", "handler")]
    if reach >= 1:
        found.append(("complaints.accept", "handler"))
        found += [("complaints.message", "handler")] if chance.random() < 0.5 else []
        found += [("complaints.message", "consumer")] if chance.random() < 0.3 else []
        found += [("complaints.note", "handler")] if chance.random() < 0.6 else []
    if told.state == "withdrawn":
        return [*found, ("complaints.withdraw", "consumer")]
    rest: list[tuple[str, By]] = [
        ("complaints.propose_decision", "handler"),
        ("complaints.approve_decision", "supervisor"),
        ("complaints.notify", "worker"),
        ("complaints.close", "handler"),
    ]
    for verb, by in rest[: max(0, reach - 1)]:
        if verb == "complaints.notify":
            found.append(("complaints.issue_letter", "worker"))
        found.append((verb, by))
    return found
