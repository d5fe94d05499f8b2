"""Filing: a grievance becomes a complaint with a number, a receipt code and a running clock."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.clocks import ledger as clocks
from cases.complaints import letters, rules
from cases.complaints.models import Complaint
from cases.complaints.states import State
from cases.models import Case, Party, Source
from cases.numbers import registration
from jike.accounts.units import intake_unit
from jike.base.actors import Actor
from jike.base.ids import random_code, uuid7
from jike.privacy import blind_index, create_keys, mask_name, mask_phone, normalise_phone
from jike.verbs import opener
from lending.actions import register_person
from lending.models import Funder, Loan, Merchant


@opener(Complaint, "complaints.file", label=_("Register the complaint"), blockers=rules.blockers_to_file)
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
) -> Complaint:
    """Register a complaint: the statutory clock CMP15 starts at `received_at`, the first receipt in any channel.

    `phone` in any spelling; `source` is (name, external id) when the complaint came through another system. The consumer
    gets an acknowledgement with the number, the receipt code and the last day by every channel known. A phone number that
    is no mainland mobile number raises ValueError before anything is written. The answering institution is the loan's
    funder; without one it is the platform itself.
    Source: O2020-3 art 13, art 18.
    """
    received_at = received_at or now
    phone = normalise_phone(phone)
    person = register_person(name=name, phone=phone, actor=actor, now=now)
    receipt_code = random_code()
    funder = loan.funder if loan else None
    case = Complaint.opened(
        state=State.RECEIVED,
        **registration("complaint", receipt_code=receipt_code, now=now),
        consumer=person,
        consumer_mask=mask_name(name),
        loan=loan,
        merchant=merchant or (loan.merchant if loan else None),
        merchant_named=merchant_named,
        funder=funder,
        responsible_institution=funder or Funder.objects.filter(speaks_for_platform=True).first(),
        unit=intake_unit(),
        source_channel=channel,
        claim=claim,
        narrative=narrative,
        amount_cny=amount_cny,
        received_at=received_at,
    )
    create_keys([case.pk])
    party = _complainant(case, name=name, phone=phone, email=email, now=now)
    if source:
        Source.objects.create(
            case_id=case.pk, name=source[0], external_id=source[1], received_at=received_at, facts=source_facts or {}
        )
    clock = clocks.start(case, "CMP15", at=received_at, now=now)
    letters.RECEIPT.queue(
        case,
        party,
        channels=party.channels,
        now=now,
        number=case.number,
        receipt_code=receipt_code,
        due_at=clock.due_at,
    )
    case.tell(channel=channel, clock=clock.code)
    return case


def _complainant(case: Complaint, *, name: str, phone: str, email: str, now: datetime) -> Party:
    """The consumer as given in this case; `phone` is normalised."""
    return Party.objects.create(
        id=uuid7(),
        case_id=case.pk,
        role=Party.Role.COMPLAINANT,
        name=name,
        phone=phone,
        email=email,
        name_mask=mask_name(name),
        phone_mask=mask_phone(phone),
        phone_index=blind_index("phone", phone),
        created_at=now,
    )
