"""How the ledger seals what was told of loans and what borrowers confirmed, and checks that the rows still say so."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from jike import ledger
from lending.models import Disclosure, LoanDocument

DOCUMENTS, DISCLOSURES = "lending.loan_document", "lending.disclosure"


def seal_document(document: LoanDocument, *, now: datetime) -> None:
    """Seal that a document was taken, at the end of the chain of its loan, which the caller has locked."""
    facts = _facts_of_document(document)
    subject = document.loan_id
    ledger.append(subject, "lending.loan_told", source=DOCUMENTS, source_id=document.pk, facts=facts, now=now)


def seal_disclosure(row: Disclosure, *, now: datetime) -> None:
    """Seal that a form was confirmed, at the end of the chain of its borrower, whom the caller has locked."""
    facts = _facts_of_disclosure(row)
    subject = row.person_id
    ledger.append(subject, "lending.form_confirmed", source=DISCLOSURES, source_id=row.pk, facts=facts, now=now)


def register() -> None:
    """Tell the ledger how to check both kinds of rows. Called when the app is ready."""
    for name, model, subject, facts_of in (
        (DOCUMENTS, LoanDocument, "loan_id", _facts_of_document),
        (DISCLOSURES, Disclosure, "person_id", _facts_of_disclosure),
    ):
        ledger.register_source(
            name,
            _digests(model, facts_of),
            rows_of=_rows(model, subject),
            subjects=_subjects(model, subject),
        )


def _facts_of_document(document: LoanDocument) -> dict[str, Any]:
    return {
        "loan": str(document.loan_id),
        "source": document.source,
        "as_of": _micros(document.as_of_at),
        "content": bytes(document.content_hash).hex(),
    }


def _facts_of_disclosure(row: Disclosure) -> dict[str, Any]:
    return {
        "person": str(row.person_id),
        "version": row.version,
        "channel": row.channel,
        "content": hashlib.sha256(ledger.canonical(row.content)).hexdigest(),
        "paper": row.paper_sha256,
        "shown": _micros(row.shown_at),
        "confirmed": _micros(row.confirmed_at),
    }


def _micros(at: datetime) -> int:
    return int(at.timestamp() * 1_000_000)


def _digests(model: Any, facts_of: Callable[[Any], dict[str, Any]]) -> Callable[[Sequence[UUID]], dict[UUID, bytes]]:
    def digests(ids: Sequence[UUID]) -> dict[UUID, bytes]:
        rows = model.objects.filter(pk__in=ids)
        return {row.pk: hashlib.sha256(ledger.canonical(facts_of(row))).digest() for row in rows}

    return digests


def _rows(model: Any, subject: str) -> Callable[[Sequence[UUID]], Iterator[tuple[UUID, UUID]]]:
    def rows(subjects: Sequence[UUID]) -> Iterator[tuple[UUID, UUID]]:
        return model.objects.filter(**{f"{subject}__in": subjects}).values_list("pk", subject).iterator()

    return rows


def _subjects(model: Any, subject: str) -> Callable[[], Iterator[UUID]]:
    def subjects() -> Iterator[UUID]:
        return model.objects.order_by(subject).values_list(subject, flat=True).distinct().iterator()

    return subjects
