"""A refusal lists every reason, in each of its three forms, and is on record although everything was rolled back."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from jike.accounts.models import User
from jike.web.models import RefusalLog
from tests.accounts.signing_in import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("routes")]


@pytest.mark.parametrize(("query", "status"), [("", 409), ("?who=1", 403)])
@pytest.mark.parametrize("htmx", [{}, {"HX-Request": "true"}])
@pytest.mark.parametrize("method", ["get", "post"])
def test_all_reasons_are_told_with_their_sources(
    client: Client, query: str, status: int, htmx: dict[str, str], method: str
) -> None:
    response = getattr(client, method)("/refuse/" + query, headers=htmx)
    text = response.content.decode()

    assert response.status_code == status
    assert [text.count(code) for code in ('data-code="case.not_decided"', 'data-code="notice.no_proof"')] == [1, 1]
    assert text.count('data-code="actor.no_power"') == (1 if query else 0)
    assert ("投诉处理管理办法》第18条" in text, "投诉处理管理办法》第21条" in text) == (True, True)
    assert "no &lt;proof&gt; of sending" in text
    assert ("<html" in text) is not bool(htmx)


def test_part_goes_where_refusals_are_shown(client: Client) -> None:
    response = client.post("/refuse/", headers={"HX-Request": "true"})

    assert (response.headers["HX-Retarget"], response.headers["HX-Reswap"]) == ("#refusals", "innerHTML show:top")


@pytest.mark.parametrize(("query", "status"), [("", 409), ("?who=1", 403)])
def test_api_gets_a_problem_document(client: Client, query: str, status: int) -> None:
    response = client.post("/api/v1/refuse/" + query)
    body = json.loads(response.content)

    assert (response.status_code, response.headers["Content-Type"], body["status"]) == (
        status,
        "application/problem+json",
        status,
    )
    assert body["code"] == "case.not_decided"
    assert body["blockers"][0] == {
        "code": "case.not_decided",
        "message": "The case has no decision yet.",
        "source": "O2020-3 art 18",
        "field": "",
    }


def test_refusal_is_on_record_without_words(client: Client, user: User) -> None:
    sign_in(client, user)

    client.post("/staff/cases/TS20260928-00017/refuse/")

    row = RefusalLog.objects.get()
    assert (row.verb, row.codes, row.status) == ("complaints.notify", ["case.not_decided", "notice.no_proof"], 409)
    assert (row.actor_kind, row.actor_id, row.subject, row.route) == (
        "staff",
        user.pk,
        "TS20260928-00017",
        "staff:refuse",
    )


def test_refused_get_is_on_record_too(client: Client) -> None:
    client.get("/refuse/")

    assert RefusalLog.objects.get().actor_kind == ""


def test_way_back_is_ours_or_the_front_page(client: Client) -> None:
    ours = client.post("/refuse/", headers={"Referer": "http://testserver/complain/"}).context["back"]
    foreign = client.post("/refuse/", headers={"Referer": "https://evil.example/"}).context["back"]

    assert (ours, foreign) == ("http://testserver/complain/", "/")
