"""What a message might be, guessed from its words by `config/natures.yaml`. Only shown: a person says what it is. Source: O2020-3 art 2"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import yaml
from django.conf import settings


@dataclass(frozen=True, slots=True)
class Hint:
    """One thing the message may be (`claim`, `question`, `report`) and the words of the table found in it."""

    nature: str
    found: tuple[str, ...]


@lru_cache
def _table() -> dict[str, tuple[str, ...]]:
    content = yaml.safe_load((settings.BASE_DIR / "config" / "natures.yaml").read_text(encoding="utf-8"))
    return {nature: tuple(words) for nature, words in content.items()}


def hints_of(text: str) -> list[Hint]:
    """Everything the words point at, most words first; several for a mixed message, none where no word is known."""
    hints = [Hint(nature, tuple(w for w in words if w in text)) for nature, words in _table().items()]
    return sorted((hint for hint in hints if hint.found), key=lambda hint: -len(hint.found))
