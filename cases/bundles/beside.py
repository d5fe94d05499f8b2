"""What goes into a bundle beside the papers of the register: words that both sides of a talk released for it, and nothing else.

An app that has such registers where it keeps them; this package knows none of them. Source: house without prejudice.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from cases.bundles.profiles import Profile
from cases.models import Case

Provider = Callable[..., list[dict[str, Any]]]
_providers: list[Provider] = []


def add(provider: Provider) -> None:
    """Register a function `(case, *, lock)` that gives the entries of a case, each with an `id`; with `lock` nobody takes one back meanwhile."""
    _providers.append(provider)


def beside(case: Case, profile: Profile, *, lock: bool = False) -> list[dict[str, Any]]:
    """The entries that go in, in order; nothing into the consumer's own copy of own papers."""
    return [] if profile.is_own else [entry for given in _providers for entry in given(case, lock=lock)]


def ids_of(manifest: dict[str, Any]) -> list[UUID]:
    """The ids of these entries, as the database checks them once more."""
    return [UUID(entry["id"]) for entry in manifest.get("released", [])]
