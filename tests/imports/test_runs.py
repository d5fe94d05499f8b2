"""Imports on the screen: the way from the file to the result, who may see it, and that nothing of it lies in the clear."""

from __future__ import annotations

import csv
import io
import json
import uuid
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from cases.complaints.models import Complaint
from cases.imports import actions, pages
from cases.imports.models import ImportLine, ImportRun
from cases.imports.queries import unsealed
from cases.models import Message, Source
from jike.base.dates import now
from jike.base.errors import Refused
from jike.outbox import jobs
from jike.outbox.models import Job
from jike.web.downloads import plain_cell
from tests.accounts.signing_in import sign_in
from tests.people import Cast, staff

NAME, PHONE, STORY = "麤鱻犇", "13812349876", "鹦鹉学会了背诵还款计划表"
HEADER = "工单编号,登记时间,客户姓名,联系电话,客户诉求,投诉内容,备注栏\n"
ROWS = (
    f"K1,2026-03-01 10:00,{NAME},{PHONE},退款,{STORY},x\n"
    "K2,2026年3月2日 上午10:00,李四,13800138001,退款,没有服务,\n"
    "K1,2026-03-01 10:00,王五,13800138002,退款,别的,\n"
    "K4,没有日期,赵六,13800138003,退款,别的,\n"
    "合计,,,,,,4\n"
)
FILE = (HEADER + ROWS).encode("gb18030")
FULL = {"created": 2, "duplicate": 1, "rejected": 1, "left_out": 1, "warned": 1}


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.FILES_URL = f"file://{tmp_path / 'files'}"


def uploaded(cast: Cast, content: bytes = FILE, name: str = "投诉登记.xls") -> ImportRun:
    run = actions.receive_file(content, name, actor=cast.supervisor.actor, now=now())
    jobs.run_due()
    return ImportRun.objects.get(pk=run.pk)


def matched(cast: Cast, run: ImportRun, *, is_live: bool = False, **columns: str) -> ImportRun:
    given = {**unsealed(run, "columns"), **columns}
    return actions.match_columns(
        run, columns=given, source="热线系统", is_live=is_live, actor=cast.supervisor.actor, now=now()
    )


def checked(cast: Cast, run: ImportRun) -> ImportRun:
    actions.check(run, columns=unsealed(run, "columns"), actor=cast.supervisor.actor, now=now())
    jobs.run_due()
    return ImportRun.objects.get(pk=run.pk)


def started(cast: Cast, run: ImportRun) -> ImportRun:
    actions.start(run, actor=cast.supervisor.actor, now=now())
    jobs.run_due()
    return ImportRun.objects.get(pk=run.pk)


def test_the_file_is_looked_into_and_its_columns_are_suggested(cast: Cast) -> None:
    run = uploaded(cast)

    assert run.state == "mapping"
    found = unsealed(run, "inspection")
    assert (found["format"], found["encoding"], found["header_line"]) == ("csv", "gb18030", 1)
    assert unsealed(run, "columns") == {
        "工单编号": "external_id",
        "登记时间": "received_at",
        "客户姓名": "name",
        "联系电话": "phone",
        "客户诉求": "claim",
        "投诉内容": "narrative",
    }


def test_a_trial_writes_nothing_and_the_import_does_what_it_said(cast: Cast) -> None:
    run = checked(cast, matched(cast, uploaded(cast)))
    assert (run.state, run.checked, run.total) == ("checked", FULL, 5)
    assert not Complaint.objects.exists()

    run = started(cast, run)

    assert (run.state, run.counts) == ("done", FULL)
    assert Complaint.objects.filter(is_historical=True, unit=cast.unit).count() == 2
    assert set(Source.objects.values_list("name", flat=True)) == {"热线系统"}
    lines = ImportLine.objects.filter(run=run, phase="run").order_by("position")
    assert [(line.line, line.result, line.codes) for line in lines] == [
        (2, "created", []),
        (3, "created", []),
        (4, "duplicate", ["number.reused"]),
        (5, "rejected", ["received_at.unreadable"]),
        (6, "left_out", ["row.total"]),
    ]
    assert [bool(line.case_id) for line in lines] == [True, True, False, False, False]


def test_a_second_import_of_the_file_adds_nothing_and_remembers_the_columns(cast: Cast) -> None:
    first = matched(cast, uploaded(cast), 备注栏="tags")
    started(cast, checked(cast, first))

    again = uploaded(cast, FILE.replace(b"K4", b"K5"))
    assert (unsealed(again, "columns")["备注栏"], again.source) == ("tags", "热线系统")
    again = checked(cast, again)

    assert again.checked["duplicate"] == 3
    with pytest.raises(Refused, match=r"import\.nothing_new"):
        actions.start(again, actor=cast.supervisor.actor, now=now())


