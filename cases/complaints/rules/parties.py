"""May somebody take part in a complaint, and act for the consumer. Source: O2020-3 art 12, art 14."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.complaints.models import Complaint
from cases.complaints.parties import AGENT, REPRESENTATIVE, OtherParty
from cases.models import Case, Party
from cases.rules import ended, handler_only, missing, no_power, not_own_case, too_long
from jike.base.actors import Actor
from jike.base.errors import UNASKED, Blocker
from jike.privacy import normalise_phone

REPRESENTATIVES_AT_MOST = 5
MAJOR_FROM = 20
ROLES = ("agent", "heir", "representative", "respondent", "staff")
PROOF_OF = {"agent": "poa", "heir": "kinship", "representative": "chosen"}


def blockers_to_add_party(
    case: Complaint,
    actor: Actor,
    *,
    now: datetime,
    role: Any = UNASKED,
    name: Any = UNASKED,
    phone: Any = UNASKED,
    relation: Any = UNASKED,
    staff: Any = UNASKED,
) -> list[Blocker]:
    found = handler_only(case, actor, "complaints.add_party") + ended(case)
    if role is not UNASKED and role not in ROLES:
        found.append(Blocker("role.unknown", _("Choose who the person is."), field="role"))
    if role == REPRESENTATIVE:
        there = case.parties.filter(role=REPRESENTATIVE).count()
        found += too_many_representatives(there + 1, in_person=_in_person(case))
    if role == "staff" and staff is None:
        message = _("Name the account of the member of staff: the person is recused at once.")
        found.append(Blocker("staff.missing", message, "O2020-3 art 17", "staff"))
    found += missing(name, "name", _("Please give the name."), "O2020-3 art 13") + too_long(name, "name", 60)
    return found + bad_phone(phone) + too_long(relation, "relation", 200)


def blockers_to_appoint_agent(
    case: Complaint,
    actor: Actor,
    *,
    now: datetime,
    name: Any = UNASKED,
    phone: Any = UNASKED,
    relation: Any = UNASKED,
) -> list[Blocker]:
    """One at a time: the next agent can be named once the authority of the last one was seen."""
    found = no_power(actor, "complaints.appoint_agent") or not_own_case(case, actor)
    found += ended(case)
    if case.parties.filter(role=AGENT, verified_at=None).exists():
        message = _("An agent is named already; we are waiting for the signed original of the power of attorney.")
        found.append(Blocker("agent.waiting", message, "O2020-3 art 14"))
    found += missing(name, "name", _("Please give the name."), "O2020-3 art 13") + too_long(name, "name", 60)
    found += missing(phone, "phone", _("Give the agent's mobile number: it signs in with it.")) + bad_phone(phone)
    return found + too_long(relation, "relation", 200)


def blockers_to_verify_authority(
    case: Complaint,
    actor: Actor,
    *,
    now: datetime,
    party: Any = UNASKED,
    authority: Any = UNASKED,
    note: Any = UNASKED,
) -> list[Blocker]:
    found = handler_only(case, actor, "complaints.verify_authority") + ended(case)
    if party is UNASKED:
        waiting = any(p.role in Party.ACTS_FOR and p.verified_at is None for p in case.known_parties)
        none = [] if waiting else [Blocker("party.none", _("Nobody's authority is to be seen."))]
        return found + none
    if party is None or party.case_id != case.pk or party.role not in Party.ACTS_FOR or party.verified_at:
        return [
            *found,
            Blocker("party.unknown", _("Choose a person whose authority is still to be seen."), field="party"),
        ]
    if authority is not UNASKED and authority != PROOF_OF[party.role]:
        message = _("An agent shows the original power of attorney, an heir the proof of kinship.")
        found.append(Blocker("authority.wrong", message, "O2020-3 art 14", "authority"))
    return found


def blockers_to_record_joint(
    case: Complaint, actor: Actor, *, now: datetime, people: Any = UNASKED, in_person: Any = UNASKED
) -> list[Blocker]:
    found = handler_only(case, actor, "complaints.record_joint") + ended(case)
    if people is not UNASKED and (people is None or people < 2):
        found.append(Blocker("people.too_few", _("At least two people complain together."), "O2020-3 art 12", "people"))
    if in_person is True:
        there = case.parties.filter(role=REPRESENTATIVE).count()
        found += too_many_representatives(there, in_person=True)
    return found


def blockers_to_file_with(others: Any, channel: Any) -> list[Blocker]:
    """The other parties given while filing: known roles, names, phones, and no sixth representative in person."""
    given: Sequence[OtherParty] = others or ()
    found: list[Blocker] = []
    for other in given:
        if other.role not in Party.ACTS_FOR:
            found.append(Blocker("role.unknown", _("Choose who the person is."), field="others"))
        found += missing(other.name, "others", _("Please give the name."), "O2020-3 art 13") + bad_phone(other.phone)
    people = sum(other.role == REPRESENTATIVE for other in given)
    return found + too_many_representatives(people, in_person=channel == Case.Channel.VISIT)


def too_many_representatives(people: int, *, in_person: bool) -> list[Blocker]:
    if not in_person or people <= REPRESENTATIVES_AT_MOST:
        return []
    message = _("Whoever complains together in person chooses at most five representatives.")
    return [Blocker("representative.too_many", message, "O2020-3 art 12", "role")]


def bad_phone(phone: Any) -> list[Blocker]:
    if not phone:
        return []
    try:
        normalise_phone(phone)
    except ValueError:
        return [Blocker("phone.bad", _("This is no mobile telephone number."), field="phone")]
    return []


def _in_person(case: Complaint) -> bool:
    return case.joint_in_person or case.source_channel == Case.Channel.VISIT
