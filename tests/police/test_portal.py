"""A police report as its consumer follows it: plain words, what to bring, confirming the statement, the last day and why."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client

from cases.complaints import actions as complaints
from cases.models import Message
from cases.notices.models import Notice
from cases.police import actions
from cases.police.models import PoliceReport
from cases.queries import complainant_of
from jike.accounts.roles import consumer_actor
from jike.base.dates import CST, pinned
from jike.base.errors import Refused
from jike.base.ids import uuid7
from jike.outbox import jobs
from jike.privacy import open_sealed
from tests.complaints.portal_walk import code_just_sent, enter
from tests.complaints.test_race import held
from tests.factories import police as factory
from tests.factories.complaints import PHONE, RECEIVED
from tests.people import Cast

IN_SEPTEMBER = datetime(2026, 9, 25, 9, 0, tzinfo=CST)
LATER = RECEIVED + timedelta(days=1)
SOON = LATER + timedelta(minutes=2)  # a second code within a minute is refused


def entered(client: Client, case: PoliceReport, *, at: datetime = LATER) -> str:
    """A visit to the complaint the report came from opens the report too."""
    enter(client, case.origin, at=at, phone=PHONE)
    return f"/track/{case.number}/"


def look(client: Client, address: str, *, at: datetime = LATER) -> str:
    with pinned(at):
        page = client.get(address)
    assert page.status_code == 200, address
    return page.content.decode()


def test_the_page_says_what_happened_what_to_bring_and_nothing_that_is_not_the_consumers(
    cast: Cast, client: Client
) -> None:
    case = factory.report(cast, at="stated")
    materials = list(case.materials.filter(code__in=["chats", "identity"]))
    case = actions.ask_materials(case, actor=cast.handler.actor, now=LATER, materials=materials)
    case = actions.add_note(case, actor=cast.handler.actor, now=LATER, text="内部备注：疑似团伙")
    with pinned(LATER):
        jobs.run_due()

    body = look(client, entered(client, case))

    for word in ("准备材料", "聊天记录", "身份证明", "阅读并确认陈述", "请逐句核对", case.number, case.origin.number):
        assert word in body, word
    for word in ("App 操作日志", "内部备注", factory.WISH, factory.ORGAN):
        assert word not in body, word


def test_the_statement_is_confirmed_by_a_code_to_the_own_phone(cast: Cast, client: Client) -> None:
    case = factory.report(cast, at="stated")
    address = f"{entered(client, case)}statement/"
    body = look(client, address)
    read = re.search(r'name="sha256" value="([0-9a-f]{64})"', body)
    assert factory.FACTS in body and "12600.00" in body and "诬告他人" in body
    assert read is not None

    with pinned(SOON):
        answer = client.post(address, {"sha256": read[1]})
        assert answer.headers["Location"] == f"{address}code/"
        assert client.post(f"{address}code/", {"code": "000000"}).status_code == 400
        assert not PoliceReport.objects.get(pk=case.pk).is_statement_confirmed
        answer = client.post(f"{address}code/", {"code": code_just_sent()})
    assert answer.headers["Location"].endswith("?done=statement")
    row = PoliceReport.objects.get(pk=case.pk)
    assert row.is_statement_confirmed and row.known_statement.confirmation.actor_kind == "consumer"
    assert row.known_statement.confirmation.phone_mask == "138****8000"


def test_a_statement_that_changed_since_it_was_read_is_not_confirmed(cast: Cast, client: Client) -> None:
    case = factory.report(cast, at="stated")
    address, old = f"{entered(client, case)}statement/", factory.hash_of(case)
    with pinned(SOON):
        client.post(address, {"sha256": old})
        code = code_just_sent()
    actions.draft_statement(case, actor=cast.handler.actor, now=LATER, facts="改过的事实。")

    with pinned(SOON):
        assert client.post(f"{address}code/", {"code": code}).status_code == 400
        assert client.post(address, {"sha256": old}).status_code == 409
    assert not PoliceReport.objects.get(pk=case.pk).is_statement_confirmed


@pytest.mark.rule("R54")
def test_r54_an_accuser_reads_the_strict_last_day_and_why(cast: Cast, client: Client) -> None:
    case = factory.report(cast, at="not_docketed", now=IN_SEPTEMBER)
    at = IN_SEPTEMBER + timedelta(days=1)

    body = look(client, entered(client, case, at=at), at=at)

    assert "2026年10月2日" in body and "2026年10月8日" in body
    assert "为什么是这天" in body and "7天" in body


@pytest.mark.rule("R54")
def test_r54_a_reporter_reads_of_no_such_day(cast: Cast, client: Client) -> None:
    case = factory.report(cast, at="not_docketed", now=IN_SEPTEMBER, capacity="reporter")
    at = IN_SEPTEMBER + timedelta(days=1)

    body = look(client, entered(client, case, at=at), at=at)
    assert "为什么是这天" not in body and "2026年10月8日" not in body


def test_the_consumer_may_want_no_help_any_more(cast: Cast, client: Client) -> None:
    case = factory.report(cast, at="ready")
    address = f"{entered(client, case)}no-help/"

    assert "<form" in look(client, address)
    with pinned(LATER):
        assert client.post(address, {"key": "k"}).status_code == 302
    assert PoliceReport.objects.get(pk=case.pk).state == "withdrawn"
    assert 'name="key"' not in look(client, address)


def test_another_consumers_report_is_not_there(cast: Cast, client: Client) -> None:
    case = factory.report(cast, at="stated")
    other = factory.report(cast, at="stated", origin=factory.complaint(cast, phone="13900139000"))
    entered(client, case)

    with pinned(LATER):
        for part in ("", "statement/", "statement/code/", "no-help/"):
            assert client.get(f"/track/{other.number}/{part}").status_code == 404, part
        assert client.post(f"/track/{other.number}/no-help/", {"key": "k"}).status_code == 404
    assert PoliceReport.objects.get(pk=other.pk).state == "preparing"
    assert Message.objects.filter(case_id=other.pk).exists()


def test_losses_that_changed_since_the_statement_was_read_are_not_confirmed(cast: Cast, client: Client) -> None:
    case = factory.report(cast, at="stated")
    address, old = f"{entered(client, case)}statement/", factory.hash_of(case)
    with pinned(SOON):
        client.post(address, {"sha256": old})
        code = code_just_sent()
    actions.add_loss(case, actor=cast.handler.actor, now=LATER, **factory.LOSS)

    with pinned(SOON):
        assert client.post(f"{address}code/", {"code": code}).status_code == 400
        assert client.post(address, {"sha256": old}).status_code == 409
        assert 'name="sha256"' not in client.get(address).content.decode()
    assert not PoliceReport.objects.get(pk=case.pk).is_statement_confirmed


def test_who_ends_help_reads_what_was_handed_over_already(cast: Cast, client: Client) -> None:
    case = factory.report(cast, at="released")
    address = f"{entered(client, case)}no-help/"
    assert "不会提供给任何人" in look(client, address)

    given = {"pack": factory.last_pack(case), "given_to": "李警官"}
    actions.hand_out_pack(case, actor=cast.handler.actor, now=LATER, **given)
    body = look(client, address)
    assert factory.ORGAN in body and "2026年9月29日" in body and "不会提供给任何人" not in body and "李警官" not in body


def test_a_consumer_without_a_phone_is_told_how_to_confirm(cast: Cast, client: Client) -> None:
    case = factory.report(cast, at="stated")
    address = f"{entered(client, case)}statement/"
    party = complainant_of(case)
    party.phone = ""
    party.save(update_fields=["phone"])

    with pinned(SOON):
        answer = client.post(address, {"sha256": factory.hash_of(case)})
    assert answer.status_code == 409 and "没有您的手机号" in answer.content.decode()


def test_the_consumer_asks_for_help_by_one_question_and_a_double_click_opens_one(cast: Cast, client: Client) -> None:
    origin = factory.complaint(cast)
    enter(client, origin, at=LATER, phone=PHONE)
    place = f"/track/{origin.number}/"
    assert f"{place}after/police/" in look(client, place)
    page = look(client, f"{place}after/police/")
    assert page.count('name="capacity"') == 3 and "wish" not in page and "不必等我们" in page

    def ask(key: str, **typed: str) -> int:
        with pinned(LATER):
            return client.post(f"{place}after/police/", {"key": key, **typed}).status_code

    assert ask("a") == 400
    assert not PoliceReport.objects.exists()
    assert [ask("b", capacity="accuser"), ask("b", capacity="accuser"), ask("c", capacity="accuser")] == [302, 302, 409]

    case = PoliceReport.objects.get(origin=origin)
    assert (case.state, case.capacity, case.assignee_id) == ("requested", "accuser", cast.handler.user.pk)
    assert "门户" in open_sealed(case, "wish") and "2026" in open_sealed(case, "wish")
    assert [notice.user for notice in Notice.objects.filter(case_id=case.pk)] == [cast.handler.user]
    body = look(client, place)
    assert case.number in body and f"{place}after/police/" not in body
    assert look(client, f"/track/{case.number}/")


def test_staff_still_say_where_it_was_wished_and_nobody_asks_for_another_person(cast: Cast) -> None:
    origin = factory.complaint(cast)
    for actor, code in ((cast.handler.actor, "wish.missing"), (consumer_actor(uuid7()), "actor.other_person")):
        with pytest.raises(Refused) as refused:
            complaints.open_police_report(origin, actor=actor, now=LATER, capacity="accuser", wish="")
        assert [b.code for b in refused.value.blockers] == [code]


def test_asked_at_the_same_moment_by_consumer_and_handler_one_is_opened(committed_cast: Cast) -> None:
    origin, answers = factory.complaint(committed_cast), []
    given = {"now": LATER, "capacity": "accuser", "wish": factory.WISH}

    def by_handler() -> object:
        return complaints.open_police_report(origin, actor=committed_cast.handler.actor, **given)

    with held(answers, by_handler):
        complaints.open_police_report(origin, actor=consumer_actor(origin.consumer_id), **given)

    assert answers == [["police.open"]] and PoliceReport.objects.filter(origin=origin).count() == 1
