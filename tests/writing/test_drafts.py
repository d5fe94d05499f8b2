"""Nothing typed is lost, nothing of it leaks, and colleagues see who else has a case open."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.test import Client

from cases.models import Event, Note
from cases.writing.looks import note_look, others_at
from cases.writing.models import Draft, Look
from cases.writing.sweeping import drop_old
from jike.base.dates import now as current_instant
from tests.accounts.signing_in import sign_in
from tests.factories import complaints as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast

WORDS = "已致电商户，对方承诺周五前退款。"


def url(case, *rest: str) -> str:
    return "/".join(["/staff/cases", case.number, *rest]) + "/"


def test_a_draft_comes_back_and_goes_when_it_is_sent(client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at="claimed")
    sign_in(client, cast.handler.user)

    client.post(url(case, "drafts", "note"), {"text": WORDS, "key": "k", "version": "1"})

    assert WORDS in client.get(url(case)).content.decode()
    client.post(url(case, "note"), {"text": WORDS})
    assert not Draft.objects.exists()


def test_a_draft_is_sealed_and_only_its_author_reads_it(client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at="claimed")
    sign_in(client, cast.handler.user)
    client.post(url(case, "drafts", "note"), {"text": WORDS})

    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM writing_draft")
        assert WORDS.encode() not in bytes(cursor.fetchone()[0])
    sign_in(client, cast.supervisor.user)
    assert WORDS not in client.get(url(case)).content.decode()


def test_who_may_not_open_the_case_keeps_no_draft_on_it(client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at="claimed")
    sign_in(client, cast.stranger.user)

    assert client.post(url(case, "drafts", "note"), {"text": WORDS}).status_code == 404
    assert client.post(url(case, "present")).status_code == 404
    assert not Draft.objects.exists() and not Look.objects.exists()


def test_emptying_a_form_forgets_its_draft(client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at="claimed")
    sign_in(client, cast.handler.user)
    client.post(url(case, "drafts", "note"), {"text": WORDS})

    client.post(url(case, "drafts", "note"), {"text": "  "})

    assert not Draft.objects.exists()


def test_a_stale_page_shows_what_happened_meanwhile_and_keeps_the_words(client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at="investigating")
    sign_in(client, cast.handler.user)
    stale = str(case.version)
    client.post(url(case, "note"), {"text": "商户来电"})

    answer = client.post(url(case, "note"), {"text": WORDS, "version": stale})
    page = answer.content.decode()

    assert answer.status_code == 409
    assert WORDS in page and "商户来电" in page
    assert not [n for n in Note.objects.all() if n.author_id != cast.handler.user.pk]
    assert Event.objects.filter(case_id=case.pk, verb="complaints.note").count() == 1
    again = answer.context["case"].version
    assert client.post(url(case, "note"), {"text": WORDS, "version": again}).status_code == 302


def test_colleagues_see_who_has_the_case_open_for_as_long_as_they_have(cast: Cast) -> None:
    case = factory.complaint(cast, at="claimed")

    note_look(case, "note", actor=cast.handler.actor, now=RECEIVED)
    note_look(case, "propose_decision", actor=cast.handler.actor, now=RECEIVED)

    seen = others_at(case, actor=cast.supervisor.actor, now=RECEIVED + timedelta(seconds=30))
    assert [(other.name, other.verb) for other in seen] == [("handler", "propose_decision")]
    assert others_at(case, actor=cast.handler.actor, now=RECEIVED) == []
    assert others_at(case, actor=cast.supervisor.actor, now=RECEIVED + timedelta(minutes=2)) == []


def test_presence_is_told_in_words(client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at="claimed")
    note_look(case, "note", actor=cast.handler.actor, now=current_instant())
    sign_in(client, cast.supervisor.user)

    page = client.post(url(case, "present"), {"doing": "made-up"}).content.decode()

    assert "handler" in page
    assert Look.objects.get(user=cast.supervisor.user).verb == ""


def test_what_is_new_since_the_last_look_is_marked(client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at="claimed")
    sign_in(client, cast.handler.user)
    client.post(url(case, "present"))
    factory.investigating(case, cast, RECEIVED + timedelta(hours=2))

    lines = [line for _day, lines in client.get(url(case)).context["days"] for line in lines]

    assert [line.is_new for line in lines] == [True, True, False, False]


def test_a_message_with_an_open_blank_is_not_sent(client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at="investigating")
    sign_in(client, cast.handler.user)

    answer = client.post(url(case, "message"), {"text": "{姓名}您好，退款{金额}已办理。", "channel": "inbox"})

    assert answer.status_code == 409
    assert "姓名、金额" in answer.content.decode()
    assert not Event.objects.filter(case_id=case.pk, verb="complaints.message").exists()


def test_old_drafts_and_looks_go(cast: Cast) -> None:
    case = factory.complaint(cast, at="claimed")
    from cases.writing.drafts import keep_draft

    keep_draft(case, "note", {"text": WORDS}, actor=cast.handler.actor, now=RECEIVED)
    note_look(case, "", actor=cast.handler.actor, now=RECEIVED)

    drop_old(RECEIVED + timedelta(days=29))
    assert Draft.objects.count() == Look.objects.count() == 1
    drop_old(RECEIVED + timedelta(days=91))
    assert Draft.objects.count() == Look.objects.count() == 0
