"""The style of the house, as far as a machine can hold it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CODE = [
    p
    for top in ("jike", "cases", "lending", "refunds")
    for p in (ROOT / top).rglob("*.py")
    if "migrations" not in p.parts
]
TESTS = list((ROOT / "tests").rglob("*.py"))
EDGES = [
    p
    for p in CODE
    if {"desk", "portal", "commands"} & set(p.relative_to(ROOT).parts) or p.stem in {"views", "api", "admin", "forms"}
]


def lines_of(path: Path) -> int:
    return sum(bool(line.strip()) for line in path.read_text(encoding="utf-8").splitlines())


def calls_in(path: Path) -> Iterator[ast.Attribute]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func


def functions_in(path: Path) -> Iterator[ast.FunctionDef]:
    return (n for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.FunctionDef))


def test_modules_are_short() -> None:
    assert {str(p.relative_to(ROOT)): lines_of(p) for p in CODE if lines_of(p) > 400} == {}
    assert {str(p.relative_to(ROOT)): lines_of(p) for p in TESTS if lines_of(p) > 600} == {}


def test_functions_are_short() -> None:
    def size(node: ast.FunctionDef) -> int:
        body = node.body[1:] if ast.get_docstring(node) else node.body
        return (node.end_lineno or 0) - body[0].lineno + 1 if body else 0

    limit = {p: 25 if p.stem == "views" else 40 for p in CODE}
    assert {
        f"{p.relative_to(ROOT)}:{f.name}": size(f) for p in CODE for f in functions_in(p) if size(f) > limit[p]
    } == {}


def test_templates_are_short() -> None:
    found = {str(p.relative_to(ROOT)): lines_of(p) for p in (ROOT / "templates").rglob("*.html")}
    assert {name: lines for name, lines in found.items() if lines > 150} == {}


def test_edges_do_not_write() -> None:
    """Views, API, forms and commands of the domains change nothing themselves: they call actions."""
    forbidden = {"save", "create", "bulk_create", "update_or_create", "get_or_create", "delete"}
    edges = [p for p in EDGES if p.parts[len(ROOT.parts)] in ("cases", "lending", "refunds")]
    found = [
        f"{p.relative_to(ROOT)}: .{call.attr}()"
        for p in edges
        for call in calls_in(p)
        if call.attr.startswith("mark_") or (call.attr in forbidden and "objects" in ast.dump(call.value))
    ]
    assert found == []


def test_only_actions_move_states() -> None:
    movers = {
        str(p.relative_to(ROOT))
        for p in CODE
        for call in calls_in(p)
        if call.attr.startswith("mark_") and not (isinstance(call.value, ast.Name) and call.value.id == "sweep")
    }
    assert {m for m in movers if "/actions/" not in m} == set()


def test_actions_take_actor_and_now_by_keyword() -> None:
    for path in (p for p in CODE if "actions" in p.parts):
        for node in functions_in(path):
            if any("verb" in ast.dump(d) or "opener" in ast.dump(d) for d in node.decorator_list):
                assert {"actor", "now"} <= {a.arg for a in node.args.kwonlyargs}, f"{path}:{node.name}"


def test_celery_is_rung_only_by_the_outbox() -> None:
    found = [
        str(p)
        for p in CODE
        for call in calls_in(p)
        if call.attr in ("delay", "apply_async", "send_task") and "outbox" not in p.parts
    ]
    assert found == []


def test_html_is_made_by_templates_only() -> None:
    assert [
        str(p)
        for p in CODE
        if re.search(r"\bmark_safe\b|\bformat_html\b", p.read_text(encoding="utf-8")) and "templatetags" not in p.parts
    ] == []


def test_templates_have_no_inline_script_or_style() -> None:
    every = {p: p.read_text(encoding="utf-8") for p in (ROOT / "templates").rglob("*.html") if "letters" not in p.parts}
    pages = [p for p, text in every.items() if "@page" not in text]  # printed sheets carry their style
    pattern = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|\|safe\b", re.IGNORECASE)
    assert {str(p.relative_to(ROOT)) for p in pages if pattern.search(p.read_text(encoding="utf-8"))} == set()


def test_hand_written_javascript_is_small() -> None:
    """Five hundred lines for all pages; the recorder, which no form can be, is counted apart."""
    recorder = {"capture.js", "player.js"}
    lines = {p.name: lines_of(p) for p in (ROOT / "static" / "js").glob("*.js")}
    assert sum(count for name, count in lines.items() if name not in recorder) <= 500
    assert sum(lines[name] for name in recorder) <= 180


def sources() -> set[str]:
    register = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
    return set(re.findall(r"^\|\s*([A-Za-z0-9][^|]*?)\s*\|", register, re.MULTILINE))


@pytest.mark.parametrize(
    "path", [p for p in CODE if "Source:" in p.read_text(encoding="utf-8")], ids=lambda p: str(p.relative_to(ROOT))
)
def test_every_source_key_is_in_the_register(path: Path) -> None:
    known = sources()
    for cited in re.findall(r"Source: ([^\n\"{]+)", path.read_text(encoding="utf-8")):
        law = ""
        for part in re.split(r"[,;]\s*", cited.strip().rstrip(".")):
            law = law if part.startswith("art ") else part.partition(" art ")[0]
            key = f"{law} {part}" if part.startswith("art ") else part
            assert key in known or law.startswith("house"), f"{path.name}: {key!r} is not in docs/sources.md"


def test_direct_dependencies_are_few_and_reasoned() -> None:
    lines = [
        line for name in ("requirements.in", "requirements-dev.in") for line in (ROOT / name).read_text().splitlines()
    ]
    direct = [line for line in lines if line and not line.startswith(("#", "-r"))]
    assert len(direct) <= 40
    assert [line for line in direct if "#" not in line] == []