def test_live_rows_become_real_complaints(cast: Cast) -> None:
    run = started(cast, checked(cast, matched(cast, uploaded(cast), is_live=True)))

    assert run.counts == FULL
    assert Complaint.objects.filter(is_historical=False).count() == 2
    assert Message.objects.filter(purpose="receipt", channel="sms").count() == 2


def test_a_trial_asks_for_what_a_record_needs(cast: Cast) -> None:
    run = matched(cast, uploaded(cast), is_live=True, 登记时间="", 联系电话="name")

    with pytest.raises(Refused) as refused:
        actions.check(run, columns=unsealed(run, "columns"), actor=cast.supervisor.actor, now=now())

    assert [(b.code, b.field) for b in refused.value.blockers] == [
        ("columns.missing", "received_at"),
        ("columns.missing", "phone"),
        ("columns.twice", "name"),
    ]


def test_a_second_start_is_refused_and_makes_no_second_job(cast: Cast) -> None:
    run = checked(cast, matched(cast, uploaded(cast)))
    actions.start(run, actor=cast.supervisor.actor, now=now())

    with pytest.raises(Refused, match=r"import\.started"):
        actions.start(run, actor=cast.supervisor.actor, now=now())

    assert Job.objects.filter(topic="imports.advance", state="ready").count() == 1


def test_a_stopped_import_goes_on_at_its_row(cast: Cast, monkeypatch) -> None:
    monkeypatch.setattr("cases.imports.work.HISTORY_BATCH", 1)
    monkeypatch.setattr("cases.imports.work.PIECE_SECONDS", -1)
    run = checked(cast, matched(cast, uploaded(cast)))
    actions.start(run, actor=cast.supervisor.actor, now=now())
    jobs.run_job(Job.objects.get(topic="imports.advance", state="ready").pk)

    stopped = actions.stop(run, actor=cast.supervisor.actor, now=now())
    jobs.run_due()
    assert (ImportRun.objects.get(pk=run.pk).position, stopped.state) == (1, "stopped")

    actions.resume(run, actor=cast.supervisor.actor, now=now())
    jobs.run_due()

    run.refresh_from_db()
    assert (run.state, run.counts, Complaint.objects.count()) == ("done", FULL, 2)


def test_a_worker_that_comes_late_settles_nothing_twice(cast: Cast) -> None:
    """The first worker is thought dead and is not: the position it knows is no longer the one of the row."""
    from cases.imports import work

    run = checked(cast, matched(cast, uploaded(cast)))
    run = actions.start(run, actor=cast.supervisor.actor, now=now())
    late = ImportRun.objects.select_related("file", "unit").get(pk=run.pk)
    batch = next(work._batches(late))
    jobs.run_due()

    assert work._settle(late, batch) is False
    assert ImportLine.objects.filter(run=run, phase="run").count() == 5


def test_an_unreadable_file_says_why_and_can_be_read_another_way(cast: Cast) -> None:
    run = uploaded(cast, b"PK\x03\x04 no workbook", "x.xlsx")
    assert run.state == "unreadable"
    assert pages.run_context(run, cast.supervisor.actor, now=now())["trouble"]

    odd = uploaded(cast, "甲,乙\nNr,Tag\n1,2026-03-01\n".encode())
    assert not unsealed(odd, "inspection")["is_known"]
    actions.read_again(odd, actor=cast.supervisor.actor, now=now(), header_line=2)
    jobs.run_due()
    odd.refresh_from_db()
    assert unsealed(odd, "inspection")["headers"] == ["Nr", "Tag"]


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "合同\u202efdp.exe", "=cmd|x", "甲" * 300, "<img onerror=x>", "a\r\nb", "."]
)
def test_a_file_may_be_called_anything(cast: Cast, name: str) -> None:
    client = sign_in(Client(), cast.supervisor.user)
    run = uploaded(cast, FILE, name)

    assert client.get(f"/staff/imports/{run.pk}/").status_code == 200
    assert "<img onerror" not in client.get("/staff/imports/").content.decode()


def walk(client: Client) -> ImportRun:
    """The whole way as a person clicks it."""
    answer = client.post("/staff/imports/", {"file": SimpleUploadedFile("登记.csv", FILE)})
    run = ImportRun.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/staff/imports/{run.pk}/")
    jobs.run_due()
    page = client.get(f"/staff/imports/{run.pk}/").content.decode()
    assert "麤**" in page and "138****9876" in page and NAME not in page and PHONE not in page
    chosen = {
        f"column{n}": name
        for n, name in enumerate(["external_id", "received_at", "name", "phone", "claim", "narrative", ""])
    } | {"is_live": "history"}
    assert client.post(f"/staff/imports/{run.pk}/columns/", {**chosen, "source": "", "try": "1"}).status_code == 400
    assert client.post(f"/staff/imports/{run.pk}/columns/", {**chosen, "source": "热线", "try": "1"}).status_code == 302
    busy = client.get(f"/staff/imports/{run.pk}/").content.decode()
    assert 'http-equiv="refresh"' in busy and "hx-get" in busy
    jobs.run_due()
    assert client.get(f"/staff/imports/{run.pk}/progress/").headers["HX-Refresh"] == "true"
    assert client.post(f"/staff/imports/{run.pk}/start/").status_code == 302
    jobs.run_due()
    return ImportRun.objects.get()


