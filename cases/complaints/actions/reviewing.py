"""The review (核查) of a branch's decision by the superior unit: asked for in time, decided by other people."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from cases.clocks import ledger as clocks
from cases.complaints import wordings
from cases.complaints.actions.deciding import announce
from cases.complaints.models import Complaint, Review
from cases.complaints.rules import reviewing as rules
from cases.complaints.rules.ending import CONTESTED
from cases.complaints.rules.parts import review_body_of
from cases.models import Decision, Message
from cases.queries import complainant_of
from jike.base.actors import Actor
from jike.base.ids import uuid7
from jike.base.money import cny
from jike.verbs import verb


@verb(
    Complaint,
    "complaints.request_review",
    label=_("Ask for a review"),
    blockers=rules.blockers_to_request_review,
)
def request_review(
    case: Complaint,
    *,
    actor: Actor,
    now: datetime,
    reason: str,
    requested_at: datetime | None = None,
    received_on: date | None = None,
) -> None:
    """Put the decision before the superior unit: notified or closed -> reviewing. The result is due 30 days later, unextended.

    Staff who register a letter give `requested_at`, when it arrived, and, where the record shows a later receipt of the
    decision than its sending, `received_on`. Source: O2020-3 art 20.
    """
    unit, at = review_body_of(case), requested_at or now
    assert unit is not None and case.decision is not None
    review = Review.objects.create(
        id=uuid7(),
        case_id=case.pk,
        reviewed=case.decision,
        unit=unit,
        reviewed_unit_id=case.unit_id,
        reason=reason,
        asked_at=at,
    )
    clocks.stop(case, "REV_REQ", at=at, now=now)
    clock = clocks.start(case, "REV_DEC", at=at, now=now)
    case.mark_review_requested(unit=unit, at=at)
    case.flags = [flag for flag in case.flags if flag != CONTESTED]
    party = complainant_of(case)
    if actor.kind == "consumer":
        keep_words(case, reason, now=now)
    if party:
        wordings.REVIEW_ASKED.queue(case, party, now=now, reviewer=unit.name, due_at=clock.due_at)
    case.tell(review=str(review.pk), decision=str(case.decision_id), unit=str(unit.pk))


def keep_words(case: Complaint, words: str, *, now: datetime) -> None:
    """The consumer's own words, where both sides find them."""
    message = Message.objects.create(
        id=uuid7(),
        case_id=case.pk,
        party=complainant_of(case),
        audience=Message.Audience.CONSUMER,
        channel=Message.Channel.INBOX,
        purpose=Message.Purpose.ANSWER,
        is_incoming=True,
        subject="",
        body=words,
        created_at=now,
    )
    case.tell(message=str(message.pk))


@verb(
    Complaint,
    "complaints.decide_review",
    label=_("Decide the review"),
    blockers=rules.blockers_to_decide_review,
)
def decide_review(
    case: Complaint,
    *,
    actor: Actor,
    now: datetime,
    outcome: str,
    procedure: str,
    timeliness: str,
    result: str,
    findings: str,
    basis: str,
    reasons: str,
    remedies: str,
    redress: str = "",
    redress_cny: Decimal = Decimal(0),
    redress_due_on: date | None = None,
) -> None:
    """Decide the review as the next version of the decision: reviewing -> decided. The decision reviewed stays on record.

    The reviewer is the second person of this decision: another human of another unit than all who worked on the first one.
    The clock of the review runs on until the result is sent. Source: O2020-3 art 20.
    """
    decision = Decision(
        id=uuid7(),
        case_id=case.pk,
        version=case.decisions.count() + 1,
        result=result,
        findings=findings,
        basis=basis,
        reasons=reasons,
        remedies=remedies,
        redress=redress,
        redress_cny=cny(redress_cny),
        redress_due_on=redress_due_on,
        proposer_id=actor.user,
        proposed_at=now,
    )
    decision.save(force_insert=True)
    review = Review.objects.get(case_id=case.pk, decision=None)
    review.decision, review.outcome, review.decided_at = decision, outcome, now
    review.decider_id, review.decider_person = actor.user, actor.human
    review.procedure, review.timeliness = procedure, timeliness
    review.save(
        update_fields=["decision", "outcome", "decided_at", "decider", "decider_person", "procedure", "timeliness"]
    )
    case.mark_review_decided(decision=decision, at=now)
    announce(case, decision, wordings.REVIEW_DECISION, now=now)
    payload = decision.payload_sha256().hex()
    case.tell(review=str(review.pk), decision=str(decision.pk), outcome=outcome, payload=payload)
