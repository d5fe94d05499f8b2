"""May it happen to this complaint, and if not, every reason why not."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases import headings
from cases.complaints.models import Complaint
from cases.models import Approval, Decision, Delivery, Message
from cases.queries import reachable_channels
from cases.rules import (
    ended,
    handler_only,
    missing,
    no_power,
    not_assigned,
    not_own_case,
    other_unit,
    too_long,
    wrong_state,
)
from jike.base.actors import Actor
from jike.base.dates import cst_date
from jike.base.errors import UNASKED, Blocker

NARRATIVE_LIMIT = 20_000
PART_LIMIT = 8_000


def blockers_to_file(
    case: None,
    actor: Actor,
    *,
    now: datetime,
    name: Any = UNASKED,
    phone: Any = UNASKED,
    claim: Any = UNASKED,
    narrative: Any = UNASKED,
    received_at: Any = UNASKED,
    **facts: Any,
) -> list[Blocker]:
    """The minimum to file is name, contact, claim and facts; nothing is asked that the house holds. Source: O2020-3 art 13."""
    found = no_power(actor, "complaints.file")
    found += missing(name, "name", _("Please give your name."), "O2020-3 art 13")
    found += missing(phone, "phone", _("Please give a telephone number where we can reach you."), "O2020-3 art 13")
    found += missing(claim, "claim", _("Please say what you ask for."), "O2020-3 art 13")
    found += missing(narrative, "narrative", _("Please tell what happened."), "O2020-3 art 13")
    found += (
        too_long(narrative, "narrative", NARRATIVE_LIMIT) + too_long(claim, "claim", 2_000) + too_long(name, "name", 60)
    )
    if received_at and received_at > now:
        found.append(Blocker("received_at.future", _("The time of receipt lies in the future."), field="received_at"))
    return found


def blockers_to_claim(case: Complaint, actor: Actor, *, now: datetime) -> list[Blocker]:
    found = no_power(actor, "complaints.claim") + other_unit(case, actor) + ended(case)
    if case.assignee_id is not None:
        found.append(Blocker("case.claimed", _("Somebody handles this case already.")))
    return found


def blockers_to_assign(case: Complaint, actor: Actor, *, now: datetime, to: Any = UNASKED) -> list[Blocker]:
    found = no_power(actor, "complaints.assign") + other_unit(case, actor) + ended(case)
    if to is None:
        found.append(Blocker("assignee.missing", _("Choose who is to handle the case."), field="to"))
    elif to is not UNASKED:
        if not to.is_active or to.is_on_leave or to.unit_id != case.unit_id or "handler" not in to.roles:
            found.append(Blocker("assignee.unfit", _("Choose a handler of this unit who is on duty."), field="to"))
        if to.pk == case.assignee_id:
            found.append(Blocker("assignee.same", _("This person handles the case already."), field="to"))
        if Approval.objects.filter(case_id=case.pk, verdict="").exists():
            found.append(Blocker("approval.open", _("A decision waits for approval. Return it first.")))
    return found


def blockers_to_classify(
    case: Complaint, actor: Actor, *, now: datetime, business_code: Any = UNASKED, cause_code: Any = UNASKED
) -> list[Blocker]:
    found = handler_only(case, actor, "complaints.classify") + ended(case)
    on = cst_date(case.received_at)
    if business_code is not UNASKED and not headings.may_be_chosen("business", business_code, on=on):
        found.append(Blocker("business.unknown", _("Choose a business heading from the list."), field="business_code"))
    if cause_code is not UNASKED and not headings.may_be_chosen("cause", cause_code, on=on):
        found.append(Blocker("cause.unknown", _("Choose a cause heading from the list."), field="cause_code"))
    return found


def blockers_to_accept(case: Complaint, actor: Actor, *, now: datetime) -> list[Blocker]:
    return handler_only(case, actor, "complaints.accept") + wrong_state(case, case.mark_accepted)


def blockers_to_note(case: Complaint, actor: Actor, *, now: datetime, text: Any = UNASKED) -> list[Blocker]:
    found = handler_only(case, actor, "complaints.note")
    return found + missing(text, "text", _("The note is empty.")) + too_long(text, "text", PART_LIMIT)


def blockers_to_message(
    case: Complaint, actor: Actor, *, now: datetime, text: Any = UNASKED, channel: Any = UNASKED
) -> list[Blocker]:
    found = handler_only(case, actor, "complaints.message") + ended(case)
    found += missing(text, "text", _("The message is empty.")) + too_long(
        text, "text", 500 if channel == "sms" else PART_LIMIT
    )
    if channel is not UNASKED and channel not in Message.Channel.values:
        found.append(Blocker("channel.unknown", _("Choose a channel."), field="channel"))
    if channel in ("sms", "email") and actor.is_staff and channel not in reachable_channels(case):
        found.append(
            Blocker(
                "channel.no_address",
                _("No address is known for this channel. Choose the portal inbox."),
                field="channel",
            )
        )
    return found


def blockers_to_propose_decision(
    case: Complaint,
    actor: Actor,
    *,
    now: datetime,
    result: Any = UNASKED,
    findings: Any = UNASKED,
    basis: Any = UNASKED,
    reasons: Any = UNASKED,
    remedies: Any = UNASKED,
    redress: Any = UNASKED,
    redress_cny: Any = UNASKED,
) -> list[Blocker]:
    """Every statutory part must be filled, and the case classified. Source: O2020-3 art 19."""
    found = handler_only(case, actor, "complaints.propose_decision") + wrong_state(case, case.mark_proposed)
    if not (case.business_code and case.cause_code):
        found.append(Blocker("case.not_classified", _("Set the business and cause headings first.")))
    art = "O2020-3 art 19"
    if result is not UNASKED and result not in Decision.Result.values:
        found.append(Blocker("result.missing", _("Choose the result."), art, "result"))
    found += missing(findings, "findings", _("Say what was found."), art)
    found += missing(basis, "basis", _("Name the basis of the decision."), art)
    found += missing(reasons, "reasons", _("Give the reasons."), art)
    found += missing(remedies, "remedies", _("Name the remedies: review, mediation, arbitration, litigation."), art)
    if result in (Decision.Result.UPHELD, Decision.Result.PARTLY):
        found += missing(redress, "redress", _("Say what the consumer gets, even if it is no money."))
    if redress_cny is not UNASKED and (redress_cny is None or redress_cny < 0):
        found.append(Blocker("redress.negative", _("The amount must be zero or more."), field="redress_cny"))
    for field, value in {
        "findings": findings,
        "basis": basis,
        "reasons": reasons,
        "remedies": remedies,
        "redress": redress,
    }.items():
        found += too_long(value, field, PART_LIMIT)
    return found


def _open_approval(case: Complaint) -> Approval | None:
    return (
        Approval.objects.filter(case_id=case.pk, verb="complaints.approve_decision", verdict="")
        .select_related("decision")
        .first()
    )


def _second_person(case: Complaint, actor: Actor, approval: Approval | None) -> list[Blocker]:
    """The voter is another human than the one who proposed and the one who handles. Source: house four eyes."""
    found = []
    if approval and actor.person == approval.maker_person:
        found.append(Blocker("actor.own_work", _("You proposed this decision. Another person must approve it.")))
    elif (approval and actor.person == approval.handler_person) or case.assignee_id == actor.id:
        found.append(Blocker("actor.own_work", _("You handle this case. Another person must approve its decision.")))
    return found


def blockers_to_return_decision(
    case: Complaint, actor: Actor, *, now: datetime, reason: Any = UNASKED
) -> list[Blocker]:
    barred = no_power(actor, "complaints.return_decision") + wrong_state(case, case.mark_returned)
    found = [*barred, *other_unit(case, actor)]
    found += _second_person(case, actor, None if barred else _open_approval(case))
    return found + missing(reason, "reason", _("Say what must be improved.")) + too_long(reason, "reason", PART_LIMIT)


def blockers_to_approve_decision(
    case: Complaint, actor: Actor, *, now: datetime, payload: Any = UNASKED
) -> list[Blocker]:
    """`payload` is the hash of the decision the supervisor looked at: a vote counts only for exactly those words."""
    barred = no_power(actor, "complaints.approve_decision") + wrong_state(case, case.mark_decided)
    found = [*barred, *other_unit(case, actor)]
    approval = None if barred else _open_approval(case)
    if approval is None and not barred:
        found.append(Blocker("approval.none", _("There is no proposal to approve.")))
    found += _second_person(case, actor, approval)
    if approval and payload is not UNASKED and bytes(approval.payload_sha256).hex() != payload:
        found.append(Blocker("approval.changed", _("The proposal changed since you opened it. Read it again.")))
    return found


def blockers_to_issue_letter(
    case: Complaint, actor: Actor, *, now: datetime, decision: Any = UNASKED, **letter: Any
) -> list[Blocker]:
    found = no_power(actor, "complaints.issue_letter")
    if case.decision_id is None:
        found.append(Blocker("case.not_decided", _("The case has no decision yet.")))
    if decision is not UNASKED and case.documents.filter(decision=decision).exists():
        found.append(Blocker("letter.issued", _("The letter of this decision exists already.")))
    return found


def blockers_to_notify(
    case: Complaint,
    actor: Actor,
    *,
    now: datetime,
    proof: Any = UNASKED,
    waiver: Any = UNASKED,
    evidence: Any = UNASKED,
    manner: Any = UNASKED,
    sent_at: Any = UNASKED,
) -> list[Blocker]:
    """Proof of sending is kept for every notice, unless the person cannot be reached. Source: O2020-3 art 21."""
    found = handler_only(case, actor, "complaints.notify") + wrong_state(case, case.mark_notified)
    art = "O2020-3 art 21"
    if case.decision_id and not case.documents.filter(decision_id=case.decision_id).exists():
        found.append(Blocker("letter.not_ready", _("The decision letter has not been made yet."), "O2020-3 art 19"))
    if actor.is_staff:
        if manner is not UNASKED and manner not in (Delivery.Manner.POST, Delivery.Manner.HANDED, Delivery.Manner.CALL):
            found.append(
                Blocker(
                    "manner.unknown",
                    _("Choose how the letter was sent: by post, handed over, or told by telephone."),
                    art,
                    "manner",
                )
            )
        found += missing(
            evidence, "evidence", _("Give the proof: the postal number, the receipt, or the call record."), art
        )
        if sent_at is None or (sent_at and (sent_at > now or (case.decided_at and sent_at < case.decided_at))):
            found.append(
                Blocker(
                    "sent_at.impossible", _("The time of sending lies between the decision and now."), art, "sent_at"
                )
            )
    elif proof is None and waiver in (None, "", UNASKED):
        found.append(Blocker("notice.no_proof", _("There is no proof of sending."), art))
    return found


def blockers_to_close(case: Complaint, actor: Actor, *, now: datetime) -> list[Blocker]:
    found = handler_only(case, actor, "complaints.close") + wrong_state(case, case.mark_closed)
    if not found and case.notice_id is None and not case.notice_waiver:
        found.append(Blocker("notice.no_proof", _("There is no proof of sending."), "O2020-3 art 21"))
    return found


def blockers_to_withdraw(case: Complaint, actor: Actor, *, now: datetime, wish: Any = UNASKED) -> list[Blocker]:
    """Barred once the decision has been told. Source: O2020-3 art 15."""
    found = no_power(actor, "complaints.withdraw") + not_own_case(case, actor) + not_assigned(case, actor)
    found += wrong_state(case, case.mark_withdrawn)
    if actor.is_staff:
        found += missing(
            wish, "wish", _("Say how the consumer told you: the letter or the recorded call."), "O2020-3 art 15"
        )
    return found
