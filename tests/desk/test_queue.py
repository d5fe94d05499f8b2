"""The queue: nearest due first, whole pages without gaps, one number of queries, only what the person may list."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.translation import override

from cases.desk import queue, rails
from cases.desk.danger import danger_of, due_text
from jike import calendars
from tests.accounts.signing_in import sign_in
from tests.factories import complaints as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast

NOW = RECEIVED + timedelta(days=1)


def numbers(response) -> list[str]:
    return [row["number"] for row in response.context["page"].rows]


def phones(count: int) -> list[str]:
    return [f"1390000{n:04}" for n in range(count)]


def test_nearest_due_comes_first_and_cases_without_clock_last(client: Client, cast: Cast) -> None:
    told = factory.complaint(cast, at="notified", phone="13900000001")
    late = factory.complaint(cast, at="claimed", phone="13900000002", now=RECEIVED + timedelta(days=2))
    early = factory.complaint(cast, at="claimed", phone="13900000003", now=RECEIVED)
    sign_in(client, cast.handler.user)

    page = client.get("/staff/queue/mine/")

    assert numbers(page) == [early.number, late.number, told.number]


def test_pages_cover_every_case_once(cast: Cast, monkeypatch) -> None:
    monkeypatch.setattr(queue, "PAGE_SIZE", 3)
    wanted = {
        factory.file(phone=phone, now=RECEIVED + timedelta(days=n % 3)).number for n, phone in enumerate(phones(8))
    }
    cases, cursor, seen = rails.open_cases(cast.handler.actor, rails.rail_named("team"), now=NOW), "", []

    for _page in range(3):
        page = queue.page_of(cases, cast.handler.actor, cursor=cursor, now=NOW)
        seen += [row["number"] for row in page.rows]
        cursor = page.next_cursor

    assert len(seen) == 8 and set(seen) == wanted
    assert cursor == ""


def test_a_cursor_of_nobody_starts_at_the_beginning(client: Client, cast: Cast) -> None:
    case = factory.file()
    sign_in(client, cast.handler.user)

    for cursor in ("x", "eyJhIjoxfQ", "%00", "WzEsMl0"):
        assert numbers(client.get("/staff/queue/team/", {"after": cursor})) == [case.number]


@pytest.mark.parametrize("count", [1, 3])
def test_number_of_queries_does_not_grow(count: int, client: Client, cast: Cast, django_assert_num_queries) -> None:
    for phone in phones(count):
        factory.complaint(cast, at="claimed", phone=phone)
    calendars.current()
    sign_in(client, cast.handler.user)

    client.get("/staff/queue/mine/")  # the first request of a session also notes when it was seen
    with django_assert_num_queries(4):  # session, user with the unit in the menu, page, clocks that rest
        page = client.get("/staff/queue/mine/")

    assert len(numbers(page)) == count


def test_lists_hold_what_their_names_say(cast: Cast) -> None:
    unclaimed = factory.file(phone="13900000001")
    mine = factory.complaint(cast, at="claimed", phone="13900000002")
    waiting = factory.complaint(cast, at="deciding", phone="13900000003")
    told = factory.complaint(cast, at="notified", phone="13900000004")
    factory.complaint(cast, at="closed", phone="13900000005")

    def listed(code: str, at=NOW) -> set[str]:
        return set(
            rails.open_cases(cast.handler.actor, rails.rail_named(code), now=at).values_list("number", flat=True)
        )

    assert listed("mine") == {mine.number, waiting.number, told.number}
    assert listed("team") == {unclaimed.number, mine.number, waiting.number, told.number}
    assert listed("unassigned") == {unclaimed.number}
    assert listed("approval") == {waiting.number}
    assert listed("told") == {told.number}
    assert listed("soon") == set() and listed("overdue") == set()
    last_days = RECEIVED + timedelta(days=14)
    assert listed("soon", last_days) == {unclaimed.number, mine.number, waiting.number}
    assert listed("overdue", RECEIVED + timedelta(days=17)) == {unclaimed.number, mine.number, waiting.number}


def test_another_unit_lists_nothing_and_administrators_neither(cast: Cast) -> None:
    factory.file()

    assert not rails.open_cases(cast.stranger.actor, rails.rail_named("team"), now=NOW).exists()
    assert rails.open_cases(cast.auditor.actor, rails.rail_named("team"), now=NOW).exists()


def test_danger_bar_says_it_in_words(cast: Cast) -> None:
    case = factory.file()
    due = case.next_due_at

    with override("zh-hans"):
        assert due_text(due, now=RECEIVED) == "剩15天（含7个工作日）· 至10-13"
        assert due_text(due + timedelta(days=1095), now=RECEIVED).endswith("至2029-10-12")
    steps = {
        days: danger_of(case.received_at, due, now=RECEIVED + timedelta(days=days)).step for days in (1, 8, 12, 15, 16)
    }
    assert steps == {1: "ok", 8: "50", 12: "75", 15: "99", 16: "100"}
    assert danger_of(case.received_at, None, now=RECEIVED).step == "none"
