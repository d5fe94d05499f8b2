"""The papers for the court: which fields each has, what is known of them already, what is missing, and the sheet that is printed.

Sources of the fields: CPL art 124 (statement of claim), EVID2019 art 19 (list of evidence), CPL art 62 (power of attorney), CPL art 205
(joint application for judicial confirmation).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from cases.evidence.models import Item
from cases.evidence.queries import Row, rows_of
from cases.kinds import kind_named
from cases.litigation.models import Draft, Litigation
from cases.litigation.states import PaperKind
from cases.queries import complainant_of
from jike import ledger
from jike.base.errors import Text
from jike.privacy import open_sealed

FORM = "jike litigation paper 1"
PAGE = "complaints/letters/page.2026-11.html"
EVIDENCE = "evidence"
"""What stands among the missing when the register of evidence is empty or has gaps."""
_RELATED = ("attachment__file", "attachment__examination", "attachment__view", "superseded__by")


@dataclass(frozen=True, slots=True)
class Field:
    """One answer of a paper; `is_needed` where the law lists it. A long one is a paragraph."""

    name: str
    label: Text
    is_needed: bool = True
    is_long: bool = False


def _f(name: str, label: Text, *, needed: bool = True, long: bool = False) -> Field:
    return Field(name, label, needed, long)


_PLAINTIFF = (
    _f("plaintiff_name", _("Plaintiff: name")),
    _f("plaintiff_sex", _("Plaintiff: sex")),
    _f("plaintiff_age", _("Plaintiff: age or day of birth")),
    _f("plaintiff_ethnicity", _("Plaintiff: ethnic group")),
    _f("plaintiff_occupation", _("Plaintiff: occupation and employer")),
    _f("plaintiff_address", _("Plaintiff: residence")),
    _f("plaintiff_phone", _("Plaintiff: telephone")),
)
_DEFENDANT = (
    _f("defendant_name", _("Defendant: name")),
    _f("defendant_address", _("Defendant: domicile")),
    _f("defendant_person", _("Defendant: legal representative"), needed=False),
)
FIELDS: Mapping[str, tuple[Field, ...]] = {
    PaperKind.STATEMENT.value: (
        *_PLAINTIFF,
        *_DEFENDANT,
        _f("claims", _("Claims"), long=True),
        _f("facts", _("Facts and reasons"), long=True),
        _f("witnesses", _("Witnesses, with name and residence"), needed=False, long=True),
    ),
    PaperKind.EVIDENCE_LIST.value: (
        _f("submitted_by", _("Handed in by")),
        _f("copies", _("Copies: one per opponent")),
        _f("remark", _("Remark"), needed=False, long=True),
    ),
    PaperKind.AUTHORITY.value: (
        _f("principal_name", _("Principal: name")),
        _f("principal_address", _("Principal: residence")),
        _f("agent_name", _("Agent: name")),
        _f("agent_standing", _("Agent: lawyer, near relative, or recommended by whom")),
        _f("matters", _("Matters entrusted"), long=True),
        _f("powers", _("Powers; special ones each by name"), long=True),
    ),
    PaperKind.CONFIRMATION.value: (
        _f("plaintiff_name", _("First applicant: name")),
        _f("plaintiff_address", _("First applicant: residence")),
        _f("defendant_name", _("Second applicant: name")),
        _f("defendant_address", _("Second applicant: domicile")),
        _f("body", _("Mediation body")),
        _f("agreement", _("Agreement: number and day of effect")),
        _f("request", _("What is asked"), long=True),
    ),
}
TITLES = {
    PaperKind.STATEMENT.value: "民事起诉状",
    PaperKind.EVIDENCE_LIST.value: "证据目录",
    PaperKind.AUTHORITY.value: "授权委托书",
    PaperKind.CONFIRMATION.value: "司法确认申请书",
}
SHEETS = {
    PaperKind.STATEMENT.value: "litigation/papers/statement.2026-11",
    PaperKind.EVIDENCE_LIST.value: "litigation/papers/evidence_list.2026-11",
    PaperKind.AUTHORITY.value: "litigation/papers/authority.2026-11",
    PaperKind.CONFIRMATION.value: "litigation/papers/confirmation.2026-11",
}
NAMES_DEFENDANT = (PaperKind.STATEMENT.value,)
"""The papers that print the defendant's number in the register of companies."""
NEEDED = (PaperKind.STATEMENT.value, PaperKind.EVIDENCE_LIST.value)
"""The papers without which nothing goes to a court. Source: CPL art 123, EVID2019 art 19."""


