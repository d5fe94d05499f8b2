"""Reading a year's notice: what is accepted, and what is said about what is not."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.utils import translation

from jike.calendars.notices import Notice, NoticeInvalid, parse_notice, shipped_notices

DAY = {"name": "元旦", "date": "2027-01-01", "isOffDay": True}


def notice(**changed: Any) -> str:
    return json.dumps({"year": 2027, "days": [DAY]} | changed, ensure_ascii=False)


def test_every_shipped_year_is_read_and_complete() -> None:
    notices = shipped_notices()

    assert [n.year for n in notices] == list(range(2019, 2027))
    assert all(n.source.startswith("http") for n in notices)
    assert {n.year: n.missing_statutory_days() for n in notices if n.missing_statutory_days()} == {}


def test_other_keys_are_ignored_and_papers_kept() -> None:
    read = parse_notice(
        json.dumps({"$id": "x", "year": 2027, "papers": ["https://www.gov.cn/a"], "days": [DAY | {"note": 1}]})
    )

    assert read == Notice(2027, "https://www.gov.cn/a", (DAY,))
    assert read.off == {date(2027, 1, 1)}
    assert date(2027, 10, 1) in read.missing_statutory_days()


def test_days_of_the_neighbouring_month_belong_to_the_notice() -> None:
    before, after = DAY | {"date": "2026-12-31"}, DAY | {"date": "2028-01-01"}

    assert len(parse_notice(notice(days=[after, before])).days) == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "The file is not JSON (line 1)."),
        ("[]", "The file must hold one object with “year” and “days”."),
        (notice(year="2027"), "“year” must be a year between 2000 and 2100."),
        (notice(year=True), "“year” must be a year between 2000 and 2100."),
        (notice(days=[]), "“days” must be a list and may not be empty: has the notice been published?"),
        (notice(days=[3]), "Day 1 is not an object."),
        (notice(days=[DAY | {"name": " "}]), "Day 1 has no “name”."),
        (notice(days=[DAY | {"isOffDay": "true"}]), "Day 1: “isOffDay” must be true or false."),
        (notice(days=[DAY, DAY | {"date": "2027-2-30"}]), "Day 2: “date” must be a date such as 2027-01-01."),
        (notice(days=[DAY | {"date": "20270101"}]), "Day 1: “date” must be a date such as 2027-01-01."),
        (notice(days=[DAY | {"date": "2026-11-30"}]), "Day 1 is not a day of 2027 or of the month next to it."),
        (notice(days=[DAY, DAY | {"isOffDay": False}]), "2027-01-01 is listed more than once."),
    ],
)
def test_faults_are_named(text: str, said: str) -> None:
    with translation.override("en"), pytest.raises(NoticeInvalid) as refused:
        parse_notice(text)

    assert refused.value.problems == [said]


def test_every_fault_is_listed_at_once() -> None:
    with pytest.raises(NoticeInvalid) as refused:
        parse_notice(notice(days=[{}, DAY | {"name": ""}]))

    assert len(refused.value.problems) == 4
