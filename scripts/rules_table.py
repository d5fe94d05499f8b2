"""Write docs/rules.md: each design rule with the tests that prove it. With --check only say what is wrong (exit 1)."""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import yaml

PROJECT = Path(__file__).resolve().parents[1]
RULES, TABLE = PROJECT / "docs" / "rules.yaml", PROJECT / "docs" / "rules.md"
HEAD = """# Design rules and the tests that prove them

Written by `scripts/rules_table.py` from [rules.yaml](rules.yaml) and the markers of the tests; do not edit.

| Rule | What it says | Proved by |
|---|---|---|
"""
NOT_RUN = {"skip", "skipif", "xfail", "storm", "browser"}


def marks_of(function: ast.FunctionDef) -> Iterator[tuple[str, ast.Call | None]]:
    """The names of the pytest marks on a test, with the call if there is one."""
    for decorator in function.decorator_list:
        call = decorator if isinstance(decorator, ast.Call) else None
        name = call.func if call else decorator
        if isinstance(name, ast.Attribute) and ast.unparse(name.value) == "pytest.mark":
            yield name.attr, call


def proofs(tests: Path = PROJECT / "tests") -> dict[str, list[str]]:
    """Rule -> `file::test` of each test that carries its number. Raises ValueError for a mark on what every run leaves out."""
    found = defaultdict(list)
    for path in sorted(tests.rglob("test_*.py")):
        functions = [
            node for node in ast.parse(path.read_text(encoding="utf-8")).body if isinstance(node, ast.FunctionDef)
        ]
        for function in functions:
            marks = list(marks_of(function))
            numbers = [ast.literal_eval(word) for name, call in marks if name == "rule" and call for word in call.args]
            if numbers and (not function.name.startswith("test_") or NOT_RUN & {name for name, _call in marks}):
                raise ValueError(f"{path.name}::{function.name} carries a rule but is not always run")
            for number in numbers:
                found[number].append(f"{path.relative_to(tests.parent)}::{function.name}")
    return dict(found)


def faults(rules: dict[str, str], later: dict[str, str], proved: dict[str, list[str]]) -> list[str]:
    """What the register says and the tests do not bear out."""
    return [
        *(f"{number} is proved by no test" for number in rules if number not in proved and number not in later),
        *(f"{number} is said to come later, and a test carries it" for number in later if number in proved),
        *(f"{number} is no rule of docs/rules.yaml" for number in [*proved, *later] if number not in rules),
    ]


def table(rules: dict[str, str], later: dict[str, str], proved: dict[str, list[str]]) -> str:
    rows = []
    for number, words in rules.items():
        tests = [f"[{test.partition('::')[2]}](../{test.partition('::')[0]})" for test in proved.get(number, [])]
        rows.append(f"| {number} | {words} | {'<br>'.join(tests) or 'later: ' + later.get(number, '')} |")
    return HEAD + "\n".join(rows) + "\n"


def main(*, check: bool) -> int:
    content = yaml.safe_load(RULES.read_text(encoding="utf-8"))
    rules, later, proved = content["rules"], content["later"], proofs()
    wrong = faults(rules, later, proved)
    text = table(rules, later, proved)
    if not check:
        TABLE.write_text(text, encoding="utf-8")
    elif not TABLE.exists() or TABLE.read_text(encoding="utf-8") != text:
        wrong.append(f"{TABLE.name} is out of date. Run scripts/rules_table.py")
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv[1:]))
