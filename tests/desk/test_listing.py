"""Searching in a list, its chips and columns; next and previous keep the order in which the list was opened."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from cases.complaints import actions
from cases.desk import queue
from cases.lists.models import FrozenList
from cases.search.indexing import index_due
from jike.base.dates import pinned
from tests.accounts.signing_in import sign_in
from tests.factories import complaints as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast

NOW = RECEIVED + timedelta(days=1)


def numbers(response) -> list[str]:
    return [row["number"] for row in response.context["page"].rows]


@pytest.fixture
def three(cast: Cast) -> list:
    """Three cases of `handler`, due one after the other, two of which speak of a gym."""
    words = ("健身房停业", "美容院停业", "健身房不退款")
    found = [
        factory.complaint(cast, at="claimed", phone=f"1390000{n:04}", narrative=text, now=RECEIVED + timedelta(days=n))
        for n, text in enumerate(words)
    ]
    index_due(NOW)
    return found


@pytest.fixture
def desk(client: Client, cast: Cast) -> Client:
    return sign_in(client, cast.handler.user)


def test_the_box_narrows_the_list_and_opens_a_number(desk: Client, three: list) -> None:
    answer = desk.get("/staff/find/", {"q": "健身房", "in": "mine"}, follow=True)
    assert answer.redirect_chain == [("/staff/queue/mine/?q=%E5%81%A5%E8%BA%AB%E6%88%BF", 302)]
    assert numbers(answer) == [three[0].number, three[2].number]
    opened = desk.get("/staff/find/", {"q": three[1].number.lower()})
    assert opened.url == f"/staff/cases/{three[1].number}/"
    assert desk.get("/staff/find/", {"q": "TS20260928-99999"}).url.startswith("/staff/queue/all/?q=")


def test_each_chip_takes_one_condition_out(desk: Client, three: list) -> None:
    page = desk.get("/staff/queue/mine/", {"q": '健身房 -状态:办结 "停业"', "order": "new", "cols": "due,number"})
    chips = page.context["list"].chips
    assert [chip.text for chip in chips] == ["健身房", "-状态:办结", '"停业"']
    assert numbers(desk.get("/staff/queue/mine/" + chips[0].without)) == [three[1].number, three[0].number]
    assert "order=new" in chips[0].without and "cols=due" in chips[0].without


def test_a_query_that_cannot_be_read_says_so_and_shows_nothing(desk: Client, three: list) -> None:
    page = desk.get("/staff/queue/mine/", {"q": "健身房 颜色:红"}, headers={"accept-language": "zh-hans"})
    assert page.status_code == 400 and numbers(page) == []
    text = page.content.decode()
    assert "无法识别“颜色:”" in text and "编号:" in text and 'value="健身房 颜色:红"' in text


def test_the_archive_holds_ended_cases_newest_first(desk: Client, cast: Cast, three: list) -> None:
    ended = factory.complaint(cast, at="closed", phone="13911112222", now=RECEIVED - timedelta(days=3))
    page = desk.get("/staff/queue/all/")
    assert numbers(page) == [three[2].number, three[1].number, three[0].number, ended.number]


def test_pages_of_the_newest_cover_every_case_once(desk: Client, three: list, monkeypatch) -> None:
    monkeypatch.setattr(queue, "PAGE_SIZE", 2)
    first = desk.get("/staff/queue/mine/", {"order": "new"})
    second = desk.get("/staff/queue/mine/", {"order": "new", "after": first.context["page"].next_cursor})
    assert numbers(first) + numbers(second) == [case.number for case in reversed(three)]


def test_columns_are_those_of_the_address(desk: Client, three: list) -> None:
    page = desk.get("/staff/queue/mine/", {"cols": "channel,received,nonsense,due"})
    assert [code for code, _label in page.context["headings"]] == ["number", "channel", "received", "due"]


def test_a_row_that_changed_is_drawn_anew(desk: Client, three: list, cast: Cast) -> None:
    before = desk.get("/staff/queue/mine/").context["page"].rows[0]["html"]
    factory.classified(three[0], cast, NOW)
    assert desk.get("/staff/queue/mine/").context["page"].rows[0]["html"] != before


def test_the_count_is_capped(desk: Client, three: list) -> None:
    assert desk.get("/staff/queue/mine/count/", {"q": "健身房"}).content == b"2"


def opened(desk: Client, case, **asked: str):
    return desk.get(f"/staff/cases/{case.number}/", {"in": "mine", "order": "due", **asked}).context["place"]


def test_next_and_previous_keep_the_order(desk: Client, three: list, cast: Cast) -> None:
    with pinned(NOW):
        place = opened(desk, three[1])
        assert (place.previous, place.at, place.total, place.next) == (three[0].number, 2, "3", three[2].number)
        factory.complaint(cast, at="claimed", phone="13955556666", now=RECEIVED + timedelta(hours=1))

        assert opened(desk, three[2]).previous == three[1].number
        assert opened(desk, three[2]).total == "3"


def test_a_case_that_left_the_list_says_so_and_keeps_its_place(desk: Client, three: list, cast: Cast) -> None:
    with pinned(NOW):
        assert not opened(desk, three[0], q="状态:received").has_left
        actions.accept_complaint(three[0], actor=cast.handler.actor, now=NOW)
        place = opened(desk, three[0], q="状态:received")
    assert place.has_left and place.next == three[1].number


def test_the_order_is_one_s_own_and_forgotten(desk: Client, three: list, cast: Cast) -> None:
    with pinned(NOW):
        opened(desk, three[0])
    row = FrozenList.objects.get()
    assert row.user == cast.handler.user and row.cases == [case.pk for case in three]
    with pinned(NOW + timedelta(hours=9)):
        opened(desk, three[0], q="停业")
    assert FrozenList.objects.get().pk != row.pk


def test_what_one_may_not_open_is_passed_over(client: Client, three: list, cast: Cast) -> None:
    pool = factory.file(phone="13977778888", now=RECEIVED + timedelta(days=4))
    first = factory.file(phone="13977779999", now=RECEIVED - timedelta(days=1))
    sign_in(client, cast.colleague.user)
    with pinned(NOW):
        place = client.get(f"/staff/cases/{first.number}/", {"in": "team", "order": "due"}).context["place"]
    assert place.next == pool.number


def test_a_case_opened_from_nowhere_has_no_place(desk: Client, three: list) -> None:
    assert desk.get(f"/staff/cases/{three[0].number}/").context["place"] is None
    assert opened(desk, three[0], q="(") is None


def test_what_came_since_is_a_button_and_moves_no_row(desk: Client, three: list, cast: Cast) -> None:
    with pinned(RECEIVED + timedelta(days=3)):
        page = desk.get("/staff/queue/team/")
        drawn = page.context["list"].drawn
        assert f"/staff/queue/team/news/?since={drawn}" in page.content.decode()
        assert "btn" not in desk.get("/staff/queue/team/news/", {"since": drawn}).content.decode()

    factory.file(phone="13955550000", now=RECEIVED + timedelta(days=3, minutes=1))

    with pinned(RECEIVED + timedelta(days=3, minutes=2)):
        assert desk.get("/staff/queue/team/news/", {"since": drawn}).context["number"] == "1"
        assert desk.get("/staff/queue/mine/news/", {"since": drawn}).context["number"] == ""
        for nobodys in ("", "x", "nan", "1e99"):
            assert desk.get("/staff/queue/team/news/", {"since": nobodys}).context["number"] == ""


def test_an_empty_list_says_what_that_means(client: Client, cast: Cast) -> None:
    sign_in(client, cast.stranger.user)
    said = {
        rail: client.get(f"/staff/queue/{rail}/").context["list"].rail.empty for rail in ("mine", "overdue", "consumer")
    }
    assert len(set(map(str, said.values()))) == 3
    assert all(str(text) in client.get(f"/staff/queue/{rail}/").content.decode() for rail, text in said.items())
