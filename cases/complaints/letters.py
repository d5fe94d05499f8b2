"""The papers of a complaint, as sheets of HTML: decision and review, the receipt, and the letter of every other notice."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from cases.clocks import dates
from cases.clocks import ledger as clocks
from cases.clocks import rules as clock_rules
from cases.complaints.models import Complaint, Review
from cases.models import Case, Decision, Document, Party
from cases.wording import speaks_as
from jike import calendars
from jike.accounts.models import Unit
from jike.base.dates import CST, cst_date
from jike.privacy import open_sealed
from jike.web.institution import institution as house
from jike.web.qr import qr_data_uri

REMEDIES = "complaints/letters/remedies.2026-11"
REMEDIES_AFTER_REVIEW = "complaints/letters/remedies_after_review.2026-11"
DECISION_LETTER = "complaints/letters/decision.2026-11"
RECEIPT_LETTER = "complaints/letters/receipt.2026-11"
REVIEW_LETTER = "complaints/letters/review.2026-11"
NOTICE_SHEET = "complaints/letters/notice.2026-11"
PAGE = "complaints/letters/page.2026-11"
TITLES = {DECISION_LETTER: "投诉处理决定告知书", REVIEW_LETTER: "投诉核查决定告知书"}
HEADING = re.compile(r"[一二三四五六七八九]、.{1,24}")
UNISSUED: dict[str, Any] = {
    "code": "〔签发后生成〕",
    "proof": {"seq": "〔签发后生成〕", "digest": "〔签发后生成〕", "mac": "〔签发后生成〕"},
}
"""What a letter cannot say before it is issued: its code and the ledger's proof."""


def letter_of_decision(decision: Decision) -> str:
    """The template of the letter a decision is told by: a review has its own."""
    return REVIEW_LETTER if Review.objects.filter(decision=decision).exists() else DECISION_LETTER


def page(sheet: str, title: str, code: str = "") -> str:
    """A sheet as a whole document for the PDF renderer; the code stands at the foot of every page."""
    return render_to_string(f"{PAGE}.html", {"sheet": sheet, "title": title, "code": code})


def decision_letter_html(
    case: Complaint, decision: Decision, *, code: str, proof: dict[str, str], verify_url: str
) -> str:
    """The letter of a decision or a review as HTML for the PDF renderer."""
    sheet = decision_sheet(case, decision, code=code, proof=proof, verify_url=verify_url)
    return page(sheet, f"{TITLES[letter_of_decision(decision)]} {case.number}", code)


def decision_sheet(case: Complaint, decision: Decision, *, code: str, proof: dict[str, str], verify_url: str) -> str:
    """What a decision or a review says.

    `proof` holds the sealed ledger entry of the decision (`seq`, `mac`); nothing comes from the clock of the machine, so the
    same decision gives the same letter. A decision after another one names the one it supersedes; a branch's names the unit
    that reviews it and the last day. Source: O2020-3 art 19, art 20, house correction.
    """
    party = case.parties.filter(role=Party.Role.COMPLAINANT).first()
    template = letter_of_decision(decision)
    context = {
        "institution": case.responsible_institution,
        "institution_name": speaks_as(case),
        "platform_name": house().platform,
        "speaks_for_itself": case.responsible_institution is None or case.responsible_institution.speaks_for_platform,
        "case": case,
        "name": open_sealed(party, "name") if party else "",
        "claim": open_sealed(case, "claim").splitlines(),
        "decision": decision,
        "parts": {part: open_sealed(decision, part).splitlines() for part in Decision.PARTS},
        "amount": f"{decision.redress_cny:,.2f}",
        "received_on": cst_date(case.received_at),
        "decided_on": cst_date(case.decided_at) if case.decided_at else None,
        "unit": case.unit,
        "code": code,
        "proof": proof,
        "verify_url": verify_url,
        "qr": qr_data_uri(f"{verify_url}?code={code}"),
        **(_review_words(decision) if template == REVIEW_LETTER else _standing(case, decision)),
    }
    with override("zh-hans"), timezone.override(CST):
        return render_to_string(f"{template}.html", context)


def notice_html(case: Complaint, title: str, body: str, *, code: str, proof: dict[str, str], verify_url: str) -> str:
    """A notice as HTML for the PDF renderer. The same text, code and proof give the same letter."""
    sheet = notice_sheet(case, title, body, code=code, proof=proof, verify_url=verify_url)
    return page(sheet, f"{title} {case.number}", code)