def known_of(case: Litigation, kind: str) -> dict[str, str]:
    """What a new version begins with: the version before, else what the matter holds. Nobody types twice what is known."""
    if draft := case.known_drafts.get(kind):
        return body_of(draft)
    party, merchant = complainant_of(case), case.merchant
    name = open_sealed(party, "name") if party else ""
    claim, facts = (_words(case, field) for field in ("claim", "narrative"))
    amount = f"判令被告支付人民币{case.amount_cny:,.2f}元。" if case.amount_cny else ""
    found = {
        "plaintiff_name": name,
        "plaintiff_phone": open_sealed(party, "phone") if party else "",
        "defendant_name": merchant.name if merchant else "",
        "claims": "\n".join(part for part in (amount, claim) if part),
        "facts": facts,
        "submitted_by": name,
        "copies": "1",
        "principal_name": name,
        "matters": f"{name}与{merchant.name if merchant else ''}纠纷一案的第一审诉讼。",
        "powers": "一般代理：代为起诉、提供证据、参加庭审、签收法律文书。",
        "request": "请求确认申请人之间的调解协议有效。",
    }
    return {field.name: found.get(field.name, "") for field in FIELDS[kind]}


def _words(case: Litigation, field: str) -> str:
    """What the consumer wrote in the matter, where its kind keeps such words."""
    matter = kind_named(case.matter.kind).model.objects.get(pk=case.matter_id)
    return open_sealed(matter, field) if hasattr(matter, field) else ""


def body_of(draft: Draft) -> dict[str, str]:
    found: dict[str, str] = json.loads(open_sealed(draft, "body"))
    return found


def missing_in(case: Litigation, kind: str, body: Mapping[str, str]) -> list[str]:
    """The names of fields the law lists and nobody has filled in; of the list of evidence also `evidence`."""
    found = [field.name for field in FIELDS[kind] if field.is_needed and not body.get(field.name, "").strip()]
    if kind == PaperKind.EVIDENCE_LIST:
        rows = evidence_of(case)
        found += [EVIDENCE] if not rows or any(row.gaps for row in rows) else []
    return found


def labels_of(kind: str, missing: list[str]) -> list[Text]:
    labels = {field.name: field.label for field in FIELDS[kind]} | {EVIDENCE: _("Register of evidence with no gap")}
    return [labels[name] for name in missing]


def evidence_of(case: Litigation) -> list[Row]:
    """The items of the matter's register that are relied on, in its order. The caller knows that whoever reads sees the case."""
    items = Item.objects.filter(case_id=case.matter_id, superseded=None)
    return rows_of(
        items.select_related(*_RELATED).prefetch_related("attachment__pages__preview").order_by("number", "late")
    )


def sha256_of(case: Litigation, kind: str, version: int, body: Mapping[str, str]) -> bytes:
    """The hash of everything that is printed: the answers, the court, who the defendant is in the register of companies, and of the list of
    evidence every column of it.
    """
    content: dict[str, Any] = {"form": FORM, "case": case.number, "kind": kind, "version": version, "body": dict(body)}
    content["court"] = case.court
    if kind in NAMES_DEFENDANT:
        content["defendant_uscc"] = uscc_of(case)
    if kind == PaperKind.EVIDENCE_LIST:
        content["evidence"] = [_printed(row) for row in evidence_of(case)]
        content["enclosures"] = [[row.seq, row.what, row.version, str(row.of_case_id)] for row in case.known_enclosures]
    return hashlib.sha256(ledger.canonical(content)).digest()


def uscc_of(case: Litigation) -> str:
    """The defendant's unified social credit code (统一社会信用代码) as the merchant's record has it now; empty where it has none."""
    return case.merchant.uscc if case.merchant else ""


def _printed(row: Row) -> list[Any]:
    words = row.words
    pages = [words.page_from, words.page_to]
    return [
        row.label,
        row.sha256,
        row.title,
        words.evidence_class,
        row.source,
        row.proves,
        row.summary,
        pages,
        words.form,
    ]


def is_stale(case: Litigation, draft: Draft) -> bool:
    """Printed now, this version would not say what was drafted: the register, the court or the defendant's number is another. Source: EVID2019 art 19."""
    return bytes(draft.sha256) != sha256_of(case, draft.kind, draft.version, body_of(draft))


def set_sha256(case: Litigation) -> bytes:
    """The hash of the latest version of every paper together: what the consumer confirms, and what is made final."""
    found = sorted((draft.kind, draft.version, bytes(draft.sha256).hex()) for draft in case.known_drafts.values())
    return hashlib.sha256(ledger.canonical({"form": FORM, "papers": [list(row) for row in found]})).digest()


def html_of(case: Litigation, draft: Draft) -> str:
    """The paper as HTML for the PDF renderer. The same version of the same register gives the same pages.

    A field nobody has filled in is a blank line to write on, not a guess.
    """
    body, title = body_of(draft), TITLES[draft.kind]
    context = {
        "case": case,
        "title": title,
        "body": {name: text or "＿＿＿＿＿＿＿＿" for name, text in body.items()},
        "court": case.court or "＿＿＿＿＿＿＿＿人民法院",
        "rows": evidence_of(case) if draft.kind == PaperKind.EVIDENCE_LIST else [],
        "enclosures": case.known_enclosures,
        "defendant_uscc": uscc_of(case),
    }
    with override("zh-hans"):
        sheet = render_to_string(f"{SHEETS[draft.kind]}.html", context)
        return render_to_string(PAGE, {"sheet": sheet, "title": f"{title} {case.number}", "code": ""})
