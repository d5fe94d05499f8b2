"""Inquiries on the pages that serve every kind of case: queue, case page, search, API, portal, and the list of what was reclassified."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client

from cases.complaints import actions as complaints
from cases.desk import rails
from cases.inquiries import actions
from cases.inquiries.models import Inquiry
from cases.search import indexing
from jike.base.dates import pinned
from tests.accounts.signing_in import sign_in
from tests.complaints.portal_walk import LATER, enter
from tests.factories import complaints as complaint_factory
from tests.factories import inquiries as factory
from tests.factories.complaints import RECEIVED
from tests.inquiries.test_classification import PASSAGE, reclassified
from tests.people import Cast

NOW = RECEIVED + timedelta(days=1)


def test_queue_and_case_page_show_kind_nature_and_no_clock(client: Client, cast: Cast) -> None:
    case = factory.inquiry(cast, at="report")
    sign_in(client, cast.handler.user)

    row = client.get("/staff/queue/mine/").context["page"].rows[0]
    page = client.get(f"/staff/cases/{case.number}/").content.decode()

    assert (row["number"], row["kind_label"], row["left"], row["state_label"]) == (
        case.number,
        "咨询举报",
        "",
        "已登记",
    )
    assert "举报</span>" in page and "移送举报" in page and "不计法定办理期限" in page
    assert "举报某商户没有资质" in page


def test_the_pages_of_the_verbs_open_and_do_what_they_say(client: Client, cast: Cast) -> None:
    case = factory.inquiry(cast, at="report")
    sign_in(client, cast.handler.user)
    address = f"/staff/cases/{case.number}/route/"

    assert client.get(address).status_code == 200
    assert client.post(address, {"reason": "x", "outside": ""}).status_code == 409
    assert client.post(address, {"reason": "x", "outside": factory.AUTHORITY}).status_code == 302
    assert Inquiry.objects.get().routed_outside == factory.AUTHORITY


def test_nobody_waits_for_an_inquiry_in_the_lists_of_clocks(cast: Cast) -> None:
    case = factory.inquiry(cast, at="routed")

    found = {
        rail.code for rail in rails.RAILS if rails.listed(cast.handler.actor, rail, now=NOW).filter(pk=case.pk).exists()
    }

    assert found == {"mine", "team", "authority", "all"}


def test_search_finds_the_words_and_the_kind(client: Client, cast: Cast) -> None:
    case = factory.inquiry(cast, at="claimed")
    complaint_factory.complaint(cast, at="claimed", phone="13900139000")
    indexing.index_due(NOW)
    sign_in(client, cast.handler.user)

    for asked in ("提前还款", "类型:咨询举报"):
        rows = client.get("/staff/queue/all/", {"q": asked}).context["page"].rows
        assert [row["number"] for row in rows] == [case.number], asked


def test_the_pages_of_two_linked_cases_lead_to_each_other(client: Client, cast: Cast) -> None:
    case = complaint_factory.complaint(cast, at="claimed")
    complaints.split_off(case, actor=cast.handler.actor, now=NOW, nature="report", text=PASSAGE)
    report = Inquiry.objects.get()
    sign_in(client, cast.handler.user)

    for one, other in ((case, report), (report, case)):
        assert f"/staff/cases/{other.number}/" in client.get(f"/staff/cases/{one.number}/ties/").content.decode()


def test_the_portal_shows_the_answer_with_its_proof_and_takes_a_message(client: Client, cast: Cast) -> None:
    case = factory.inquiry(cast, at="answered")
    case = factory.delivered(case, NOW)

    answer = enter(client, case)
    with pinned(LATER):
        page = client.get(answer.headers["Location"]).content.decode()
        for address in ("withdraw/", "papers/", "asked/", "seen/", "after/review/"):
            assert client.get(f"/track/{case.number}/{address}").status_code == 404, address
        key = {"key": "k1"}
        assert client.post(f"/track/{case.number}/message/", {"text": " ", **key}).status_code == 400
        assert client.post(f"/track/{case.number}/message/", {"text": "谢谢，还有一事。", **key}).status_code == 302
        again = client.get(f"/track/{case.number}/").content.decode()

    assert factory.INPUTS["answer"]["text"] in page and "已答复" in page and 'class="talk-proof">短信' in page
    assert "最晚" not in page.split('id="letters"')[0]
    assert "谢谢，还有一事。" in again


def test_another_persons_inquiry_is_not_there(client: Client, cast: Cast) -> None:
    mine = factory.inquiry(cast, at="answered")
    theirs = factory.inquiry(cast, at="answered", phone="13900139000", name="李四")
    complaint = complaint_factory.file(now=NOW)
    enter(client, mine)

    with pinned(LATER):
        for number in (theirs.number, complaint.number, "ZX20260928-99999"):
            assert client.get(f"/track/{number}/").status_code == 404
            assert client.post(f"/track/{number}/message/", {"text": "x", "key": "k"}).status_code == 404
    stranger = sign_in(Client(), cast.stranger.user)
    assert stranger.get(f"/staff/cases/{mine.number}/").status_code == 404


def test_a_recused_person_sees_no_inquiry(client: Client, cast: Cast) -> None:
    case = factory.inquiry(cast, at="claimed")
    actions.recuse_oneself(case, actor=cast.handler.actor, now=NOW, ground="interest", reason="持股")
    sign_in(client, cast.handler.user)

    assert client.get(f"/staff/cases/{case.number}/").status_code == 404
    assert client.get("/staff/queue/team/").context["page"].rows == []


def test_what_was_reclassified_is_listed_for_whoever_confirms(client: Client, cast: Cast) -> None:
    case, inquiry = reclassified(cast, "report")
    sign_in(client, cast.supervisor.user)

    inside = client.get("/staff/reclassified/", {"first_on": "2026-10-01", "last_on": "2026-10-31"}).content.decode()
    before = client.get("/staff/reclassified/", {"first_on": "2026-07-01", "last_on": "2026-09-30"}).content.decode()

    assert case.number in inside and inquiry.number in inside and "举报 1" in inside
    assert case.number not in before and "没有。" in before
    assert sign_in(Client(), cast.handler.user).get("/staff/reclassified/").status_code == 404
