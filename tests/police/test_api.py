"""Police reports through the API: lists and reads, masked for whoever sees the head alone, and never the words of a statement."""

from __future__ import annotations

from django.test import Client

from jike.verbs import verb_named
from tests.accounts.signing_in import sign_in
from tests.api.conftest import make_program
from tests.factories import complaints as complaint_factory
from tests.factories import police as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast

REPORTS = "/api/v1/police-reports/"


def test_the_list_holds_police_reports_alone_and_masks(cast: Cast) -> None:
    case = factory.report(cast, at="not_docketed")
    near, far = make_program("cases.read"), make_program("cases.read", unit=cast.other_unit)

    rows = near.get(REPORTS).json()["results"]
    assert [row["number"] for row in rows] == [case.number] and rows[0]["kind"] == "police_report"
    assert far.get(REPORTS).json()["results"] == []
    assert near.get(f"{REPORTS}{case.number}/").status_code == 404
    complaint = complaint_factory.complaint(cast, phone="13900139000")
    assert near.get(f"{REPORTS}{complaint.number}/").status_code == 404


def test_whoever_handles_it_reads_days_and_papers_and_no_statement(cast: Cast) -> None:
    case = factory.report(cast, at="not_docketed")
    program = make_program("cases.read", "cases.words")
    verb_named("police.assign").action(
        case, actor=cast.supervisor.actor, now=RECEIVED.replace(hour=23), to=program.key.owner
    )

    body = program.get(f"{REPORTS}{case.number}/").json()

    assert (body["capacity"], body["has_remedy"], body["origin"]) == ("accuser", True, case.origin.number)
    assert {"code": "RECON", "strict": "2026-10-05", "last": "2026-10-08", "is_running": True} in body["days"]
    assert body["receipt_no"] == factory.REPORT["receipt_no"] and body["statement_confirmed"] is True
    assert {"code": "calls", "state": "none"} in body["materials"]
    assert "失去联系" not in str(body) and "蒋某" not in str(body)


def test_an_auditor_reads_the_head_and_nothing_the_police_wrote(cast: Cast) -> None:
    case = factory.report(cast, at="not_docketed")
    auditor = sign_in(Client(), cast.auditor.user)

    body = auditor.get(f"{REPORTS}{case.number}/").json()
    assert body["sight"] == "masked" and body["days"] == [] and body["materials"] == []
    assert (body["organ"], body["receipt_no"], body["words"]) == (None, None, None)
    for told in ("reported_by", "accepted_on", "refused_on", "has_remedy"):
        assert body[told] is None, told


def test_what_may_be_done_is_named_and_done_through_the_verbs(cast: Cast) -> None:
    case = factory.report(cast, at="preparing")
    program = make_program("cases.read", "police.*")
    assign = verb_named("police.assign").action
    assign(case, actor=cast.supervisor.actor, now=RECEIVED.replace(hour=23), to=program.key.owner)
    address = f"/api/v1/cases/{case.number}/verbs/"

    verbs = {row["verb"]: row for row in program.get(address).json()["results"]}
    assert verbs["add_loss"]["possible"] and not verbs["mark_ready"]["possible"]
    assert "hand_out_pack" not in verbs  # the file goes with it: on the workbench
    loss = {"occurred_on": "2026-08-03", "amount_cny": "12600.00", "payee": "示例中心", "channel": "bank"}
    assert program.post(f"{address}add_loss/", loss).status_code == 200
    assert program.post(f"{address}add_loss/", loss | {"channel": "gold"}).status_code == 400
    answer = program.post(f"{address}mark_ready/")
    assert answer.status_code == 409
    assert {b["code"] for b in answer.json()["blockers"]} == {"statement.unconfirmed", "material.open"}
