"""Saved views: one's own and the unit's, with counts and a word about what came since."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from cases.complaints import actions
from cases.lists.models import SavedView
from jike.base.dates import pinned
from tests.accounts.signing_in import sign_in
from tests.factories import complaints as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast
from tests.security.detector import dump_of_every_table

NOW = RECEIVED + timedelta(days=1)


@pytest.fixture
def desk(client: Client, cast: Cast) -> Client:
    cache.clear()
    return sign_in(client, cast.handler.user)


def save(desk: Client, **given: object):
    with pinned(NOW):
        return desk.post(
            "/staff/views/",
            {"name": "急件", "rail": "team", "q": "负责人:无", "order": "due", "col": ["number", "due"], **given},
        )


def shown(client: Client, at=NOW) -> list[tuple[str, str, str]]:
    with pinned(at):
        return [(view.name, view.count, view.new) for view in client.get("/staff/queue/counts/").context["saved"]]


def test_a_view_keeps_list_search_order_and_columns(desk: Client, cast: Cast) -> None:
    factory.file()
    assert save(desk).url.startswith("/staff/queue/team/?q=")
    [view] = desk.get("/staff/queue/counts/").context["saved"]
    page = desk.get(view.address)
    assert [code for code, _ in page.context["headings"]] == ["number", "due"]
    assert (view.name, view.count, page.context["list"].text) == ("急件", "1", "负责人:无")


def test_what_came_since_is_counted_until_it_is_opened(desk: Client, cast: Cast) -> None:
    save(desk)
    case = factory.file(now=NOW + timedelta(minutes=5))
    later = NOW + timedelta(minutes=10)
    assert shown(desk, later) == [("急件", "1", "1")]
    with pinned(later):
        desk.get(desk.get("/staff/queue/counts/").context["saved"][0].address)
    assert shown(desk, later) == [("急件", "1", "")]
    actions.claim_complaint(case, actor=cast.handler.actor, now=later)
    cache.clear()
    assert shown(desk, later) == [("急件", "0", "")]


def test_shared_views_are_the_unit_s(desk: Client, cast: Cast) -> None:
    save(desk)
    save(desk, name="本部门急件", shared="1")
    assert [name for name, *_ in shown(sign_in(Client(), cast.colleague.user))] == ["本部门急件"]
    assert shown(sign_in(Client(), cast.stranger.user)) == []


def test_only_the_owner_takes_a_view_away(desk: Client, cast: Cast) -> None:
    save(desk, shared="1")
    view = SavedView.objects.get()
    assert sign_in(Client(), cast.colleague.user).post(f"/staff/views/{view.pk}/forget/").status_code == 404
    assert desk.post(f"/staff/views/{view.pk}/forget/").status_code == 302
    assert not SavedView.objects.exists()


def test_a_name_is_asked(desk: Client) -> None:
    assert save(desk, name=" ").status_code == 409


def test_what_was_searched_lies_nowhere_in_the_clear(desk: Client) -> None:
    save(desk, name="找龘靐齉", q="龘靐齉 手机:13976543219")
    for table, content in dump_of_every_table().items():
        assert "龘靐齉".encode() not in content and b"13976543219" not in content, table
