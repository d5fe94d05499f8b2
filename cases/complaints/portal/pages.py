"""What the consumer is shown of a case, in plain words: who acts, by when, what then, and every notice with its proof."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.attachments.queries import papers_of, papers_under
from cases.clocks.lay import why_of
from cases.complaints import remedies
from cases.complaints.letters import letter_of, receipt_of
from cases.complaints.models import Complaint
from cases.complaints.next_step import next_step
from cases.complaints.portal import following, submission, way
from cases.complaints.portal.journey import steps_of
from cases.complaints.portal.models import Draft
from cases.complaints.portal.queries import goes_on_in, loan_offered
from cases.complaints.portal.questions import asked_of
from cases.complaints.portal.ways import DECISION, HELP, open_ways
from cases.complaints.states import CONSUMER_WORDS, State
from cases.evidence.queries import register_of
from cases.ladder import ladder_of
from cases.messages import track_url
from cases.models import Case
from cases.portal.letters import letters_of
from jike.base.actors import Actor
from jike.base.dates import cst_date
from jike.base.errors import Text
from jike.privacy import open_sealed
from jike.verbs import verb_named
from jike.web.qr import qr_data_uri
from lending.models import Loan


@dataclass(frozen=True, slots=True)
class Row:
    """One answer on the last page before sending."""

    label: Text
    words: str
    address: str


_HAPPENED = {
    State.RECEIVED.value: _("We have your complaint."),
    State.INVESTIGATING.value: _("Your complaint was accepted and is being investigated."),
    State.DECIDING.value: _("The investigation is done; the decision is being checked."),
    State.DECIDED.value: _("The decision has been made."),
    State.NOTIFIED.value: _("There is a decision on your complaint."),
    State.CLOSED.value: _("The handling of your complaint is finished."),
    State.WITHDRAWN.value: _("This complaint has ended."),
    State.SUPPLEMENTING.value: _("We need something more from you."),
    State.DECLINED.value: _("We cannot handle this complaint."),
    State.MERGED.value: _("Your complaint goes on in another one of yours."),
    State.REVIEWING.value: _("The superior unit is reviewing the decision."),
}


def check_page(draft: Draft) -> dict[str, Any]:
    """The last look: every answer in words with the address where it is changed, the papers, who you are."""
    typed = submission.clean(draft)
    rows = [
        Row(question.label, words, way.address_of(question.code))
        for question in asked_of(draft.answers)
        if (words := submission.words_of(question, typed.get(question.code)))
    ]
    loan = loan_offered(draft.answers["proven"], draft.answers["name"], draft.answers.get("loan") or "")
    return {
        "draft": draft,
        "rows": rows,
        "papers": papers_under(draft.pk),
        "loan": loan_rows([loan])[0] if loan else None,
        "name": typed["name"],
        "phone": typed["phone"],
        "progress": way.progress_at(way.CHECK, draft.answers),
    }


def loan_rows(loans: list[Loan]) -> list[dict[str, Any]]:
    """Loans to choose from: merchant, day, amount, and the last four of the number. Never the whole number."""
    return [
        {
            "id": str(loan.pk),
            "merchant": loan.merchant.name if loan.merchant else "",
            "day": cst_date(loan.disbursed_at),
            "principal": loan.principal_cny,
            "tail": loan.number[-4:],
        }
        for loan in loans
    ]


def receipt_page(case: Case) -> dict[str, Any]:
    """The receipt: `receipt_code`, `why`, where to follow the case, and `qr` that leads there.

    The code stands behind the # of the QR's address: browsers keep that part to themselves, so no log ever holds it.
    """
    code, address = open_sealed(case, "receipt_code"), track_url()
    return {
        "case": case,
        "receipt_code": code,
        "why": why_of(case),
        "paper": receipt_of(case),
        "track_address": address,
        "qr": qr_data_uri(f"{address}#{code}"),
    }


def case_page(case: Complaint, actor: Actor, *, now: datetime) -> dict[str, Any]:
    """The tracking page: `happened`, `next`, `steps`, `letters`, `letter`, what was filed, and which buttons there are."""
    letters = letters_of(case, actor)
    return {
        "case": case,
        "state_word": CONSUMER_WORDS[case.state],
        "happened": _HAPPENED[case.state],
        "next": next_step(case, for_consumer=True),
        "steps": steps_of(case, letters),
        "letters": letters,
        "letter": letter_of(case),
        "receipt": receipt_of(case),
        "asked": [item for item in following.asked_of(case) if not item.is_answered],
        "papers": papers_of(case, actor),
        "register": register_of(case, actor),
        "is_waiting": False,
        "may_attach": not verb_named("complaints.attach").why_not(case, actor, now=now),
        "other_ways": remedies.ways_of(case, now=now),
        "why": why_of(case),
        "responsible": _responsible(case),
        "narrative": open_sealed(case, "narrative"),
        "claim": open_sealed(case, "claim"),
        "may_write": not verb_named("complaints.message").why_not(case, actor, now=now),
        "may_withdraw": not verb_named("complaints.withdraw").why_not(case, actor, now=now),
        "ways": open_ways(case, actor, now=now, about=DECISION),
        "helps": open_ways(case, actor, now=now, about=HELP),
        "acts": open_ways(case, actor, now=now),
        "said": following.statement_of(case),
        "agents": following.agents_of(case),
        "may_change_phone": not verb_named("complaints.change_phone").why_not(case, actor, now=now),
        "goes_on_in": _goes_on_in(case),
        "ladder": ladder_of(case, actor),
    }


def _goes_on_in(case: Complaint) -> dict[str, Any] | None:
    """The complaint a merged one goes on in, told to the same consumer: number, state and what is next. Nothing of its notes."""
    into = goes_on_in(case)
    if into is None:
        return None
    return {
        "number": into.number,
        "state_word": CONSUMER_WORDS[into.state],
        "next": next_step(into, for_consumer=True),
    }


def _responsible(case: Complaint) -> str:
    """Who answers for the case: the unit, and the handler's name once it was accepted."""
    if case.ended_at is not None:
        return ""
    return f"{case.assignee.display_name} · {case.unit.name}" if case.assignee and case.accepted_at else case.unit.name
