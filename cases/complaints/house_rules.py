"""What the house adds to the Order after a decision: `config/rules/complaints.yaml`, read once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import yaml
from django.conf import settings


@dataclass(frozen=True, slots=True)
class Unreachable:
    """How many failed attempts, by how many channels, on how many Shanghai days make a person unreachable."""

    attempts: int
    channels: int
    days: int


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two complaints received within `days` must read, in per cent, to stand in one cluster; shown from `cluster_from` on."""

    days: int
    percent: int
    percent_same_merchant: int
    cluster_from: int


@dataclass(frozen=True, slots=True)
class Alarms:
    """How many open complaints received within `days` about one salesperson, or one merchant, supervisors are told of."""

    days: int
    salesperson: int
    merchant: int


@dataclass(frozen=True, slots=True)
class HouseRules:
    """Days are calendar days; `low_score` is the highest answer of the survey that calls the supervisor."""

    unreachable: Unreachable
    second_channel_days: int
    close_after_days: int
    promise_days: int
    unmerge_days: int
    low_score: int
    likeness: Likeness
    alarms: Alarms


@cache
def house_rules() -> HouseRules:
    path = settings.BASE_DIR / "config" / "rules" / "complaints.yaml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    parts = {"unreachable": Unreachable, "likeness": Likeness, "alarms": Alarms}
    return HouseRules(**(content | {name: part(**content[name]) for name, part in parts.items()}))
