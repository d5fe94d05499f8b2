"""The supervisor's inbox: what ends first on top, what changed since the last version, and on to the next without a way back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.test import Client

from cases.complaints import actions
from jike.base.dates import pinned
from tests.accounts.signing_in import sign_in
from tests.factories import complaints as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast

NOW = RECEIVED + timedelta(days=3)
INBOX = "/staff/approvals/"


def vote_page(case: Any, verb: str = "approve_decision") -> str:
    return f"/staff/cases/{case.number}/{verb}/"


def two_waiting(cast: Cast) -> tuple[Any, Any]:
    """The case that ends first was asked about last."""
    later = factory.complaint(cast, at="deciding", phone="13900000001", now=RECEIVED + timedelta(days=1))
    sooner = factory.complaint(cast, at="investigating", phone="13900000002", now=RECEIVED)
    return factory.deciding(sooner, cast, RECEIVED + timedelta(days=2)), later


def test_what_ends_first_stands_on_top(client: Client, cast: Cast) -> None:
    sooner, later = two_waiting(cast)
    waiting = sign_in(client, cast.supervisor.user).get(INBOX).context["waiting"]
    assert [item["case"].number for item in waiting] == [sooner.number, later.number]


def test_a_vote_leads_to_the_next_and_the_last_one_back_to_the_inbox(client: Client, cast: Cast) -> None:
    sooner, later = two_waiting(cast)
    sign_in(client, cast.supervisor.user)
    with pinned(NOW):
        read = client.get(vote_page(sooner), {"from": "inbox"})
        assert read.context["source"] == "inbox"
        given = {"payload": factory.payload_of(sooner), "from": "inbox"}
        assert client.post(vote_page(sooner), given).url == f"{vote_page(later)}?from=inbox"
        returned = client.post(vote_page(later, "return_decision"), {"reason": "请补充", "from": "inbox"})
    assert returned.url == INBOX


def test_a_vote_from_the_case_leads_back_to_the_case_in_its_list(client: Client, cast: Cast) -> None:
    sooner, _later = two_waiting(cast)
    sign_in(client, cast.supervisor.user)
    with pinned(NOW):
        form = client.get(
            vote_page(sooner), headers={"referer": f"http://testserver/staff/cases/{sooner.number}/?in=team&x=1"}
        )
        assert form.context["origin"] == "in=team"
        given = {"payload": factory.payload_of(sooner), "origin": "in=team&next=//evil"}
        assert client.post(vote_page(sooner), given).url == f"/staff/cases/{sooner.number}/?in=team"
    from_list = client.get(vote_page(sooner), headers={"referer": "http://testserver/staff/queue/overdue/?q=refund"})
    assert from_list.context["origin"] == "in=overdue&q=refund"


def test_a_second_proposal_shows_what_changed(client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at="deciding")
    actions.return_decision(case, actor=cast.supervisor.actor, now=NOW, reason="理由不足")
    words = factory.DECISION | {"reasons": "服务未履行，且商户已停业。"}
    actions.propose_decision(case, actor=cast.handler.actor, now=NOW, **words)

    page = sign_in(client, cast.supervisor.user).get(vote_page(case))

    was = [was for _label, _text, was in page.context["proposal"]["lines"] if was]
    assert was == [factory.DECISION["reasons"]]
    assert "理由不足" in client.get(f"/staff/cases/{case.number}/").content.decode()


def test_the_page_of_a_vote_says_who_asked_and_what_is_bound(client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at="deciding")
    page = sign_in(client, cast.supervisor.user).get(vote_page(case))
    checked = page.context["checked"]
    assert (checked["maker"], checked["hash"]) == ("handler", factory.payload_of(case)[:12])
    assert page.context["return_verb"] == "return_decision"
    assert sign_in(client, cast.handler.user).get(vote_page(case)).context["return_verb"] == ""
