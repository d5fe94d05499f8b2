"""The words complaints speak with: versioned Chinese texts with source and effective date, and the decision letter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from cases.complaints.models import Complaint
from cases.messages import queue_message, track_url
from cases.models import Decision, Document, Message, Party
from jike.accounts.models import Unit
from jike.base.dates import CST, cst_date
from jike.privacy import open_sealed
from jike.web.institution import institution as house
from jike.web.qr import qr_data_uri

REMEDIES = "complaints/letters/remedies.2026-11"
DECISION_LETTER = "complaints/letters/decision.2026-11"


@dataclass(frozen=True)
class Wording:
    """One versioned text message. A changed text is a new file with a new effective date."""

    template: str
    purpose: str
    subject: str

    def queue(
        self,
        case: Complaint,
        party: Party,
        *,
        channels: list[str],
        now: datetime,
        decision: Decision | None = None,
        hold: bool = False,
        **words: object,
    ) -> list[Message]:
        """Write the messages of this text, one per channel; `words` fill its blanks, instants are told in Shanghai time."""
        context = {"institution": speaks_as(case), "track_url": track_url(), **words}
        with override("zh-hans"), timezone.override(CST):
            body = render_to_string(f"{self.template}.txt", context).strip()
        return queue_message(
            case,
            party,
            purpose=self.purpose,
            channels=channels,
            subject=self.subject,
            body=body,
            now=now,
            template=self.template,
            decision=decision,
            hold=hold,
        )


RECEIPT = Wording("complaints/messages/receipt.2026-11", Message.Purpose.RECEIPT, "投诉受理回执")
ACCEPTANCE = Wording("complaints/messages/acceptance.2026-11", Message.Purpose.ACCEPTANCE, "投诉已受理")
DECISION = Wording("complaints/messages/decision.2026-11", Message.Purpose.DECISION, "投诉处理决定告知")
WITHDRAWAL = Wording("complaints/messages/withdrawal.2026-11", Message.Purpose.WITHDRAWAL, "投诉撤回确认")
CLOSING = Wording("complaints/messages/closing.2026-11", Message.Purpose.CLOSING, "投诉办结")


def speaks_as(case: Complaint) -> str:
    """The name letters and messages go out in: the responsible institution, else the platform itself."""
    institution = case.responsible_institution
    return institution.letter_name if institution else house().platform


def decision_letter_html(
    case: Complaint, decision: Decision, *, code: str, proof: dict[str, str], verify_url: str
) -> str:
    """The decision letter as HTML for the PDF renderer.

    `proof` holds the sealed ledger entry of the decision (`seq`, `mac`); nothing comes from the clock of the machine, so the
    same decision gives the same letter. Source: O2020-3 art 19.
    """
    party = case.parties.filter(role=Party.Role.COMPLAINANT).first()
    context = {
        "institution": case.responsible_institution,
        "institution_name": speaks_as(case),
        "platform_name": house().platform,
        "speaks_for_itself": case.responsible_institution is None or case.responsible_institution.speaks_for_platform,
        "case": case,
        "name": open_sealed(party, "name") if party else "",
        "claim": open_sealed(case, "claim").splitlines(),
        "decision": decision,
        "parts": {part: open_sealed(decision, part).splitlines() for part in Decision.PARTS},
        "amount": f"{decision.redress_cny:,.2f}",
        "received_on": cst_date(case.received_at),
        "decided_on": cst_date(case.decided_at) if case.decided_at else None,
        "unit": case.unit,
        "code": code,
        "proof": proof,
        "verify_url": verify_url,
        "qr": qr_data_uri(verify_url),
    }
    with override("zh-hans"), timezone.override(CST):
        return render_to_string(f"{DECISION_LETTER}.html", context)


def remedies_text(case: Complaint) -> str:
    """The remedies paragraph a proposal starts with; the handler completes it. Branch decisions name the reviewing unit.

    Source: O2020-3 art 19, art 20.
    """
    superior = case.unit.superior if case.unit.level == Unit.Level.BRANCH else None
    with override("zh-hans"):
        return render_to_string(f"{REMEDIES}.txt", {"superior": superior, "institution": speaks_as(case)}).strip()


def letter_of(case: Complaint) -> Document | None:
    """The letter of the decision in force, once it was made."""
    return Document.objects.filter(case_id=case.pk, decision_id=case.decision_id).first() if case.decision_id else None
