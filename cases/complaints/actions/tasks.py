"""Tasks of a complaint: put up by a person or the playbook, done, or skipped with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cases.complaints.models import Complaint
from cases.complaints.rules import tasks as rules
from cases.models import Task
from cases.playbooks import raise_tasks
from jike.accounts.models import User
from jike.base.actors import Actor
from jike.base.ids import uuid7
from jike.verbs import verb


@verb(Complaint, "complaints.add_task", label=_("Add a task"), blockers=rules.blockers_to_add_task, category="message")
def add_task(
    case: Complaint,
    *,
    actor: Actor,
    now: datetime,
    title: str,
    due_at: datetime | None = None,
    assignee: User | None = None,
) -> None:
    """Put up a task of one's own. Without an assignee it is for whoever handles the case."""
    task = Task(id=uuid7(), case_id=case.pk, title=title, due_at=due_at, assignee=assignee, made_at=now)
    task.made_by_id = actor.user
    task.save(force_insert=True)
    case.tell(task=str(task.pk))


@verb(
    Complaint,
    "complaints.finish_task",
    label=_("Finish a task"),
    blockers=rules.blockers_to_finish_task,
    category="message",
)
def finish_task(case: Complaint, *, actor: Actor, now: datetime, task: Task) -> None:
    """The task is done; what waited for it may go on."""
    _end(case, task, actor=actor, now=now)


@verb(
    Complaint, "complaints.skip_task", label=_("Skip a task"), blockers=rules.blockers_to_skip_task, category="message"
)
def skip_task(case: Complaint, *, actor: Actor, now: datetime, task: Task, reason: str) -> None:
    """The task is not needed here; the reason is kept. A task of the playbook is skipped by a supervisor only."""
    task.skip_reason, task.is_skipped = reason, True
    _end(case, task, actor=actor, now=now)


def _end(case: Complaint, task: Task, *, actor: Actor, now: datetime) -> None:
    task.ended_at, task.ended_by_id = now, actor.user
    task.save(update_fields=["ended_at", "ended_by", "skip_reason", "is_skipped"])
    case.tell(task=str(task.pk), code=task.code, skipped=task.is_skipped)


@verb(Complaint, "complaints.flag", label=_("Set flags"), blockers=rules.blockers_to_flag)
def flag_complaint(case: Complaint, *, actor: Actor, now: datetime, flags: Sequence[str]) -> None:
    """Mark signs of a crime, a leak of personal data or distress, or that letters go by post. Tasks come up beside; no clock stops. Source: house R21."""
    new = [flag for flag in flags if flag not in case.flags]
    case.flags = sorted({*case.flags, *flags})
    raise_tasks(case, "complaints.flag", facts=set(new), now=now)
    case.tell(flags=",".join(new))
