"""How a return comes to be, and how a refusal is carried on as a complaint, and the stop with it."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cases import recusals
from cases.handling import acts
from cases.handling.people import add_speaker
from cases.models import Case, Link, Party
from cases.numbers import registration
from cases.queries import complainant_of
from cases.wording import with_time
from jike.accounts.roles import machine_actor
from jike.accounts.units import intake_unit
from jike.base.actors import Actor
from jike.base.errors import refuse_if
from jike.base.ids import random_code
from jike.outbox import jobs
from jike.privacy import create_keys, mask_name, open_sealed
from jike.verbs import opener, verb, verb_named
from lending.models import Loan
from refunds import booking, words
from refunds.models import Refund
from refunds.rules import asking as rules
from refunds.states import LegKind, Served, State

MACHINE = "returns"
ADVANCE = "refunds.advance"
COMPLAINT = "complaints.file"


@opener(
    Refund, rules.REQUEST, label=_("Ask for a free return"), blockers=rules.blockers_to_request
)  # fmt: skip
def request_return(
    *,
    actor: Actor,
    now: datetime,
    loan: Loan,
    consumer_says: str = Served.NONE,
    received_at: datetime | None = None,
    channel: str = Case.Channel.PORTAL,
    evidence: str = "",
    confirmed_by: str = "",
    backdated: str = "",
    backdated_note: str = "",
) -> Refund:
    """Take a request to return `loan`, first made at `received_at` in any channel. Collection, debits, overdue interest and negative
    reporting are ordered to stop in this very transaction; the check follows by itself. Out of time it is taken too, and refused by name.

    Staff name how they know who called (`confirmed_by`), what shows it (`evidence`) and why it is keyed late (`backdated`): all of it
    stands on the event.

    Source: house return request, house orders.
    """
    loan = Loan.objects.select_for_update(of=("self",)).select_related("person", "merchant", "funder").get(pk=loan.pk)
    refuse_if(rules.blockers_to_return(loan, actor), verb=rules.REQUEST)  # somebody was faster
    receipt_code = random_code()
    name, phone = open_sealed(loan.person, "name"), open_sealed(loan.person, "phone")
    case = Refund.opened(
        state=State.REQUESTED,
        **registration("refund", receipt_code=receipt_code, now=now),
        consumer=loan.person,
        consumer_mask=mask_name(name),
        loan=loan,
        merchant=loan.merchant,
        salesperson_id=loan.salesperson_id,
        funder=loan.funder,
        responsible_institution=loan.funder,
        unit=intake_unit(),
        amount_cny=loan.principal_cny,
        source_channel=channel,
        received_at=received_at or now,
        consumer_says=consumer_says,
        request_evidence=evidence.strip(),
    )
    create_keys([case.pk])
    case.known_legs = []
    booking.order_plain(case, LegKind.SUPPRESS, actor=machine_actor(MACHINE), now=now)
    party = add_speaker(case, Party.Role.COMPLAINANT, name=name, phone=phone, now=now)
    case.known_parties = [party]
    recusals.recuse_by_relations(case, actor=actor, now=now, parties=[party])
    words.tell(
        case, words.RECEIVED, now=now, receipt_code=receipt_code, asked=with_time(case.received_at), loan=tail_of(loan)
    )
    advance_later(case, now=now)
    case.tell(channel=channel, loan=str(loan.pk), says=consumer_says)
    if actor.is_staff:
        case.tell(confirmed_by=confirmed_by)
        if now - case.received_at > rules.LATE_AFTER:
            case.tell(backdated=backdated, keyed_late_minutes=int((now - case.received_at).total_seconds() // 60))
        if backdated_note.strip():
            acts.add_note(case, actor=actor, now=now, text=f"补录说明：{backdated_note.strip()}")
    return case


def tail_of(loan: Loan) -> str:
    """A loan's number as messages name it: its end."""
    return f"尾号{loan.number[-4:]}"


def advance_later(case: Refund, *, now: datetime) -> None:
    """Let the worker bring the return on as far as nobody has to decide."""
    key = f"{ADVANCE}:{case.pk}:{case.version + 1}"
    jobs.post(ADVANCE, key=key, body={"case": str(case.pk)}, subject=case.pk, now=now)


@verb(Refund, "refunds.contest", label=_("Contest the refusal"), blockers=rules.blockers_to_contest)
def contest_refusal(case: Refund, *, actor: Actor, now: datetime, words: str) -> None:
    """Carry a refusal on as a complaint, which other people judge; the stop is ordered anew while they do. Source: house screening."""
    party = complainant_of(case)
    assert party is not None
    contact = {field: open_sealed(party, field) for field in ("name", "phone", "email") if getattr(party, field)}
    complaint = verb_named(COMPLAINT).action(
        actor=actor,
        now=now,
        claim="不接受七天免费退贷的拒绝决定，要求重新审查并退贷",
        narrative=words.strip(),
        channel=case.source_channel,
        merchant=case.merchant,
        loan=case.loan,
        amount_cny=case.amount_cny,
        **contact,
    )
    kind, by = Link.Kind.ESCALATED_TO, actor.user if actor.is_staff else None
    Link.objects.create(case_id=case.pk, other_id=complaint.pk, kind=kind, created_by_id=by, created_at=now)
    recusals.carry(case, complaint, actor=actor, now=now)
    booking.order_plain(case, LegKind.SUPPRESS, actor=machine_actor(MACHINE), now=now)
    case.tell(complaint=str(complaint.pk))


@verb(
    Refund, "refunds.align_stop", label=_("Lift the stop, or order it anew"), blockers=rules.blockers_to_align_stop, category="money"
)  # fmt: skip
def align_stop(case: Refund, *, actor: Actor, now: datetime, reason: str = "") -> None:
    """Bring the stop of collection in line with the complaint about a refusal: ordered anew when that complaint goes on again,
    lifted when it has ended. The consumer is told before anything is collected. Source: house return request.
    """
    kind = LegKind.SUPPRESS if rules.is_contested(case.loan_id) else LegKind.RELEASE
    booking.order_plain(case, kind, actor=machine_actor(MACHINE), now=now)
    if kind == LegKind.RELEASE:
        words.tell(case, words.RESUMED, now=now)
    if actor.is_staff:
        acts.add_note(case, actor=actor, now=now, text=reason.strip())
    case.tell(ordered=str(kind))
