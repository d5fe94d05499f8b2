"""How long a text may be, in characters."""

from cases.rules import PART_LIMIT

__all__ = ["NARRATIVE_LIMIT", "PART_LIMIT"]

NARRATIVE_LIMIT = 20_000
