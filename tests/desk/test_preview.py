"""The preview of a verb, with and without a script; and the case as its consumer sees it."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client

from cases.complaints.models import Complaint
from cases.models import Event, Message
from jike.base.dates import pinned
from jike.outbox.models import Job
from jike.privacy.models import ReadLog
from tests.accounts.signing_in import sign_in
from tests.complaints.portal_walk import enter
from tests.factories import complaints as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast

NOW = RECEIVED + timedelta(days=1)
PART = {"HTTP_HX_REQUEST": "true"}


def preview(client: Client, case: Complaint, verb: str, *, part: bool = True, **typed: object):
    with pinned(NOW):
        return client.post(f"/staff/cases/{case.number}/preview/{verb}/", typed, **(PART if part else {}))


def rows() -> tuple[int, int, int]:
    return Message.objects.count(), Event.objects.count(), Job.objects.count()


def test_the_page_of_a_verb_that_tells_shows_every_channel_and_writes_nothing(client: Client, cast: Cast) -> None:
    case, before = factory.complaint(cast, at="claimed"), rows()
    sign_in(client, cast.handler.user)

    page = client.get(f"/staff/cases/{case.number}/accept/").content.decode()
    part, whole = (preview(client, case, "accept", part=part).content.decode() for part in (True, False))

    assert f"/staff/cases/{case.number}/preview/accept/" in page
    assert "<html" not in part and "<html" in whole
    for shown in (part, whole):
        assert 'data-exact="true"' in shown and "投诉受理告知书" in shown and "王小明：" in shown
        assert "最迟2026年10月13日告知处理决定" in shown and "〔签发后生成〕" in shown
    columns = preview(client, case, "accept").context["foretold"]["texts"]
    assert [(column["channel"], column["parts"] > 0) for column in columns] == [("sms", True), ("inbox", False)]
    assert columns[0]["length"] == len(columns[0]["body"])
    assert rows() == before and Complaint.objects.get(pk=case.pk).state == "received"


def test_words_that_are_not_known_are_marked_and_reasons_are_said(client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at="investigating")
    sign_in(client, cast.handler.user)

    empty = preview(client, case, "pause", kind="mediation").content.decode()
    barred = preview(client, case, "accept").content.decode()

    assert 'data-exact="false"' in empty and "〔起始日期〕" in empty and "经您同意进行调解" in empty
    assert 'data-exact="false"' in barred and "blockers" in barred


def test_a_verb_that_asks_shows_what_the_vote_will_tell(client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at="claimed")
    sign_in(client, cast.handler.user)

    page = preview(client, case, "decline", **factory.DECLINE).content.decode()

    assert 'data-exact="true"' in page and "来电人自称投诉人的邻居" in page and "投诉不予办理告知书" in page
    assert case.approvals.count() == 0


def test_who_votes_without_seeing_the_case_reads_the_text_and_not_the_name(client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at="extending_60")
    payload = factory.payload_of(case)

    voter = preview(sign_in(client, cast.executive.user), case, "approve_extension", payload=payload)
    auditor = preview(sign_in(Client(), cast.auditor.user), case, "approve_extension", payload=payload)
    stranger = preview(sign_in(Client(), cast.stranger.user), case, "approve_extension", payload=payload)

    assert voter.context["foretold"]["is_exact"] and "商户账目需要审计" in voter.content.decode()
    assert "王小明" not in voter.content.decode() and voter.context["foretold"]["sheet"] == ""
    assert (auditor.status_code, stranger.status_code) == (404, 404)


def test_free_words_are_previewed_by_channel_and_open_blanks_are_named(client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at="claimed")
    sign_in(client, cast.handler.user)

    good = preview(client, case, "message", text="请查收。", channel="sms").context["foretold"]
    open_blank = preview(client, case, "message", text="您好，{姓名}。", channel="sms").context["foretold"]

    assert good["is_exact"] and [column["body"] for column in good["texts"]] == ["请查收。"]
    assert not open_blank["is_exact"] and "姓名" in "".join(str(b.message) for b in open_blank["reasons"])


def test_a_character_the_letter_font_lacks_is_named_before_it_is_printed(client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at="claimed", name="张𠮷明")

    page = preview(sign_in(client, cast.handler.user), case, "accept")

    assert page.context["foretold"]["unprintable"] == ["𠮷"]


def test_staff_see_the_page_of_the_consumer_can_send_nothing_and_are_recorded(client: Client, cast: Cast) -> None:
    case = factory.delivered(factory.complaint(cast, at="investigating"), "acceptance", NOW)
    with pinned(NOW):
        enter(client, case)
        theirs = client.get(f"/track/{case.number}/").context
        seen = sign_in(Client(), cast.handler.user).get(f"/staff/cases/{case.number}/as/consumer/")

    for name in ("happened", "next", "narrative", "claim", "state_word", "may_write"):
        assert str(seen.context[name]) == str(theirs[name])
    assert [entry.text for entry in seen.context["letters"]] == [entry.text for entry in theirs["letters"]]
    assert b'<fieldset class="mirror" disabled' in seen.content
    assert "form-action 'none'" in seen.headers["Content-Security-Policy"]
    assert ReadLog.objects.filter(scope=case.pk, actor_id=cast.handler.user.pk).exists()
    assert sign_in(Client(), cast.auditor.user).get(f"/staff/cases/{case.number}/as/consumer/").status_code == 404
