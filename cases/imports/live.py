"""Real complaints from a file: each row is filed by the same action as in the portal, with its clock and acknowledgement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cases.complaints.actions import file_complaint
from cases.imports.historical import known_identities
from cases.imports.rows import Complaint as Row
from jike.base.actors import Actor
from jike.base.errors import Refused
from lending.models import Merchant


def file_rows(
    rows: Sequence[Row], *, actor: Actor, now: datetime, run: str = ""
) -> tuple[list[Row], list[tuple[Row, Refused]]]:
    """File those of `rows` whose identity is not known yet, one transaction each; answers the filed and the refused ones.

    The identity is the idempotency key: a run that was cut off is simply run again.
    """
    known = known_identities(rows)
    filed: list[Row] = []
    refused: list[tuple[Row, Refused]] = []
    for row in rows:
        if row.identity in known:
            continue
        try:
            case = file_complaint(
                actor=actor,
                now=now,
                key="|".join(row.identity),
                name=row.name,
                phone=row.phone,
                email=row.email,
                claim=row.claim,
                narrative=row.narrative,
                received_at=min(row.received_at, now),
                channel=row.channel,
                merchant=Merchant.objects.filter(name=row.merchant).first() if row.merchant else None,
                merchant_named=row.merchant,
                amount_cny=row.amount_cny,
                source=row.identity,
                source_facts={**row.facts, "fingerprint": row.fingerprint, **({"run": run} if run else {})},
            )
        except Refused as refusal:
            refused.append((row, refusal))
        else:
            row.case = case.pk
            filed.append(row)
    return filed, refused
