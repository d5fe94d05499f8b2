"""Who runs this installation and where else a consumer can turn, from `config/institution.yaml`."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import yaml
from django.conf import settings


@dataclass(frozen=True, slots=True)
class Institution:
    """The names and numbers printed on every public page."""

    platform: str
    platform_en: str
    hotline: str
    hotline_hours: str
    regulator_hotline: str


@functools.cache
def institution() -> Institution:
    content = yaml.safe_load((settings.BASE_DIR / "config" / "institution.yaml").read_text(encoding="utf-8"))
    return Institution(**content)
