"""What a new installation begins with: units, the platform's own entry, and invented funders and merchants to try it on."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction

from jike.accounts.models import Unit
from lending.models import Funder, Merchant
from lending.uscc import normalise_uscc


@transaction.atomic
def ensure_starter_data(now: datetime, *, with_examples: bool = True) -> dict[str, int]:
    """Write the rows of `config/starter.yaml` that are not there yet; answers how many were made, by kind.

    Rows that exist are never touched, so what an administrator has corrected stays.
    """
    content = yaml.safe_load((Path(settings.BASE_DIR) / "config" / "starter.yaml").read_text(encoding="utf-8"))
    examples = content["examples"] if with_examples else {"funders": [], "merchants": []}
    return {
        "units": sum(_ensure_unit(row) for row in content["units"]),
        "funders": _ensure_platform(content["platform"], now)
        + sum(_ensure_funder(row, now) for row in examples["funders"]),
        "merchants": sum(_ensure_merchant(row, now) for row in examples["merchants"]),
    }


def ensure_units(now: datetime) -> None:
    """Give an installation that has no unit at all what it begins with, without the invented rows."""
    if not Unit.objects.exists():
        ensure_starter_data(now, with_examples=False)


def _ensure_unit(row: dict[str, Any]) -> bool:
    superior = Unit.objects.get(code=row["superior"]) if row.get("superior") else None
    return Unit.objects.get_or_create(
        code=row["code"], defaults={"name": row["name"], "level": row["level"], "superior": superior}
    )[1]


def _ensure_platform(row: dict[str, Any], now: datetime) -> bool:
    return Funder.objects.get_or_create(speaks_for_platform=True, defaults={**row, "created_at": now})[1]


def _ensure_funder(row: dict[str, Any], now: datetime) -> bool:
    return Funder.objects.get_or_create(
        name=row["name"], defaults={**row, "uscc": normalise_uscc(row["uscc"]), "created_at": now}
    )[1]


def _ensure_merchant(row: dict[str, Any], now: datetime) -> bool:
    fields = {
        "name": row["name"],
        "scene": row["scene"],
        "city": row["city"],
        "contact_phone": row["phone"],
        "created_at": now,
    }
    return Merchant.objects.get_or_create(uscc=normalise_uscc(row["uscc"]), defaults=fields)[1]
