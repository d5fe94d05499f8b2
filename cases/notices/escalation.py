"""Who hears what of a clock: three quarters the handler, nine tenths the supervisors too, a breach also the executives, as a task."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from cases.clocks.telling import Told
from cases.models import Case, Recusal
from cases.notices.actions import News, tell_staff
from cases.notices.people import People
from cases.queries import may_know
from jike.accounts.models import User
from jike.base.dates import CST

TELLS_HANDLER = 75
TELLS_SUPERVISOR = 90


def escalate(told: Sequence[Told], now: datetime) -> None:
    """Tell the staff of marks that cases were told of, in the same transaction. Half the time gone is a line of the case only."""
    steps = [one for one in told if one.percent >= TELLS_HANDLER]
    if not steps:
        return
    people = People({one.unit_id for one in steps}, {one.assignee_id for one in steps})
    recusals = _recusals({one.case_id for one in steps})
    tell_staff([news for one in steps for news in _news(one, people, recusals.get(one.case_id, []))], now=now)


def _recusals(cases: set[UUID]) -> dict[UUID, list[Recusal]]:
    """The recusals in force of these cases, by one query."""
    found: dict[UUID, list[Recusal]] = {}
    for recusal in Recusal.objects.filter(Recusal.IN_FORCE, case_id__in=cases):
        found.setdefault(recusal.case_id, []).append(recusal)
    return found


def _news(told: Told, people: People, recusals: list[Recusal]) -> Iterator[News]:
    """Each person once, for the strongest reason. When nobody concerned may know of the case, those above them hear."""
    case = Case(id=told.case_id, unit_id=told.unit_id, assignee_id=told.assignee_id)
    case.open_recusals = recusals
    facts = {
        "clock": told.code,
        "percent": told.percent,
        "due": told.due_at.astimezone(CST).date().isoformat(),
    }
    key = f"{told.code}:{told.case_id}:{told.due_at:%Y%m%d}:{told.percent}"
    heard = set()
    for user, code, is_task in _hearers(told, people):
        if user.pk not in heard and may_know(user, case):
            heard.add(user.pk)
            yield News(user, code, told.case_id, key, facts, is_task)
    if not heard:
        above = [*people.supervisors(told.unit_id), *people.executives]
        yield from (News(user, "clock.escalated", told.case_id, key, facts) for user in above if may_know(user, case))


def _hearers(told: Told, people: People) -> Iterator[tuple[User, str, bool]]:
    supervisors = people.supervisors(told.unit_id)
    if told.is_breach:
        yield from ((user, "clock.breached", True) for user in people.executives)
        yield from ((user, "clock.breached", False) for user in supervisors)
    elif told.percent >= TELLS_SUPERVISOR:
        yield from ((user, "clock.escalated", False) for user in supervisors)
    code = "clock.breached" if told.is_breach else "clock.near"
    yield from ((user, code, False) for user in people.handler(told.assignee_id, told.unit_id))