def test_the_whole_way_on_the_screen(cast: Cast) -> None:
    client = sign_in(Client(), cast.supervisor.user)

    run = walk(client)

    page = client.get(f"/staff/imports/{run.pk}/").content.decode()
    assert run.state == "done"
    assert Complaint.objects.first().number in page
    assert client.post(f"/staff/imports/{run.pk}/start/").status_code == 409
    report = client.get(f"/staff/imports/{run.pk}/report/").content
    assert report.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(report.decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == ["2", "3", "4", "5", "6"]
    assert rows[1][2] == Complaint.objects.order_by("number").first().number


def test_no_cell_of_the_report_is_a_formula() -> None:
    assert [plain_cell(text) for text in ("=1+1", "+1", "-1", "@x", "\tx", "ok")] == [
        "'=1+1",
        "'+1",
        "'-1",
        "'@x",
        "'\tx",
        "ok",
    ]


def test_an_empty_and_a_too_large_file_are_refused(cast: Cast, monkeypatch) -> None:
    client = sign_in(Client(), cast.supervisor.user)
    monkeypatch.setattr("cases.imports.uploading.LARGEST_FILE", 100)
    monkeypatch.setattr("cases.imports.rules.LARGEST_FILE", 100)

    for content in (b"", b"x" * 5000):
        assert client.post("/staff/imports/", {"file": SimpleUploadedFile("x.csv", content)}).status_code == 400
    assert client.post("/staff/imports/").status_code == 400
    assert not ImportRun.objects.exists()


def test_an_import_of_another_unit_is_not_there(cast: Cast) -> None:
    run = checked(cast, matched(cast, uploaded(cast)))
    others = [
        staff("elsewhere", "supervisor", unit=cast.other_unit),
        cast.colleague,
        cast.auditor,
        cast.executive,
        staff("root", "system_admin", unit=cast.unit),
        staff("unitless", "supervisor"),
    ]
    for person in others:
        client = sign_in(Client(), person.user)
        for pk in (run.pk, uuid.uuid4()):
            answers = [client.get(f"/staff/imports/{pk}/{tail}").status_code for tail in ("", "progress/", "report/")]
            answers += [
                client.post(f"/staff/imports/{pk}/{tail}/", {"encoding": "utf-8"}).status_code
                for tail in ("read", "columns", "start", "stop", "resume")
            ]
            assert answers == [404] * 8, person.user.username
        page = client.get("/staff/imports/")
        assert page.status_code == 404 or str(run.pk) not in page.content.decode()
    assert ImportRun.objects.get(pk=run.pk).state == "checked"


def test_a_handler_may_not_upload(cast: Cast) -> None:
    assert sign_in(Client(), cast.handler.user).post("/staff/imports/", {}).status_code == 404
    with pytest.raises(Refused, match=r"actor\.no_power"):
        actions.receive_file(FILE, "x.csv", actor=cast.handler.actor, now=now())


def test_nothing_of_the_file_lies_in_the_clear(cast: Cast, tmp_path, caplog) -> None:
    caplog.set_level("DEBUG")
    started(cast, checked(cast, matched(cast, uploaded(cast, name=f"{NAME}.csv"))))

    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        dump = ""
        for table in tables:
            cursor.execute(f"SELECT coalesce(json_agg(t)::text, '') FROM \"{table}\" t")
            dump += cursor.fetchone()[0]
    stored = b"".join(path.read_bytes() for path in (tmp_path / "files").rglob("*") if path.is_file())
    for word in (NAME, PHONE, STORY):
        assert word not in dump
        assert json.dumps(word)[1:-1] not in dump
        assert word.encode() not in stored and word.encode("gb18030") not in stored
        assert word not in caplog.text
    assert ("K1" in dump) is True  # the detector finds what is meant to be there
    assert str(django_settings.FILES_URL).endswith("files")


def test_a_busy_import_without_a_sign_of_life_says_so(cast: Cast) -> None:
    run = actions.receive_file(FILE, "x.csv", actor=cast.supervisor.actor, now=now())

    assert pages.progress_of(run, now=now())["is_silent"] is False
    assert pages.progress_of(run, now=now() + timedelta(minutes=4))["is_silent"] is True
