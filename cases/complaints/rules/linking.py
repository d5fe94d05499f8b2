"""May two cases be linked by hand, and may that be taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.complaints.models import Complaint
from cases.models import Case, Link
from cases.queries import links_for, sight_of
from cases.rules import handler_or_supervisor
from jike.base.actors import Actor
from jike.base.errors import UNASKED, Blocker


def blockers_to_link(
    case: Complaint, actor: Actor, *, now: datetime, other: Any = UNASKED, kind: Any = UNASKED
) -> list[Blocker]:
    """Only to a case the actor may open: that a number exists is told to nobody else."""
    found = handler_or_supervisor(case, actor, "complaints.link")
    if kind is not UNASKED and kind not in Link.BY_HAND:
        found.append(Blocker("kind.unknown", _("Choose how the two hang together."), field="kind"))
    if other is not UNASKED:
        found += _to_other(case, actor, other, kind)
    return found


def _to_other(case: Complaint, actor: Actor, other: Case | None, kind: str) -> list[Blocker]:
    if other is None or sight_of(other, actor) is None:
        return [Blocker("other.unknown", _("Give the number of a case that you may open."), field="other")]
    if other.pk == case.pk:
        return [Blocker("other.same", _("This is the case itself. Give the number of another one."), field="other")]
    if open_links_between(case, other).filter(kind=kind).exists():
        return [Blocker("link.exists", _("The two are linked like this already."), field="other")]
    return []


def open_links_between(case: Case, other: Case) -> Any:
    """The links of the two that still hold, whichever was linked to which."""
    pair = Q(case_id=case.pk, other_id=other.pk) | Q(case_id=other.pk, other_id=case.pk)
    return Link.objects.filter(pair, ended_at=None)


def ended_by_hand(case: Complaint, actor: Actor) -> list[Link]:
    """The links of the case that a person made and a person may end. Mergers have a way back of their own."""
    return [link for link in links_for(actor, case) if link.kind in Link.BY_HAND]


def blockers_to_unlink(case: Complaint, actor: Actor, *, now: datetime, link: Any = UNASKED) -> list[Blocker]:
    found = handler_or_supervisor(case, actor, "complaints.unlink")
    if link is not UNASKED and (link is None or link.pk not in {one.pk for one in ended_by_hand(case, actor)}):
        found.append(Blocker("link.unknown", _("Choose a link of this case that a person made."), field="link"))
    return found
