"""Which version of the rules about recordings holds: `config/rules/recordings.yaml`, asked by the day the contract was told."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Any

import yaml
from django.conf import settings


@dataclass(frozen=True, slots=True)
class Policy:
    """One version; what each value means stands at the head of the file."""

    version: str
    effective_from: date
    needs: dict[str, bool]
    exempt_terms: tuple[str, ...]
    required: tuple[str, ...]
    voice_only: tuple[str, ...]
    link_hours: int
    idle_hours: int
    shortest_seconds: int
    longest_seconds: int
    hole_ms: int
    quiet_bytes: int
    quiet_seconds: int
    fastest_letters: int
    slowest_seconds: int
    coverage_percent: int
    young_under: int
    aged_from: int
    large_from_cents: int
    sample_percent: int
    mend_working_days: int
    keep_years: int
    keep_dispute_years: int
    unused_years: int
    archive_days: int
    permission_hours: int
    source: tuple[str, ...]


@cache
def versions() -> tuple[Policy, ...]:
    """Every version, oldest first. Raises ValueError for a table that cannot be meant."""
    text = (settings.BASE_DIR / "config" / "rules" / "recordings.yaml").read_text(encoding="utf-8")
    found = tuple(_read(row) for row in yaml.safe_load(text)["versions"])
    if any(a.effective_from >= b.effective_from for a, b in pairwise(found)):
        raise ValueError("recordings.yaml: the versions do not follow one another")
    if any(not 0 <= one.sample_percent <= 100 or set(one.needs) != {"remote", "in_person"} for one in found):
        raise ValueError("recordings.yaml: a share beyond 0 to 100, or an unknown way of signing")
    return found


def policy_on(day: date) -> Policy | None:
    """What holds for a contract told on this Shanghai day; None before the first version."""
    return next((one for one in reversed(versions()) if one.effective_from <= day), None)


def policy_of(version: str) -> Policy:
    return next(one for one in versions() if one.version == version)


def _read(row: dict[str, Any]) -> Policy:
    lists = {field.name for field in fields(Policy) if str(field.type).startswith("tuple")}
    return Policy(**{name: tuple(value) if name in lists else value for name, value in row.items()})
