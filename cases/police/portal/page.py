"""What the consumer's pages of a police report print. Nothing of packs, notes or officers' numbers: only what is the consumer's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cases.clocks import ledger as clocks
from cases.clocks.lay import Why, why_of_family
from cases.ladder import ladder_of
from cases.police import reminders
from cases.police.house_rules import house_rules
from cases.police.materials import label_of, why_of
from cases.police.models import Material, PoliceReport
from cases.police.next_step import HAPPENED, next_for_consumer
from cases.police.rules.preparing import CONSUMER
from cases.police.rules.remedies import RECON, REREV
from cases.police.states import BEFORE, CONSUMER_WORDS
from cases.portal.letters import letters_of
from jike.base.actors import Actor
from jike.base.errors import Text
from jike.privacy import open_sealed
from jike.verbs import verb_named


@dataclass(frozen=True, slots=True)
class Remedy:
    """What the consumer may still ask for: the strict last day, the one it may roll to, and why."""

    is_second: bool
    strict: date
    last: date
    why: Why

    @property
    def is_rolled(self) -> bool:
        return self.strict != self.last


@dataclass(frozen=True, slots=True)
class Brought:
    """One paper to bring. `is_asked` waits for the consumer, `is_there` is ready to take along."""

    what: Text
    why: Text
    is_asked: bool
    is_there: bool


def page_context(case: PoliceReport, actor: Actor, *, now: datetime) -> dict[str, Any]:
    return {
        "case": case,
        "state_word": CONSUMER_WORDS[case.state],
        "happened": HAPPENED[case.state],
        "next": next_for_consumer(case),
        "responsible": case.unit.name if case.ended_at is None else "",
        "ladder": ladder_of(case, actor),
        "letters": letters_of(case, actor),
        "may_write": False,  # on the page of the complaint
        "bring": _brought(case) if case.state in BEFORE else [],
        "remedy": remedy_of(case, now=now),
        "may_confirm": _may(case, actor, "confirm_statement", now=now),
        "may_withdraw": _may(case, actor, "withdraw", now=now),
        "confirmed_at": case.known_statement.confirmation.confirmed_at
        if case.known_statement and case.is_statement_confirmed
        else None,
    }


def _may(case: PoliceReport, actor: Actor, short_name: str, *, now: datetime) -> bool:
    return not verb_named(f"police.{short_name}").why_not(case, actor, now=now)


def remedy_of(case: PoliceReport, *, now: datetime) -> Remedy | None:
    """The remedy that runs, of an accuser; nobody else has a clock for one."""
    for family in (RECON, REREV):
        clock = clocks.running(case, family=family)
        why = why_of_family(case, family) if clock and clock.due_at and now <= clock.due_at else None
        if clock and why:
            days = reminders.days_of(clock)
            return Remedy(family == REREV, days.strict, days.last, why)
    return None


def _brought(case: PoliceReport) -> list[Brought]:
    """What the consumer has, or could have; what does not exist is not asked for again."""
    return [
        Brought(label_of(row), why_of(row), row.state == Material.State.ASKED, row.state == Material.State.HAVE)
        for row in case.known_materials
        if row.state != Material.State.NONE and _is_consumers(row)
    ]


def _is_consumers(row: Material) -> bool:
    usual = house_rules().materials.get(row.code)
    return usual is None or usual.of == CONSUMER


def handed_over(case: PoliceReport) -> list[tuple[str, datetime]]:
    """What left the house already: to which organ, and when. Ending our help does not bring it back."""
    taken = [(pack.recipient, one.taken_at) for pack in case.known_packs for one in pack.takings.all()]
    return sorted(taken, key=lambda one: one[1])


def statement_context(case: PoliceReport, actor: Actor, *, now: datetime) -> dict[str, Any]:
    """The latest version with its losses, to be read and confirmed."""
    row = case.known_statement
    return {
        "case": case,
        "statement": row,
        "facts": open_sealed(row, "facts") if row else "",
        "suspects": open_sealed(row, "suspects") if row else "",
        "sha256": bytes(row.sha256).hex() if row else "",
        "losses": [(loss, open_sealed(loss, "payee")) for loss in case.known_losses],
        "loss_cny": case.loss_cny,
        "may_confirm": _may(case, actor, "confirm_statement", now=now),
    }
