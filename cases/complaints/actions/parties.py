"""Who else takes part in a complaint: agents, heirs, representatives, and the staff it is about."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cases import recusals
from cases.complaints.models import Complaint
from cases.complaints.parties import AGENT, OtherParty, new_party
from cases.complaints.rules import parties as rules
from cases.models import Party, Recusal
from cases.playbooks import end_tasks, raise_tasks
from jike.accounts.models import User
from jike.base.actors import Actor
from jike.verbs import verb


@verb(Complaint, "complaints.add_party", label=_("Add a person"), blockers=rules.blockers_to_add_party)
def add_party(
    case: Complaint,
    *,
    actor: Actor,
    now: datetime,
    role: str,
    name: str,
    phone: str = "",
    relation: str = "",
    staff: User | None = None,
) -> None:
    """Enter an agent, heir, representative or respondent. A named member of staff is recused at once.

    An agent or heir may do nothing until the authority was seen: a task comes up, and everything missing is asked for once.
    Source: O2020-3 art 12, art 14, art 17.
    """
    party = new_party(case, OtherParty(role, name, phone, relation), now=now)
    party.staff = staff
    party.save(force_insert=True)
    case.tell(party=str(party.pk), role=role)
    if staff:
        kind, ground = Recusal.Kind.AUTOMATIC, recusals.NAMED
        recusals.recuse(case, staff, kind=kind, ground=ground, now=now, actor=actor)
    recusals.recuse_by_relations(case, actor=actor, now=now)
    raise_tasks(case, "complaints.add_party", facts={role}, now=now)


@verb(
    Complaint,
    "complaints.appoint_agent",
    label=_("Appoint an agent"),
    blockers=rules.blockers_to_appoint_agent,
    by_hand=False,
)
def appoint_agent(case: Complaint, *, actor: Actor, now: datetime, name: str, phone: str, relation: str = "") -> None:
    """The consumer names an agent from the portal. The agent sees and does nothing until staff have seen the original authority.

    Source: O2020-3 art 14.
    """
    party = new_party(case, OtherParty(AGENT, name, phone, relation), now=now)
    party.save(force_insert=True)
    case.tell(party=str(party.pk), role=AGENT)
    recusals.recuse_by_relations(case, actor=actor, now=now)
    raise_tasks(case, "complaints.add_party", facts={AGENT}, now=now)


@verb(
    Complaint,
    "complaints.verify_authority",
    label=_("Record that the authority was seen"),
    blockers=rules.blockers_to_verify_authority,
)
def verify_authority(
    case: Complaint, *, actor: Actor, now: datetime, party: Party, authority: str, note: str = ""
) -> None:
    """The original power of attorney or the proof of kinship was seen: from now on the person acts for the consumer.

    With the receipt code and their own phone they see in the portal what the consumer sees. Source: O2020-3 art 14.
    """
    party.authority, party.authority_note = authority, note
    party.verified_at, party.verified_by_id = now, actor.user
    party.save(update_fields=["authority", "authority_note", "verified_at", "verified_by"])
    end_tasks(case, f"authority_{party.role}", actor=actor, now=now)
    case.tell(party=str(party.pk), role=party.role, authority=authority)


@verb(
    Complaint,
    "complaints.record_joint",
    label=_("Record a joint complaint"),
    blockers=rules.blockers_to_record_joint,
)
def record_joint(case: Complaint, *, actor: Actor, now: datetime, people: int, in_person: bool = False) -> None:
    """How many complain together. Twenty or more in person make it major: flag, emergency task, and the reports count it.

    Online the number alone makes nothing major. Source: O2020-3 art 12, art 29.
    """
    case.joint_people, case.joint_in_person = people, in_person
    if in_person and people >= rules.MAJOR_FROM:
        case.is_major = True
        case.flags = sorted({*case.flags, "major"})
        raise_tasks(case, "complaints.record_joint", facts={"major"}, now=now)
    case.tell(people=people, in_person=in_person, major=case.is_major)
