"""The same person with the same matter again: one complaint goes on in the other, and that can be undone."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cases import approvals
from cases.clocks import ledger as clocks
from cases.complaints import counting, wordings
from cases.complaints.models import Complaint
from cases.complaints.rules import merging as rules
from cases.complaints.rules.merging import MERGE
from cases.models import Approval, Link, Note
from cases.queries import complainant_of
from jike.base.actors import Actor
from jike.base.dates import cst_date
from jike.base.ids import uuid7
from jike.verbs import verb


@verb(Complaint, "complaints.ask_merge", label=_("Ask to merge"), blockers=rules.blockers_to_ask_merge)
def ask_merge(case: Complaint, *, actor: Actor, now: datetime, into: Complaint, same_matter: str) -> None:
    """Ask a second person to let this complaint go on in `into`; nothing moves yet. Source: O2020-3 art 18."""
    approvals.ask(case, MERGE, actor=actor, now=now, request={"into": into.number, "reason": same_matter})
    case.tell(into=str(into.pk))


@verb(Complaint, MERGE, label=_("Merge"), blockers=rules.blockers_to_merge)
def merge_complaint(
    case: Complaint, *, actor: Actor, now: datetime, verdict: str, payload: str, reason: str = ""
) -> None:
    """Let the complaint go on in the other: received or investigating -> merged; or return the request with a `reason`.

    The other complaint's due date stays, it counts one repeat more. Parties, messages and papers stay where they are; nothing of
    one case is shown to anybody who may not see that case. New facts restart the clock of the other only by `add_facts`.
    Source: O2020-3 art 18.
    """
    into = rules.merge_target(case)
    approvals.vote(case, MERGE, verdict, actor=actor, now=now, reason=reason)
    if verdict != Approval.Verdict.APPROVED:
        return
    assert into is not None
    into = count_repeat(into, actor=actor, now=now, source=case, step=1)
    approvals.void_all(case, now=now)
    clocks.stop_all(case, at=now, now=now)
    case.mark_merged(into=into, at=now)
    Link.objects.create(
        id=uuid7(),
        case_id=case.pk,
        other_id=into.pk,
        kind=Link.Kind.MERGED_INTO,
        created_by_id=actor.user,
        created_at=now,
    )
    party = complainant_of(case)
    if party:
        wordings.MERGED.queue(case, party, now=now, into=into.number, due_at=into.next_due_at)
    case.tell(into=str(into.pk))


def _run_on(case: Complaint, *, stopped_at: datetime | None, now: datetime) -> None:
    """Every count that the merge stopped runs again as it was: from its own start, without the days paused, to the day agreed."""
    for clock in clocks.clocks_of(case):
        if clock.stopped_at != stopped_at or clock.state != clock.State.STOPPED:
            continue
        length = None
        if clock.family == counting.AGREED and case.agreed_due_on:
            length = (case.agreed_due_on - cst_date(clock.started_at)).days
        pauses = counting.pauses_of(case, since=clock.started_at) if clock.family == counting.FAMILY else ()
        clocks.start(case, clock.code, at=clock.started_at, now=now, pauses=pauses, length=length)


@verb(Complaint, "complaints.unmerge", label=_("Undo the merge"), blockers=rules.blockers_to_unmerge)
def unmerge_complaint(case: Complaint, *, actor: Actor, now: datetime, reason: str) -> None:
    """Undo a merge: merged -> where it came from. Its clock runs again from its own first day, so the due date is as before.

    Source: O2020-3 art 18, house unmerge.
    """
    into = case.merged_into
    assert into is not None
    count_repeat(Complaint.objects.get(pk=into.pk), actor=actor, now=now, source=case, step=-1)
    Link.objects.filter(case_id=case.pk, other_id=into.pk, kind=Link.Kind.MERGED_INTO, ended_at=None).update(
        ended_at=now
    )
    _run_on(case, stopped_at=case.merged_at, now=now)
    case.mark_unmerged()
    note = Note.objects.create(id=uuid7(), case_id=case.pk, author_id=actor.user, body=reason, created_at=now)
    party = complainant_of(case)
    if party:
        wordings.UNMERGED.queue(case, party, now=now, due_at=case.next_due_at)
    case.tell(note=str(note.pk), into=str(into.pk))


@verb(
    Complaint,
    "complaints.count_repeat",
    label=_("Another complaint joined or left"),
    blockers=rules.blockers_to_count_repeat,
    category="system",
    by_hand=False,
)
def count_repeat(case: Complaint, *, actor: Actor, now: datetime, source: Complaint, step: int) -> None:
    """Count a repeat of the same matter on the complaint that goes on; its due date is unchanged. Source: O2020-3 art 18."""
    case.repeat_count = max(0, case.repeat_count + step)
    case.tell(source=str(source.pk), repeats=case.repeat_count)
