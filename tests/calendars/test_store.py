"""Notices in the database: versions, the cache, the command."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from jike import calendars
from jike.calendars.models import HolidayYear
from jike.calendars.notices import parse_notice, shipped_calendar

NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
DAYS = [
    {"name": "元旦", "date": "2027-01-01", "isOffDay": True},
    {"name": "元旦", "date": "2027-01-04", "isOffDay": True},
]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_calendar() -> Iterator[None]:
    calendars.forget()
    yield
    calendars.forget()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "2027.json"
    path.write_text(json.dumps({"year": 2027, "days": DAYS}, ensure_ascii=False), encoding="utf-8")
    return path


def run(path: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    call_command("import_calendar", str(path), "--json")
    found: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return found


def test_the_stored_calendar_is_the_shipped_one() -> None:
    assert calendars.current() == shipped_calendar()
    assert str(HolidayYear.objects.get(year=2026)) == "2026 v1"


def test_the_calendar_is_read_once(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert calendars.current() is calendars.current()


def test_an_imported_year_counts_and_is_no_longer_provisional(
    file: Path, capsys: pytest.CaptureFixture[str], django_capture_on_commit_callbacks: Any
) -> None:
    before = calendars.current().add_working_days(date(2026, 12, 31), 1)

    with django_capture_on_commit_callbacks(execute=True):
        told = run(file, capsys)

    assert (before, calendars.current().add_working_days(date(2026, 12, 31), 1)) == (
        (date(2027, 1, 4), True),
        (date(2027, 1, 5), False),
    )
    assert {key: told[key] for key in ("year", "version", "new", "days")} == {
        "year": 2027,
        "version": 1,
        "new": True,
        "days": 2,
    }
    assert len(told["warnings"]) == 5


def test_the_same_file_twice_changes_nothing_and_a_correction_is_a_version(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(file, capsys)
    again = run(file, capsys)
    file.write_text(json.dumps({"year": 2027, "days": DAYS[:1]}), encoding="utf-8")
    corrected = run(file, capsys)
    calendars.forget()

    assert (again["version"], again["new"], corrected["version"], corrected["new"]) == (1, False, 2, True)
    assert HolidayYear.objects.filter(year=2027).count() == 2
    assert calendars.current().is_working_day(date(2027, 1, 4))


def test_a_bad_file_is_refused_and_nothing_is_stored(tmp_path: Path) -> None:
    path = tmp_path / "bad.json"
    path.write_text('{"year": 2027, "days": []}', encoding="utf-8")

    with pytest.raises(CommandError):
        call_command("import_calendar", str(path))
    with pytest.raises(CommandError):
        call_command("import_calendar", str(tmp_path / "none.json"))

    assert not HolidayYear.objects.filter(year=2027).exists()


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "gbk.json"
    path.write_bytes(json.dumps({"year": 2027, "days": DAYS}, ensure_ascii=False).encode("gbk"))

    with pytest.raises(CommandError):
        call_command("import_calendar", str(path))


def test_without_json_people_read_a_sentence(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_calendar", str(file))
    first = capsys.readouterr()
    call_command("import_calendar", str(file))

    assert "2027" in first.out
    assert len(first.err.splitlines()) == 5
    assert capsys.readouterr().out != first.out


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE calendars_holidayyear SET days = '[]'",
        "DELETE FROM calendars_holidayyear",
        "TRUNCATE calendars_holidayyear",
    ],
)
def test_stored_notices_never_change(statement: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert HolidayYear.objects.count() == 8


def test_a_version_is_stored_once() -> None:
    done = calendars.import_notice(parse_notice(json.dumps({"year": 2027, "days": DAYS})), now=NOW)

    with pytest.raises(IntegrityError), transaction.atomic():
        HolidayYear.objects.create(year=2027, version=done.version, days=DAYS, imported_at=NOW)
