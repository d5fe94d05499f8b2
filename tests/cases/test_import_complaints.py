"""Importing complaints: history as the source tells it, real complaints with clocks, and never a silent loss."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from cases.clocks.models import Clock
from cases.complaints.models import Complaint
from cases.handling import rules
from cases.imports import rows
from cases.imports.historical import record_history
from cases.models import Case, Event, Message, Party, Source
from cases.starter import ensure_starter_data
from jike import ledger
from jike.accounts.roles import machine_actor
from jike.base.errors import Refused
from jike.outbox.models import Job
from jike.privacy import open_sealed
from lending.models import Merchant
from tests.people import staff

DATA = Path(__file__).parent.parent / "data"
REAL = Path(__file__).parents[3] / "shared" / "data" / "complaints"
COUNTS = ("rows", "created", "duplicates", "rejected", "warnings")
CHINESE = (
    "投诉编号,投诉日期,办结日期,姓名,手机号,诉求,事实,商户,渠道,金额\n"
    "K1,2026-03-01,2026-03-10,张三,１３８ 0013 8000,退款,商家停业,启航示例教育培训学校,电话,1200\n"
    "K2,2026-03-02,2026-02-01,李四,0571-8888,退款,没有服务,,黑猫,\n"
    "K3,没有日期,,王五,13800138001,退款,事实,,来信,\n"
    "K1,2026-03-01,,张三,13800138000,退款,别的内容,,电话,\n"
    ",2026-03-04,,赵六,13800138002,道歉,态度差,,电话,\n"
    ",2026-03-04,,赵六,13800138002,道歉,态度差,,电话,\n"
)


@pytest.fixture
def units(db):
    ensure_starter_data(datetime(2026, 1, 1, tzinfo=UTC))


def run(path: Path, *options: str) -> dict:
    out = io.StringIO()
    call_command("import_complaints", str(path), "--json", *options, stdout=out)
    return json.loads(out.getvalue().splitlines()[-1])


def counts(summary: dict) -> tuple:
    return tuple(summary[name] for name in COUNTS)


@pytest.fixture
def chinese(tmp_path) -> Path:
    path = tmp_path / "投诉.csv"
    path.write_text(CHINESE, encoding="gb18030")
    return path


@pytest.mark.parametrize(
    ("name", "rows", "warnings"),
    [("cfpb_2015q1_slice.csv", 30, 1), ("cfpb_2015_2020_slice.csv", 24, 2)],
    ids=["2015", "2020"],
)
def test_a_slice_of_each_real_file_comes_in_whole_and_once(units, name, rows, warnings):
    assert counts(run(DATA / name)) == (rows, rows, 0, 0, warnings)
    assert counts(run(DATA / name)) == (rows, 0, rows, 0, warnings)

    assert Complaint.objects.filter(is_historical=True).count() == Source.objects.count() == rows


@pytest.mark.parametrize(
    ("name", "rows", "warnings", "facts"),
    [
        ("cfpb_2015q1.csv", 5620, 1, {"company_response": "In progress", "count": 523}),
        ("cfpb_2015_2020.csv", 1326, 2, {"company_response": "In progress", "count": 8}),
    ],
    ids=["2015", "2020"],
)
def test_the_real_files_come_in_whole(units, name, rows, warnings, facts):
    if not (REAL / name).exists():
        pytest.skip("the real files are not on this machine")

    assert counts(run(REAL / name)) == (rows, rows, 0, 0, warnings)

    assert Source.objects.filter(facts__company_response=facts["company_response"]).count() == facts["count"]
    assert (
        Case.objects.filter(state="received").count()
        == Source.objects.exclude(facts__company_response__startswith="Closed").count()
    )
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_history_has_event_and_seal_but_no_clock_and_no_message(units):
    run(DATA / "cfpb_2015_2020_slice.csv")

    case = Complaint.objects.get(sources__external_id="3205076")
    assert (case.state, case.received_at.isoformat(), case.version) == ("closed", "2019-04-07T16:00:00+00:00", 1)
    assert [(e.verb, e.before_state, e.after_state) for e in case.events.all()] == [
        ("complaints.record_history", "", "closed")
    ]
    assert case.sources.get().facts["company_response"] == "Closed with explanation"
    assert open_sealed(Complaint.objects.get(sources__external_id="3446975"), "narrative").startswith(
        "Today XX/XX/XXXX went online"
    )
    assert not Clock.objects.exists() and not Message.objects.exists() and not Job.objects.exists()
    assert list(ledger.verify()) == []
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_every_row_is_created_duplicate_or_rejected_by_its_line(units, chinese):
    summary = run(chinese)

    assert counts(summary) == (6, 3, 2, 1, 3)
    assert [(r["row"], r["code"]) for r in summary["rejected_rows"]] == [(4, "received_at.unreadable")]
    assert [(r["row"], r["code"]) for r in summary["warned_rows"]] == [
        (3, "closed_at.before_receipt"),
        (3, "phone.unusual"),
        (5, "number.reused"),
    ]


def test_a_second_run_adds_nothing_and_still_names_the_reused_number(units, chinese):
    run(chinese)
    before = (Case.objects.count(), Event.objects.count(), Party.objects.count())

    summary = run(chinese)

    assert counts(summary) == (6, 0, 5, 1, 3)
    assert (Case.objects.count(), Event.objects.count(), Party.objects.count()) == before


def test_names_and_phones_are_sealed_and_masked(units, chinese):
    run(chinese)

    party = Party.objects.get(case__sources__external_id="K1")
    assert (party.name_mask, party.phone_mask) == ("张**", "138****8000")
    assert (str(party.name), open_sealed(party, "phone")) == ("•••", "13800138000")
    assert open_sealed(Party.objects.get(case__sources__external_id="K2"), "phone") == "0571-8888"
    assert "张三" not in json.dumps(list(Source.objects.values_list("facts", flat=True)), ensure_ascii=False)


def test_two_imports_at_once_cannot_write_a_row_twice(units):
    """The second one judged its rows before the first had committed, and writes after it."""
    now = datetime(2026, 9, 28, tzinfo=UTC)
    row = rows.Complaint(line=2, source="import", number="K1", received_at=now, fingerprint="f")

    assert record_history([row], actor=machine_actor("importer"), now=now) == [row]
    assert record_history([row], actor=machine_actor("importer"), now=now) == []
    assert Case.objects.count() == 1


def test_only_the_importer_may_record_history(units):
    with pytest.raises(Refused, match=r"actor\.no_power"):
        record_history([], actor=machine_actor("outbox-worker"), now=datetime(2026, 9, 28, tzinfo=UTC))


def test_a_dry_run_counts_the_same_and_writes_nothing(units, chinese):
    summary = run(chinese, "--dry-run")

    assert counts(summary) == (6, 3, 2, 1, 3)
    assert not Case.objects.exists() and not Source.objects.exists()


def test_live_rows_become_real_complaints_with_one_acknowledgement_each(units, chinese):
    summary = run(chinese, "--live")
    again = run(chinese, "--live")

    assert counts(summary)[:4] == (6, 2, 2, 2)
    assert {(r["row"], r["code"]) for r in summary["rejected_rows"]} == {
        (3, "phone.invalid"),
        (4, "received_at.unreadable"),
    }
    assert counts(again)[:4] == (6, 0, 4, 2)
    case = Complaint.objects.get(sources__external_id="K1")
    assert (case.state, case.is_historical, case.merchant.name) == ("received", False, "启航示例教育培训学校")
    assert Clock.objects.filter(state="running", code="CMP15").count() == 2
    assert Message.objects.filter(purpose="receipt", channel="sms").count() == 2


def test_contradictions_of_the_source_are_warnings(units, tmp_path):
    path = tmp_path / "file.csv"
    path.write_text(
        "Complaint ID,Date received,Date sent to company,Product,Issue,Company response,Timely response?\n"
        "1,3/18/2015,3/17/2015,Loan,Fees,Untimely response,Yes\n",
        encoding="utf-8",
    )

    summary = run(path)

    assert [r["code"] for r in summary["warned_rows"]] == ["timely.contradiction", "sent.before_receipt"]
    assert summary["created"] == 1


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("1.23E+17,2020-01-01", "number.cut"),
        (f"{'9' * 61},2020-01-01", "number.too_long"),
        ("1,", "received_at.missing"),
        ("1,2999-01-01", "received_at.future"),
        ("1,12", "received_at.unreadable"),
        ("1,13/13/2015", "received_at.unreadable"),
        ("1,1900-01-12", "received_at.unlikely"),
    ],
)
def test_rows_that_cannot_be_true_are_rejected(units, tmp_path, row, code):
    path = tmp_path / "file.csv"
    path.write_text(f"Complaint ID,Date received\n{row}\n", encoding="utf-8")

    summary = run(path)

    assert counts(summary)[:4] == (1, 0, 0, 1)
    assert [(r["row"], r["code"]) for r in summary["rejected_rows"]] == [(2, code)]


def test_text_the_database_cannot_hold_costs_only_its_row(units, tmp_path):
    path = tmp_path / "file.jsonl"
    rows = [
        {"complaint_id": n, "date_received": "2020-01-01", "product": text}
        for n, text in enumerate(["a", "b\ud800", "c\0d"])
    ]
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="ascii")

    summary = run(path)

    assert counts(summary)[:4] == (3, 2, 0, 1)
    assert [r["row"] for r in summary["rejected_rows"]] == [2]


def test_the_same_number_from_another_source_is_another_complaint(units, chinese):
    run(chinese)

    assert counts(run(chinese, "--source", "heimao"))[1] == 3


@pytest.mark.parametrize(
    "options", [["--map", "external_id=没有"], ["--map", "x=投诉编号"], ["--encoding", "nonsense"]]
)
def test_a_wrong_call_is_refused_before_anything_is_written(units, chinese, options):
    with pytest.raises(CommandError):
        run(chinese, *options)

    assert not Case.objects.exists()


@pytest.mark.django_db
def test_a_new_installation_gets_its_units_first(chinese):
    assert counts(run(chinese))[1] == 3
    assert set(Complaint.objects.values_list("unit__code", flat=True)) == {"HQ-CP"}
    assert not Merchant.objects.exists()


def test_a_missing_file_and_a_file_without_dates_are_refused(units, tmp_path):
    (tmp_path / "file.csv").write_text("投诉编号,姓名\n1,张三\n", encoding="utf-8")

    for path in (tmp_path / "none.csv", tmp_path / "file.csv"):
        with pytest.raises(CommandError):
            run(path)


def test_nobody_works_on_a_record_of_history(units):
    run(DATA / "cfpb_2015_2020_slice.csv")
    still_open = Complaint.objects.filter(state="received").first()
    handler = staff("historian", "handler", unit=still_open.unit)

    found = rules.blockers_to_claim(still_open, handler.actor, now=datetime(2026, 11, 22, tzinfo=UTC))

    assert [blocker.code for blocker in found] == ["case.historical"]
