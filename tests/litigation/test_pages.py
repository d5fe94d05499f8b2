"""The pages and the API of litigations: workbench, the consumer's page, papers as files, lists, and the invariants."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from cases.demo.security import seed
from cases.invariants import breaches
from cases.litigation import actions
from cases.litigation.models import Litigation
from jike.base.dates import pinned
from jike.privacy.models import ReadLog
from tests.accounts.signing_in import sign_in
from tests.api.conftest import make_program
from tests.complaints.portal_walk import enter
from tests.factories import complaints as complaint_factory
from tests.factories import litigations as factory
from tests.people import Cast

NOW = factory.moment_of("drafted")
PRIVATE = ("13800138000", "上海市杨浦区示例路1号")


@pytest.fixture(autouse=True)
def at() -> Iterator[None]:
    with pinned(NOW):
        yield


@pytest.mark.parametrize("at_point", ["requested", "assessed", "drafted", "scheduled", "enforcing", "court_rejected"])
def test_the_case_page_shows_state_next_step_and_panels(at_point: str, cast: Cast, client: Client) -> None:
    case = factory.litigation(cast, at=at_point)
    sign_in(client, factory.counsel().user)

    page = client.get(f"/staff/cases/{case.number}/")

    body = page.content.decode()
    assert page.status_code == 200 and case.number in body
    shown = {
        "assessed": "panel-assessment",
        "drafted": "panel-papers",
        "scheduled": "panel-court",
        "enforcing": "panel-court",
    }
    assert shown.get(at_point, case.number) in body
    queue = client.get("/staff/queue/all/").content.decode()
    assert (case.number in queue) == (case.ended_at is None)


def test_a_paper_is_downloaded_by_counsel_and_the_look_is_kept(cast: Cast, client: Client) -> None:
    case = factory.litigation(cast, at="drafted")
    draft = case.known_drafts["statement"]
    sign_in(client, factory.counsel().user)
    before = ReadLog.objects.filter(scope=case.pk).count()

    answer = client.get(f"/staff/cases/{case.number}/court-papers/{draft.pk}/")

    assert answer.status_code == 200 and answer.headers["Content-Type"] == "application/pdf"
    assert ReadLog.objects.filter(scope=case.pk).count() == before + 1
    sign_in(client, cast.supervisor.user)
    assert client.get(f"/staff/cases/{case.number}/court-papers/{draft.pk}/").status_code == 404


def consumer_in(case: Litigation) -> Client:
    client = Client()
    enter(client, factory.complaint_of(case))
    return client


def test_the_consumer_reads_confirms_and_writes_on_the_own_page(cast: Cast) -> None:
    case = factory.litigation(cast, at="drafted")
    client, place = consumer_in(case), f"/track/{case.number}/"
    page = client.get(place)
    body = page.content.decode()
    assert page.status_code == 200 and "民事起诉状" in body and "上海市杨浦区示例路1号" in body
    sha256 = body.split('name="sha256" value="')[1][:64]
    draft = case.known_drafts["statement"]
    assert client.get(f"{place}court/papers/{draft.pk}/").headers["Content-Type"] == "application/pdf"

    stale = client.post(f"{place}court/", {"act": "confirm", "sha256": "0" * 64, "key": "k1"})
    assert stale.status_code == 409
    done = client.post(f"{place}court/", {"act": "confirm", "sha256": sha256, "key": "k2"})
    again = client.post(f"{place}court/", {"act": "confirm", "sha256": sha256, "key": "k2"})

    assert done.status_code == again.status_code == 302
    assert case.confirmations.count() == 1 and case.confirmations.get().actor_kind == "consumer"
    empty = client.post(f"{place}court/", {"act": "message", "text": " ", "key": "k3"})
    assert empty.status_code == 409
    assert client.post(f"{place}court/", {"act": "message", "text": "民族：汉", "key": "k4"}).status_code == 302
    assert case.messages.filter(is_incoming=True).count() == 1


def test_another_consumers_visit_opens_nothing_of_it(cast: Cast) -> None:
    case = factory.litigation(cast, at="drafted")
    draft = case.known_drafts["statement"]
    other = complaint_factory.complaint(cast, at="investigating", phone="13900139000", name="李四")
    client = Client()
    enter(client, other, at=NOW, phone="13900139000")

    for address in (f"/track/{case.number}/", f"/track/{case.number}/court/papers/{draft.pk}/"):
        assert client.get(address).status_code == 404
    assert client.post(f"/track/{case.number}/court/", {"act": "withdraw", "key": "x"}).status_code == 404
    assert Litigation.objects.get(pk=case.pk).state == "collecting"


def test_a_complaint_is_carried_to_court_from_the_consumers_page(cast: Cast) -> None:
    origin = complaint_factory.complaint(cast, at="investigating")
    client = Client()
    enter(client, origin)

    shown = client.get(f"/track/{origin.number}/after/court/")
    assert shown.status_code == 200 and "起诉" in shown.content.decode()
    done = client.post(f"/track/{origin.number}/after/court/", {"key": "k1"})

    case = Litigation.objects.get(origin=origin)
    assert done.status_code == 302 and case.state == "requested"
    assert client.get(f"/track/{case.number}/").status_code == 200


def test_the_api_lists_and_reads_them_and_masks_what_nobody_of_the_unit_has_taken(cast: Cast) -> None:
    case, chief = factory.litigation(cast, at="scheduled"), factory.counsel("legal-chief", "supervisor").actor
    other = complaint_factory.complaint(cast, at="investigating", phone="13900139000")
    waiting = factory.opened(cast, origin=other)
    program = make_program(role="legal", unit=factory.counsel().user.unit)
    actions.assign_litigation(case, actor=chief, now=factory.moment_of("scheduled"), to=program.key.owner)

    found = program.get("/api/v1/litigations/").json()["results"]
    whole = program.get(f"/api/v1/litigations/{case.number}/").json()
    masked = program.get(f"/api/v1/litigations/{waiting.number}/").json()

    assert {row["number"] for row in found} == {case.number, waiting.number}
    assert whole["docket_number"] == case.docket_number and whole["matter"] == case.matter.number
    assert (whole["small_claims"]["band"], whole["seals"]) == ("must", 1)
    assert len(whole["papers"]) == 2 and whole["hearings"][0]["place"] == "第三法庭"
    assert not any(secret in str(whole) for secret in PRIVATE)
    assert (masked["sight"], masked["court"], masked["papers"], masked["courts"]) == ("masked", "", [], [])
    assert masked["filed_on"] is None and masked["small_claims"] is None
    assert program.get(f"/api/v1/litigations/{other.number}/").status_code == 404
    assert make_program(role="handler").get(f"/api/v1/litigations/{case.number}/").status_code == 404


def test_the_seed_holds_litigations_and_seeding_twice_changes_nothing(cast: Cast) -> None:
    first = seed(NOW)["litigations"]

    assert len(first) == 2 and {row["state"] for row in first} == {"requested"}
    assert seed(NOW + timedelta(hours=1))["litigations"] == first


def test_the_invariants_hold_and_name_what_breaks_them(cast: Cast) -> None:
    factory.litigation(cast, at="filed")
    other = complaint_factory.complaint(cast, at="investigating", phone="13900139000")
    actions.record_interruption(
        factory.litigation(cast, at="assessed", origin=other), actor=factory.counsel().actor, now=NOW, kind="demand",
        on=factory.ASSESSMENT["knew_on"], evidence="催告函",
    )  # fmt: skip
    assert list(breaches()) == []

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE litigation_confirmation DISABLE TRIGGER USER")
        cursor.execute("UPDATE litigation_confirmation SET sha256 = '\\x00'")
        cursor.execute("UPDATE clocks_clock SET state = 'stopped', stopped_at = due_at WHERE family = 'FILE7'")
    found = {breach.code: len(breach.rows) for breach in breaches()}
    assert (found["litigations.final"], found["litigations.clocks"]) == (1, 1)
