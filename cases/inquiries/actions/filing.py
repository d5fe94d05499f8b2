"""How an inquiry comes to be: written down by the staff, or out of a complaint; and how one becomes a complaint."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases import recusals
from cases.handling import acts
from cases.handling.people import add_speaker
from cases.inquiries import words
from cases.inquiries.models import Inquiry
from cases.inquiries.rules import filing as rules
from cases.inquiries.states import Nature, State
from cases.models import Case, Link, Party, Source
from cases.numbers import registration
from cases.queries import complainant_of
from jike.accounts.units import intake_unit
from jike.base.actors import Actor
from jike.base.ids import random_code
from jike.privacy import create_keys, mask_name, normalise_phone, open_sealed
from jike.verbs import opener, verb, verb_named
from lending.actions import register_person
from lending.models import Loan, Merchant
from lending.queries import platform_entry

COMPLAINT = "complaints.file"
"""The verb by which what turns out to be a complaint is filed."""


@opener(Inquiry, "inquiries.file", label=_("Register a question or report"), blockers=rules.blockers_to_file)
def file_inquiry(
    *,
    actor: Actor,
    now: datetime,
    nature: str,
    narrative: str,
    name: str = "",
    phone: str = "",
    email: str = "",
    received_at: datetime | None = None,
    channel: str = Case.Channel.PHONE,
    merchant: Merchant | None = None,
    merchant_named: str = "",
    loan: Loan | None = None,
    source: tuple[str, str] | None = None,
) -> Inquiry:
    """Register a question or a report of a violation. No clock starts; `received_at` is kept, for the case that it is a complaint.

    A report without name and number is a clue, and nobody is told anything. `phone` in any spelling; one that is no mainland
    mobile number raises ValueError before anything is written. Source: O2020-3 art 2, art 32, house R17.
    """
    nature = Nature.CLUE if rules.is_anonymous(nature, name, phone) else Nature(nature)
    phone = normalise_phone(phone) if phone else ""
    person = None if nature == Nature.CLUE else register_person(name=name, phone=phone, actor=actor, now=now)
    funder = loan.funder if loan else None
    case = _registered(
        now,
        nature=nature,
        narrative=narrative,
        consumer=person,
        consumer_mask=mask_name(name),
        merchant=merchant or (loan.merchant if loan else None),
        merchant_named=merchant_named,
        loan=loan,
        funder=funder,
        responsible_institution=funder or platform_entry(),
        unit=intake_unit(),
        source_channel=channel,
        received_at=received_at or now,
    )
    if source:
        Source.objects.create(case_id=case.pk, name=source[0], external_id=source[1], received_at=case.received_at)
    parties = []
    if person:
        parties = [add_speaker(case, Party.Role.INQUIRER, name=name, phone=phone, email=email, now=now)]
        _tell_receipt(case, *parties, now=now)
    recusals.recuse_by_relations(case, actor=actor, now=now, parties=parties)
    case.tell(channel=channel, nature=str(case.nature))
    return case


@opener(
    Inquiry,
    "inquiries.file_from",
    label=_("Register out of another case"),
    blockers=rules.blockers_to_file_from,
    by_hand=False,
)
def file_from(
    *, actor: Actor, now: datetime, origin: Case, nature: str, narrative: str, is_whole: bool = False
) -> Inquiry:
    """Register a passage of `origin` as a case of its own (`split_from` it), or carry the whole of it on here (`escalated_to`).

    The person, loan and merchant are those of the origin; the contact is sealed anew, under the key of the new case. Whoever is
    recused there is recused here. Received when the origin was. Source: O2020-3 art 2, art 32.
    """
    told = complainant_of(origin)
    assert told is not None
    case = _registered(
        now,
        nature=Nature(nature),
        narrative=narrative,
        consumer=origin.consumer,
        consumer_mask=origin.consumer_mask,
        merchant=origin.merchant,
        loan=origin.loan,
        funder=origin.funder,
        responsible_institution=origin.responsible_institution,
        unit=origin.unit,
        assignee=origin.assignee,
        source_channel=origin.source_channel,
        received_at=origin.received_at,
    )
    contact = {field: open_sealed(told, field) for field in ("name", "phone", "email") if getattr(told, field)}
    party = add_speaker(case, Party.Role.INQUIRER, now=now, **contact)
    _tell_receipt(case, party, now=now, origin=origin.number, is_whole=is_whole)
    _link(origin if is_whole else case, case if is_whole else origin, actor=actor, now=now, is_whole=is_whole)
    recusals.carry(origin, case, actor=actor, now=now)
    recusals.recuse_by_relations(case, actor=actor, now=now, parties=[party])
    case.tell(nature=str(case.nature), origin=str(origin.pk))
    return case


@verb(Inquiry, "inquiries.convert", label=_("It is a complaint"), blockers=rules.blockers_to_convert)
def convert_inquiry(case: Inquiry, *, actor: Actor, now: datetime, claim: str, narrative: str, reason: str) -> None:
    """Go on as a complaint, whose clock counts from the first receipt of the message, not from today. Source: O2020-3 art 2, art 18."""
    party = complainant_of(case)
    assert party is not None
    contact = {field: open_sealed(party, field) for field in ("name", "phone", "email") if getattr(party, field)}
    complaint = verb_named(COMPLAINT).action(
        actor=actor,
        now=now,
        claim=claim,
        narrative=narrative,
        received_at=case.received_at,
        channel=case.source_channel,
        merchant=case.merchant,
        merchant_named=open_sealed(case, "merchant_named") if case.merchant_named else "",
        loan=case.loan,
        unit=case.unit,
        **contact,
    )
    _link(case, complaint, actor=actor, now=now, is_whole=True)
    recusals.carry(case, complaint, actor=actor, now=now)
    acts.add_note(case, actor=actor, now=now, text=reason)
    case.tell(carried_on=str(complaint.pk))
    case.mark_converted(at=now)


def _registered(now: datetime, **fields: Any) -> Inquiry:
    case = Inquiry.opened(
        state=State.RECEIVED, **registration("inquiry", receipt_code=random_code(), now=now), **fields
    )
    create_keys([case.pk])
    return case


def _tell_receipt(case: Inquiry, party: Party, *, now: datetime, origin: str = "", is_whole: bool = False) -> None:
    words.RECEIPT.queue(
        case,
        party,
        now=now,
        receipt_code=open_sealed(case, "receipt_code"),
        is_report=case.nature == Nature.REPORT,
        origin=origin,
        is_whole=is_whole,
    )


def _link(case: Case, other: Case, *, actor: Actor, now: datetime, is_whole: bool) -> None:
    Link.objects.create(
        case_id=case.pk,
        other_id=other.pk,
        kind=Link.Kind.ESCALATED_TO if is_whole else Link.Kind.SPLIT_FROM,
        created_by_id=actor.user,
        created_at=now,
    )
