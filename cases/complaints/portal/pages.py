"""What the consumer is shown of a case, in plain words: who acts, by when, what then, and every notice with its proof."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.clocks import ledger as clocks
from cases.complaints.letters import letter_of
from cases.complaints.models import Complaint
from cases.complaints.next_step import next_step
from cases.complaints.states import CONSUMER_WORDS, State
from cases.messages import track_url
from cases.models import Delivery, Message
from cases.queries import messages_for
from jike.base.actors import Actor
from jike.base.errors import Text
from jike.privacy import open_sealed
from jike.verbs import verb_named
from jike.web.qr import qr_data_uri


@dataclass(frozen=True, slots=True)
class Step:
    """One step on the way. `progress` is done, current or next; `at` is when it was done, where that is told."""

    label: Text
    progress: str
    text: Text
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of "why this day": a sentence and the day it leads to."""

    label: Text
    day: date


@dataclass(frozen=True, slots=True)
class Why:
    """The last day for us, and the lines it is made of."""

    day: date
    lines: list[Line]
    is_provisional: bool


@dataclass(slots=True)
class Letter:
    """One text between house and consumer, whatever channels it took. `sent` lists them with their times."""

    label: Text
    text: str
    at: datetime
    is_mine: bool
    sent: list[Delivery] = field(default_factory=list)


_STEPS = (
    (pgettext_lazy("consumer step", "Complaint received"), _("It has a number, and the clock runs."), "received_at"),
    (
        pgettext_lazy("consumer step", "Accepted by a handler"),
        _("A named person is responsible for your complaint."),
        "accepted_at",
    ),
    (
        pgettext_lazy("consumer step", "Facts checked"),
        _("We ask the merchant and the lender, and look at contracts and records."),
        "",
    ),
    (pgettext_lazy("consumer step", "Decision made"), _("A second person has checked the decision."), "decided_at"),
    (
        pgettext_lazy("consumer step", "You are told"),
        _("You get a letter with findings, reasons and your remedies."),
        "notified_at",
    ),
)

# How many steps are behind the consumer in each state.
_DONE = {
    State.RECEIVED.value: 1,
    State.INVESTIGATING.value: 2,
    State.DECIDING.value: 3,
    State.DECIDED.value: 4,
    State.NOTIFIED.value: 5,
    State.CLOSED.value: 5,
}

_HAPPENED = {
    State.RECEIVED.value: _("We have your complaint."),
    State.INVESTIGATING.value: _("Your complaint was accepted and is being investigated."),
    State.DECIDING.value: _("The investigation is done; the decision is being checked."),
    State.DECIDED.value: _("The decision has been made."),
    State.NOTIFIED.value: _("There is a decision on your complaint."),
    State.CLOSED.value: _("The handling of your complaint is finished."),
    State.WITHDRAWN.value: _("This complaint has ended."),
}


_PLACES = (
    pgettext_lazy("filing", "What happened"),
    pgettext_lazy("filing", "Who you are"),
    pgettext_lazy("filing", "Check and send"),
)


def places(current: int) -> list[dict[str, Any]]:
    """The three steps of filing as a strip: `label`, and `state` done, current or next."""
    return [
        {"label": label, "state": "done" if place < current else "current" if place == current else "next"}
        for place, label in enumerate(_PLACES, start=1)
    ]


def steps_of(case: Complaint) -> list[Step]:
    """The way of a complaint; a withdrawn one ends where it was withdrawn."""
    if case.state == State.WITHDRAWN:
        behind = [
            Step(label, "done", text, getattr(case, name))
            for label, text, name in _STEPS
            if name and getattr(case, name)
        ]
        return [*behind, Step(CONSUMER_WORDS[case.state], "done", _("Nothing more is done on it."), case.withdrawn_at)]
    done = _DONE[case.state]
    return [
        Step(
            label,
            "done" if place < done else "current" if place == done else "next",
            text,
            getattr(case, name) if name else None,
        )
        for place, (label, text, name) in enumerate(_STEPS)
    ]


def letters_of(case: Complaint, actor: Actor) -> list[Letter]:
    """Everything written to and by the consumer, oldest first. A notice appears when the first channel has taken it."""
    found: list[Letter] = []
    rows = messages_for(actor, case)
    for _same, group in groupby(rows, key=lambda m: (m.created_at, m.purpose, m.is_incoming)):
        copies = list(group)
        sent = sorted((m.delivery for m in copies if hasattr(m, "delivery")), key=lambda d: d.sent_at)
        first = copies[0]
        if first.is_incoming or sent:
            found.append(Letter(_name_of(first), open_sealed(first, "body"), first.created_at, first.is_incoming, sent))
    return found


def _name_of(message: Message) -> Text:
    return _("You wrote") if message.is_incoming else message.get_purpose_display()


def why_of(case: Complaint) -> Why | None:
    """The arithmetic of our nearest running duty; None when nothing runs. Lines that only inform the staff are left out."""
    for clock in clocks.explain(case):
        if clock["state"] == "running" and clock["code"] == case.next_due_code:
            lines = [Line(line["label"], date.fromisoformat(line["day"])) for line in clock["lines"] if line["counts"]]
            return Why(datetime.fromisoformat(clock["due"]).date(), lines, clock["provisional"])
    return None


def receipt_page(case: Complaint) -> dict[str, Any]:
    """The receipt: `receipt_code`, `why`, where to follow the case, and `qr` that leads there.

    The code stands behind the # of the QR's address: browsers keep that part to themselves, so no log ever holds it.
    """
    code, address = open_sealed(case, "receipt_code"), track_url()
    return {
        "case": case,
        "receipt_code": code,
        "why": why_of(case),
        "track_address": address,
        "qr": qr_data_uri(f"{address}#{code}"),
    }


def case_page(case: Complaint, actor: Actor, *, now: datetime) -> dict[str, Any]:
    """The tracking page: `happened`, `next`, `steps`, `letters`, `letter`, what was filed, and which buttons there are."""
    return {
        "case": case,
        "state_word": CONSUMER_WORDS[case.state],
        "happened": _HAPPENED[case.state],
        "next": next_step(case, for_consumer=True),
        "steps": steps_of(case),
        "letters": letters_of(case, actor),
        "letter": letter_of(case),
        "why": why_of(case),
        "responsible": _responsible(case),
        "narrative": open_sealed(case, "narrative"),
        "claim": open_sealed(case, "claim"),
        "may_write": not verb_named("complaints.message").why_not(case, actor, now=now),
        "may_withdraw": not verb_named("complaints.withdraw").why_not(case, actor, now=now),
    }


def _responsible(case: Complaint) -> str:
    """Who answers for the case: the unit, and the handler's name once it was accepted."""
    if case.ended_at is not None:
        return ""
    return f"{case.assignee.display_name} · {case.unit.name}" if case.assignee and case.accepted_at else case.unit.name