def notice_sheet(case: Complaint, title: str, body: str, *, code: str, proof: dict[str, str], verify_url: str) -> str:
    """The text of a letter set as a letter: salutation, parts with their headings, signature, and the way to check it.

    Parts are divided by empty lines; the first one greets and the last one signs.
    """
    salutation, *parts, signature = [part.strip() for part in re.split(r"\n\s*\n", body.strip())]
    is_issued = code != UNISSUED["code"]
    context = {
        "institution": case.responsible_institution,
        "institution_name": signature.splitlines()[0],
        "platform_name": house().platform,
        "case": case,
        "title": title,
        "salutation": salutation,
        "parts": [_part(part.splitlines()) for part in parts],
        "signature": signature.splitlines(),
        "code": code,
        "proof": proof,
        "verify_url": verify_url,
        "qr": qr_data_uri(f"{verify_url}?code={code}") if is_issued else "",
    }
    with override("zh-hans"):
        return render_to_string(f"{NOTICE_SHEET}.html", context)


def _part(lines: list[str]) -> dict[str, Any]:
    heading = lines[0] if HEADING.fullmatch(lines[0]) else ""
    return {"heading": heading, "lines": lines[1:] if heading else lines}


def receipt_html(case: Complaint, *, code: str, proof: dict[str, str], verify_url: str) -> str:
    """The receipt of filing as HTML for the PDF renderer: number, time, last day with its arithmetic, and how to check it.

    It holds neither the receipt code nor a telephone number: whoever finds the paper opens nothing with it. Source: O2020-3 art 18.
    """
    with override("zh-hans"), timezone.override(CST):
        clock = next((c for c in clocks.explain(case) if c["code"] == "CMP15"), None)
        lines = [line for line in clock["lines"] if line["counts"]] if clock else []
        context = {
            "institution_name": speaks_as(case),
            "platform_name": house().platform,
            "hotline": house().hotline,
            "regulator_hotline": house().regulator_hotline,
            "case": case,
            "name": case.consumer_mask,
            "papers": case.events.order_by("seq").values_list("data", flat=True)[0].get("papers", 0),
            "due_on": datetime.fromisoformat(clock["due"]).date() if clock else None,
            "lines": [{**line, "day": date.fromisoformat(line["day"])} for line in lines],
            "code": code,
            "proof": proof,
            "verify_url": verify_url,
            "qr": qr_data_uri(f"{verify_url}?code={code}"),
        }
        return render_to_string(f"{RECEIPT_LETTER}.html", context)


def receipt_of(case: Case) -> Document | None:
    """The receipt of filing as a document, once it was made."""
    return Document.objects.filter(case_id=case.pk, kind=Document.Kind.RECEIPT).first()


def _standing(case: Complaint, decision: Decision) -> dict[str, object]:
    """Which letter this one supersedes, and who reviews it until when, counted from the day it was made."""
    earlier = Decision.objects.filter(case_id=case.pk, version__lt=decision.version, letter__isnull=False)
    superseded = earlier.select_related("letter").order_by("version").last()
    body = case.unit.superior if case.unit.level == Unit.Level.BRANCH else None
    last = None
    if body and case.decided_at:
        rule = clock_rules.rule("REV_REQ", on=cst_date(case.received_at))
        last = dates.due(rule, case.decided_at, calendar=calendars.current()).day
    return {
        "superseded": superseded.letter if superseded else None,
        "superseded_on": cst_date(superseded.letter.created_at) if superseded else None,
        "review_body": body,
        "review_last_day": last,
    }


def _review_words(decision: Decision) -> dict[str, object]:
    review = Review.objects.select_related("unit", "reviewed__letter").get(decision=decision)
    letter = getattr(review.reviewed, "letter", None)
    return {
        "review": review,
        "unit": review.unit,
        "procedure": open_sealed(review, "procedure").splitlines(),
        "timeliness": open_sealed(review, "timeliness").splitlines(),
        "asked_on": cst_date(review.asked_at),
        "reviewed_code": letter.code if letter else "",
        "reviewed_on": cst_date(letter.created_at if letter else review.reviewed.proposed_at),
    }


def remedies_text(case: Complaint, *, after_review: bool = False) -> str:
    """The remedies paragraph a proposal starts with; the handler completes it. Branch decisions name the reviewing unit.

    Source: O2020-3 art 19, art 20.
    """
    superior = case.unit.superior if case.unit.level == Unit.Level.BRANCH else None
    template = REMEDIES_AFTER_REVIEW if after_review else REMEDIES
    with override("zh-hans"):
        return render_to_string(f"{template}.txt", {"superior": superior, "institution": speaks_as(case)}).strip()


def letter_of(case: Complaint) -> Document | None:
    """The letter of the decision in force, once it was made."""
    return Document.objects.filter(case_id=case.pk, decision_id=case.decision_id).first() if case.decision_id else None
