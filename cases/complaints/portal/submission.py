"""From a draft to a complaint: the answers as the forms read them, and the one call that files it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import override

from cases.complaints.actions import file_complaint
from cases.complaints.models import Complaint
from cases.complaints.parties import AGENT, HEIR, REPRESENTATIVE, OtherParty
from cases.complaints.portal.forms import ContactForm, reader_of
from cases.complaints.portal.models import Draft
from cases.complaints.portal.queries import loan_offered
from cases.complaints.portal.questions import COLUMNS, Question, asked_of
from jike.accounts.roles import consumer_actor
from lending.queries import merchant_called

ASKED_OF_THE_PARTIES = ("who", "person", "relation", "representatives")


def clean(draft: Draft) -> dict[str, Any]:
    """The answers as the forms read them, by question, with `name` and `phone`; for drafts that can be sent."""
    found: dict[str, Any] = {}
    for question in asked_of(draft.answers):
        is_valid, value = draft.judged_by(reader_of(question))
        if is_valid:
            found[question.code] = value
    contact = draft.judged_by(ContactForm)
    return found | contact.cleaned_data if contact.is_valid() else found


def complainant_in(typed: dict[str, Any]) -> str:
    """Whose complaint it is: an agent speaks for somebody else, an heir complains in the own name."""
    return typed["person"] if typed.get("who") == AGENT else typed["name"]


def others_in(typed: dict[str, Any]) -> list[OtherParty]:
    """Who takes part beside the one who files. Source: O2020-3 art 12, art 14."""
    who = typed.get("who")
    if who in (AGENT, HEIR):
        return [OtherParty(who, typed["name"], typed["phone"], typed.get("relation", ""))]
    if who == "joint":
        return [OtherParty(REPRESENTATIVE, name, phone) for name, phone in typed.get("representatives", ())]
    return []


def answers_in_words(typed: dict[str, Any]) -> str:
    """The answers that have no column of their own, as the handler reads them: one line a question, in Chinese."""
    with override("zh-hans"):
        lines = [
            f"{question.zh} {words}"
            for question in asked_of(typed)
            if question.code not in COLUMNS and (words := words_of(question, typed.get(question.code)))
        ]
    return "\n".join(lines)


def words_of(question: Question, value: Any) -> str:
    """One answer as people read it."""
    if value in (None, "", []):
        return ""
    if question.kind == "choices":
        return "、".join(question.label_of(code) for code in value)
    if question.kind == "people":
        return "、".join(f"{name} {phone}".strip() for name, phone in value)
    if isinstance(value, date):
        return date_format(value, "DATE_FORMAT")
    if isinstance(value, Decimal):
        return f"{value:,.2f}"
    return question.label_of(str(value))


def submit(draft: Draft, *, now: datetime) -> Complaint:
    """File the draft under its own id: its papers are the case's from that moment on. Sending it twice files it once."""
    typed = clean(draft)
    return file_complaint(
        actor=consumer_actor(None),
        now=now,
        key=draft.token,
        pk=draft.pk,
        name=complainant_in(typed),
        phone=typed["phone"],
        claim=typed["claim"],
        narrative=typed["narrative"],
        answers=answers_in_words(typed),
        others=others_in(typed),
        merchant=merchant_called(typed.get("merchant", "")),
        merchant_named=typed.get("merchant", ""),
        amount_cny=typed.get("amount"),
        loan=loan_offered(typed["phone"], typed["name"], draft.answers.get("loan", "")),
    )
