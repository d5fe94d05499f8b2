"""A report of the house itself, in which no consumer takes part, and the record of what authorities asked and were given."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from cases.complaints import actions as complaints
from cases.complaints.models import Complaint
from cases.models import Link, Message
from cases.police import actions, manifest
from cases.police.models import Cooperation, PoliceReport
from cases.police.panels import panels_of
from cases.queries import NotVisible, case_for, sight_of
from jike.accounts.models import Unit
from jike.accounts.roles import consumer_actor, machine_actor
from jike.base.dates import cst_date, pinned
from jike.base.errors import Refused
from jike.privacy import open_sealed
from jike.verbs import verb_named
from tests.accounts.signing_in import sign_in
from tests.factories import police as factory
from tests.factories.complaints import RECEIVED
from tests.matrices import refused_by_the_database
from tests.people import Cast, staff

NOW = RECEIVED + timedelta(hours=12)
ABOUT = "同一门店以虚假合同骗取贷款，本单位损失待核。"
ASKED: dict[str, Any] = {
    "authority": factory.ORGAN,
    "basis": "request",
    "reference": "东公协查〔2026〕12号",
    "wanted": "该门店全部放款合同",
    "asked_on": cst_date(NOW),
}


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [b.code for b in refused.value.blockers]


def own(cast: Cast, origin: Complaint | None = None, **more: Any) -> PoliceReport:
    """A report of the house that a supervisor opened out of a complaint."""
    origin = origin or factory.complaint(cast)
    given = {"capacity": "accuser", "about": ABOUT} | more
    complaints.open_house_report(origin, actor=cast.supervisor.actor, now=NOW, **given)
    return PoliceReport.objects.get(origin=None)


def done(case: PoliceReport, cast: Cast, action: Any, **given: Any) -> PoliceReport:
    return action(case, actor=cast.supervisor.actor, now=NOW, **given)


def ready(cast: Cast) -> PoliceReport:
    case = done(own(cast), cast, actions.begin)
    case = done(case, cast, actions.add_loss, **factory.LOSS)
    case = done(case, cast, actions.draft_statement, facts="虚假合同三十份。", suspects="")
    case = done(case, cast, actions.confirm_statement, sha256=factory.hash_of(case), evidence="总经理签批单 7")
    for row in case.materials.order_by("seq"):
        case = done(case, cast, actions.settle_material, material=row, state="have", note="档案室")
    return done(case, cast, actions.mark_ready)


def packed(case: PoliceReport, cast: Cast) -> PoliceReport:
    """A pack that another supervisor let out."""
    case = factory.issued(done(case, cast, actions.build_pack, **(factory.PACK | {"basis": "request"})), cast, NOW)
    case = done(case, cast, actions.ask_pack_release, pack=factory.last_pack(case))
    payload = bytes(case.approvals.get(verdict="").payload_sha256).hex()
    other = staff("second", "supervisor", unit=cast.unit)
    return actions.release_pack(case, actor=other.actor, now=NOW, verdict="approved", payload=payload)


def test_the_house_reports_for_itself_and_no_consumer_takes_part_or_hears_of_it(cast: Cast) -> None:
    origin = factory.complaint(cast)
    second = factory.complaint(cast, phone="13900139000")
    case = own(cast, origin, numbers=[second])

    assert (case.state, case.is_own, case.consumer_id, case.origin_id) == ("requested", True, None, None)
    assert (case.assignee_id, case.unit_id) == (cast.supervisor.user.pk, cast.unit.pk)
    linked = Link.objects.filter(case_id=case.pk, kind="related").values_list("other_id", flat=True)
    assert set(linked) == {origin.pk, second.pk}
    assert case.known_parties == [] and not Message.objects.filter(case_id=case.pk).exists()
    with pytest.raises(NotVisible):
        case_for(consumer_actor(origin.consumer_id), case.number)
    assert sight_of(case, cast.colleague.actor) is None
    case = done(case, cast, actions.begin)
    assert {row.code for row in case.known_materials} == {
        "own_licence",
        "own_contracts",
        "own_logs",
        "own_evidence_list",
    }
    assert open_sealed(case, "wish") == ABOUT


def test_it_is_opened_by_who_may_about_something_and_about_cases_one_may_read(cast: Cast) -> None:
    origin, hidden = factory.complaint(cast), factory.complaint(cast, phone="13900139000")
    complaints.recuse_oneself(hidden, actor=cast.supervisor.actor, now=NOW, ground="other", reason="Friend.")
    hidden = Complaint.objects.get(pk=hidden.pk)
    for actor, given, code in (
        (cast.handler.actor, {"about": ABOUT}, "actor.no_power"),
        (cast.supervisor.actor, {"about": " "}, "about.missing"),
        (cast.supervisor.actor, {"about": ABOUT, "numbers": [hidden]}, "concerning.unseen"),
    ):
        with pytest.raises(Refused) as refused:
            complaints.open_house_report(origin, actor=actor, now=NOW, capacity="accuser", **given)
        assert code in codes(refused)
    assert not PoliceReport.objects.exists()


def test_a_machine_opens_one_that_waits_in_the_pool_of_the_unit_for_it(cast: Cast) -> None:
    finder = replace(machine_actor("clock"), powers=frozenset({"police.open_own"}))

    case = actions.open_house_report(actor=finder, now=NOW, capacity="reporter", about=ABOUT)

    assert (case.unit, case.assignee) == (Unit.objects.get(code="HQ-FRAUD"), None)


def test_whoever_is_recused_from_a_case_it_concerns_is_recused_from_it(cast: Cast) -> None:
    origin = factory.complaint(cast)
    complaints.recuse_oneself(origin, actor=cast.colleague.actor, now=NOW, ground="other", reason="Friend.")

    assert own(cast, Complaint.objects.get(pk=origin.pk)).recused_people == {cast.colleague.user.person}


def test_it_leaves_by_a_second_person_under_the_name_of_the_house_and_is_reported_by_it(cast: Cast) -> None:
    case = ready(cast)
    report = {"accepted_on": cst_date(NOW)} | factory.REPORT
    with pytest.raises(Refused) as refused:
        done(case, cast, actions.record_report, **report)
    assert codes(refused) == ["reported_by.own"]
    with pytest.raises(Refused) as refused:
        done(case, cast, actions.record_report, **(report | {"reported_by": "house"}))
    assert codes(refused) == ["pack.not_released"]
    with pytest.raises(Refused) as refused:
        done(case, cast, actions.withdraw, evidence="x")
    assert codes(refused) == ["own.no_consumer"]

    case = packed(case, cast)
    said = manifest.read(factory.last_pack(case))
    assert (said["reporter"]["is_house"], said["origin"], said["loss_cny"]) == (True, "", "12600.00")
    assert "王小明" not in str(said) and "13800138000" not in str(said)
    case = done(case, cast, actions.record_report, **(report | {"reported_by": "house"}))
    case = done(case, cast, actions.record_refusal, refusal_no="9号", received_on=cst_date(NOW))
    assert case.state == "not_docketed" and case.clocks.filter(family="RECON", state="running").exists()
    assert not Message.objects.filter(case_id=case.pk).exists()


def test_a_request_is_on_record_and_answered_once_with_data_only_as_a_pack_that_was_handed_over(cast: Cast) -> None:
    case = packed(ready(cast), cast)
    case = done(case, cast, actions.record_request, **ASKED)
    row, pack = case.known_requests[0], factory.last_pack(case)
    answer = {"request": row, "answer": "pack", "pack": pack, "answered_on": cst_date(NOW)}
    with pytest.raises(Refused) as refused:
        done(case, cast, actions.answer_request, **answer)
    assert codes(refused) == ["pack.not_handed"]

    case = done(case, cast, actions.hand_out_pack, pack=pack, given_to="李警官 东-1201")
    case = done(case, cast, actions.answer_request, **answer)

    row = case.requests.get()
    assert (row.answer, row.pack_id, row.answered_by) == ("pack", pack.pk, cast.supervisor.user)
    with pytest.raises(Refused) as refused:
        done(case, cast, actions.answer_request, **answer)
    assert codes(refused) == ["request.none"]
    panel = next(panel for panel in panels_of(case, [], now=NOW) if panel.code == "requests")
    shown = " ".join(str(note) for item in panel.items for note in item.notes)
    assert all(part in shown for part in (ASKED["wanted"], ASKED["reference"], pack.code, "supervisor"))


def test_what_is_answered_without_data_says_what_and_refusing_says_why(cast: Cast) -> None:
    case = done(own(cast), cast, actions.record_request, **ASKED)
    answer = {"request": case.known_requests[0], "answer": "refused", "answered_on": cst_date(NOW)}

    with pytest.raises(Refused) as refused:
        done(case, cast, actions.answer_request, given=" ", **answer)
    assert codes(refused) == ["given.missing"]
    case = done(case, cast, actions.answer_request, given="未附立案文书，请补。", **answer)

    assert case.requests.get().answer == "refused"


def test_the_database_keeps_requests_and_lets_no_consumer_into_a_report_of_the_house(cast: Cast) -> None:
    origin = factory.complaint(cast)
    case = done(own(cast, origin), cast, actions.record_request, **ASKED)
    row = case.requests.get()
    changed = Cooperation.objects.filter(pk=row.pk)

    refused_by_the_database(lambda: changed.update(authority="别处"), "answered once")
    refused_by_the_database(lambda: changed.delete(), "answered once")
    told = {"answer": "pack", "answered_on": cst_date(NOW), "answered_by": cast.supervisor.user, "answered_at": NOW}
    refused_by_the_database(lambda: changed.update(**told), "released and handed over")
    with connection.cursor() as cursor:
        cursor.execute("SELECT reference, wanted FROM police_cooperation")
        assert not any(word in str(cursor.fetchall()) for word in (ASKED["wanted"], ASKED["reference"]))

    def with_consumer() -> None:
        again = PoliceReport.locked(case.pk)
        again.consumer_id = origin.consumer_id
        again.record(verb_named("police.note"), actor=machine_actor("clock"), now=NOW, key="")

    refused_by_the_database(with_consumer, "no consumer takes part")


def test_pages_and_programs_show_it_as_a_report_of_the_house(cast: Cast, client: Client) -> None:
    origin = factory.complaint(cast)
    sign_in(client, cast.supervisor.user)
    with pinned(NOW):
        form = client.get(f"/staff/cases/{origin.number}/open_house_report/")
        assert form.status_code == 200
        bad = client.post(
            f"/staff/cases/{origin.number}/open_house_report/",
            {"capacity": "accuser", "about": ABOUT, "numbers": "TS1"},
        )
        assert bad.status_code == 400
        client.post(
            f"/staff/cases/{origin.number}/open_house_report/", {"capacity": "accuser", "about": ABOUT, "key": "k"}
        )
        case = PoliceReport.objects.get(origin=None)
        page = client.get(f"/staff/cases/{case.number}/").content.decode()
        assert "本单位报案" in page and "警企协作记录" in page and ABOUT in page
        assert client.get(reverse("staff:ties", args=[origin.number])).content.decode().count(case.number)
        assert client.get(f"/staff/cases/{case.number}/packs/").status_code == 200
        found = client.get(f"/api/v1/police-reports/{case.number}/").json()
    assert (found["is_own"], found["origin"], found["requests"]) == (True, None, [])
