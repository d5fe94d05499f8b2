"""Things that must agree across the whole house: verbs, powers, forms, labels, texts and templates."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import connection
from django.urls import get_resolver
from django.utils.translation import override

from cases.complaints import wordings
from cases.diagrams import marks_by_verb, moves_of
from cases.forms import form_of
from cases.inquiries import words
from cases.kinds import all_kinds
from cases.litigation import words as litigation_words
from cases.mediation import words as mediation_words
from cases.numbers import sequence_of
from cases.police import words as police_words
from cases.wording import Wording
from jike.accounts.roles import holders_of, table
from jike.verbs import all_verbs, verb_named, verbs_of
from refunds import words as refund_words

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = {str(p.relative_to(ROOT / "templates")) for p in (ROOT / "templates").rglob("*") if p.is_file()}
CATALOG = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
ANSWERED_BY_NAME = {"400.html", "403.html", "404.html", "500.html"}


def test_every_verb_is_a_power_somebody_holds() -> None:
    assert [verb.name for verb in all_verbs() if not holders_of(verb.name)] == []


def test_every_power_is_a_verb_or_a_view() -> None:
    areas = ("cases", "approvals", "ledger", "operations", "imports", "api", "webhooks", "lending")
    views = {p for p in table().powers if p.partition(".")[0] in areas} | {"policy.read"}
    assert {p for p in table().powers - views if p not in {v.name for v in all_verbs()}} == set()


def test_every_transition_has_exactly_the_verb_that_makes_it() -> None:
    """One verb may make several, where it is what the facts or a vote say that decides which; no transition has two makers."""
    for kind in all_kinds():
        marks = {t.name for t in kind.model._meta.get_field("state").get_all_transitions(kind.model)}
        makers = Counter(mark for _verb, mark in marks_by_verb(kind.model) if mark in marks)
        assert set(makers) == marks and set(makers.values()) == {1}, (kind.code, makers)
        assert {move.verb for move in moves_of(kind.model)} <= {verb.name for verb in verbs_of(kind.model)}


def test_every_state_has_a_chinese_word_and_a_stage() -> None:
    with override("zh-hans"):
        for kind in all_kinds():
            staged = set().union(*(stage.states for stage in kind.stages))
            assert staged == set(kind.states)
            assert [s for s, label in kind.states.items() if not re.search(r"[\u4e00-\u9fff]", str(label))] == []
            assert [v.name for v in verbs_of(kind.model) if not re.search(r"[\u4e00-\u9fff]", str(v.label))] == []


def test_every_kind_counts_its_own_numbers(db) -> None:
    with connection.cursor() as cursor:
        for kind in all_kinds():
            cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [sequence_of(kind.code)])
            assert cursor.fetchone() == (True,), kind.code


def test_the_way_of_a_kind_is_made_of_its_verbs() -> None:
    for kind in all_kinds():
        short = {verb.short_name for verb in verbs_of(kind.model)}
        assert set(kind.way) <= short
        assert [name for name in kind.openers if not verb_named(name).opens] == []


def test_forms_ask_only_what_their_action_takes() -> None:
    for verb in all_verbs():
        if verb.by_hand and not verb.opens:
            takes = set(verb.action.__wrapped__.__kwdefaults__ or {}) | set(verb.action.__wrapped__.__annotations__)
            assert set(form_of(verb.name).base_fields) <= takes, verb.name


def test_statutory_texts_name_source_and_effective_date() -> None:
    folders = [
        ROOT / "templates" / place
        for place in (
            "complaints/letters",
            "complaints/messages",
            "inquiries/messages",
            "litigation/messages",
            "litigation/papers",
            "mediation/messages",
            "police/messages",
            "refunds/letters",
            "refunds/messages",
        )
    ]
    texts = [p for folder in folders for p in folder.iterdir()]
    assert texts
    for path in texts:
        first = path.read_text(encoding="utf-8").splitlines()[0]
        law = r"(CC|CPL|EVID2019|FEE2006|GACX2020|O2020-3|PML) art \d+"
        if path.is_relative_to(ROOT / "templates" / "refunds"):  # a return is a promise of the house
            law = r"(house \w+|(O2020-3|ZX2013) art \d+)"
        assert re.search(rf"Source: {law}.*Effective \d{{4}}-\d{{2}}-\d{{2}}\.", first), path.name
        assert re.search(r"\.\d{4}-\d{2}\.(txt|html)$", path.name), path.name


def test_no_template_is_left_over() -> None:
    written = "".join(
        p.read_text(encoding="utf-8")
        for top in ("jike", "cases", "lending", "refunds", "templates")
        for p in (ROOT / top).rglob("*")
        if p.suffix in (".py", ".html", ".txt")
    )
    composed = re.findall(r'f"([\w/]+)\{[^}"]+\}(\.html)"', written)
    every = [
        w
        for module in (wordings, words, litigation_words, mediation_words, police_words, refund_words)
        for w in vars(module).values()
        if isinstance(w, Wording)
    ]
    spoken = {f"{w.template(channel)}.txt" for w in every for channel in w.channels}
    unused = {
        name
        for name in TEMPLATES
        if name not in written
        and name.rpartition(".")[0] not in written
        and name not in ANSWERED_BY_NAME
        and name not in spoken
        and not any(name.startswith(head) and name.endswith(tail) for head, tail in composed)
    }
    assert unused == set()


def test_every_route_of_the_workbench_lies_below_staff() -> None:
    namespaces = {name: prefix for name, (prefix, _resolver) in get_resolver().namespace_dict.items()}
    assert namespaces == {"staff": "staff/", "api": "api/", "portal": ""}


class OnceOnly(yaml.SafeLoader):
    """Reads YAML and refuses a key that stands twice in one mapping, where the last one would win without a word."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _value in node.value]
        assert len(keys) == len(set(keys)), f"{node.start_mark}: {[key for key in keys if keys.count(key) > 1]}"
        return super().construct_mapping(node, deep)


@pytest.mark.parametrize("path", sorted((ROOT / "config").rglob("*.yaml")), ids=lambda path: path.name)
def test_policy_says_nothing_twice(path: Path) -> None:
    for document in yaml.load_all(path.read_text(encoding="utf-8"), OnceOnly):
        for holder in (document.get("roles", {}) if isinstance(document, dict) else {}).values():
            assert sorted(set(holder["powers"])) == sorted(holder["powers"]), holder["label"]


def test_no_text_is_translated_twice() -> None:
    """Two entries for one text: the program that reads the catalogue takes one of them without a word."""
    entries = re.findall(
        r'^(msgctxt ".*"\n)?msgid (".*"(?:\n".*")*)', CATALOG.read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    assert len(entries) == len(set(entries)), sorted({entry for entry in entries if entries.count(entry) > 1})[:5]
