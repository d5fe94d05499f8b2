"""The command `explain`: every clock of a case, with its arithmetic."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from cases.clocks import ledger, sweep
from tests.clocks.counting import at, mediation

NOW = at("2026-09-30")


def test_every_clock_is_told_on_the_last_line(case: Any, capsys: pytest.CaptureFixture[str]) -> None:
    ledger.replace(case, ledger.running(case, family="CMP"), pauses=[mediation("2026-10-01", "2026-10-02")], now=NOW)

    call_command("explain", case.number, "--json")

    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert found == {"number": case.number, "clocks": ledger.explain(case)}
    assert [clock["state"] for clock in found["clocks"]] == ["running", "replaced"], "the next danger on top"


def test_people_read_every_clock_with_its_sum(case: Any, capsys: pytest.CaptureFixture[str]) -> None:
    ledger.start(case, "PI_REQ", at=at("2026-12-18"), now=NOW)
    ledger.replace(case, ledger.running(case, family="CMP"), pauses=[mediation("2026-10-01", None)], now=NOW)
    ledger.start(case, "XF_OBJ", at=at("2026-09-28"), now=NOW)
    sweep.mark_breaches(at("2026-10-14"))
    ledger.stop(case, "XF_OBJ", at=at("2026-10-14"), now=at("2026-10-14"))

    with translation.override("en"):
        call_command("explain", case.number)

    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == case.number
    assert "Ends: 2026-10-13T23:59:59+08:00" in lines
    assert "Ends: 2027-01-11T23:59:59+08:00 (provisional: a holiday notice is still to come)" in lines
    assert "Ends: suspended, 13 days left" in lines
    assert "Stopped: 2026-10-14T10:00:00+08:00" in lines
    assert "Overdue, seen: 2026-10-14T10:00:00+08:00" in lines
    assert sum("Day of the start, not counted" in line for line in lines) == 4


def test_a_number_nobody_has_is_said(case: Any) -> None:
    with pytest.raises(CommandError):
        call_command("explain", "TS20990101-00001")
