"""The check by facts alone, the question to the merchant, and what its answer or silence brings about."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from cases import approvals
from cases.clocks import ledger as clocks
from cases.clocks.rules import rule
from cases.handling import acts
from cases.mediation.actions import propose_mediation
from cases.mediation.rules.opening import blockers_to_open
from cases.notices.actions import tell_about
from cases.notices.people import People
from jike.accounts.roles import machine_actor
from jike.base.actors import Actor
from jike.base.dates import cst_date
from jike.base.ids import uuid7
from jike.outbox import jobs
from jike.verbs import verb
from refunds import booking, facts, words
from refunds.actions.asking import MACHINE, advance_later
from refunds.models import Refund, Screening
from refunds.policy import policy
from refunds.rules import judging as rules
from refunds.rules.asking import is_contested
from refunds.screening import Facts, Verdict
from refunds.states import LegKind, State

ASK_TOPIC = "refunds.send_question"
ANSWER = "RET_MERCH"


@verb(Refund, "refunds.screen", label=_("Check begun"), blockers=rules.blockers_to_screen, by_hand=False)
def begin_screening(case: Refund, *, actor: Actor, now: datetime) -> None:
    """requested -> screening."""
    case.mark_screening()


@verb(Refund, "refunds.judge", label=_("Checked by the facts"), blockers=rules.blockers_to_judge, by_hand=False)
def judge(case: Refund, *, actor: Actor, now: datetime) -> None:
    """Judge by window, terms, service, earlier returns and flags, and keep every reason with the facts it was judged by.

    A clean return goes on by itself; a doubt goes to the merchant and to mediation; anything odd waits for two people.
    Source: house screening, house RET7, house RET_MERCH.
    """
    judged, verdict = facts.verdict_of(case, now=now)
    _keep(case, judged, verdict, now=now)
    case.tell(outcome=verdict.outcome, reasons=",".join(one.code for one in (*verdict.reasons, *verdict.review)))
    if verdict.outcome != "disputed":  # what was proposed in the dispute is outdated, and nobody is waited for
        approvals.void_all(case, now=now)
        clocks.stop(case, ANSWER, at=now, now=now)
    if verdict.outcome == "eligible":
        case.mark_eligible()
        advance_later(case, now=now) if verdict.is_automatic else call_people(case, now=now)
    elif verdict.outcome == "held":
        case.mark_flagged(code=verdict.reasons[0].code)
        words.tell(case, words.HELD, now=now)
        call_people(case, now=now)
    elif verdict.outcome == "refused":
        reasons = facts.as_rows(verdict.reasons)
        told = "".join(one["message"] for one in reasons)
        case.mark_unentitled(code=reasons[0]["code"], at=now)
        refuse(case, told=told, may_goodwill="goodwill" in verdict.offers, now=now)
    else:
        is_new = case.state != State.DISPUTED
        if is_new:
            case.mark_disputed()
        _dispute(case, verdict, is_new=is_new, now=now)


def _keep(case: Refund, judged: Facts, verdict: Verdict, *, now: datetime) -> None:
    case.bring(
        Screening(
            id=uuid7(),
            case_id=case.pk,
            seq=len(case.known_screenings) + 1,
            outcome=verdict.outcome,
            is_automatic=verdict.is_automatic,
            reasons=facts.as_rows(verdict.reasons),
            review=facts.as_rows(verdict.review),
            offers=list(verdict.offers),
            principal_cents=judged.document.principal_cents,
            limit_cents=policy().two_persons_above_cents,
            facts=facts.as_plain(judged),
            screened_at=now,
        )
    )
    case.__dict__.pop("known_screenings", None)


def refuse(case: Refund, *, told: str, may_goodwill: bool, now: datetime) -> None:
    """No return: what was told is kept, the consumer hears why and how to contest it. The stop is lifted, unless another refusal
    about the loan is contested: that complaint keeps it.
    """
    case.refusal = told
    clocks.stop_all(case, at=now, now=now)
    if not is_contested(case.loan_id):
        booking.order_plain(case, LegKind.RELEASE, actor=machine_actor(MACHINE), now=now)
    words.tell(case, words.REFUSED, now=now, told=told, may_goodwill=may_goodwill)
    case.tell(code=case.refusal_code)


def _dispute(case: Refund, verdict: Verdict, *, is_new: bool, now: datetime) -> None:
    """A merchant nobody has heard is asked and has 48 hours; two who contradict one another, or a part, go to mediation."""
    is_unknown = {one.code for one in verdict.reasons} == {"service.unknown"}
    if is_new:
        hours = rule(ANSWER, on=cst_date(now)).length
        words.tell(case, words.DISPUTED, now=now, is_unknown=is_unknown, hours=hours)
    if is_unknown:
        if case.merchant and case.merchant.contact_phone:
            body = {"case": str(case.pk)}
            jobs.post(ASK_TOPIC, key=f"{ASK_TOPIC}:{case.pk}", body=body, subject=case.pk, now=now)
    elif not blockers_to_open(case):
        mediation = propose_mediation(actor=machine_actor(MACHINE), now=now, origin=case, form="internal")
        case.tell(mediation=str(mediation.pk))
    call_people(case, now=now)


def bp_of(share: Decimal | None) -> int | None:
    """A share in percent as hundredths of a percent."""
    return int(share * 100) if share is not None else None


def call_people(case: Refund, *, now: datetime, once: str = "") -> None:
    """Somebody has to look: whoever handles it, else the supervisors of its unit. With `once`, for this reason a single time."""
    people = People({case.unit_id}, {case.assignee_id}).handler(case.assignee_id, case.unit_id)
    tell_about(case, people, "return.waits", key=f"return:{case.pk}:{once or case.version + 1}", now=now)


@verb(
    Refund, "refunds.ask_merchant", label=_("Merchant asked whether it served"), blockers=rules.blockers_to_ask_merchant
)  # fmt: skip
def ask_merchant(case: Refund, *, actor: Actor, now: datetime, evidence: str = "") -> None:
    """The merchant was asked, and its 48 hours begin. Source: house RET_MERCH."""
    case.merchant_asked_at = now
    clocks.start(case, ANSWER, at=now, now=now)
    if actor.is_staff:
        acts.add_note(case, actor=actor, now=now, text=evidence.strip())


@verb(
    Refund,
    "refunds.record_merchant",
    label=_("Record the merchant's answer"),
    blockers=rules.blockers_to_record_merchant,
)
def record_merchant(
    case: Refund, *, actor: Actor, now: datetime, says: str, record: str = "", share: Decimal | None = None
) -> None:
    """Keep what the merchant says, with its service record; the check is made again by itself. Source: house RET_MERCH."""
    case.merchant_says, case.merchant_served_bp, case.merchant_answered_at = says, bp_of(share), now
    case.merchant_record = record.strip()
    clocks.stop(case, ANSWER, at=now, now=now)
    case.tell(says=says, has_record=bool(record.strip()))
    advance_later(case, now=now)
