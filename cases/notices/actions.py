"""Telling the staff, and what they answer: read, done, chosen otherwise. Always in the transaction of the fact told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.db import transaction

from cases.models import Case
from cases.notices.happenings import HAPPENINGS, Mode
from cases.notices.models import Choice, Notice, Reach
from cases.notices.queries import hours_of, modes_of
from cases.queries import may_know
from jike import calendars
from jike.accounts.models import User
from jike.base.actors import Actor
from jike.base.ids import uuid7
from jike.outbox import jobs

MAIL_TOPIC = "notices.send_mail"


@dataclass(frozen=True, slots=True)
class News:
    """Something to tell one person. `key` is unique per fact."""

    user: User
    code: str
    case_id: UUID | None
    key: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    is_task: bool = False


def tell_staff(news: Iterable[News], *, now: datetime) -> list[Notice]:
    """Write the notices that are new and queue the e-mails due at once, which wait for the end of their reader's quiet hours.

    Whoever may not know of a case is never among `news`: ask `cases.queries.may_know` first. What a person has turned off
    is not written; what is to come once a day waits for the overview.
    """
    told = list(news)
    modes = modes_of({one.user.pk for one in told})
    made = [_notice(one, modes, now) for one in told if _is_wanted(one, modes)]
    if not made:
        return []
    Notice.objects.bulk_create(made, ignore_conflicts=True)
    new = set(Notice.objects.filter(pk__in=[notice.pk for notice in made]).values_list("pk", flat=True))
    mailed = [n for n in made if n.pk in new and modes[n.user_id, n.code, "email"] == Mode.IMMEDIATE]
    queue_mail(mailed, now=now)
    return [notice for notice in made if notice.pk in new]


def queue_mail(notices: Sequence[Notice], *, now: datetime) -> None:
    """Queue one e-mail per notice whose reader has an address, not before that person's quiet hours end."""
    reaches = {
        reach.user_id: reach for reach in Reach.objects.filter(user__in={n.user_id for n in notices}).exclude(email="")
    }
    calendar = calendars.current()
    due: dict[datetime, list[jobs.NewJob]] = {}
    for notice in notices:
        if reach := reaches.get(notice.user_id):
            at = hours_of(reach, calendar).earliest(now)
            job = jobs.NewJob(MAIL_TOPIC, f"{MAIL_TOPIC}:{notice.pk}", {"notice": str(notice.pk)}, notice.case_id)
            due.setdefault(at, []).append(job)
    for at, posted in due.items():
        jobs.post_many(posted, now=now, due_at=at)


def _is_wanted(news: News, modes: Mapping[tuple[UUID, str, str], str]) -> bool:
    return any(modes[news.user.pk, news.code, channel] != Mode.OFF for channel in ("desk", "email"))


def _notice(news: News, modes: Mapping[tuple[UUID, str, str], str], now: datetime) -> Notice:
    """One not wanted on the desk counts as read there: it exists for the e-mail."""
    off = modes[news.user.pk, news.code, "desk"] == Mode.OFF
    return Notice(
        id=uuid7(),
        user_id=news.user.pk,
        code=news.code,
        case_id=news.case_id,
        facts=dict(news.facts),
        key=news.key,
        is_task=news.is_task,
        is_for_digest=modes[news.user.pk, news.code, "email"] == Mode.DIGEST,
        created_at=now,
        read_at=now if off and not news.is_task else None,
    )


def tell_about(case: Case, users: Iterable[User], code: str, *, key: str, now: datetime, **facts: Any) -> None:
    """Tell `users` of something in one case, as far as they may know of it."""
    tell_staff([News(user, code, case.pk, key, facts) for user in users if may_know(user, case)], now=now)


def settle(keys: Iterable[str], *, now: datetime) -> None:
    """What these facts asked for has been done by somebody: nobody needs to be told any more."""
    Notice.objects.filter(key__in=list(keys), read_at=None).update(read_at=now)


def read_notices(actor: Actor, *, now: datetime, ids: Sequence[UUID] = ()) -> int:
    """Mark one's own notices as read: those named, or all but the tasks, which are answered one by one."""
    own = Notice.objects.filter(user_id=actor.user, read_at=None)
    return own.filter(pk__in=ids).update(read_at=now) if ids else own.filter(is_task=False).update(read_at=now)


@transaction.atomic
def choose(
    actor: Actor,
    *,
    modes: Mapping[tuple[str, str], str],
    email: str,
    quiet_from: time,
    quiet_until: time,
    quiet_on_days_off: bool,
) -> None:
    """Keep how the actor wants to be told. What a happening does not offer raises ValueError: escalations stay."""
    for (code, channel), mode in modes.items():
        if mode not in HAPPENINGS[code].modes(channel):  # type: ignore[arg-type]
            raise ValueError(f"{code} {channel} {mode}")
        Choice.objects.update_or_create(user_id=actor.user, code=code, channel=channel, defaults={"mode": mode})
    Reach.objects.update_or_create(
        user_id=actor.user,
        defaults={
            "email": email,
            "quiet_from": quiet_from,
            "quiet_until": quiet_until,
            "quiet_on_days_off": quiet_on_days_off,
        },
    )
