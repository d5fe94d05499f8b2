"""Scopes: what a key was given for. A scope lets powers of the owner's role through and never adds one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from jike.base.errors import Text


@dataclass(frozen=True, slots=True)
class Scope:
    """One scope: its name as stored with a key, a sentence for the page, and the powers it lets through."""

    name: str
    label: Text
    powers: frozenset[str] = frozenset()


Source = Callable[[], Iterable[Scope]]

_sources: list[Source] = []


def offer(source: Source) -> Source:
    """Register a function that names scopes. It is asked when needed, so that verbs registered later are in it."""
    if source not in _sources:
        _sources.append(source)
    return source


def all_scopes() -> dict[str, Scope]:
    return {scope.name: scope for source in _sources for scope in source()}


def powers_through(scopes: Iterable[str]) -> frozenset[str]:
    """The powers that may pass with `scopes`. A scope nobody offers any more lets nothing through."""
    known = all_scopes()
    return frozenset().union(*(known[name].powers for name in scopes if name in known))


@offer
def _own() -> list[Scope]:
    return [Scope("webhooks.manage", _("Subscribe to events"), frozenset({"webhooks.manage"}))]
