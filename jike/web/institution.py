"""Who runs this installation and where else a consumer can turn, from `config/institution.yaml`."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import yaml
from django.conf import settings
from django.utils.translation import get_language


@dataclass(frozen=True, slots=True)
class Institution:
    """The names and numbers printed on every public page. Source: O2020-3 art 8."""

    platform: str
    platform_en: str
    hotline: str
    hotline_hours: str
    address: str
    email: str
    process: str
    process_en: str
    regulator_hotline: str

    @property
    def way(self) -> str:
        """The way of a complaint, in the language of the reader."""
        return self.process_en if (get_language() or "").startswith("en") else self.process


@functools.cache
def institution() -> Institution:
    content = yaml.safe_load((settings.BASE_DIR / "config" / "institution.yaml").read_text(encoding="utf-8"))
    return Institution(**content)
