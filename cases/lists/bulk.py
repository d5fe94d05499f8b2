"""One act on many cases: chosen, looked at, confirmed with a reason, then done in the background, each case by its own verb.

Nothing here changes a case. A rule that refuses (no power any more, not assigned, recused) skips its case and says why.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, QueryDict
from django.utils.translation import gettext_lazy as _

from cases.forms import form_of
from cases.kinds import all_kinds, kind_named
from cases.lists.models import Bulk, BulkRow
from cases.models import Case
from cases.queries import case_for
from jike.accounts.models import User
from jike.accounts.roles import actor_of
from jike.base.actors import Actor
from jike.base.dates import now as current_instant
from jike.base.errors import Blocker, Refused, refuse_if
from jike.base.ids import uuid7
from jike.outbox import jobs
from jike.privacy import open_sealed
from jike.verbs import Verb, verbs_of

VERBS = ("claim", "assign", "classify", "note", "send_reply", "join_mass", "leave_mass")
MOST = 5_000
LOOKED_AT = 500
UNDO_FOR = timedelta(minutes=10)
TOPIC = "lists.bulk"


@dataclass(frozen=True, slots=True)
class Judged:
    """A case of a bulk act before it is confirmed, with what stands against it."""

    number: str
    blockers: list[Blocker]


def bulk_for(actor: Actor, pk: UUID) -> Bulk:
    """One's own bulk act. Raises Http404."""
    found = Bulk.objects.filter(pk=pk, user_id=actor.user).first()
    if found is None:
        raise Http404(str(pk))
    return found


def verb_for(case: Case, short_name: str) -> Verb | None:
    return next((verb for verb in verbs_of(type(case)) if verb.short_name == short_name and verb.by_hand), None)


def draft(actor: Actor, verb: str, cases: Sequence[Any], *, now: datetime) -> Bulk:
    """Freeze these cases for one verb; nothing happens to them yet. At most five thousand."""
    nothing = [Blocker("bulk.empty", _("Choose at least one case."))] if not cases else []
    unknown = [Blocker("bulk.verb", _("Choose what is to be done."))] if verb not in VERBS else []
    refuse_if([*nothing, *unknown], verb="lists.bulk")
    with transaction.atomic():
        bulk = Bulk.objects.create(user_id=actor.user, verb=verb, made_at=now)
        BulkRow.objects.bulk_create(BulkRow(bulk=bulk, case_id=pk) for pk in cases[:MOST])
    return bulk


def cases_of(bulk: Bulk) -> list[Case]:
    """The frozen cases as rows of their kinds, in the order in which they were chosen."""
    order = list(bulk.rows.order_by("pk").values_list("case_id", flat=True))
    found: dict[Any, Case] = {}
    for kind in all_kinds():
        found |= {case.pk: case for case in kind.model.objects.filter(pk__in=order).select_related("unit", "assignee")}
    return [found[pk] for pk in order if pk in found]


def cases_of_one(bulk: Bulk) -> list[Case]:
    """The first of them, which stands for the form and the name of the act."""
    row = bulk.rows.order_by("pk").select_related("case").first()
    if row is None:
        return []
    kind = kind_named(row.case.kind)
    return list(kind.model.objects.filter(pk=row.case_id).select_related("unit", "assignee"))


def judged(
    cases: Sequence[Case], short_name: str, actor: Actor, *, now: datetime, given: QueryDict | None = None
) -> list[Judged]:
    """What would happen to each case, by the rule of its verb, with the inputs `given` or before any is.

    With inputs each case is asked with its own words, so only the first five hundred are; all are when their turn comes.
    """
    missing = [Blocker("bulk.no_verb", _("This kind of case has no such act."))]
    found = []
    for at, case in enumerate(cases):
        verb = verb_for(case, short_name)
        inputs = given if at < LOOKED_AT else None
        found.append(Judged(case.number, _reasons(verb, case, actor, now=now, given=inputs) if verb else missing))
    return found


def _reasons(verb: Verb, case: Case, actor: Actor, *, now: datetime, given: QueryDict | None) -> list[Blocker]:
    if given is None:
        return verb.why_not(case, actor, now=now)
    form = form_of(verb.name)(given, case=case, actor=actor)
    if not form.is_valid():
        return [Blocker(f"input.{name}", " ".join(errors), field=name) for name, errors in form.errors.items()]
    return [*case.barred(actor), *verb.blockers(case, actor, now=now, **form.inputs())]


def begin(bulk: Bulk, *, inputs: dict[str, str], reason: str, now: datetime) -> None:
    """Confirm: the worker does it, case by case. A reason is always asked; it is kept with the act."""
    refuse_if(
        [Blocker("reason.missing", _("Say why. The reason is kept with your name."), field="reason")]
        if not reason.strip()
        else [],
        verb="lists.bulk",
    )
    with transaction.atomic():
        row = Bulk.objects.select_for_update().get(pk=bulk.pk)
        if row.state != Bulk.State.DRAFT:
            return
        row.inputs, row.reason, row.state = json.dumps(inputs), reason.strip()[:500], Bulk.State.RUNNING
        row.save()
        jobs.post(TOPIC, key=f"{TOPIC}:{row.pk}", body={"bulk": str(row.pk)}, now=now)


