"""The marks that open a view: to everybody, or to programs with a key. Whatever carries neither is closed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


def public(view: View) -> View:
    """Open `view` to everyone. Put it outermost, so that the function in the URL pattern carries the mark."""
    view.is_public = True
    return view


def is_public(view: Callable[..., Any]) -> bool:
    return getattr(view, "is_public", False)


def by_key(view: View, rule: str) -> View:
    """Let `view` ask for itself who comes: a program with a key, or a signed-in member of staff. `rule` says what it asks for."""
    view.access_rule = rule
    return view


def access_rule(view: Callable[..., Any]) -> str:
    """What a view marked `by_key` asks for; empty for all others."""
    return getattr(view, "access_rule", "")
