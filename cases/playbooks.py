"""The tasks a case gets by itself: versions of `config/playbooks/<kind>.yaml`, pinned by the day of receipt."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import yaml
from django.conf import settings

from cases.models import Case, Task
from jike.base.actors import Actor
from jike.base.dates import cst_date, end_of_day
from jike.base.ids import uuid7


@dataclass(frozen=True, slots=True)
class Line:
    """One task of the playbook: when it comes up, what it says, until when and what waits for it."""

    code: str
    zh: str
    after: str
    when: str
    due: int
    gates: str
    power: str


@functools.cache
def _versions(kind: str) -> list[dict[str, Any]]:
    path = settings.BASE_DIR / "config" / "playbooks" / f"{kind}.yaml"
    return list(yaml.safe_load(path.read_text(encoding="utf-8"))) if path.exists() else []


def lines_for(kind: str, *, on: date) -> list[Line]:
    """The playbook of `kind` that was in force on this day. Source: house rule version."""
    for version in reversed(_versions(kind)):
        until = version["effective_to"]
        if version["effective_from"] <= on and (until is None or on <= until):
            return [
                Line(t["code"], t["zh"], t["after"], t["when"], t["due"], t.get("gates", ""), t.get("power", ""))
                for t in version["tasks"]
            ]
    return []


def raise_tasks(case: Case, verb: str, *, facts: set[str], now: datetime) -> list[Task]:
    """Put up what the playbook asks after `verb`, for the facts that are so. What is open already is not put up again."""
    have = set(Task.objects.filter(case_id=case.pk, ended_at=None).values_list("code", flat=True))
    tasks = [
        Task(
            id=uuid7(),
            case_id=case.pk,
            code=line.code,
            title=line.zh,
            gates=line.gates,
            power=line.power,
            due_at=end_of_day(cst_date(now) + timedelta(days=line.due)),
            made_at=now,
        )
        for line in lines_for(case.kind, on=cst_date(case.received_at))
        if line.after == verb and line.when in facts | {"always"} and line.code not in have
    ]
    Task.objects.bulk_create(tasks)
    case.forget("open_tasks", holding="tasks")
    if tasks:
        case.tell(tasks=",".join(task.code for task in tasks))
    return tasks


def end_tasks(case: Case, code: str, *, actor: Actor, now: datetime) -> None:
    """What the tasks of this line asked for has been done by an act of its own."""
    for task in case.open_tasks:
        if task.code == code:
            task.ended_at, task.ended_by_id = now, actor.user
            task.save(update_fields=["ended_at", "ended_by"])
    case.forget("open_tasks", holding="tasks")
