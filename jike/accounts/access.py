"""The mark that opens a view to people who are not signed in. Whatever does not carry it is closed."""

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
