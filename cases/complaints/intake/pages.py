"""What the intake screen knows about a telephone number: people, loans and open cases, all masked."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import pgettext_lazy

from cases.complaints.portal.queries import merchants_to_suggest
from cases.inquiries.natures import hints_of
from cases.models import Case
from cases.queries import cases_listed_for
from jike.base.actors import Actor
from jike.base.dates import CST
from jike.base.errors import Text
from jike.privacy import blind_index, normalise_phone, open_sealed
from lending.models import Loan
from lending.queries import loans_of, people_by_phone

MOST = 8
MAYBE: dict[str, Text] = {
    "claim": pgettext_lazy("matter", "Complaint"),
    "question": pgettext_lazy("matter", "Question"),
    "report": pgettext_lazy("matter", "Report of a violation"),
}


def loans_by_phone(typed: str) -> list[Loan]:
    """The loans of everybody registered under this number; none for what is no number."""
    try:
        people = list(people_by_phone(typed)[:MOST])
    except ValueError:
        return []
    return [loan for person in people for loan in loans_of(person)[:MOST]]


def loan_choices(typed: str) -> list[tuple[str, str]]:
    return [(str(loan.pk), _said(loan)) for loan in loans_by_phone(typed)]


def known_of(typed: str, actor: Actor) -> dict[str, Any]:
    """Who and what is known by this number: names to take over with a click, open cases that may be the same matter."""
    try:
        phone = normalise_phone(typed)
    except ValueError:
        return {"people": [], "open_cases": [], "is_phone": False}
    people = list(people_by_phone(phone)[:MOST])
    return {
        "is_phone": True,
        "people": [
            {"name": open_sealed(one, "name"), "mask": one.name_mask, "phone": one.phone_mask} for one in people
        ],
        "open_cases": [_shown(case, actor) for case in open_cases_by_phone(phone, actor)[:MOST]],
    }


def open_cases_by_phone(phone: str, actor: Actor) -> QuerySet[Case]:
    """Open cases of this number that the actor may list, newest first, found by the blind index."""
    return (
        cases_listed_for(actor)
        .filter(parties__phone_index=blind_index("phone", phone), ended_at=None, is_historical=False)
        .select_related("merchant")
        .distinct()
        .order_by("-received_at")
    )


def _shown(case: Case, actor: Actor) -> dict[str, Any]:
    return {
        "number": case.number,
        "state": case.state,
        "state_label": case.state_label,
        "consumer": case.consumer_mask,
        "merchant": case.merchant.name if case.merchant else "",
        "received": case.received_at.astimezone(CST).strftime("%Y-%m-%d"),
    }


def hints_shown(*texts: str) -> list[tuple[Text, str]]:
    """What the words point at, with the words; whoever takes it in decides. Source: O2020-3 art 2, art 32."""
    return [(MAYBE[hint.nature], "、".join(hint.found)) for hint in hints_of("\n".join(texts))]


def _said(loan: Loan) -> str:
    merchant = loan.merchant.name if loan.merchant else "—"
    number = f"…{loan.number[-4:]}"
    return f"{number} · {merchant} · ¥{loan.principal_cny:,.2f} · {loan.disbursed_at.astimezone(CST):%Y-%m-%d}"


def intake_context(form: Any, actor: Actor, *, key: str) -> dict[str, Any]:
    return {
        "form": form,
        "key": key,
        "merchants": merchants_to_suggest(),
        "known": known_of(str(form["phone"].value() or ""), actor),
        "when": [form[name] for name in ("channel", "received_at", "backdated", "backdated_note")],
        "who": [form[name] for name in ("phone", "name", "email", "loan")],
        "what": [form[name] for name in ("narrative", "claim", "passage", "merchant", "salesperson", "amount")],
        "hints": hints_shown(str(form["narrative"].value() or ""), str(form["claim"].value() or "")),
        "proof": [form[name] for name in ("confirmed_by", "confirmation", "code")],
    }
