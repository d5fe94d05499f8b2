"""May a task be put up, ended or skipped, and may flags be set."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.complaints.models import Complaint
from cases.complaints.rules.limits import PART_LIMIT
from cases.rules import ended, handler_only, handler_or_supervisor, missing, too_long
from jike.base.actors import Actor
from jike.base.errors import UNASKED, Blocker

FLAGS = ("crime", "leak", "distress", "post")


def blockers_to_add_task(
    case: Complaint,
    actor: Actor,
    *,
    now: datetime,
    title: Any = UNASKED,
    due_at: Any = UNASKED,
    assignee: Any = UNASKED,
) -> list[Blocker]:
    found = handler_or_supervisor(case, actor, "complaints.add_task") + ended(case)
    if assignee and (assignee.unit_id != case.unit_id or assignee.person in case.recused_people):
        found.append(Blocker("assignee.unfit", _("Choose somebody of this unit who is not recused."), field="assignee"))
    return found + missing(title, "title", _("Say what is to be done.")) + too_long(title, "title", 200)


def blockers_to_finish_task(case: Complaint, actor: Actor, *, now: datetime, task: Any = UNASKED) -> list[Blocker]:
    found = handler_or_supervisor(case, actor, "complaints.finish_task") + _open_task(case, task)
    if task and task.power and not actor.can(task.power):
        found.append(Blocker("actor.no_power", _("This task is for a supervisor."), field="task"))
    return found


def blockers_to_skip_task(
    case: Complaint, actor: Actor, *, now: datetime, task: Any = UNASKED, reason: Any = UNASKED
) -> list[Blocker]:
    found = handler_or_supervisor(case, actor, "complaints.skip_task") + _open_task(case, task)
    if task and task.code and not actor.can("complaints.assign"):
        found.append(Blocker("actor.no_power", _("A task of the playbook is skipped by a supervisor."), field="task"))
    return found + missing(reason, "reason", _("Give the reason.")) + too_long(reason, "reason", PART_LIMIT)


def blockers_to_flag(case: Complaint, actor: Actor, *, now: datetime, flags: Any = UNASKED) -> list[Blocker]:
    found = handler_only(case, actor, "complaints.flag") + ended(case)
    if flags is not UNASKED and (not flags or not set(flags) <= set(FLAGS)):
        found.append(Blocker("flags.unknown", _("Choose at least one flag of the list."), field="flags"))
    return found


def _open_task(case: Complaint, task: Any) -> list[Blocker]:
    if not case.open_tasks:
        return [Blocker("task.none", _("No task is open."))]
    if task is UNASKED or (task and task.case_id == case.pk and task.ended_at is None):
        return []
    return [Blocker("task.unknown", _("Choose an open task of this case."), field="task")]
