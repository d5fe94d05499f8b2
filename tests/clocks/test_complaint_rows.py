"""The rows of the clock table that concern complaints, by the numbers of the design rules; those not in `test_worked_dates`."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cases.clocks import ledger
from cases.clocks.pauses import Pause
from cases.clocks.rules import load
from jike.base.errors import Refused
from tests.clocks.counting import at, due, last_day, mediation, summed

NOW = at("2026-09-30T14:00")


@pytest.mark.rule("R12")
def test_r12_a_withdrawal_ends_every_clock_the_same_day(case: Any) -> None:
    ledger.start(case, "FUNDER", at=at("2026-09-28"), now=NOW)

    ledger.stop_all(case, at=NOW, now=NOW)

    assert {(c.code, c.state, c.stopped_at) for c in ledger.clocks_of(case)} == {
        ("CMP15", "stopped", NOW),
        ("FUNDER", "stopped", NOW),
    }
    assert case.next_due_at is None


@pytest.mark.rule("R13")
def test_r13_an_agreed_date_runs_beside_the_original_which_is_kept(case: Any) -> None:
    agreed = ledger.start(case, "CMP_AGREED", at=at("2026-11-20"), now=NOW)

    assert (agreed.due_at, agreed.duty) == (at("2026-11-20T23:59:59"), "ours")
    original = ledger.running(case, family="CMP")
    assert original is not None and original.due_at == at("2026-10-13T23:59:59")
    with pytest.raises(Refused):
        due("CMP_AGREED", "2026-11-20", pauses=[mediation("2026-11-10", "2026-11-12")])


@pytest.mark.rule("R14")
def test_r14_new_facts_give_fifteen_days_from_their_own_receipt() -> None:
    assert last_day("CMP15", "2026-10-05") == "2026-10-20"


@pytest.mark.rule("R15")
def test_r15_asking_for_material_stops_nothing() -> None:
    kinds = {kind for code in ("CMP15", "CMP30", "CMP60") for rule in load().of(code) for kind in rule.pausable}

    assert kinds == {"mediation", "appraisal"}
    with pytest.raises(Refused):
        due("CMP15", "2026-09-28", pauses=[Pause("identity_check", date(2026, 10, 1), date(2026, 10, 2))])


@pytest.mark.rule("R22")
@pytest.mark.parametrize(
    ("code", "started", "ends", "provisional"),
    [
        ("SUP_FWD", "2026-12-28", "2027-01-07", True),  # working days of a year without a notice
        ("SUP_FWD", "2026-09-28", "2026-10-13", False),
        ("SAMR_ACC", "2026-09-28", "2026-10-13", False),
        ("SAMR_MED", "2026-11-22", "2027-01-25", True),
        ("XF_TELL", "2026-12-20", "2027-01-04", False),
        ("XF_OBJ", "2026-12-28", "2027-01-05", True),
        ("PI_REQ", "2026-11-22", "2026-12-11", False),
        ("REV_REQ", "2026-12-02", "2027-01-04", True),  # the first of January is a day off, then a weekend
        ("REV_DEC", "2026-12-02", "2027-01-01", False),
        ("FUNDER", "2026-09-28", "2026-10-01", False),
    ],
)
def test_r22_working_days_of_a_year_without_a_notice_are_provisional(
    code: str, started: str, ends: str, provisional: bool
) -> None:
    found = due(code, started)

    assert (last_day(code, started), found.provisional) == (ends, provisional)
    assert summed(found).isoformat() == ends


@pytest.mark.rule("R24")
def test_r24_the_inner_limit_for_the_funder_is_no_due_date_of_the_case(case: Any) -> None:
    clock = ledger.start(case, "FUNDER", at=at("2026-09-28"), now=NOW)

    assert (clock.duty, clock.due_at, clock.rule.source[0]) == ("info", at("2026-10-01T23:59:59"), "house FUNDER")
    assert (case.next_due_code, len(clock.warnings)) == ("CMP15", 4)