def may_be_undone(bulk: Bulk, *, now: datetime) -> bool:
    """For ten minutes, where the verb knows its way back, and once."""
    in_time = bulk.ended_at is not None and now < bulk.ended_at + UNDO_FOR
    return in_time and bulk.verb in _WAYS_BACK and bulk.undoes_id is None and not hasattr(bulk, "undone_by")


def undo(bulk: Bulk, actor: Actor, *, now: datetime) -> Bulk:
    """Take back what was done, where nothing else happened to the case since. Itself a bulk act with its own results."""
    refuse_if(
        [] if may_be_undone(bulk, now=now) else [Blocker("bulk.not_undoable", _("This can no longer be undone."))],
        verb="lists.bulk",
    )
    done = bulk.rows.filter(outcome=BulkRow.Outcome.DONE).order_by("pk").values_list("case_id", flat=True)
    with transaction.atomic():
        back = Bulk.objects.create(
            user_id=actor.user,
            verb=_BACK_BY.get(bulk.verb, bulk.verb),
            undoes=bulk,
            state=Bulk.State.RUNNING,
            made_at=now,
            inputs="{}",
            reason="撤销",
        )
        BulkRow.objects.bulk_create(BulkRow(bulk=back, case_id=pk) for pk in done)
        jobs.post(TOPIC, key=f"{TOPIC}:{back.pk}", body={"bulk": str(back.pk)}, now=now)
    return back


@jobs.handler(TOPIC, lease_seconds=900)
def do_bulk(job: jobs.ClaimedJob) -> None:
    """Every row that is still open. Run again after a crash it goes on where it was: the key of the act lets each happen once."""
    bulk = Bulk.objects.get(pk=job.body["bulk"])
    for row in bulk.rows.filter(outcome="").select_related("case").order_by("pk").iterator(chunk_size=200):
        row.outcome, row.codes, row.seq = _done(bulk, row)
        row.save(update_fields=["outcome", "codes", "seq"])
    Bulk.objects.filter(pk=bulk.pk).update(state=Bulk.State.DONE, ended_at=current_instant())


def _done(bulk: Bulk, row: BulkRow) -> tuple[str, list[str], int | None]:
    """One case: by the person as the person is now, who may have lost power or leave of the case since the confirmation."""
    user = User.objects.filter(pk=bulk.user_id, is_active=True).first()
    if user is None:
        return BulkRow.Outcome.SKIPPED, ["actor.inactive"], None
    actor = actor_of(user)
    try:
        case = case_for(actor, row.case.number)
        given = _way_back(bulk, row) if bulk.undoes_id else json.loads(open_sealed(bulk, "inputs") or "{}")
        return _acted(bulk, case, actor, given)
    except Http404:
        return BulkRow.Outcome.SKIPPED, ["case.not_visible"], None
    except Refused as refused:
        return BulkRow.Outcome.SKIPPED, [blocker.code for blocker in refused.blockers], None


def _acted(bulk: Bulk, case: Case, actor: Actor, given: dict[str, Any] | None) -> tuple[str, list[str], int | None]:
    verb = verb_for(case, bulk.verb)
    if verb is None or given is None:
        return BulkRow.Outcome.SKIPPED, ["bulk.no_way_back" if given is None else "bulk.no_verb"], None
    version = given.pop("version", None)
    data = QueryDict(mutable=True)
    data.update(given)
    form = form_of(verb.name)(data, case=case, actor=actor)
    if not form.is_valid():
        return BulkRow.Outcome.SKIPPED, [f"input.{name}" for name in form.errors], None
    now = current_instant()
    done = verb.action(case, actor=actor, now=now, key=f"bulk:{bulk.pk}", version=version, **form.inputs())
    return BulkRow.Outcome.DONE, [], done.version


def _way_back(bulk: Bulk, row: BulkRow) -> dict[str, Any] | None:
    """The inputs that restore what was before, and the version from which alone that is true."""
    first = BulkRow.objects.select_related("bulk").get(bulk_id=bulk.undoes_id, case_id=row.case_id)
    event = row.case.events.filter(seq=first.seq).first()
    before = _WAYS_BACK[first.bulk.verb](event.data) if event else None
    return before and {**before, "version": first.seq}


def _assigned_before(data: dict[str, Any]) -> dict[str, Any] | None:
    user = User.objects.filter(pk=data.get("from_assignee") or uuid7()).first()
    return {"to": user.staff_no} if user else None


def _classified_before(data: dict[str, Any]) -> dict[str, Any] | None:
    if not (data.get("was_business") and data.get("was_cause")):
        return None
    return {"business_code": data["was_business"], "cause_code": data["was_cause"]}


def _not_joined(data: dict[str, Any]) -> dict[str, Any]:
    return {"reason": "批量加入已撤销"}


# How to find what was before, and the verb that restores it where that is another one.
_WAYS_BACK = {"assign": _assigned_before, "classify": _classified_before, "join_mass": _not_joined}
_BACK_BY = {"join_mass": "leave_mass"}
