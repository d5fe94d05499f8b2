"""The way through the form: which pages there are for these answers, where somebody stands, what comes next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from cases.complaints.portal.forms import ContactForm, reader_of
from cases.complaints.portal.models import Draft
from cases.complaints.portal.questions import Question, asked_of
from jike.privacy import normalise_phone

PAPERS, YOU, CHECK = "papers", "you", "check"
_ROUTES = {PAPERS: "portal:complain_papers", YOU: "portal:complain_you", CHECK: "portal:complain_check"}


@dataclass(frozen=True, slots=True)
class Progress:
    """Where somebody stands: page `number` of about `total`, and the page before."""

    number: int
    total: int
    back: str


def pages_of(answers: Mapping[str, Any]) -> list[str]:
    """The codes of all pages, in order."""
    return [*(question.code for question in asked_of(answers)), PAPERS, YOU, CHECK]


def address_of(code: str) -> str:
    """The first question stands at the entrance itself."""
    if code in _ROUTES:
        return reverse(_ROUTES[code])
    first = asked_of({})[0].code
    return reverse("portal:complain") if code == first else reverse("portal:complain_question", args=[code])


def after(code: str, answers: Mapping[str, Any]) -> str:
    """The address of the page that follows."""
    pages = pages_of(answers)
    return address_of(pages[pages.index(code) + 1])


def progress_at(code: str, answers: Mapping[str, Any]) -> Progress:
    pages = pages_of(answers)
    at = pages.index(code)
    return Progress(at + 1, len(pages), address_of(pages[at - 1]) if at else "")


def unfinished(draft: Draft) -> str:
    """The address of the first page that still lacks something; empty when the draft can be sent."""
    for question in asked_of(draft.answers):
        if not is_answered(question, draft):
            return address_of(question.code)
    return "" if is_proven(draft) else address_of(YOU)


def first_open(draft: Draft) -> str:
    """Where to go on: the first page that was neither answered nor passed."""
    for question in asked_of(draft.answers):
        if question.code not in draft.answers or not is_answered(question, draft):
            return address_of(question.code)
    return address_of(CHECK if is_proven(draft) else PAPERS)


def is_answered(question: Question, draft: Draft) -> bool:
    return draft.judged_by(reader_of(question))[0]


def is_proven(draft: Draft) -> bool:
    """Whether name and number are there and the number is the one that answered a code."""
    if not draft.judged_by(ContactForm).is_valid():
        return False
    return normalise_phone(draft.answers["phone"]) == draft.answers.get("proven")
