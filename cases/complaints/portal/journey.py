"""The way of a complaint as steps from top to bottom, each with what was told at it, and everything written on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.complaints.letters import letter_of, receipt_of
from cases.complaints.models import Complaint
from cases.complaints.states import CONSUMER_WORDS, State
from cases.models import Document, Message
from cases.portal.letters import Letter
from jike.base.errors import Text

Purpose = Message.Purpose


@dataclass(slots=True)
class Step:
    """One step on the way. `progress` is done, current or next; `at` is when it was done, where that is told.

    `notices` are what was told at it, `paper` its document.
    """

    label: Text
    progress: str
    text: Text
    at: datetime | None = None
    notices: list[Letter] = field(default_factory=list)
    paper: Document | None = None


@dataclass(frozen=True, slots=True)
class _Place:
    label: Text
    text: Text
    at: str
    purposes: tuple[str, ...]


_WAY = (
    _Place(
        pgettext_lazy("consumer step", "Complaint received"),
        _("It has a number, and the clock runs."),
        "received_at",
        (Purpose.RECEIPT, Purpose.CORRECTION),
    ),
    _Place(
        pgettext_lazy("consumer step", "Accepted by a handler"),
        _("A named person is responsible for your complaint."),
        "accepted_at",
        (Purpose.ACCEPTANCE, Purpose.SUPPLEMENT),
    ),
    _Place(
        pgettext_lazy("consumer step", "Facts checked"),
        _("We ask the merchant and the lender, and look at contracts and records."),
        "",
        (Purpose.EXTENSION, Purpose.PAUSE, Purpose.AGREEMENT, Purpose.RESTART, Purpose.RECUSAL, Purpose.REOPENING),
    ),
    _Place(
        pgettext_lazy("consumer step", "Decision made"),
        _("A second person has checked the decision."),
        "decided_at",
        (),
    ),
    _Place(
        pgettext_lazy("consumer step", "You are told"),
        _("You get a letter with findings, reasons and your remedies."),
        "notified_at",
        (Purpose.DECISION, Purpose.REVIEW, Purpose.CLOSING),
    ),
)
_AT_THE_END = (Purpose.WITHDRAWAL, Purpose.DECLINE)

# How many steps are behind the consumer in each state.
_DONE = {
    State.RECEIVED.value: 1,
    State.SUPPLEMENTING.value: 1,
    State.INVESTIGATING.value: 2,
    State.DECIDING.value: 3,
    State.DECIDED.value: 4,
    State.NOTIFIED.value: 5,
    State.CLOSED.value: 5,
    State.REVIEWING.value: 3,
    State.MERGED.value: 1,
}


def steps_of(case: Complaint, letters: list[Letter]) -> list[Step]:
    """The way of a complaint; a withdrawn or declined one ends where that happened."""
    papers = {0: receipt_of(case), len(_WAY) - 1: letter_of(case)}
    has_ended = case.state in (State.WITHDRAWN, State.DECLINED)
    steps = []
    for nth, place in enumerate(_WAY):
        at = getattr(case, place.at) if place.at else None
        if has_ended and at is None:
            continue
        done = len(_WAY) if has_ended else _DONE[case.state]
        progress = "done" if nth < done else "current" if nth == done else "next"
        notices = [letter for letter in letters if letter.purpose in place.purposes and not letter.is_mine]
        steps.append(Step(place.label, progress, place.text, at, notices, papers.get(nth)))
    return [*steps, _end_of(case, letters)] if has_ended else steps


def _end_of(case: Complaint, letters: list[Letter]) -> Step:
    told = [letter for letter in letters if letter.purpose in _AT_THE_END]
    at = case.withdrawn_at or case.declined_at
    return Step(CONSUMER_WORDS[case.state], "done", _("Nothing more is done on it."), at, told)
