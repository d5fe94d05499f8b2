"""The person a case is about, as given in it: the same row for every kind."""

from __future__ import annotations

from datetime import datetime

from cases.models import Case, Party
from jike.base.ids import uuid7
from jike.privacy import blind_index, mask_name, mask_phone


def add_speaker(case: Case, role: str, *, name: str, phone: str, email: str = "", now: datetime) -> Party:
    """Keep who complains, asks or reports, with masks and index; `phone` is normalised. Called by the kind's opener, in its transaction."""
    party = Party(
        id=uuid7(),
        case_id=case.pk,
        role=role,
        name=name,
        phone=phone,
        email=email,
        name_mask=mask_name(name),
        phone_mask=mask_phone(phone),
        phone_index=blind_index("phone", phone),
        created_at=now,
    )
    case.bring(party)
    return party
