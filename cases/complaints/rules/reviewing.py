"""May a review of a branch's decision be asked for, and may it be decided by this person."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cases.clocks import dates
from cases.clocks import rules as clock_rules
from cases.clocks.steps import is_late
from cases.complaints.models import Complaint, Review
from cases.complaints.rules.limits import PART_LIMIT
from cases.complaints.rules.parts import blockers_to_parts, day_in_the_past, review_body_of
from cases.rules import handler_only, missing, no_power, not_own_case, too_long, wrong_state
from jike import calendars
from jike.base.actors import Actor
from jike.base.dates import CST, cst_date
from jike.base.errors import UNASKED, Blocker

ART = "O2020-3 art 20"
# Whoever did one of these worked on the decision and does not review it.
_WORK = ("claim", "accept", "propose_decision", "approve_decision", "return_decision", "notify")


def can_be_reviewed(case: Complaint) -> bool:
    """A branch's decision is reviewed by the superior unit, once; the head office's and a review's own decision are not."""
    return review_body_of(case) is not None and case.reviewing_unit_id is None


def last_moment(case: Complaint, received_on: date | None = None) -> datetime | None:
    """The last moment to ask for the review: from the day of sending, or from a later day of receipt that is proven.

    Counted generously: a last day off moves to the next working day. Source: O2020-3 art 20, house roll.
    """
    if case.notified_at is None:
        return None
    start = case.notified_at
    if received_on and received_on > cst_date(start):
        start = datetime.combine(received_on, time(12), tzinfo=CST)
    rule = clock_rules.rule("REV_REQ", on=cst_date(case.received_at))
    return dates.due(rule, start, calendar=calendars.current()).at


def blockers_to_request_review(
    case: Complaint,
    actor: Actor,
    *,
    now: datetime,
    reason: Any = UNASKED,
    requested_at: Any = UNASKED,
    received_on: Any = UNASKED,
) -> list[Blocker]:
    """Within 30 days of receiving a branch's decision, once. Every refusal names what else can be done. Source: O2020-3 art 20."""
    found = no_power(actor, "complaints.request_review") or not_own_case(case, actor)
    if actor.is_staff and not found:
        found = handler_only(case, actor, "complaints.request_review")
    wrong = wrong_state(case, case.mark_review_requested)
    found = [*found, *wrong]
    if not wrong:
        asked_at = requested_at if requested_at not in (UNASKED, None) else now
        found += _not_reviewable(case, asked_at, None if received_on is UNASKED else received_on)
    if requested_at not in (UNASKED, None) and (
        requested_at > now or (case.notified_at and requested_at < case.notified_at)
    ):
        found.append(
            Blocker(
                "requested_at.impossible",
                _("The request came after the decision and not in the future."),
                ART,
                "requested_at",
            )
        )
    return (
        found
        + missing(reason, "reason", _("Say what is wrong with the decision."), ART)
        + too_long(reason, "reason", PART_LIMIT)
    )


def _not_reviewable(case: Complaint, asked_at: datetime, received_on: date | None) -> list[Blocker]:
    if review_body_of(case) is None:
        return [
            Blocker(
                "review.head_office",
                _(
                    "The head office made this decision; no unit stands above it. Ask for an internal re-check by other people; mediation, arbitration and litigation remain open."
                ),
                ART,
            )
        ]
    if case.reviewing_unit_id is not None:
        return [
            Blocker(
                "review.done",
                _("This decision has been reviewed already. Mediation, arbitration and litigation remain open."),
                ART,
            )
        ]
    last = last_moment(case, received_on)
    if last is None or not is_late(asked_at, last):
        return []
    day = date_format(timezone.localtime(last, CST), "DATE_FORMAT")
    message = format_lazy(
        _("The last day to ask for a review was {day}. Mediation, arbitration and litigation remain open."), day=day
    )
    return [Blocker("review.late", message, ART)]


def people_of(case: Complaint) -> set[uuid.UUID]:
    """The humans who handled, proposed, approved or told what is under review, whatever account they used."""
    verbs = {f"complaints.{name}" for name in _WORK}
    acted = {e.actor_person for e in case.known_events if e.actor_kind == "staff" and e.verb in verbs}
    votes = [decision.approval for decision in case.known_decisions if hasattr(decision, "approval")]
    found = {person for vote in votes for person in (vote.maker_person, vote.handler_person, vote.voter_person)}
    found = {person for person in found | acted if person}
    return found | ({case.assignee.person} if case.assignee else set())


def blockers_to_decide_review(
    case: Complaint,
    actor: Actor,
    *,
    now: datetime,
    outcome: Any = UNASKED,
    procedure: Any = UNASKED,
    timeliness: Any = UNASKED,
    result: Any = UNASKED,
    findings: Any = UNASKED,
    basis: Any = UNASKED,
    reasons: Any = UNASKED,
    remedies: Any = UNASKED,
    redress: Any = UNASKED,
    redress_cny: Any = UNASKED,
    redress_due_on: Any = UNASKED,
) -> list[Blocker]:
    """By another person of the superior unit, on procedure, timeliness and result. Source: O2020-3 art 20."""
    found = no_power(actor, "complaints.decide_review") + wrong_state(case, case.mark_review_decided)
    if actor.unit != case.reviewing_unit_id or case.reviewing_unit_id is None:
        found.append(Blocker("actor.other_unit", _("Only the superior unit decides this review."), ART))
    if actor.person in people_of(case):
        found.append(Blocker("actor.own_work", _("You worked on this decision. Another person must review it."), ART))
    if outcome is not UNASKED and outcome not in Review.Outcome.values:
        found.append(Blocker("outcome.missing", _("Say whether the decision stands."), ART, "outcome"))
    found += missing(procedure, "procedure", _("Say whether the procedure was kept."), ART)
    found += missing(timeliness, "timeliness", _("Say whether the time limits were kept."), ART)
    found += blockers_to_parts(
        result=result,
        findings=findings,
        basis=basis,
        reasons=reasons,
        remedies=remedies,
        redress=redress,
        redress_cny=redress_cny,
    )
    return found + day_in_the_past(redress_due_on, "redress_due_on", now=now)
