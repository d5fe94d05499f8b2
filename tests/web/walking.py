"""Every route of the product."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Route:
    name: str
    pattern: str
    view: Callable[..., Any]


def routes() -> list[Route]:
    return list(_walk(get_resolver("jike.urls"), "", ""))


def _walk(resolver: URLResolver, prefix: str, namespace: str) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield Route(namespace + (entry.name or ""), prefix + str(entry.pattern), entry.callback)
        else:
            inner = f"{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, prefix + str(entry.pattern), inner)
