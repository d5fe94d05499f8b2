"""Who hears of a clock, and that it is told once, whatever happens to the sweep."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading

import pytest
from django.conf import settings as django_settings
from django.db import connection

from cases.clocks.models import Passing
from cases.complaints import actions
from cases.complaints.models import Complaint
from cases.handlers import watch_clocks
from cases.models import Event
from cases.notices.models import Notice
from cases.notices.queries import shown_to, unread_count
from cases.starter import ensure_starter_data
from jike import ledger as chain
from jike.accounts.models import User
from tests.clocks.counting import at
from tests.factories import complaints as factory
from tests.outbox.test_kills import environment
from tests.people import Cast
from tests.people import cast as make_cast

THREE_QUARTERS, NINE_TENTHS, LATE = at("2026-10-10T09:00"), at("2026-10-12T12:00"), at("2026-10-14T00:01")


def told(code: str) -> dict[str, bool]:
    """Who heard of this, and whether as a task."""
    found = Notice.objects.filter(code=code).select_related("user").order_by("user__username")
    return {notice.user.username: notice.is_task for notice in found}


def test_the_ladder_goes_up(cast: Cast) -> None:
    case = factory.complaint(cast, at="investigating")
    twin = {"twin": False}  # the handler's other account, a supervisor

    watch_clocks(at("2026-09-30T10:00"))
    assert Event.objects.get(case_id=case.pk, verb="clocks.warn").data["percent"] == 50
    assert not Notice.objects.filter(code__startswith="clock").exists()

    watch_clocks(THREE_QUARTERS)
    assert told("clock.near") == {"handler": False}

    watch_clocks(NINE_TENTHS)
    assert told("clock.escalated") == {"supervisor": False, **twin}
    assert Notice.objects.filter(code="clock.near", user=cast.handler.user).count() == 2

    watch_clocks(LATE)
    assert told("clock.breached") == {"executive": True, "handler": False, "supervisor": False, **twin}
    watch_clocks(LATE)
    assert Notice.objects.filter(code__startswith="clock").count() == 8


def test_notices_hold_number_codes_and_dates(cast: Cast) -> None:
    factory.complaint(cast, at="claimed")
    watch_clocks(THREE_QUARTERS)

    assert Notice.objects.get(code="clock.near").facts == {"clock": "CMP15", "percent": 75, "due": "2026-10-13"}


@pytest.mark.parametrize("away", ["nobody handles it", "on leave", "left"])
def test_the_supervisors_stand_in_for_the_handler(cast: Cast, away: str) -> None:
    factory.complaint(cast, at="received" if away == "nobody handles it" else "claimed")
    User.objects.filter(pk=cast.handler.user.pk).update(is_on_leave=away == "on leave", is_active=away != "left")

    watch_clocks(THREE_QUARTERS)

    assert told("clock.near") == {"supervisor": False, "twin": False}


def test_without_supervisors_the_unit_above_hears_and_then_the_executives(cast: Cast) -> None:
    case = factory.complaint(cast, at="received")
    Complaint.objects.filter(pk=case.pk).update(unit=cast.other_unit)

    watch_clocks(THREE_QUARTERS)
    superior = cast.other_unit.superior
    heard = {"supervisor", "twin"} if superior and superior.pk == cast.unit.pk else {"executive"}
    assert set(told("clock.near")) <= heard

    User.objects.filter(roles__contains=["supervisor"]).update(is_on_leave=True)
    watch_clocks(NINE_TENTHS)
    assert told("clock.escalated") == {"executive": False}


def test_whoever_may_not_know_the_case_hears_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from cases.notices import escalation

    factory.complaint(cast, at="claimed")
    monkeypatch.setattr(escalation, "may_know", lambda user, case: user.pk != cast.supervisor.user.pk)

    watch_clocks(LATE)

    assert set(told("clock.breached")) == {"executive", "handler", "twin"}


def test_a_recused_person_hears_nothing_and_loses_what_was_told(cast: Cast) -> None:
    case = factory.complaint(cast, at="investigating")
    watch_clocks(THREE_QUARTERS)
    assert [notice.case_id for notice in shown_to(cast.handler.actor)] == [case.pk]

    actions.recuse_oneself(
        case, actor=cast.handler.actor, now=THREE_QUARTERS, ground="interest", reason="我持有该商户股份。"
    )
    watch_clocks(LATE)

    assert (shown_to(cast.handler.actor), unread_count(cast.handler.actor)) == ([], 0)
    assert told("clock.breached") == {"executive": True, "supervisor": False}, "the twin is the same human"


def test_people_are_asked_for_in_sets(cast: Cast, django_assert_max_num_queries) -> None:
    for _ in range(6):
        factory.complaint(cast, at="claimed")
    with django_assert_max_num_queries(32):
        watch_clocks(LATE)
    assert Notice.objects.count() == 6 * 4


def test_sweeps_at_once_tell_everybody_once(own_database: str) -> None:
    ensure_starter_data(at("2026-09-28"))
    cast = make_cast()
    for _ in range(8):
        factory.complaint(cast, at="claimed")
    ready = threading.Barrier(3)

    def run() -> None:
        ready.wait()
        try:
            watch_clocks(LATE)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    watch_clocks(LATE)

    assert Notice.objects.filter(code="clock.breached").count() == 8 * 4
    assert Event.objects.filter(verb="clocks.breach").count() == 8


def killed_watching(point: str, home) -> int:
    script = (
        "import django; django.setup(); from datetime import datetime; from cases.handlers import watch_clocks; "
        f"watch_clocks(datetime.fromisoformat('{LATE.isoformat()}'))"
    )
    env = environment(home, ENABLE_FAILPOINTS="1", FAILPOINT=point)
    return subprocess.run(
        [sys.executable, "-c", script], cwd=django_settings.BASE_DIR, env=env, capture_output=True, timeout=120
    ).returncode


@pytest.mark.parametrize(("point", "events"), [("clock.telling", 0), ("clock.told", 3)])
def test_a_sweep_killed_anywhere_loses_no_mark_and_tells_none_twice(own_database, tmp_path, point, events) -> None:
    ensure_starter_data(at("2026-09-28"))
    cast = make_cast()
    for _ in range(3):
        factory.complaint(cast, at="claimed")

    assert killed_watching(point, tmp_path) == -signal.SIGKILL
    assert Event.objects.filter(verb="clocks.breach").count() == events
    assert Notice.objects.filter(code="clock.breached").count() == events * 4
    assert Passing.objects.count() == 3 - events

    watch_clocks(LATE)

    assert Event.objects.filter(verb="clocks.breach").count() == 3
    assert Notice.objects.filter(code="clock.breached").count() == 12
    assert not Passing.objects.exists()
    assert list(chain.verify()) == []
    assert os.environ.get("FAILPOINT") is None
