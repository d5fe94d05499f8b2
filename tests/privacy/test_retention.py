from __future__ import annotations

import copy
from typing import Any

import pytest

from jike.privacy import checks, retention


def test_every_column_is_registered() -> None:
    problems, _lines = retention.wrong_lines(retention.read_register())

    assert problems == []


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A register that fits the vault's own models, and nothing else to look at."""
    ours = [model for model in retention.our_models() if model._meta.app_label in {"privacy", "files"}]
    monkeypatch.setattr(retention, "our_models", lambda: iter(ours))
    found = copy.deepcopy(retention.read_register())
    found["columns"] = {
        label: lines for label, lines in found["columns"].items() if label.split(".")[0] in {"privacy", "files"}
    }
    monkeypatch.setattr(checks, "read_register", lambda: found)
    return found


def test_missing_column_fails_with_the_line_to_paste(register: dict[str, Any]) -> None:
    assert checks.every_column_is_registered(None) == []

    del register["columns"]["files.storedfile"]["display_name"]

    (error,) = checks.every_column_is_registered(None)
    assert "files.storedfile: no line for display_name" in error.msg
    assert "  files.storedfile:\n    display_name: {class: C2, basis: contract, keep: case}" in error.hint


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"class": "C9"}, "class is one of"),
        ({"class": "none"}, "a sealed column is C2 or C3"),
        ({"basis": "because"}, "basis because is not explained"),
        ({"keep": "ever"}, "keep ever is not explained"),
        ({"more": 1}, "needs class, basis and keep"),
    ],
)
def test_wrong_lines_are_named(register: dict[str, Any], change: dict[str, Any], problem: str) -> None:
    register["columns"]["files.storedfile"]["display_name"].update(change)

    assert any(problem in found for found in retention.wrong_lines(register)[0])


def test_lines_without_a_column_are_named(register: dict[str, Any]) -> None:
    register["columns"]["files.storedfile"]["gone"] = {"class": "none", "basis": "none", "keep": "case"}
    register["columns"]["files.gone"] = {}

    assert retention.wrong_lines(register)[0] == [
        "files.storedfile.gone: there is no such column",
        "files.gone: there is no such model",
    ]
