"""What goes into a pack for an authority, in words: read once, sealed, and printed from that."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.utils.translation import override

from cases.attachments.models import Attachment
from cases.bundles.models import Release
from cases.copies.models import Audience
from cases.copies.queries import copy_for
from cases.evidence.models import Item
from cases.evidence.queries import Row, rows_of
from cases.police.house_rules import house_rules
from cases.police.materials import label_of
from cases.police.models import Loss, Pack, PoliceReport, Statement
from cases.police.words import CAPACITIES
from cases.queries import complainant_of
from jike import ledger
from jike.base.dates import CST
from jike.privacy import open_sealed
from jike.web.institution import institution

FORM = "jike police pack 1"
_RELATED = ("attachment__file", "attachment__examination", "attachment__view", "superseded__by")


def manifest_of(
    case: PoliceReport, statement: Statement, items: list[Item], *, seq: int, said: dict[str, str]
) -> dict[str, Any]:
    """Everything the document prints. Of people only whoever reports; the papers by name and hash, never with their content.

    Source: house R55.
    """
    rows = _rows(items)
    labels = {row.paper.pk: row.label for row in rows}
    with override("zh-hans"):
        return {
            "form": FORM,
            "case": case.number,
            "origin": case.origin.number if case.origin else "",
            "seq": seq,
            **said,
            "basis_label": house_rules().bases[said["basis"]].zh,
            "reporter": _reporter(case),
            "statement": {
                "version": statement.version,
                "facts": open_sealed(statement, "facts"),
                "suspects": open_sealed(statement, "suspects"),
                "sha256": bytes(statement.sha256).hex(),
                "confirmed_at": _local(statement.confirmation.confirmed_at),
            },
            "losses": [_loss(n, row, labels) for n, row in enumerate(case.known_losses, 1)],
            "loss_cny": f"{case.loss_cny:.2f}",
            "materials": [
                {"what": str(label_of(r)), "state": str(r.get_state_display())} for r in case.known_materials
            ],
            "papers": [_paper(row) for row in rows],
            "bundle": _bundle_of(case),
        }


def _reporter(case: PoliceReport) -> dict[str, Any]:
    """Whoever reports: the consumer, or the house under its own name."""
    capacity = CAPACITIES[case.capacity]
    if case.is_own:
        own = institution()
        return {"name": own.platform, "phone": own.hotline, "capacity": capacity, "is_house": True}
    party = complainant_of(case)
    said = {name: open_sealed(party, name) if party else "" for name in ("name", "phone")}
    return said | {"capacity": capacity}


def sha256_of(manifest: dict[str, Any]) -> bytes:
    return hashlib.sha256(ledger.canonical(manifest)).digest()


def read(pack: Pack) -> dict[str, Any]:
    """The manifest of a pack, as it was sealed."""
    found: dict[str, Any] = json.loads(open_sealed(pack, "manifest"))
    return found


def still_fits(pack: Pack, case: PoliceReport) -> bool:
    """Whether the losses and the capacity that a pack prints are those of the case as it is now."""
    said = read(pack)
    with override("zh-hans"):
        losses = [_loss(n, row, {}) for n, row in enumerate(case.known_losses, 1)]
    return said["reporter"]["capacity"] == CAPACITIES[case.capacity] and _paid(said["losses"]) == _paid(losses)


def _paid(losses: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    """Day, amount, payee and way of each row; the name of its voucher is no part of what was lost."""
    return [(row["on"], row["cny"], row["payee"], row["channel"]) for row in losses]


def _rows(items: list[Item]) -> list[Row]:
    chosen = Item.objects.filter(pk__in=[item.pk for item in items], superseded=None)
    return rows_of(chosen.select_related(*_RELATED).order_by("number", "late"))


def _loss(number: int, row: Loss, labels: dict[Any, str]) -> dict[str, Any]:
    return {
        "seq": number,
        "on": row.occurred_on.isoformat(),
        "cny": f"{row.amount_cny:.2f}",
        "payee": open_sealed(row, "payee"),
        "channel": str(row.get_channel_display()),
        "voucher": _voucher(row.paper, labels),
    }


def _voucher(paper: Attachment | None, labels: dict[Any, str]) -> str:
    """The voucher by its number in the list, else by its name; empty without one."""
    if paper is None:
        return ""
    return f"证据 {labels[paper.pk]}" if paper.pk in labels else open_sealed(paper, "name")


def _paper(row: Row) -> dict[str, Any]:
    copy = copy_for(row.paper, Audience.AUTHORITY)
    return {
        "paper": str(row.paper.pk),
        "label": row.label,
        "class": str(row.words.get_evidence_class_display()),
        "title": row.title,
        "source": row.source,
        "proves": row.proves,
        "form": str(row.words.get_form_display()),
        "pages": copy.count if copy else None,
        "sha256": row.sha256,
        "is_covered": bool(copy and copy.is_redacted),
        "copy_sha256": copy.sha256 if copy else "",
        "captured_at": _local(row.paper.created_at),
    }


def _bundle_of(case: PoliceReport) -> str:
    """The code of the newest bundle for the police that was let out of the origin: the papers themselves are bound there."""
    released = Release.objects.filter(case_id=case.origin_id, bundle__profile="police").order_by("-released_at")
    found = released.select_related("bundle").first()
    return found.bundle.code if found else ""


def _local(at: Any) -> str:
    return str(at.astimezone(CST).strftime("%Y-%m-%d %H:%M"))
