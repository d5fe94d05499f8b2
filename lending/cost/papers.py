"""The cost form as people read it, on a page and as a PDF: the content that was confirmed, in words and yuan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from jike.base.dates import CST
from jike.base.dates import now as current_instant
from jike.base.errors import Text
from jike.base.money import from_cents
from jike.files import pdf, store
from jike.outbox import jobs
from jike.web.institution import institution as house
from lending.cost.offers import PAPER_TOPIC
from lending.loans.models import Kind, Role
from lending.models import Disclosure, DisclosurePaper

WORDING = "lending/letters/cost_form.2026-11.html"
PAPER = "lending/letters/cost_form_paper.2026-11.html"


@dataclass(frozen=True, slots=True)
class Line:
    """One item of the form: what, who collects it, how it is charged, how much in all and a year."""

    what: Text
    collector: Text
    method: str
    standard: str
    upfront: Decimal
    monthly: Decimal
    total: Decimal
    percent: str


def sheet(content: dict[str, Any]) -> dict[str, Any]:
    """What the wording prints of `form.Form.content`: the same for a form in sight and for one that was confirmed."""
    months = [
        principal + sum(charge["monthly"][n] for charge in content["items"] if charge["monthly"])
        for n, principal in enumerate(content["instalments"])
    ]
    return {
        "principal": from_cents(content["principal_cents"]),
        "term": len(months),
        "payments": _payments(months),
        "upfront": from_cents(sum(charge["upfront"] for charge in content["items"])),
        "lines": [_line(charge) for charge in content["items"]],
        "contingent": [_line(charge) for charge in content["contingent"]],
        "total": from_cents(content["total_cents"]),
        "repaid": from_cents(sum(months)),
        "percent": content["annual_percent"],
        "is_compound": content["method"] == "compound",
        "policy": content["policy"],
    }


def _payments(months: Sequence[int]) -> list[tuple[int, int, Decimal]]:
    """Equal payments that follow one another as one line: from, to, amount."""
    found: list[tuple[int, int, int]] = []
    for number, cents in enumerate(months, start=1):
        if found and found[-1][2] == cents:
            found[-1] = (found[-1][0], number, cents)
        else:
            found.append((number, number, cents))
    return [(first, last, from_cents(cents)) for first, last, cents in found]


def _line(charge: dict[str, Any]) -> Line:
    monthly = charge["monthly"]
    return Line(
        Kind(charge["kind"]).label,
        charge["collector_name"] or Role(charge["collector"]).label,
        charge["method"],
        charge["standard"],
        from_cents(charge["upfront"]),
        from_cents(sum(monthly)),
        from_cents(charge["upfront"] + sum(monthly)),
        charge.get("annual_percent", ""),
    )


def html_of(row: Disclosure) -> str:
    """The confirmed form as a page for the PDF renderer. The borrower appears as a mask."""
    context = sheet(row.content) | {
        "row": row,
        "person": row.person,
        "platform_name": house().platform,
        "hotline": house().hotline,
    }
    with override("zh-hans"), timezone.override(CST):
        return render_to_string(PAPER, context)


@jobs.handler(PAPER_TOPIC, queue="documents", max_attempts=10, lease_seconds=120)
def render_form(job: jobs.ClaimedJob) -> None:
    """Print the confirmed form once; made again after a crash, it is the same."""
    row = Disclosure.objects.select_related("person").get(pk=job.body["disclosure"])
    if DisclosurePaper.objects.filter(pk=row.pk).exists():
        return
    available, _remedy = pdf.is_available()
    if not available:
        raise jobs.Postpone(300, "pango.missing")
    title = f"综合融资成本明示表 {row.application}"
    content = pdf.render(html_of(row), title=title, at=row.confirmed_at)
    name = f"综合融资成本明示表-{row.application}-v{row.version}.pdf"
    now = current_instant()
    stored = store.put(row.person_id, content, media_type="application/pdf", display_name=name, now=now)
    DisclosurePaper.objects.bulk_create(
        [DisclosurePaper(disclosure=row, file=stored, made_at=now)], ignore_conflicts=True
    )
