"""The look into a line of the list, and the command bar."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.accounts.signing_in import sign_in
from tests.factories import complaints as factory
from tests.people import Cast


@pytest.fixture
def case(cast: Cast):
    return factory.complaint(cast, at="claimed", narrative="矿井里的金丝雀")


def test_a_glance_shows_words_to_whoever_sees_all(client: Client, case, cast: Cast) -> None:
    page = sign_in(client, cast.handler.user).get(f"/staff/cases/{case.number}/glance/")
    text = page.content.decode()
    assert "矿井里的金丝雀" in text
    assert f"/staff/cases/{case.number}/{page.context['main'][0].verb.short_name}/" in text
    assert len(page.context["events"]) == 2
    assert [gate.verb.short_name for gate in page.context["main"]] == ["classify", "accept"]


def test_a_masked_glance_has_no_words_and_a_stranger_none(client: Client, case, cast: Cast) -> None:
    assert "矿井" not in sign_in(client, cast.auditor.user).get(f"/staff/cases/{case.number}/glance/").content.decode()
    for who in (cast.stranger, cast.colleague):
        assert sign_in(Client(), who.user).get(f"/staff/cases/{case.number}/glance/").status_code == 404


def test_the_command_bar_goes_to_cases_lists_and_open_verbs(client: Client, case, cast: Cast) -> None:
    desk = sign_in(client, cast.handler.user)

    def addresses(**asked: str) -> list[str]:
        return [c.address for c in desk.get("/staff/palette/", asked).context["commands"]]

    assert addresses(q=case.number.lower())[0] == f"/staff/cases/{case.number}/"
    assert "/staff/queue/unassigned/" in addresses()
    verbs = addresses(case=case.number)
    assert f"/staff/cases/{case.number}/accept/" in verbs and f"/staff/cases/{case.number}/claim/" not in verbs
    assert addresses(q="金丝雀")[-1].startswith("/staff/find/?q=")


def test_the_command_bar_names_no_hidden_case(client: Client, case, cast: Cast) -> None:
    page = sign_in(client, cast.stranger.user).get("/staff/palette/", {"q": case.number, "case": case.number})
    assert [c.address for c in page.context["commands"]] == [f"/staff/find/?q={case.number}"]
