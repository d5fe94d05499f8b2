"""Headings of complaints by effective date."""

from datetime import date
from pathlib import Path

import pytest
from django.utils import translation

from cases import headings

BEFORE, AFTER = date(2024, 4, 17), date(2024, 4, 18)


def test_house_headings_hold_from_their_first_day():
    assert not headings.may_be_chosen("cause", "JC2002", on=BEFORE)
    assert headings.may_be_chosen("cause", "JC2002", on=AFTER)


def test_groups_and_the_other_dimension_cannot_be_chosen():
    assert not headings.may_be_chosen("cause", "JC20", on=AFTER)
    assert not headings.may_be_chosen("business", "JC2002", on=AFTER)
    assert not headings.may_be_chosen("cause", "", on=AFTER)
    assert "JC20" not in dict(headings.choices("cause", on=AFTER))


def test_twelve_causes_of_the_standard_and_other():
    assert len([h for h in headings.headings("cause", on=AFTER) if not h.is_house]) == 13


def test_labels_follow_the_language():
    with translation.override("zh-hans"):
        assert headings.label_of("JC07") == "定价收费"
        assert dict(headings.choices("business", on=AFTER))["JB0311"] == "贷款 · 医美场景分期"
    with translation.override("en"):
        assert headings.label_of("JC07") == "Pricing and fees"
    assert headings.label_of("GONE") == "GONE"


def test_a_file_that_contradicts_itself_is_refused(tmp_path: Path):
    row = "{code: A, zh: 甲, en: a, from: 2020-01-01%s}"
    (tmp_path / "twice.yaml").write_text(f"business: [{row % ''}]\ncause: [{row % ''}]", encoding="utf-8")
    (tmp_path / "ends.yaml").write_text(f"business: [{row % ', until: 2019-12-31'}]\ncause: []", encoding="utf-8")

    for name in ("twice.yaml", "ends.yaml"):
        with pytest.raises(headings.HeadingsInvalid):
            headings.read(tmp_path / name)
