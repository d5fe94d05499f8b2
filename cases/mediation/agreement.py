"""What an agreement says, in one canonical form: its hash is what both sides sign."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from cases.mediation.models import Agreement, Mediation, Offer
from cases.queries import complainant_of
from jike import ledger
from jike.privacy import open_sealed

FORM = "jike mediation agreement 1"
TEXTS = ("facts", "dispute", "responsibility", "manner")


def parties_of(case: Mediation) -> str:
    """Both sides by their full names as they are now, as JSON: they stay so in this version."""
    party = complainant_of(case)
    found = {
        "consumer": open_sealed(party, "name") if party else "",
        "merchant": case.merchant.name if case.merchant else "",
        "uscc": case.merchant.uscc if case.merchant else "",
        "body": case.body,
    }
    return json.dumps(found, ensure_ascii=False, sort_keys=True)


def content_of(case: Mediation, offer: Offer, *, version: int, parties: str, texts: dict[str, str]) -> dict[str, Any]:
    """Everything the law lists: parties, facts, dispute, responsibility, terms, manner and time of performance. Source: PML art 29."""
    return {
        "form": FORM,
        "case": case.number,
        "kind": case.form,
        "version": version,
        "parties": json.loads(parties),
        "terms": [
            {"what": term.what, "cny": str(term.amount_cny or ""), "due": term.due_on.isoformat()}
            for term in offer.plain_terms
        ],
        **{name: texts[name] for name in TEXTS},
    }


def sha256_of(content: dict[str, Any]) -> bytes:
    return hashlib.sha256(ledger.canonical(content)).digest()


def content_signed(case: Mediation, agreement: Agreement) -> dict[str, Any]:
    """The content of a stored version, read from what is sealed: whoever shows or checks it computes its hash from this."""
    texts = {name: open_sealed(agreement, name) for name in TEXTS}
    parties = open_sealed(agreement, "parties")
    return content_of(case, agreement.offer, version=agreement.version, parties=parties, texts=texts)
