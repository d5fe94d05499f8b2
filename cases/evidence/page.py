"""What the page of the register and the page of a paper's custody print."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from cases.attachments.models import Attachment
from cases.evidence.forms import DescribeForm, HandOverForm, SupersedeForm
from cases.evidence.models import Item
from cases.evidence.queries import (
    Handling,
    Row,
    descriptions_of,
    lock_of,
    papers_left_out,
    papers_to_register,
    register_of,
)
from cases.evidence.rules import VERBS
from cases.forms import VerbForm, faults_of
from cases.models import Case
from jike.base.actors import Actor
from jike.base.errors import Blocker, Refused
from jike.ledger.models import Entry
from jike.ledger.proofs import place_of
from jike.privacy import open_sealed
from jike.verbs import Verb, verbs_of

FIELDS = ("evidence_class", "page_from", "page_to", "form")
WORDS = ("title", "source", "proves", "summary")


@dataclass(frozen=True, slots=True)
class Line:
    """One item with what can be done to it: a form is None where that is not possible, `is_first` and `is_last` end the moving."""

    row: Row
    describe: VerbForm | None
    supersede: VerbForm | None
    hand_over: VerbForm | None
    is_first: bool
    is_last: bool
    is_open: str


def moved(order: Sequence[str], move: str) -> list[str]:
    """The order with one item a place further up or down; `move` is its id and the direction."""
    found = list(order)
    pk, _colon, direction = move.partition(":")
    if pk in found:
        place = found.index(pk)
        target = place + {"up": -1, "down": 1}.get(direction, 0)
        if 0 <= target < len(found):
            found[place], found[target] = found[target], found[place]
    return found


def register_context(
    case: Case, actor: Actor, *, now: datetime, form: VerbForm | None = None, refused: Refused | None = None
) -> dict[str, Any]:
    """The register, what is missing in it, and which acts are open; the form that was sent, where it came back."""
    verbs = {verb.short_name: verb for verb in verbs_of(type(case)) if verb.short_name in VERBS}
    why_not = {name: verb.why_not(case, actor, now=now) for name, verb in verbs.items()}
    opened = {name for name, reasons in why_not.items() if not reasons}
    rows = register_of(case, actor)
    return {
        "case": case,
        "key": secrets.token_hex(16),
        "lines": _lines(rows, opened, form),
        "lock": lock_of(case),
        "offered": [(paper, open_sealed(paper, "name")) for paper in papers_to_register(case)],
        "left_out": papers_left_out(case),
        "gaps": sum(bool(row.gaps) for row in rows),
        "may": opened,
        "closed": _closed(verbs, why_not),
        "refused": refused.blockers if refused else faults_of(form),
    }


def _lines(rows: list[Row], opened: set[str], sent: VerbForm | None) -> list[Line]:
    about = str(sent.data.get("item", "")) if sent is not None else ""
    forms = {"describe_evidence": DescribeForm, "supersede_evidence": SupersedeForm, "hand_over_evidence": HandOverForm}
    lines = []
    for place, row in enumerate(rows):
        made: dict[str, VerbForm | None] = {}
        for name, form_class in forms.items():
            is_sent = sent is not None and type(sent) is form_class and about == str(row.item.pk)
            made[name] = _form(form_class, row, rows, sent if is_sent else None) if name in opened else None
        if row.superseded:
            made |= {"describe_evidence": None, "supersede_evidence": None}
        opens = next((name for name, one in made.items() if one is not None and one is sent), "")
        lines.append(
            Line(
                row,
                made["describe_evidence"],
                made["supersede_evidence"],
                made["hand_over_evidence"],
                place == 0,
                place == len(rows) - 1,
                opens,
            )
        )
    return lines


def _form(form_class: type[VerbForm], row: Row, rows: list[Row], sent: VerbForm | None) -> VerbForm:
    """The form of one item, filled with what holds; its item goes along hidden, so nothing is asked of the database again."""
    initial = {name: getattr(row.words, name) for name in FIELDS} | {name: getattr(row, name) for name in WORDS}
    form = sent or form_class(initial=initial, auto_id=f"i{row.label}_%s")
    form.fields.pop("item", None)
    if "by" in form.fields:
        others = [one for one in rows if one.item.pk != row.item.pk and not one.superseded]
        form.fields["by"].choices = [("", "—"), *((str(one.item.pk), f"{one.label} {one.title}") for one in others)]  # type: ignore[attr-defined]
    return form


def _closed(verbs: dict[str, Verb], why_not: dict[str, list[Blocker]]) -> list[tuple[Verb, list[Blocker]]]:
    return [(verbs[name], reasons) for name, reasons in why_not.items() if reasons]


@dataclass(frozen=True, slots=True)
class Sealed:
    """A row of custody with its place in the ledger, or none while it waits to be sealed."""

    handling: Handling
    entry: UUID | None
    place: Any


def history_context(case: Case, paper: Attachment, rows: list[Handling]) -> dict[str, Any]:
    """The life of one paper: capture, everybody who had it, and what was said of it in the register."""
    entries = dict(Entry.objects.filter(subject=paper.pk).values_list("source_id", "pk"))
    sealed = [Sealed(one, pk := entries.get(one.row.pk), place_of(pk) if pk else None) for one in rows]
    item = Item.objects.filter(pk=paper.pk).select_related("superseded__by").first()
    return {
        "case": case,
        "paper": paper,
        "name": open_sealed(paper, "name"),
        "given_name": open_sealed(paper, "given_name"),
        "device": open_sealed(paper, "device"),
        "sha256": bytes(paper.file.sha256).hex(),
        "sm3": bytes(paper.file.sm3).hex() if paper.file.sm3 else "",
        "item": item,
        "rows": sealed,
        "said": descriptions_of(item) if item else [],
    }
