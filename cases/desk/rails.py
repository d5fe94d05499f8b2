"""The rail: the lists a person works from, each a URL and a condition on open cases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from django.core.cache import cache
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from cases.queries import cases_listed_for
from cases.search.operators import waiting_for
from jike.base.actors import Actor
from jike.base.dates import cst_date, end_of_day
from jike.base.errors import Text
from jike.calendars import current

COUNT_LIMIT = 1001
COUNT_SECONDS = 15
NOTHING = _("No open case fits this list. Look at “Unassigned” for new ones.")
NOBODY = _("No open case waits for them.")


@dataclass(frozen=True)
class Rail:
    """One list of the rail. `condition(actor, now)` narrows the open cases the actor may list; `asks_time` when `now` matters to it."""

    code: str
    label: Text
    icon: str
    condition: Callable[[Actor, datetime], Q]
    also: str = ""
    """Other words people type for it in the command bar."""
    is_archive: bool = False
    empty: Text = NOTHING
    asks_time: bool = False


def _due_soon(now: datetime) -> datetime:
    """The end of the next working day: what falls due until then is urgent."""
    day, _provisional = current().add_working_days(cst_date(now), 1)
    return end_of_day(day)


RAILS = (
    Rail(
        "mine",
        _("My cases"),
        "person",
        lambda actor, now: Q(assignee_id=actor.id),
        empty=_("You handle no open case. Take one from “Unassigned”."),
    ),
    Rail("team", _("My unit"), "people", lambda actor, now: Q()),
    Rail(
        "unassigned",
        _("Unassigned"),
        "inbox",
        lambda actor, now: Q(assignee=None),
        also="未分派 待领取",
        empty=_("Every open case of your unit has a handler."),
    ),
    Rail(
        "soon",
        _("Due within 1 working day"),
        "alarm",
        lambda actor, now: Q(queue_at__gte=now, queue_at__lte=_due_soon(now)),
        also="临期 快到期",
        empty=_("Nothing ends before the end of the next working day."),
        asks_time=True,
    ),
    Rail(
        "overdue",
        _("Overdue"),
        "exclamation-triangle",
        lambda actor, now: Q(queue_at__lt=now),
        also="逾期 超时 过期 late",
        empty=_("Nothing is overdue."),
        asks_time=True,
    ),
    Rail(
        "approval",
        _("Waiting for approval"),
        "check2-square",
        lambda actor, now: waiting_for(["approver"]),
        empty=_("Nothing waits for approval. What waits for your own vote stands under “Approvals”."),
    ),
    Rail(
        "consumer",
        _("Waiting for the consumer"),
        "person-check",
        lambda actor, now: waiting_for(["consumer"]),
        empty=NOBODY,
    ),
    Rail("merchant", _("Waiting for the merchant"), "shop", lambda actor, now: waiting_for(["merchant"]), empty=NOBODY),
    Rail(
        "authority", _("Waiting for an authority"), "bank", lambda actor, now: waiting_for(["authority"]), empty=NOBODY
    ),
    Rail(
        "notice",
        _("Waiting for notice"),
        "send",
        lambda actor, now: Q(state="decided"),
        empty=_("Every decision was told."),
    ),
    Rail(
        "told",
        _("Told, to be closed"),
        "flag",
        lambda actor, now: Q(state="notified"),
        also="待结案",
        empty=_("Every told case is closed."),
    ),
    Rail(
        "stuck",
        _("Returns that are stuck"),
        "cash-coin",
        lambda actor, now: Q(kind="refund", state="stuck"),
        empty=_("No money of a return waits for a person."),
    ),
    Rail("mass", _("Mass events"), "people-fill", lambda actor, now: Q(flags__contains=["mass"])),
    Rail("all", _("All cases, ended ones too"), "search", lambda actor, now: Q(), is_archive=True),
)
_BY_CODE = {rail.code: rail for rail in RAILS}


def rail_named(code: str) -> Rail:
    return _BY_CODE.get(code, RAILS[0])


def listed(actor: Actor, rail: Rail, *, now: datetime) -> QuerySet[Case]:
    """What a list shows: open cases, or in the archive all the actor may list."""
    if rail.asks_time:
        return open_cases(actor, rail, now=now)
    return _listed_at_any_time(actor, rail.code)


@lru_cache(maxsize=500)
def _listed_at_any_time(actor: Actor, code: str) -> QuerySet[Case]:
    """The same question for the same person, asked of the database anew but composed once."""
    rail, anytime = _BY_CODE[code], datetime.min.replace(tzinfo=UTC)
    return cases_listed_for(actor) if rail.is_archive else open_cases(actor, rail, now=anytime)


def open_cases(actor: Actor, rail: Rail, *, now: datetime) -> QuerySet[Case]:
    """The open cases of one list of the rail that the actor may list. What was taken over as history is no work of ours."""
    return cases_listed_for(actor).filter(ended_at=None, is_historical=False).filter(rail.condition(actor, now))


def counts(actor: Actor, *, now: datetime) -> dict[str, str]:
    """How many cases each list holds, "1,000+" above that; at most 15 seconds old."""
    key = f"rail:{actor.id}"
    found: dict[str, str] | None = cache.get(key)
    if found is None:
        found = {rail.code: _capped(open_cases(actor, rail, now=now)) for rail in RAILS if not rail.is_archive}
        cache.set(key, found, COUNT_SECONDS)
    return found


def _capped(cases: QuerySet[Case]) -> str:
    number = cases.order_by()[:COUNT_LIMIT].count()
    return "1,000+" if number >= COUNT_LIMIT else f"{number:,}"
