"""The list of papers of one case, in words."""

from __future__ import annotations

from cases.police.house_rules import house_rules
from cases.police.models import Material
from jike.base.errors import Text
from jike.privacy import open_sealed


def label_of(row: Material) -> Text:
    """What the paper is called: by the list of the house, or by the words it was added with."""
    usual = house_rules().materials.get(row.code)
    return usual.label if usual else open_sealed(row, "label") or row.code


def why_of(row: Material) -> Text:
    usual = house_rules().materials.get(row.code)
    return usual.why if usual else ""
