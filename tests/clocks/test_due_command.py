"""The command `due`: the promise of the contract."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from cases.clocks.rules import load
from jike import calendars

pytestmark = pytest.mark.django_db


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    call_command("due", *arguments, "--json")
    found: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return found


def due(capsys: pytest.CaptureFixture[str], received: str, rule: str, *more: str) -> tuple[str | None, bool]:
    found = run(capsys, "--received", received, "--rule", rule, *more)
    return found["due"], found["provisional"]


def test_the_answer_has_the_end_and_lines_that_add_up(capsys: pytest.CaptureFixture[str]) -> None:
    found = run(capsys, "--received", "2026-09-28T10:00+08:00", "--rule", "CMP15")

    assert (found["due"], found["provisional"], found["rule"]) == ("2026-10-13T23:59:59+08:00", False, "CMP15@2020-03")
    assert [(line["days"], line["day"]) for line in found["lines"]] == [(0, "2026-09-28"), (15, "2026-10-13")]
    assert all(line["label"] and line["source"] for line in found["lines"])


@pytest.mark.parametrize("code", load().codes)
def test_every_rule_answers(capsys: pytest.CaptureFixture[str], code: str) -> None:
    assert due(capsys, "2026-09-28T10:00+08:00", code)[0]


def test_a_day_before_the_first_version_is_answered_by_the_first(capsys: pytest.CaptureFixture[str]) -> None:
    assert due(capsys, "2019-09-25", "CMP15") == ("2019-10-10T23:59:59+08:00", False)


@pytest.mark.parametrize(
    ("more", "ends"),
    [
        (["--pause", "2026-11-10..2026-11-24"], "2026-12-01T23:59:59+08:00"),
        (
            ["--pause", "2026-11-10..2026-11-24", "--pause", "appraisal:2026-11-20..2026-11-28"],
            "2026-12-05T23:59:59+08:00",
        ),
        (["--pause", "appraisal:2026-11-20..2026-11-28:unmet"], "2026-11-16T23:59:59+08:00"),
        (["--pause", "2026-11-10.."], None),
        (["--extend"], "2026-12-01T23:59:59+08:00"),
        (["--extend", "30", "--extend", "60"], "2026-12-31T23:59:59+08:00"),
        (["--extend", "15", "--extend", "30"], "2026-12-31T23:59:59+08:00"),
        (["--extend", "CMP30@2026-11-16T23:59:59", "--extend", "CMP60"], "2026-12-31T23:59:59+08:00"),
    ],
)
def test_pauses_and_extensions(capsys: pytest.CaptureFixture[str], more: list[str], ends: str | None) -> None:
    assert due(capsys, "2026-11-01T10:00", "CMP15", *more)[0] == ends


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (["--extend", "60"], "extension.step_skipped"),
        (["--extend", "CMP30@2026-11-17T00:00:00"], "extension.too_late"),
        (["--extend", "--extend", "--extend"], "extension.none_left"),
        (["--pause", "2026-11-10..2026-11-24:unmet"], "pause.no_consent"),
        (["--pause", "identity_check:2026-11-10..2026-11-24"], "pause.not_allowed"),
    ],
)
def test_what_the_law_refuses_is_refused(capsys: pytest.CaptureFixture[str], more: list[str], code: str) -> None:
    with pytest.raises(CommandError):
        call_command("due", "--received", "2026-11-01T10:00", "--rule", "CMP15", *more, "--json")

    found = json.loads(capsys.readouterr().out)
    assert (found["due"], [blocker["code"] for blocker in found["blockers"]]) == (None, [code])


@pytest.mark.parametrize(
    "arguments",
    [
        ["--received", "yesterday", "--rule", "CMP15"],
        ["--received", "2026-11-01", "--rule", "NONE"],
        ["--received", "2026-11-01", "--rule", "CMP15", "--length", "20"],
        ["--received", "2026-11-01", "--rule", "EVI", "--length", "-1"],
        ["--received", "2026-11-01", "--rule", "CMP15", "--pause", "2026-11-10"],
        ["--received", "2026-11-01", "--rule", "CMP15", "--pause", "nap:2026-11-10..2026-11-11"],
        ["--received", "2026-11-01", "--rule", "CMP15", "--pause", "2026-11-10..soon"],
        ["--received", "2026-11-01", "--rule", "RET7", "--extend", "NONE"],
        ["--received", "2026-11-01", "--rule", "RET7", "--extend"],
        ["--received", "2026-11-01", "--rule", "RET7", "--pause", "2026-11-10..2026-11-11"],
    ],
)
def test_what_cannot_be_read_is_said(arguments: list[str]) -> None:
    with pytest.raises(CommandError):
        call_command("due", *arguments)


def test_a_length_set_by_a_court(capsys: pytest.CaptureFixture[str]) -> None:
    assert due(capsys, "2026-11-02", "EVI", "--length", "20")[0] == "2026-11-23T23:59:59+08:00"


def test_an_imported_notice_counts(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    before = due(capsys, "2026-12-18", "PI_REQ")
    notice = tmp_path / "2027.json"
    days = [{"name": "元旦", "date": f"2027-01-0{day}", "isOffDay": True} for day in (1, 2, 3, 4)]
    notice.write_text(json.dumps({"year": 2027, "days": days}), encoding="utf-8")

    call_command("import_calendar", str(notice), "--json")
    calendars.forget()

    assert (before, due(capsys, "2026-12-18", "PI_REQ")) == (
        ("2027-01-11T23:59:59+08:00", True),
        ("2027-01-12T23:59:59+08:00", False),
    )


def test_people_read_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    with translation.override("en"):
        call_command("due", "--received", "2026-09-22", "--rule", "CMP15")
        call_command("due", "--received", "2026-12-18", "--rule", "PI_REQ")
        call_command("due", "--received", "2026-11-01", "--rule", "CMP15", "--pause", "2026-11-10..")
    lines = capsys.readouterr().out.splitlines()

    assert lines[1] == "Ends: 2026-10-07 23:59:59"
    assert lines[3].startswith("  2026-10-07    +15  Period: 15 calendar days  [O2020-3 art 18")
    assert lines[4].startswith(
        "· 2026-10-08         For information, as Civil Code article 203 may be read: next working day"
    )
    assert "Ends: 2027-01-11 23:59:59 (provisional: a holiday notice is still to come)" in lines
    assert "Ends: suspended, 7 days left" in lines
