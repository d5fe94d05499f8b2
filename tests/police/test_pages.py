"""The pages every kind of case has: a police report stands in the queue, opens, and shows nobody else what it is about."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from cases.invariants import breaches
from cases.kinds import kind_named
from jike.base.dates import pinned
from tests.accounts.signing_in import sign_in
from tests.factories import police as factory
from tests.factories.complaints import PHONE, RECEIVED
from tests.people import Cast

NOW = RECEIVED + timedelta(hours=12)


@pytest.mark.parametrize(
    "at", ["requested", "stated", "visited", "released", "not_docketed", "refused_reporter", "closed"]
)
def test_the_case_page_opens_and_names_state_and_next_step(at: str, cast: Cast, client: Client) -> None:
    with pinned(NOW):
        case = factory.report(cast, at=at)
        sign_in(client, cast.handler.user)

        page = client.get(f"/staff/cases/{case.number}/")
        body = page.content.decode()
        assert page.status_code == 200 and str(case.state_label) in body and case.number in body
        queue = client.get("/staff/queue/").content.decode()
    assert (case.number in queue) == (case.ended_at is None)
    assert "蒋某" not in queue and "失去联系" not in queue


def test_panels_show_papers_sum_statement_days_and_what_an_accuser_may_do(cast: Cast, client: Client) -> None:
    with pinned(NOW):
        case = factory.report(cast, at="not_docketed")
        sign_in(client, cast.handler.user)
        body = client.get(f"/staff/cases/{case.number}/").content.decode()

    for word in (
        "12,600.00",
        "示例培训中心",
        factory.FACTS[:20],
        "蒋某",
        factory.REPORT["receipt_no"],
        "李警官",
        "2026-10-05",
        "2026-10-08",
    ):
        assert word in body, word


def test_a_colleague_sees_nothing_and_an_auditor_only_the_masked_head(cast: Cast, client: Client) -> None:
    case = factory.report(cast, at="not_docketed")
    sign_in(client, cast.colleague.user)
    assert client.get(f"/staff/cases/{case.number}/").status_code == 404

    auditor = Client()
    user = cast.stranger.user
    user.roles = ["auditor"]
    user.save(update_fields=["roles"])
    sign_in(auditor, user)
    body = auditor.get(f"/staff/cases/{case.number}/").content.decode()
    assert case.number in body
    for word in ("蒋某", "失去联系", "李警官", "示例培训中心", "12,600.00 · "):
        assert word not in body


def test_a_form_names_the_choices_of_the_list(cast: Cast, client: Client) -> None:
    case = factory.report(cast, at="preparing")
    sign_in(client, cast.handler.user)
    row = case.known_materials[0]

    page = client.get(f"/staff/cases/{case.number}/settle_material/?material={row.pk}").content.decode()
    assert "selected" in page and str(row.pk) in page
    typed = {"material": str(row.pk), "state": "have", "note": "原件在消费者处", "key": "a"}
    assert client.post(f"/staff/cases/{case.number}/settle_material/", typed).status_code == 302
    row.refresh_from_db()
    assert row.state == "have"


def test_the_invariants_hold_at_every_point_and_name_what_breaks_them(cast: Cast) -> None:
    for number, at in enumerate(("reported", "reconsidered", "released")):
        origin = factory.complaint(cast, phone=f"1390013900{number}")
        factory.report(cast, at=at, origin=origin)
    assert list(breaches()) == []

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE police_policereport DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE police_confirmation DISABLE TRIGGER USER")
        cursor.execute("UPDATE police_policereport SET receipt_no = '' WHERE receipt_no <> ''")
        cursor.execute("UPDATE police_policereport SET capacity = 'reporter' WHERE refused_on IS NOT NULL")
        cursor.execute("DELETE FROM police_confirmation")
    found = {breach.code: len(breach.rows) for breach in breaches()}
    assert (found["police.reported"], found["police.remedies"], found["police.packs"]) == (2, 1, 1)


def test_the_phone_of_the_consumer_is_revealed_where_it_is_kept_once(cast: Cast, client: Client) -> None:
    case = factory.report(cast, at="reported")
    sign_in(client, cast.handler.user)

    answer = client.post(f"/staff/cases/{case.number}/reveal/{case.origin.parties.get().pk}/phone/")
    assert answer.status_code == 200 and PHONE in answer.content.decode()
    other = factory.complaint(cast, phone="13900139000")
    assert client.post(f"/staff/cases/{case.number}/reveal/{other.parties.get().pk}/phone/").status_code == 404


def test_no_search_reads_a_statement() -> None:
    assert kind_named("police_report").searched == ()
