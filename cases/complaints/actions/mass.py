"""Mass events (群体事件): a case becomes the lead of one, joins one, leaves it. Each says so on its own timeline.

Nothing else of a case changes: it keeps its clock, its handler and its decision. A mass event is no major complaint, which is
recorded by how many came in person (`record_joint`).
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cases.complaints.models import Complaint
from cases.complaints.rules import mass as rules
from cases.complaints.rules.mass import MASS
from cases.models import Note
from cases.ties.actions import pronounce
from cases.ties.models import Cluster, MassCase, MassEvent
from jike.base.actors import Actor
from jike.base.errors import refuse_if
from jike.base.ids import uuid7
from jike.verbs import verb


@verb(Complaint, "complaints.form_mass", label=_("Form a mass event"), blockers=rules.blockers_to_form_mass)
def form_mass(case: Complaint, *, actor: Actor, now: datetime, name: str) -> None:
    """Make this case the lead of a new mass event of its unit. A cluster it stands in is thereby accepted as one matter."""
    cluster = Cluster.objects.select_for_update().filter(members__case_id=case.pk).first()
    refuse_if(rules.cluster_taken(cluster, case.unit), verb="complaints.form_mass")
    if cluster and not cluster.verdict:
        pronounce(cluster, Cluster.Verdict.ACCEPTED, actor=actor, now=now)
    event = MassEvent(
        id=uuid7(),
        name=name.strip(),
        unit=case.unit,
        lead_id=case.pk,
        cluster=cluster,
        formed_at=now,
        formed_by_id=actor.user,
    )
    event.save(force_insert=True)
    _enter(case, event, now=now)


@verb(Complaint, "complaints.join_mass", label=_("Join a mass event"), blockers=rules.blockers_to_join_mass)
def join_mass(case: Complaint, *, actor: Actor, now: datetime, event: MassEvent) -> None:
    """Let the case stand with the others of the event."""
    row = MassEvent.objects.select_for_update().get(pk=event.pk)
    refuse_if(rules.no_such_event(row, case), verb="complaints.join_mass")
    _enter(case, row, now=now)


@verb(Complaint, "complaints.leave_mass", label=_("Leave the mass event"), blockers=rules.blockers_to_leave_mass)
def leave_mass(case: Complaint, *, actor: Actor, now: datetime, reason: str) -> None:
    """Take the case out. The earliest of the others leads on when the lead leaves; with the last one the event ends."""
    member = MassCase.objects.get(case_id=case.pk, left_at=None)
    event = MassEvent.objects.select_for_update().get(pk=member.event_id)
    member.left_at = now
    member.save(update_fields=["left_at"])
    case.flags = [flag for flag in case.flags if flag != MASS]
    note = Note.objects.create(id=uuid7(), case_id=case.pk, author_id=actor.user, body=reason, created_at=now)
    case.tell(event=str(event.pk), note=str(note.pk))
    following = event.members.filter(left_at=None).order_by("case__received_at", "case_id").first()
    if following is None:
        event.ended_at = now
    elif event.lead_id == case.pk:
        event.lead_id = following.case_id
    event.save(update_fields=["ended_at", "lead"])


def _enter(case: Complaint, event: MassEvent, *, now: datetime) -> None:
    MassCase.objects.create(event=event, case_id=case.pk, joined_at=now)
    case.flags = sorted({*case.flags, MASS})
    case.tell(event=str(event.pk))
