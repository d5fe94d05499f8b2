"""Which version of the rules about cost holds for a loan: `config/rules/disclosure.yaml` read and asked by the day of signing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import pairwise
from typing import Literal, get_args

import yaml
from django.conf import settings

Method = Literal["monthly_times_12", "compound"]


@dataclass(frozen=True, slots=True)
class Policy:
    """One version. `cap_percent` is a year's, by `method`; `dwell_seconds` how long the form is in sight before it is confirmed."""

    version: str
    effective_from: date
    needs_form: bool
    method: Method
    cap_percent: Decimal
    dwell_seconds: int
    source: tuple[str, ...]


@cache
def versions() -> tuple[Policy, ...]:
    """Every version, oldest first. Raises ValueError for a table that cannot be meant."""
    text = (settings.BASE_DIR / "config" / "rules" / "disclosure.yaml").read_text(encoding="utf-8")
    found = tuple(
        Policy(**row | {"cap_percent": Decimal(row["cap_percent"]), "source": tuple(row["source"])})
        for row in yaml.safe_load(text)["versions"]
    )
    if any(a.effective_from >= b.effective_from for a, b in pairwise(found)):
        raise ValueError("disclosure.yaml: the versions do not follow one another")
    if any(one.method not in get_args(Method) or one.cap_percent <= 0 for one in found):
        raise ValueError("disclosure.yaml: unknown method or no cap")
    return found


def policy_on(day: date) -> Policy | None:
    """What holds for a loan signed on this Shanghai day; None before the first version."""
    return next((one for one in reversed(versions()) if one.effective_from <= day), None)
