"""The worked dates of the design rules, by their numbers."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from cases.clocks.dates import Line, is_overdue
from cases.clocks.labels import remaining
from cases.clocks.rules import load
from cases.clocks.steps import blockers_to_extend
from jike.base.errors import Refused
from tests.clocks.counting import CALENDAR, appraisal, at, due, last_day, mediation, step, summed


def beside(code: str, started: str) -> dict[str, str]:
    """What is said beside the sum."""
    return {line.key: line.day.isoformat() for line in due(code, started).lines if not line.counts}


@pytest.mark.rule("R1")
def test_r1_the_day_of_receipt_is_not_counted_and_holidays_are() -> None:
    found = due("CMP15", "2026-09-28T10:00")

    assert found.at == datetime.fromisoformat("2026-10-13T23:59:59+08:00")
    assert not found.provisional
    assert [(line.key, line.days, line.day) for line in found.lines] == [
        ("start", 0, date(2026, 9, 28)),
        ("period", 15, date(2026, 10, 13)),
    ]


@pytest.mark.rule("R2")
def test_r2_the_day_of_receipt_is_a_day_in_shanghai() -> None:
    assert last_day("CMP15", "2026-09-28T16:30+00:00") == "2026-10-14"
    assert last_day("CMP15", "2026-09-28T15:59:59+00:00") == "2026-10-13"
    assert last_day("CMP15", "2026-09-28T16:00:00+00:00") == "2026-10-14"


@pytest.mark.rule("R3")
def test_r3_an_own_duty_does_not_roll_and_warns_on_the_last_working_day() -> None:
    found = due("CMP15", "2026-09-22")

    assert found.day == date(2026, 10, 7)
    assert found.warn_on == date(2026, 9, 30)
    assert found.lines[2:] == (
        Line("civil_code_203", 0, date(2026, 10, 8), "CC art 203", counts=False),
        Line("warn_day", 0, date(2026, 9, 30), "house warn", counts=False),
    )


@pytest.mark.rule("R3")
def test_r3_warnings_do_not_fall_into_the_holiday() -> None:
    found = due("CMP15", "2026-09-22")

    shares = [found.started_at + (found.at - found.started_at) * percent / 100 for percent in (50, 75, 90)]
    assert [share.date().isoformat() for share in shares] == ["2026-09-30", "2026-10-04", "2026-10-06"]
    assert found.warnings == (shares[0], at("2026-09-30T09:00"), at("2026-09-30T09:00"))


@pytest.mark.rule("R3")
def test_r3_an_earlier_warning_is_never_told_after_a_later_one() -> None:
    """Half lies on a working afternoon, three quarters in the holiday: both are told that morning."""
    found = due("CMP15", "2026-09-23T08:00")

    half = found.started_at + (found.at - found.started_at) / 2
    assert (half.date().isoformat(), found.warnings) == ("2026-10-01", (at("2026-09-30T09:00"),) * 3)
    assert due("XF_OBJ", "2026-10-01").warnings[0] == at("2026-10-01"), "never before the start"


@pytest.mark.rule("R3")
def test_r3_what_ends_within_days_off_is_told_at_once() -> None:
    found = due("FUNDER", "2026-10-02T08:00")

    assert (found.day, set(found.warnings)) == (date(2026, 10, 5), {at("2026-10-02T08:00")})


@pytest.mark.rule("R4")
def test_r4_only_working_days_wait_for_the_notice_of_2027() -> None:
    complaint, request = due("CMP15", "2026-12-18"), due("PI_REQ", "2026-12-18")

    assert (complaint.day, complaint.provisional) == (date(2027, 1, 2), False)
    assert (request.day, request.provisional) == (date(2027, 1, 11), True)
    assert {line.key: line.is_provisional for line in complaint.lines if not line.counts} == {
        "civil_code_203": True,
        "warn_day": True,
    }
    assert due("RET7", "2026-12-25").provisional, "a consumer's right rolls by the notice of 2027"
    assert not due("RET7", "2026-12-18").provisional


@pytest.mark.rule("R5")
def test_r5_the_first_extension_needs_a_reason_and_gives_thirty_days() -> None:
    assert last_day("CMP15", "2026-09-28", extensions=[step("CMP30", "2026-10-10")]) == "2026-10-28"
    assert last_day("CMP30", "2026-09-28") == "2026-10-28"
    with pytest.raises(Refused) as refused:
        due("CMP15", "2026-09-28", extensions=[step("CMP30", "2026-10-10", reason=" ")])
    assert [b.code for b in refused.value.blockers] == ["extension.no_reason"]


@pytest.mark.rule("R6")
def test_r6_the_second_extension_needs_approval_and_notice_in_time() -> None:
    first = step("CMP30", "2026-10-10")
    told = step("CMP60", "2026-10-20", approved="2026-10-21", noticed="2026-10-28T23:59:59")

    assert last_day("CMP15", "2026-09-28", extensions=[first, told]) == "2026-11-27"


@pytest.mark.rule("R6")
@pytest.mark.parametrize(
    ("approved", "noticed", "lacks"),
    [
        ("2026-10-21", None, ["extension.not_noticed"]),
        ("2026-10-21", "2026-10-29T00:00:00", ["extension.not_noticed"]),
        (None, "2026-10-21", ["extension.not_approved"]),
        ("2026-10-29T00:00:00", None, ["extension.not_approved", "extension.not_noticed"]),
    ],
)
def test_r6_without_approval_or_notice_in_time_it_stays_overdue(
    approved: str | None, noticed: str | None, lacks: list[str]
) -> None:
    void = step("CMP60", "2026-10-20", approved=approved, noticed=noticed)

    found = due("CMP15", "2026-09-28", extensions=[step("CMP30", "2026-10-10"), void])

    assert found.day == date(2026, 10, 28)
    assert found.rule.code == "CMP30"
    assert found.lines[-1].values == {"code": "CMP60", "lacks": lacks}
    assert is_overdue(found.at, decided_at=None, told_at=None, now=at("2026-10-29T00:00:00"))


@pytest.mark.rule("R7")
def test_r7_no_extension_after_the_end() -> None:
    in_time, late = step("CMP30", "2026-10-13T23:59:59"), step("CMP30", "2026-10-14T00:00:00")

    assert last_day("CMP15", "2026-09-28", extensions=[in_time]) == "2026-10-28"
    with pytest.raises(Refused) as refused:
        due("CMP15", "2026-09-28", extensions=[late])
    assert [b.code for b in refused.value.blockers] == ["extension.too_late"]


@pytest.mark.rule("R7")
def test_r7_no_step_is_skipped_and_sixty_is_the_most() -> None:
    told = {"approved": "2026-10-05", "noticed": "2026-10-05"}
    first, second = step("CMP30", "2026-10-01"), step("CMP60", "2026-10-02", **told)

    with pytest.raises(Refused) as skipped:
        due("CMP15", "2026-09-28", extensions=[second])
    with pytest.raises(Refused) as beyond:
        due("CMP15", "2026-09-28", extensions=[first, second, second])

    assert [b.code for b in skipped.value.blockers] == ["extension.step_skipped"]
    assert [b.code for b in beyond.value.blockers] == ["extension.none_left"]
    assert [b.code for b in blockers_to_extend(load().of("REV_DEC")[-1], first, due_at=None)] == ["extension.none_left"]


@pytest.mark.rule("R8")
@pytest.mark.parametrize(
    ("decided", "told", "overdue"),
    [
        ("2026-10-13T23:59:59", "2026-10-13T23:59:59", False),
        ("2026-10-13T23:59:59", "2026-10-13T23:59:59.999999", False),
        ("2026-10-13T23:59:59", "2026-10-14T00:00:00", True),
        ("2026-10-12T09:00:00", "2026-10-14T09:00:00", True),
        ("2026-10-12T09:00:00", None, True),
        (None, None, True),
    ],
)
def test_r8_deciding_and_telling_must_both_be_in_time(decided: str | None, told: str | None, overdue: bool) -> None:
    limit = due("CMP15", "2026-09-28").at

    found = is_overdue(
        limit,
        decided_at=at(decided) if decided else None,
        told_at=at(told) if told else None,
        now=at("2026-10-14T00:00:00"),
    )

    assert found is overdue


@pytest.mark.rule("R8")
def test_r8_what_is_not_done_yet_is_in_time_until_the_end() -> None:
    limit = due("CMP15", "2026-10-20").at

    assert not is_overdue(limit, decided_at=None, told_at=None, now=at("2026-10-31T23:59:59"))  # R67
    assert not is_overdue(limit, decided_at=None, told_at=None, now=at("2026-11-04T23:59:59"))
    assert is_overdue(limit, decided_at=None, told_at=None, now=at("2026-11-05T00:00:00"))
    assert not is_overdue(None, decided_at=None, told_at=None, now=at("2026-11-05T00:00:00"))


@pytest.mark.rule("R9")
def test_r9_pauses_are_whole_days_and_overlaps_count_once() -> None:
    mediating, appraising = mediation("2026-11-10", "2026-11-24"), appraisal("2026-11-20", "2026-11-28")

    assert last_day("CMP15", "2026-11-01") == "2026-11-16"
    assert last_day("CMP15", "2026-11-01", pauses=[mediating]) == "2026-12-01"
    assert last_day("CMP15", "2026-11-01", pauses=[appraising, mediating]) == "2026-12-05"


@pytest.mark.rule("R10")
def test_r10_appraisal_without_notice_and_mediation_without_consent() -> None:
    silent, unwanted = (
        appraisal("2026-11-10", "2026-11-12", is_noticed=False),
        mediation("2026-11-10", "2026-11-12", has_consent=False),
    )

    found = due("CMP15", "2026-11-01", pauses=[silent])
    with pytest.raises(Refused) as refused:
        due("CMP15", "2026-11-01", pauses=[unwanted])

    assert (found.day, found.lines[2].key, found.lines[2].days) == (date(2026, 11, 16), "pause_void", 0)
    assert [b.code for b in refused.value.blockers] == ["pause.no_consent"]


@pytest.mark.rule("R11")
def test_r11_an_open_pause_suspends_and_freezes_what_is_left() -> None:
    found = due("CMP15", "2026-11-01", pauses=[mediation("2026-11-10", None)])

    assert (found.at, found.left, found.warnings) == (None, 7, ())
    assert last_day("CMP15", "2026-11-01", pauses=[mediation("2026-11-10", "2026-11-30")]) == "2026-12-07"


@pytest.mark.rule("R11")
def test_r11_a_pause_after_the_end_cures_nothing() -> None:
    after, on_the_day = mediation("2026-11-17", "2026-11-20"), mediation("2026-11-16", "2026-11-20")

    found = due("CMP15", "2026-11-01", pauses=[after])

    assert (found.day, found.lines[2].key) == (date(2026, 11, 16), "pause_too_late")
    assert last_day("CMP15", "2026-11-01", pauses=[mediation("2026-11-17", None)]) == "2026-11-16"
    assert last_day("CMP15", "2026-11-01", pauses=[on_the_day]) == "2026-11-21"


def test_a_closed_pause_and_an_open_one_that_overlap_are_one_open_pause() -> None:
    pauses = [
        mediation("2026-11-10", "2026-11-12"),
        appraisal("2026-11-11", None),
        mediation("2026-11-14", "2026-11-15"),
    ]

    assert (due("CMP15", "2026-11-01", pauses=pauses).left, due("CMP15", "2026-11-01", pauses=pauses[:1]).day) == (
        7,
        date(2026, 11, 19),
    )


@pytest.mark.rule("R22", "R27", "R28")
@pytest.mark.parametrize(
    ("rule", "code", "started", "ends"),
    [
        ("R22", "SUP_FWD", "2026-09-28", "2026-10-13"),
        ("R22", "SUP_FWD", "2026-09-18", "2026-09-29"),
        ("R22", "SUP_FWD", "2026-02-11", "2026-02-27"),
        ("R22", "SUP_FWD", "2026-04-30", "2026-05-13"),
        ("R27", "REV_REQ", "2026-10-13", "2026-11-12"),
        ("R27", "REV_REQ", "2026-09-05", "2026-10-08"),
        ("R28", "REV_DEC", "2026-11-10", "2026-12-10"),
        ("R28", "REV_DEC", "2026-09-05", "2026-10-05"),
        ("R31", "RET7", "2026-11-16T15:20", "2026-11-23"),
        ("R32", "RET7", "2026-09-30", "2026-10-08"),
        ("R32", "RET7", "2026-09-28", "2026-10-08"),
        ("R43", "ZX_OBJ", "2026-11-22", "2026-12-12"),
        ("R46", "SFQR30", "2026-10-20", "2026-11-19"),
        ("R46", "SFQR30", "2026-09-01", "2026-10-08"),
        ("R49", "LIM", "2026-11-22", "2029-11-22"),
        ("R49", "LIM", "2027-03-01", "2030-03-01"),
        ("R54", "POL3", "2026-09-28", "2026-10-01"),
        ("R54", "POL7", "2026-09-28", "2026-10-05"),
        ("R54", "POL30", "2026-09-28", "2026-10-28"),
        ("R54", "RECON", "2026-09-25", "2026-10-08"),
        ("R61", "PI_REQ", "2026-11-22", "2026-12-11"),
        ("§1.1", "CMP60", "2026-09-28", "2026-11-27"),
        ("§1.1", "CMP_AGREED", "2026-12-20", "2026-12-20"),
        ("§1.1", "SAMR_MED", "2026-01-05", "2026-03-13"),
        ("§1.1", "XF_TELL", "2026-09-22", "2026-10-07"),
        ("§1.1", "XF_OBJ", "2026-09-30", "2026-10-13"),
        ("§1.1", "MED30", "2026-09-01", "2026-10-01"),
        ("§1.1", "FILE7", "2026-09-28", "2026-10-05"),
        ("FEE2006 art 22", "FEE7", "2026-09-28", "2026-10-08"),
        ("§1.1", "EVI", "2026-09-20", "2026-10-08"),
        ("§1.1", "EVI_SMALL", "2026-11-02", "2026-11-09"),
        ("§1.1", "APPEAL", "2026-09-18", "2026-10-08"),
        ("§1.1", "APPEAL_RULING", "2026-09-18", "2026-09-28"),
        ("§1.1", "ENF", "2024-02-29", "2026-02-28"),
        ("§1.1", "ENF", "2023-05-01", "2025-05-06"),
        ("§1.1", "REREV", "2026-11-02", "2026-11-09"),
        ("§1.1", "CFPB15", "2026-09-28", "2026-10-13"),
        ("§1.1", "CFPB60", "2026-09-28", "2026-11-27"),
        ("§1.1", "DISP3", "2026-09-30", "2026-10-05"),
        ("§1.1", "DISP8W", "2026-09-28", "2026-11-23"),
    ],
)
def test_worked_dates(rule: str, code: str, started: str, ends: str) -> None:
    found = due(code, started)

    assert last_day(code, started) == ends
    assert summed(found).isoformat() == ends


def test_r54_the_strict_day_is_reminded_of() -> None:
    assert beside("RECON", "2026-09-25") == {"strict_day": "2026-10-02"}


@pytest.mark.parametrize(
    ("code", "started", "ends"),
    [
        ("RET_MERCH", "2026-09-30T15:20:30", "2026-10-02T15:20:30+08:00"),
        ("CAC4H", "2026-12-31T22:30", "2027-01-01T02:30:00+08:00"),
    ],
)
def test_hours_run_from_the_moment(code: str, started: str, ends: str) -> None:
    found = due(code, started)

    assert found.at == datetime.fromisoformat(ends)
    assert (summed(found), found.provisional, found.warn_on) == (found.day, False, None)


def test_a_length_set_by_somebody_else() -> None:
    assert last_day("EVI", "2026-11-02", length=20) == "2026-11-23"  # the 22nd is a Sunday
    assert last_day("CMP_AGREED", "2026-11-02", length=5) == "2026-11-07"
    with pytest.raises(ValueError, match="fixed length"):
        due("CMP15", "2026-11-02", length=20)


def test_r30_of_the_rulings_days_left_and_working_days_among_them() -> None:
    limit = at("2026-10-13T23:59:59")

    def left(now: str) -> tuple[int, int, bool]:
        found = remaining(limit, now=at(now), calendar=CALENDAR)
        return found.days, found.working_days, found.is_late

    assert left("2026-09-28T10:00") == (15, 7, False)
    assert left("2026-10-13T00:00:00") == left("2026-10-13T23:59:59") == (0, 0, False)
    assert left("2026-10-14T00:00:00") == (-1, 0, True)
    assert remaining(at("2027-01-05T23:59:59"), now=at("2026-12-30"), calendar=CALENDAR).is_provisional
