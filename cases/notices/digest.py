"""The overview of the day: one notice and one e-mail per person instead of one for everything, on working days at half past seven."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import QuerySet

from cases.kinds import all_kinds
from cases.models import Case
from cases.notices.actions import News, tell_staff
from cases.notices.models import DigestDay, Notice
from cases.queries import approvals_waiting_for
from jike import calendars
from jike.accounts.models import User
from jike.accounts.roles import actor_of, holders_of
from jike.base.dates import CST, cst_date, end_of_day
from jike.outbox import jobs

AT = time(7, 30)
ORDER_TOPIC = "notices.overview"
KEPT = timedelta(days=200)
BATCH = 100
COUNTS = ("due_today", "overdue", "waiting", "approvals", "unassigned", "unread")


def order_overviews(now: datetime) -> int:
    """Order the overviews of today, once, as soon as it is half past seven of a working day; answers how many jobs.

    Read notices of last season go at the same time. Two at once order once: the day is a row.
    """
    local, day = now.astimezone(CST), cst_date(now)
    if local.time() < AT or DigestDay.objects.filter(day=day).exists() or not calendars.current().is_working_day(day):
        return 0
    with transaction.atomic():
        if not DigestDay.objects.get_or_create(day=day, defaults={"at": now})[1]:
            return 0
        Notice.objects.filter(read_at__lt=now - KEPT).delete()
        staff = list(User.objects.filter(is_active=True, is_on_leave=False).order_by("pk").values_list("pk", flat=True))
        posted = jobs.post_many(
            [
                jobs.NewJob(
                    ORDER_TOPIC, f"{ORDER_TOPIC}:{day}:{staff[n]}", {"users": [str(pk) for pk in staff[n : n + BATCH]]}
                )
                for n in range(0, len(staff), BATCH)
            ],
            now=now,
        )
    return len(posted)


def give_overviews(users: list[str], *, now: datetime) -> None:
    """Tell each of `users` what the day holds, unless it holds nothing. Giving it again the same day changes nothing."""
    day = cst_date(now)
    news = []
    for user in User.objects.filter(pk__in=users, is_active=True, is_on_leave=False):
        counts = counts_of(user, now=now)
        if any(counts.values()):
            news.append(News(user, "digest", None, f"digest:{day}", {"day": day.isoformat(), **counts}))
    tell_staff(news, now=now)


def counts_of(user: User, *, now: datetime) -> dict[str, int]:
    """`due_today`, `overdue` and `waiting` (for somebody else) of one's own cases, `approvals` to vote on, `unassigned` of the
    unit for its supervisors, `unread` notices kept for the overview."""
    actor = actor_of(user)
    own = _open().filter(assignee_id=user.pk)
    supervises = bool(set(user.roles) & set(holders_of("cases.read_unit")))
    return {
        "due_today": own.filter(queue_at__gte=now, queue_at__lte=end_of_day(cst_date(now))).count(),
        "overdue": (_open().filter(unit_id=user.unit_id) if supervises else own).filter(queue_at__lt=now).count(),
        "waiting": sum(own.filter(kind=kind, state__in=states).count() for kind, states in _states_waiting()),
        "approvals": approvals_waiting_for(actor).count(),
        "unassigned": _open().filter(unit_id=user.unit_id, assignee=None).count() if supervises else 0,
        "unread": Notice.objects.filter(user=user, read_at=None, is_for_digest=True).count(),
    }


def _open() -> QuerySet[Case]:
    return Case.objects.filter(ended_at=None, is_historical=False)


def _states_waiting() -> Iterator[tuple[str, list[str]]]:
    """Per kind, the states in which somebody else than the handler must act."""
    for kind in all_kinds():
        yield kind.code, [state for state, who in kind.waiting_for.items() if who not in ("staff", "nobody")]
