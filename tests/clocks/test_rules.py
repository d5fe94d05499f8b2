"""The table of time limits: versions by date, and contradictions refused."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.utils import translation

from cases.clocks import rules
from cases.clocks.labels import KINDS, UNITS

ROOT = Path(__file__).resolve().parents[2]
ROW: dict[str, Any] = {
    "version": "1",
    "effective_from": date(2020, 3, 1),
    "effective_to": None,
    "length": 15,
    "unit": "calendar_day",
    "end_rule": "strict",
    "duty": "ours",
    "source": ["house test"],
    "pausable": [],
    "warn": [50],
}


def table(path: Path, *clocks: tuple[str, list[dict[str, Any]]]) -> rules.RuleTable:
    rows = [
        {"code": code, "family": "X", "zh": "期限", "en": "Limit", "versions": versions} for code, versions in clocks
    ]
    path = path / "clocks.yaml"
    path.write_text(yaml.safe_dump({"clocks": rows}), encoding="utf-8")
    return rules._read.__wrapped__(path, ())


def test_every_clock_of_the_law_has_a_rule() -> None:
    wanted = (
        "CMP15 CMP30 CMP60 CMP_AGREED REV_REQ REV_DEC SUP_FWD SAMR_ACC SAMR_MED XF_TELL XF_OBJ RET7 RET_MERCH ZX_OBJ PI_REQ CAC4H SFQR30 "
        "MED30 EVI FILE7 APPEAL ENF LIM POL3 POL7 POL30 RECON REREV CFPB15 CFPB60 DISP3 DISP8W"
    )

    assert set(wanted.split()) <= set(rules.load().codes)
    warned = {rule.code: rule.warn for code in rules.load().codes for rule in rules.load().of(code) if rule.warn}
    assert warned.pop("FUNDER") == (50, 75, 90, 100)
    assert set(warned.values()) == {(50, 75, 90)}
    shown = {"MED30", "MED30_LONGER"}  # a mediation is warned of although its end is nobody's breach
    assert {rule.duty for code in warned for rule in rules.load().of(code) if code not in shown} == {"ours"}


def test_every_source_of_a_rule_is_in_the_register() -> None:
    register = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
    known = set(re.findall(r"^\| ([^|]+?) \|", register, re.MULTILINE))
    cited = {key for code in rules.load().codes for rule in rules.load().of(code) for key in rule.source}

    assert cited - known == set()


def test_a_case_keeps_the_version_of_its_day(tmp_path: Path) -> None:
    old = ROW | {"effective_to": date(2026, 12, 31)}
    new = ROW | {"version": "2", "effective_from": date(2027, 1, 1), "length": 10}

    found = table(tmp_path, ("X15", [old, new]))

    assert [found.rule("X15", on=day).length for day in (date(2020, 3, 1), date(2026, 12, 31), date(2027, 1, 1))] == [
        15,
        15,
        10,
    ]
    assert found.rule("X15", on=date(2027, 1, 1)).key == "X15@2"
    with pytest.raises(rules.RuleUnknown):
        found.rule("X15", on=date(2020, 2, 29))
    with pytest.raises(rules.RuleUnknown):
        rules.rule("NONE", on=date(2026, 1, 1))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"unit": "fortnight"}, "'fortnight' is none of"),
        ({"end_rule": "lazy"}, "'lazy' is none of"),
        ({"duty": "nobody"}, "'nobody' is none of"),
        ({"pausable": ["holiday"]}, "'holiday' is none of"),
        ({"end_rule": "exact"}, "hours end exactly"),
        ({"unit": "hour"}, "hours end exactly"),
        ({"length": 0}, "needs a length and a source"),
        ({"length": -1, "length_given": True}, "needs a length and a source"),
        ({"source": []}, "needs a length and a source"),
        ({"warn": [75, 50]}, "rising percentages"),
        ({"warn": [50, 101]}, "rising percentages"),
        ({"limit": 15}, "limit"),
        ({"next": {"code": "X30", "needs": ["luck"]}}, "'luck' is none of"),
        ({"next": {"code": "X30", "needs": []}}, "longer clock of the same family"),
        ({"next": {"code": "X15", "needs": []}}, "longer clock of the same family"),
    ],
)
def test_a_row_that_contradicts_itself_is_refused(tmp_path: Path, changed: dict[str, Any], said: str) -> None:
    assert table(tmp_path, ("X15", [ROW])).codes == ["X15"]

    with pytest.raises(rules.TableInvalid, match=said):
        table(tmp_path, ("X15", [ROW | changed]))


def test_versions_follow_each_other_without_gap_or_overlap(tmp_path: Path) -> None:
    later = ROW | {"version": "2", "effective_from": date(2027, 1, 1)}

    for end in (None, date(2026, 12, 30), date(2027, 1, 1)):
        with pytest.raises(rules.TableInvalid, match="does not begin the day after"):
            table(tmp_path, ("X15", [ROW | {"effective_to": end}, later]))


def test_a_code_has_one_entry(tmp_path: Path) -> None:
    with pytest.raises(rules.TableInvalid, match="two entries"):
        table(tmp_path, ("X15", [ROW]), ("X15", [ROW]))


def test_labels_follow_the_language_of_the_reader() -> None:
    rule = rules.rule("CMP15", on=date(2026, 9, 28))

    with translation.override("en"):
        assert rule.label == "Complaint, first limit (15 days)"
    with translation.override("zh-hans"):
        assert rule.label == "投诉处理期限（15日）"


def test_every_unit_and_pause_has_words() -> None:
    found = [rule for code in rules.load().codes for rule in rules.load().of(code)]

    assert {rule.unit for rule in found} <= set(UNITS)
    assert {kind for rule in found for kind in rule.pausable} <= set(KINDS)
