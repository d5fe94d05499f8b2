"""Who takes part in a complaint beside its complainant: an agent, an heir, the representatives of a joint complaint."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cases.models import Case, Party
from jike.base.ids import uuid7
from jike.privacy import blind_index, mask_name, mask_phone, normalise_phone

AGENT, HEIR, REPRESENTATIVE = "agent", "heir", "representative"


@dataclass(frozen=True, slots=True)
class OtherParty:
    """One of them as given when the complaint is filed. `role` is agent, heir or representative; `relation` in own words.

    Source: O2020-3 art 12, art 14.
    """

    role: str
    name: str
    phone: str = ""
    relation: str = ""


def new_party(case: Case, other: OtherParty, *, now: datetime) -> Party:
    """The unsaved row of one of them. Raises ValueError for no phone number."""
    phone = normalise_phone(other.phone) if other.phone else ""
    return Party(
        id=uuid7(),
        case_id=case.pk,
        role=other.role,
        name=other.name.strip(),
        phone=phone,
        relation=other.relation.strip(),
        name_mask=mask_name(other.name.strip()),
        phone_mask=mask_phone(phone) if phone else "",
        phone_index=blind_index("phone", phone) if phone else None,
        created_at=now,
    )
