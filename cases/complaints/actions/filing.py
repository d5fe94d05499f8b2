"""Filing: a grievance becomes a complaint with a number, a receipt code and a running clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cases.attachments.receiving import papers_under_seal
from cases.clocks import ledger as clocks
from cases.complaints import repeats, wordings
from cases.complaints.actions.splitting import put_beside
from cases.complaints.models import Complaint
from cases.complaints.parties import OtherParty, new_party
from cases.complaints.rules import filing as rules
from cases.complaints.states import State
from cases.handling.people import add_speaker
from cases.models import Case, Link, Note, Party, Source
from cases.numbers import registration
from cases.playbooks import raise_tasks
from cases.recusals import recuse_by_relations
from jike.accounts.models import Unit
from jike.accounts.units import intake_unit
from jike.base.actors import Actor
from jike.base.ids import random_code, uuid7
from jike.outbox import jobs
from jike.privacy import create_keys, mask_name, normalise_phone
from jike.verbs import opener
from lending.actions import register_person, register_salesperson
from lending.models import Loan, Merchant
from lending.queries import platform_entry

FILE = "complaints.file"
RECEIPT_TOPIC = "complaints.render_receipt"


@opener(Complaint, FILE, label=_("Register the complaint"), blockers=rules.blockers_to_file)
def file_complaint(
    *,
    actor: Actor,
    now: datetime,
    name: str,
    phone: str,
    claim: str,
    narrative: str,
    email: str = "",
    received_at: datetime | None = None,
    channel: str = Case.Channel.PORTAL,
    merchant: Merchant | None = None,
    merchant_named: str = "",
    loan: Loan | None = None,
    amount_cny: Decimal | None = None,
    source: tuple[str, str] | None = None,
    source_facts: dict[str, Any] | None = None,
    others: Sequence[OtherParty] = (),
    answers: str = "",
    pk: UUID | None = None,
    unit: Unit | None = None,
) -> Complaint:
    """Register a complaint: the statutory clock CMP15 starts at `received_at`, the first receipt in any channel.

    `phone` in any spelling; `source` is (name, external id) when the complaint came through another system. The consumer
    gets an acknowledgement with the number, the receipt code and the last day by every channel known. A phone number that
    is no mainland mobile number raises ValueError before anything is written. `unit` is the intake unit unless a branch
    received the complaint. The answering institution is the loan's funder; without one it is the platform itself. `answers`
    are further questions with what was answered, line by line; `pk` is the id under whose key papers were sealed while the
    complaint was being written.
    Source: O2020-3 art 13, art 18.
    """
    return _registered(
        actor=actor,
        now=now,
        name=name,
        phone=phone,
        claim=claim,
        narrative=narrative,
        email=email,
        received_at=received_at or now,
        channel=channel,
        merchant=merchant,
        merchant_named=merchant_named,
        loan=loan,
        amount_cny=amount_cny,
        source=source,
        source_facts=source_facts,
        others=others,
        answers=answers,
        pk=pk,
        unit=unit,
    )


@opener(Complaint, "complaints.take_in", label=_("Take in by the staff"), blockers=rules.blockers_to_take_in)
def take_in_complaint(
    *,
    actor: Actor,
    now: datetime,
    name: str,
    phone: str,
    claim: str,
    narrative: str,
    received_at: datetime,
    channel: str,
    confirmed_by: str,
    confirmation: str = "",
    backdated: str = "",
    backdated_note: str = "",
    email: str = "",
    merchant: Merchant | None = None,
    merchant_named: str = "",
    loan: Loan | None = None,
    amount_cny: Decimal | None = None,
    beside: tuple[str, str] | None = None,
    salesperson: str = "",
) -> Complaint:
    """Register what reached the house by telephone, letter, e-mail or in person at `received_at`, keyed by a member of staff now.

    `confirmed_by` says how the consumer stands behind what was written, `confirmation` is the number of the recorded call or of
    the paper. `backdated` is the reason why it is keyed later than received; both stand on the event and in the ledger.
    `beside` is (nature, passage) of a question or report in the same message, which becomes a case of its own.
    `salesperson` is who sold it, by name, as the consumer says; what the loan's own record says goes before.
    Source: O2020-3 art 2, art 13, art 18, art 22.
    """
    case = _registered(
        actor=actor,
        now=now,
        name=name,
        phone=phone,
        claim=claim,
        narrative=narrative,
        email=email,
        received_at=received_at,
        channel=channel,
        merchant=merchant,
        merchant_named=merchant_named,
        loan=loan,
        amount_cny=amount_cny,
    )
    if salesperson.strip() and case.salesperson_id is None:
        case.salesperson = register_salesperson(
            merchant=case.merchant, shop=merchant_named, name=salesperson.strip(), now=now
        )
        case.tell(salesperson=str(case.salesperson.pk))
    case.tell(confirmed=confirmed_by)
    if rules.is_backdated(received_at, now):
        case.tell(backdated=backdated, keyed_late_minutes=int((now - received_at).total_seconds() // 60))
    if note := _intake_note(case, confirmation=confirmation, backdated_note=backdated_note, actor=actor, now=now):
        case.tell(note=str(note.pk))
    if beside:
        put_beside(case, *beside, actor=actor, now=now)
    return case


def _intake_note(
    case: Complaint, *, confirmation: str, backdated_note: str, actor: Actor, now: datetime
) -> Note | None:
    """The words of the intake, which may name people, as an internal note: sealed, beside the event."""
    lines = [
        f"{label}{text.strip()}"
        for label, text in (("凭据：", confirmation), ("补录说明：", backdated_note))
        if text.strip()
    ]
    if not lines:
        return None
    return Note.objects.create(id=uuid7(), case_id=case.pk, author_id=actor.user, body="\n".join(lines), created_at=now)


def _registered(
    *,
    actor: Actor,
    now: datetime,
    name: str,
    phone: str,
    claim: str,
    narrative: str,
    email: str,
    received_at: datetime,
    channel: str,
    merchant: Merchant | None,
    merchant_named: str,
    loan: Loan | None,
    amount_cny: Decimal | None,
    source: tuple[str, str] | None = None,
    source_facts: dict[str, Any] | None = None,
    others: Sequence[OtherParty] = (),
    answers: str = "",
    pk: UUID | None = None,
    unit: Unit | None = None,
) -> Complaint:
    """The new complaint with its party, clock and acknowledgement, whoever wrote it down."""
    phone = normalise_phone(phone)
    person = register_person(name=name, phone=phone, actor=actor, now=now)
    receipt_code = random_code()
    case = Complaint.opened(
        pk,
        state=State.RECEIVED,
        **registration("complaint", receipt_code=receipt_code, now=now),
        consumer=person,
        consumer_mask=mask_name(name),
        **_concerned(loan, merchant),
        merchant_named=merchant_named,
        unit=unit or intake_unit(),
        source_channel=channel,
        claim=claim,
        narrative=narrative,
        answers=answers,
        amount_cny=amount_cny,
        received_at=received_at,
    )
    create_keys([case.pk])
    party = add_speaker(case, Party.Role.COMPLAINANT, name=name, phone=phone, email=email, now=now)
    if source:
        _arrival(case, *source, facts=source_facts or {})
    case.known_parties = [party, *_with(case, others, now=now)]
    recuse_by_relations(case, actor=actor, now=now, parties=case.known_parties)
    clock = clocks.start(case, "CMP15", at=received_at, now=now)
    wordings.RECEIPT.queue(case, party, now=now, receipt_code=receipt_code, due_at=clock.due_at)
    case.tell(channel=channel, clock=clock.code, **(_of_draft(case, now) if pk else {}))
    return _linked_to_earlier(case, actor=actor, now=now)


def _linked_to_earlier(case: Complaint, *, actor: Actor, now: datetime) -> Complaint:
    """The same matter after an ended complaint is a new case that knows the earlier one. Source: O2020-3 art 15."""
    is_first = case.consumer is not None and case.consumer.is_new
    earlier = None if is_first else repeats.earlier_of(case)
    if earlier:
        maker = actor.user if actor.is_staff else None
        case.bring(Link(case_id=case.pk, other=earlier, kind=Link.Kind.REPEAT_OF, created_by_id=maker, created_at=now))
        case.tell(repeat_of=str(earlier.pk))
    return case


def _with(case: Complaint, others: Sequence[OtherParty], *, now: datetime) -> list[Party]:
    """Whoever files for or with the consumer; until their authority is seen a task waits. Source: O2020-3 art 12, art 14."""
    made = [new_party(case, other, now=now) for other in others]
    if made:
        case.bring(*made)
        raise_tasks(case, "complaints.add_party", facts={other.role for other in others}, now=now)
    return made


def _arrival(case: Complaint, name: str, external_id: str, *, facts: dict[str, Any]) -> None:
    case.bring(Source(case_id=case.pk, name=name, external_id=external_id, received_at=case.received_at, facts=facts))


def _of_draft(case: Complaint, now: datetime) -> dict[str, str | int]:
    """A complaint written in the portal: its receipt is drawn as a document, its papers are sealed with the event."""
    receipt = jobs.NewJob(RECEIPT_TOPIC, f"{RECEIPT_TOPIC}:{case.pk}", {"case": str(case.pk)}, case.pk)
    case.bring(*jobs.rows_for([receipt], now=now))
    return papers_under_seal(case.pk)


def _concerned(loan: Loan | None, merchant: Merchant | None) -> dict[str, Any]:
    """Whom the complaint is about and who answers for it."""
    funder = loan.funder if loan else None
    return {
        "loan": loan,
        "merchant": merchant or (loan.merchant if loan else None),
        "salesperson_id": loan.salesperson_id if loan else None,
        "funder": funder,
        "responsible_institution": funder or platform_entry(),
    }
