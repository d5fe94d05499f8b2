"""What is known of the borrower by itself, whatever is read on camera: age and student. Source: house R58."""

from __future__ import annotations

from datetime import date, datetime

from jike.base.dates import cst_date
from jike.privacy import open_sealed
from jike.privacy.identities import birth_date
from lending.models import Person
from lending.recordings.models import Contract
from lending.recordings.policy import Policy


def age_on(person: Person, day: date) -> int | None:
    """Whole years by the identity number; None where there is none, or a paper that holds no birth."""
    number = open_sealed(person, "id_number") if person.id_number else ""
    try:
        born = birth_date(number) if len(number) == 18 else None
    except ValueError:
        born = None
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day)) if born else None


def flags_of(contract: Contract, policy: Policy, *, now: datetime) -> list[str]:
    """Why a person looks at this borrower and loan, independent of the script."""
    age = age_on(contract.person, cst_date(now))
    found = {
        "person.age_unknown": age is None,
        "person.young": age is not None and age < policy.young_under,
        "person.aged": age is not None and age >= policy.aged_from,
        "person.student": contract.student_hit,
        "loan.large": contract.principal_cents >= policy.large_from_cents,
    }
    return [code for code, holds in found.items() if holds]
