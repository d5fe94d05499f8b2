"""A new telephone number of the complainant: proven by both phones, or by two people of the staff where the old phone is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases import approvals
from cases.complaints import wordings
from cases.complaints.models import Complaint, PhoneChange
from cases.complaints.parties import OtherParty, new_party
from cases.complaints.rules import contacts as rules
from cases.models import Approval, Party
from cases.notices.actions import tell_about
from cases.notices.people import People
from cases.playbooks import end_tasks, raise_tasks
from cases.queries import complainant_of
from cases.recusals import recuse_by_relations
from cases.wording import Wording
from jike.base.actors import Actor
from jike.base.ids import uuid7
from jike.outbox import jobs
from jike.privacy import blind_index, mask_phone, normalise_phone, open_sealed
from jike.verbs import verb
from lending.actions import renumber_person

FOLLOW_TOPIC = "complaints.follow_phone"
TASK = "new_phone"
Manner, Outcome = PhoneChange.Manner, PhoneChange.Outcome


@verb(
    Complaint,
    rules.CHANGE,
    label=_("Change the telephone number"),
    blockers=rules.blockers_to_change_phone,
    category="access",
    by_hand=False,
)
def change_phone(case: Complaint, *, actor: Actor, now: datetime, phone: str) -> None:
    """Take over the number that answered a code after the old one did; from now on it alone signs in. Both are told.

    The caller has proven both phones. The other cases of the same person under the old number follow by a job, whose machine
    does this same verb there. Source: house contact.
    """
    manner = Manner.CODES if actor.kind == "consumer" else Manner.FOLLOWED
    change = _change_to(case, phone, manner=manner, now=now)
    change.ended_at, change.outcome = now, Outcome.CHANGED
    change.save(force_insert=True)
    _take_over(case, change, phone, actor=actor, now=now)
    if manner == Manner.CODES:
        _let_others_follow(change, now=now)


@verb(
    Complaint,
    rules.ASK,
    label=_("Ask for a change of number"),
    blockers=rules.blockers_to_ask_phone,
    category="access",
    by_hand=False,
)
def ask_phone(case: Complaint, *, actor: Actor, now: datetime, phone: str, name: str, words: str) -> None:
    """Somebody with the receipt code and another phone says that the old phone is lost. Nothing changes; the old number is warned.

    `phone` has answered a code. A member of staff checks who it is, a second one approves. Source: house contact.
    """
    applicant = new_party(case, OtherParty(Party.Role.APPLICANT, name, phone, words), now=now)
    applicant.save(force_insert=True)
    change = _change_to(case, phone, manner=Manner.IDENTITY, now=now)
    change.applicant = applicant
    change.save(force_insert=True)
    case.flags = sorted({*case.flags, rules.ASKED})
    _tell(case, wordings.PHONE_ASKED, complainant_of(case), now=now, new=change.new_mask)
    raise_tasks(case, rules.ASK, facts=set(), now=now)
    handlers = People({case.unit_id}, {case.assignee_id}).handler(case.assignee_id, case.unit_id)
    tell_about(case, handlers, "case.phone_asked", key=f"phone:{change.pk}", now=now)
    case.tell(change=str(change.pk), party=str(applicant.pk))


@verb(
    Complaint,
    rules.CHECK,
    label=_("Record the check of identity"),
    blockers=rules.blockers_to_check_phone,
    category="access",
)
def check_phone(case: Complaint, *, actor: Actor, now: datetime, evidence: str) -> None:
    """Say how it was made sure that the asker is the complainant, and put the new number before a second person."""
    change = rules.waiting_change(case)
    assert change is not None
    request: approvals.Request = {
        "change": str(change.pk),
        "old_number": change.old_mask,
        "new_number": change.new_mask,
        "evidence": evidence.strip(),
    }
    approvals.ask(case, rules.APPROVE, actor=actor, now=now, request=request)
    case.tell(change=str(change.pk))


@verb(
    Complaint,
    rules.APPROVE,
    label=_("Approve the new number"),
    blockers=rules.blockers_to_approve_phone,
    category="access",
)
def approve_phone(case: Complaint, *, actor: Actor, now: datetime, payload: str) -> None:
    """Change the number on the word of two people; both numbers are told. Source: house contact, house four eyes."""
    approval = approvals.vote(case, rules.APPROVE, Approval.Verdict.APPROVED, actor=actor, now=now)
    change = rules.waiting_change(case)
    assert change is not None and change.applicant is not None
    change.approval = approval
    _end(case, change, Outcome.CHANGED, actor=actor, now=now)
    _take_over(case, change, open_sealed(change.applicant, "phone"), actor=actor, now=now)
    _let_others_follow(change, now=now)


@verb(
    Complaint,
    rules.REFUSE,
    label=_("Refuse the new number"),
    blockers=rules.blockers_to_refuse_phone,
    category="access",
)
def refuse_phone(case: Complaint, *, actor: Actor, now: datetime, reason: str) -> None:
    """Leave the number as it is and say why: to the asker, and to the number that stays. Source: house contact."""
    change = rules.waiting_change(case)
    assert change is not None
    change.reason = reason.strip()
    _end(case, change, Outcome.REFUSED, actor=actor, now=now)
    for party in (complainant_of(case), change.applicant):
        _tell(case, wordings.PHONE_REFUSED, party, now=now, new=change.new_mask, reason=reason.strip())
    case.tell(change=str(change.pk))


def _change_to(case: Complaint, phone: str, *, manner: str, now: datetime) -> PhoneChange:
    party, number = complainant_of(case), normalise_phone(phone)
    assert party is not None and case.consumer_id is not None
    return PhoneChange(
        id=uuid7(),
        case_id=case.pk,
        manner=manner,
        person_id=case.consumer_id,
        old_index=party.phone_index,
        new_index=blind_index("phone", number),
        old_mask=party.phone_mask,
        new_mask=mask_phone(number),
        asked_at=now,
    )


def _end(case: Complaint, change: PhoneChange, outcome: str, *, actor: Actor, now: datetime) -> None:
    change.ended_at, change.outcome = now, outcome
    change.save(update_fields=["ended_at", "outcome", "reason", "approval"])
    case.flags = [flag for flag in case.flags if flag != rules.ASKED]
    end_tasks(case, TASK, actor=actor, now=now)


def _take_over(case: Complaint, change: PhoneChange, phone: str, *, actor: Actor, now: datetime) -> None:
    """Every row of the complainant's number gets the new one; the old number stays, sealed, as a party that opens nothing."""
    number, old = normalise_phone(phone), bytes(change.old_index)
    party = complainant_of(case)
    assert party is not None and case.consumer is not None
    words = OtherParty(Party.Role.FORMER, open_sealed(party, "name"), open_sealed(party, "phone"))
    former = new_party(case, words, now=now)
    former.save(force_insert=True)
    rows = list(case.parties.filter(phone_index=old, role__in=(Party.Role.COMPLAINANT, *Party.ACTS_FOR)))
    for row in rows:
        row.phone, row.phone_mask, row.phone_index = number, mask_phone(number), blind_index("phone", number)
        row.save(update_fields=["phone", "phone_mask", "phone_index"])
    case.consumer = renumber_person(case.consumer, phone=number)
    case.forget("known_parties")
    for told in (complainant_of(case), former):
        _tell(case, wordings.PHONE_CHANGED, told, now=now, old=change.old_mask, new=change.new_mask)
    case.tell(change=str(change.pk), manner=change.manner, rows=len(rows))
    recuse_by_relations(case, actor=actor, now=now)


def _tell(case: Complaint, wording: Wording, party: Party | None, *, now: datetime, **words: Any) -> None:
    """The complainant by every channel; a number that is not the complainant's by text message only."""
    if party is not None:
        told = wording if party.role == Party.Role.COMPLAINANT else replace(wording, reach=("sms",))
        told.queue(case, party, now=now, **words)


def _let_others_follow(change: PhoneChange, *, now: datetime) -> None:
    key = f"{FOLLOW_TOPIC}:{change.pk}"
    jobs.post(FOLLOW_TOPIC, key=key, body={"change": str(change.pk)}, now=now, subject=change.case_id)
