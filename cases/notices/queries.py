"""Doors to the notices: everybody sees their own, of cases they may still know of."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from cases.models import Case, Recusal
from cases.notices.happenings import HAPPENINGS
from cases.notices.models import Choice, Notice, Reach
from cases.queries import sight_by
from jike.base.actors import Actor
from jike.calendars import Calendar
from jike.calendars.hours import Hours

SHOWN = 100
COUNTED = 100


def notices_of(actor: Actor) -> QuerySet[Notice]:
    """One's own, newest first, without the cases one is recused from. Source: O2020-3 art 17."""
    kept_from = Recusal.objects.filter(Recusal.IN_FORCE, person=actor.human, case_id=OuterRef("case_id"))
    own = Notice.objects.filter(user_id=actor.user).filter(~Exists(kept_from))
    return own.select_related("case").order_by("-id")


def shown_to(actor: Actor) -> list[Notice]:
    """The newest notices: what waits to be done, then what is unread, then the rest. A case out of sight takes its notices along."""
    found = [notice for notice in notices_of(actor)[:SHOWN] if _is_visible(notice.case, actor)]
    return sorted(found, key=lambda notice: (notice.read_at is not None, not notice.is_task))


def unread_count(actor: Actor) -> int:
    """How many of the newest are unread and visible, at most a hundred."""
    unread = notices_of(actor).filter(read_at=None)[:COUNTED]
    return sum(_is_visible(notice.case, actor) for notice in unread)


def _is_visible(case: Case | None, actor: Actor) -> bool:
    return case is None or sight_by(actor, unit=case.unit_id, assignee=case.assignee_id) is not None


def reach_of(user_id: UUID) -> Reach:
    return Reach.objects.filter(user_id=user_id).first() or Reach(user_id=user_id)


def hours_of(reach: Reach, calendar: Calendar) -> Hours:
    """When this person may be sent an e-mail."""
    if reach.quiet_on_days_off:
        return Hours(reach.quiet_until, reach.quiet_from, calendar.is_working_day)
    return Hours(reach.quiet_until, reach.quiet_from)


def modes_of(users: Iterable[UUID]) -> dict[tuple[UUID, str, str], str]:
    """(person, happening, channel) -> mode, for every happening and channel: what was chosen, else the default of the house."""
    people = list(users)
    found = {
        (user, code, channel): happening.default(channel)  # type: ignore[arg-type]
        for user in people
        for code, happening in HAPPENINGS.items()
        for channel in ("desk", "email")
    }
    for choice in Choice.objects.filter(user__in=people):
        happening = HAPPENINGS.get(choice.code)
        if happening and choice.mode in happening.modes(choice.channel):  # type: ignore[arg-type]
            found[choice.user_id, choice.code, choice.channel] = choice.mode
    return found
