"""The register of design rules tells the truth: every number has a test that runs, and the table of the docs is theirs."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts"))

import rules_table

RULES = {"R1": "first", "R2": "second"}


def test_every_rule_has_a_test_and_the_table_is_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    code = rules_table.main(check=True)

    assert (code, capsys.readouterr().err) == (0, "")


def test_the_rules_are_those_of_the_complaint_and_of_contacts() -> None:
    text = rules_table.RULES.read_text(encoding="utf-8")

    wanted = [f"R{n}" for n in (*range(1, 31), *range(46, 51), 53, *range(74, 81))]
    assert [line.split(":")[0].strip() for line in text.splitlines() if line.startswith("  R")][: len(wanted)] == wanted


def test_what_is_not_proved_or_not_known_is_said() -> None:
    assert rules_table.faults(RULES, {}, {"R1": ["a"]}) == ["R2 is proved by no test"]
    assert rules_table.faults(RULES, {"R2": "soon"}, {"R1": ["a"]}) == []
    assert rules_table.faults(RULES, {"R2": "soon"}, {"R1": ["a"], "R2": ["b"]}) == [
        "R2 is said to come later, and a test carries it"
    ]
    assert rules_table.faults(RULES, {}, {"R1": ["a"], "R2": ["b"], "R99": ["c"]}) == [
        "R99 is no rule of docs/rules.yaml"
    ]


def test_marks_are_read_from_tests_that_run(tmp_path: Path) -> None:
    tests = tmp_path / "tests"
    tests.mkdir()
    (tests / "test_one.py").write_text(
        '@pytest.mark.rule("R1", "R2")\n@pytest.mark.parametrize("x", [1])\ndef test_a(x): ...\n\ndef test_b(): ...\n'
    )
    assert rules_table.proofs(tests) == {"R1": ["tests/test_one.py::test_a"], "R2": ["tests/test_one.py::test_a"]}
    (tests / "test_two.py").write_text('@pytest.mark.skip\n@pytest.mark.rule("R1")\ndef test_c(): ...\n')
    with pytest.raises(ValueError, match="not always run"):
        rules_table.proofs(tests)
