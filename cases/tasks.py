"""Whose tasks are whose, and what waits for them."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cases.models import Case, Recusal, Task
from jike.base.actors import Actor
from jike.base.errors import Blocker
from jike.privacy import open_sealed

OUTLAST = ("low_score", "new_phone")
"""Lines of the playbook that stay to be done when their case has ended."""


def tasks_for(actor: Actor) -> QuerySet[Task]:
    """The open tasks of a member of staff: given to them, of the cases they handle, or of their unit by a power of theirs."""
    if not actor.is_staff:
        return Task.objects.none()
    mine = Q(assignee_id=actor.id) | Q(assignee=None, power="", case__assignee_id=actor.id)
    ours = Q(assignee=None, power__in=actor.powers, case__unit_id=actor.unit)
    alive = Q(case__ended_at=None) | Q(code__in=OUTLAST)
    recused = Recusal.objects.filter(Recusal.IN_FORCE, person=actor.person, case_id=OuterRef("case_id"))
    found = Task.objects.filter(mine | ours, alive, ended_at=None).filter(~Exists(recused))
    return found.select_related("case", "assignee").order_by("due_at", "id")


def waiting_tasks(case: Case, verb: str) -> list[Blocker]:
    """One reason for each open task that `verb` waits for, by its name."""
    return [
        Blocker("task.open", format_lazy(_("The task “{title}” is still open."), title=open_sealed(task, "title")))
        for task in case.open_tasks
        if task.gates == verb
    ]
