"""Tasks on the workbench: those of one case as a panel of its page, and everything a person has to do over all cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cases.desk import rails
from cases.desk.danger import Danger, danger_of
from cases.models import Case, Task
from cases.queries import sight_by
from cases.tasks import tasks_for
from jike.accounts.roles import holders_of, role_labels
from jike.base.actors import Actor
from jike.base.dates import now as current_instant
from jike.base.errors import Text
from jike.privacy import open_sealed, prefetch_keys
from jike.verbs import Verb, VerbUnknown, verb_named, verbs_of
from jike.web.pages import short_date

MOST = 200


@dataclass(frozen=True, slots=True)
class Row:
    """One task as printed. `gates` is the verb that waits for it; `may_finish` and `may_skip` say which buttons are drawn."""

    task: Task
    title: str
    who: Text
    danger: Danger
    gates: Verb | None
    may_finish: bool
    may_skip: bool
    ended: str
    reason: str


def task_context(case: Case, actor: Actor, *, now: datetime) -> dict[str, Any]:
    """`tasks` still to be done and `ended_tasks`, for whoever sees the whole case; `may_add_task` draws the form for one's own."""
    rows = [_row(case, task, actor, now=now) for task in case.known_tasks]
    return {
        "tasks": [row for row in rows if row.task.ended_at is None],
        "ended_tasks": [row for row in rows if row.task.ended_at is not None],
        "tasks_bar": any(row.gates for row in rows if row.task.ended_at is None),
        "may_add_task": _may(case, "add_task", actor, now=now),
    }


def _row(case: Case, task: Task, actor: Actor, *, now: datetime) -> Row:
    is_open = task.ended_at is None
    return Row(
        task=task,
        title=open_sealed(task, "title"),
        who=_who(case, task),
        danger=danger_of(task.made_at, task.due_at if is_open else None, now=now),
        gates=_gates(task),
        may_finish=is_open and _may(case, "finish_task", actor, now=now, task=task),
        may_skip=is_open and _may(case, "skip_task", actor, now=now, task=task),
        ended=f"{short_date(task.ended_at)} {task.ended_by.display_name if task.ended_by else ''}".strip(),
        reason=open_sealed(task, "skip_reason") if task.skip_reason else "",
    )


def _who(case: Case, task: Task) -> Text:
    if task.assignee:
        return task.assignee.display_name
    if task.power:
        return "、".join(str(label) for label in role_labels(holders_of(task.power)))
    return case.assignee.display_name if case.assignee else "—"


def _gates(task: Task) -> Verb | None:
    try:
        return verb_named(task.gates) if task.gates else None
    except VerbUnknown:
        return None


def _may(case: Case, short_name: str, actor: Actor, *, now: datetime, **inputs: Any) -> bool:
    """Whether the kind has such a verb and nothing stands against it."""
    found = next((verb for verb in verbs_of(type(case)) if verb.short_name == short_name), None)
    return found is not None and not found.blockers(case, actor, now=now, **inputs)


@require_GET
def my_tasks(request: HttpRequest) -> HttpResponse:
    """Everything one has to do, nearest end first, over all cases."""
    now = current_instant()
    tasks = list(tasks_for(request.actor)[:MOST])
    prefetch_keys({task.case_id for task in tasks})
    rows = [
        {
            "number": task.case.number,
            "opens": sight_by(request.actor, unit=task.case.unit_id, assignee=task.case.assignee_id) is not None,
            "title": open_sealed(task, "title"),
            "consumer": task.case.consumer_mask,
            "state": task.case.state,
            "state_label": task.case.state_label,
            "danger": danger_of(task.made_at, task.due_at, now=now),
            "gates": _gates(task),
        }
        for task in tasks
    ]
    return render(request, "desk/tasks.html", {"rows": rows, "rails": rails.RAILS})
