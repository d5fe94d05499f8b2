"""House rules of the return: `config/rules/refunds.yaml`, read once."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache

import yaml
from django.conf import settings


@dataclass(frozen=True, slots=True)
class ReturnPolicy:
    """The file's values; `asking` in comparable form: half width, no difference of case."""

    asking: tuple[str, ...]
    again_within_months: int
    two_persons_above_cents: int
    ask_after_minutes: int
    stuck_after_hours: int


@cache
def policy() -> ReturnPolicy:
    text = (settings.BASE_DIR / "config" / "rules" / "refunds.yaml").read_text(encoding="utf-8")
    content = yaml.safe_load(text)
    asking = tuple(unicodedata.normalize("NFKC", word).casefold() for word in content.pop("asking"))
    return ReturnPolicy(asking, **content)
