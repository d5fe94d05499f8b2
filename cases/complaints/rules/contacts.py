"""May the complainant's telephone number change, and who may say so. Source: house contact."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases import approvals
from cases.complaints.models import Complaint, PhoneChange
from cases.complaints.rules.limits import PART_LIMIT
from cases.complaints.rules.parties import bad_phone
from cases.queries import complainant_of
from cases.rules import handler_or_supervisor, historical, missing, no_power, not_own_case, too_long
from jike.base.actors import Actor
from jike.base.errors import UNASKED, Blocker
from jike.privacy import blind_index, normalise_phone

CHANGE, ASK = "complaints.change_phone", "complaints.ask_phone"
CHECK, APPROVE, REFUSE = "complaints.check_phone", "complaints.approve_phone", "complaints.refuse_phone"
HOUSE = "house contact"
ASKED = "new_phone"
"""The mark of a case while a change of number waits: queues show it, and without it nothing is looked for."""


def waiting_change(case: Complaint) -> PhoneChange | None:
    """The change of number that somebody asked for and nobody has settled."""
    if ASKED not in case.flags:
        return None
    return PhoneChange.objects.select_related("applicant").filter(case_id=case.pk, ended_at=None).first()


def blockers_to_change_phone(case: Complaint, actor: Actor, *, now: datetime, phone: Any = UNASKED) -> list[Blocker]:
    found = no_power(actor, CHANGE) or not_own_case(case, actor)
    return found + _no_number(case) + _new_number(case, phone)


def blockers_to_ask_phone(
    case: Complaint,
    actor: Actor,
    *,
    now: datetime,
    phone: Any = UNASKED,
    name: Any = UNASKED,
    words: Any = UNASKED,
) -> list[Blocker]:
    """Whoever asks is not known yet, so anybody with the receipt code may: nothing changes by asking."""
    found = no_power(actor, ASK) + _no_number(case) + _new_number(case, phone)
    if waiting_change(case):
        found.append(Blocker("phone.asked", _("A change of the number has been asked for already."), HOUSE))
    found += missing(name, "name", _("Please give the name.")) + too_long(name, "name", 60)
    return found + missing(words, "words", _("Say what became of the old number.")) + too_long(words, "words", 500)


def blockers_to_check_phone(case: Complaint, actor: Actor, *, now: datetime, evidence: Any = UNASKED) -> list[Blocker]:
    found = handler_or_supervisor(case, actor, CHECK) + _none_waits(case)
    if not found and approvals.waiting_for(case, APPROVE):
        found.append(Blocker("phone.checked", _("The check is recorded already; a second person answers."), HOUSE))
    found += missing(evidence, "evidence", _("Say how you made sure who it is."), HOUSE)
    return found + too_long(evidence, "evidence", 2_000)


def blockers_to_approve_phone(case: Complaint, actor: Actor, *, now: datetime, payload: Any = UNASKED) -> list[Blocker]:
    found = no_power(actor, APPROVE) + _none_waits(case)
    return found or approvals.blockers_to_vote(case, actor, approvals.waiting_for(case, APPROVE), payload=payload)


def blockers_to_refuse_phone(case: Complaint, actor: Actor, *, now: datetime, reason: Any = UNASKED) -> list[Blocker]:
    """Before it went to a second person, or after that person sent it back."""
    found = handler_or_supervisor(case, actor, REFUSE) + _none_waits(case)
    if not found and approvals.waiting_for(case, APPROVE):
        found.append(Blocker("phone.checked", _("The check is recorded already; a second person answers."), HOUSE))
    found += missing(reason, "reason", _("Give the reason; the asker is told."), HOUSE)
    return found + too_long(reason, "reason", PART_LIMIT)


def _none_waits(case: Complaint) -> list[Blocker]:
    return [] if waiting_change(case) else [Blocker("phone.none_asked", _("Nobody asked for a change of the number."))]


def _no_number(case: Complaint) -> list[Blocker]:
    party = complainant_of(case)
    if party is None or party.phone_index is None or case.consumer_id is None:
        return [*historical(case), Blocker("phone.none", _("This case holds no mobile number that could be changed."))]
    return historical(case)


def _new_number(case: Complaint, phone: Any) -> list[Blocker]:
    if phone is UNASKED:
        return []
    if wrong := missing(phone, "phone", _("Please give the new number.")) or bad_phone(phone):
        return wrong
    party = complainant_of(case)
    if party and party.phone_index and bytes(party.phone_index) == blind_index("phone", normalise_phone(phone)):
        return [Blocker("phone.same", _("This is the number we have already."), field="phone")]
    return []
