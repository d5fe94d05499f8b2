"""Every address of the product with who may ask for it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.urls import URLPattern, URLResolver, get_resolver

from jike.accounts.access import access_rule, is_public


@dataclass(frozen=True, slots=True)
class Route:
    """`access` is `anyone`, `own case` (a consumer who opened this case), `staff`, `staff with sight` (of this case) or `closed`;
    for the API `key or staff`, with the scope a key needs, and `with sight` where the address is a case's."""

    name: str
    pattern: str
    access: str


def routes() -> list[Route]:
    return sorted(_walk(get_resolver(), "", ""), key=lambda route: route.pattern)


def access_to(pattern: str, view: Callable[..., Any]) -> str:
    """The rule that the middleware applies, made narrower by the door of a single case."""
    is_case = "number>" in pattern
    if rule := access_rule(view):
        return f"{rule} with sight" if is_case else rule
    if is_public(view):
        return "own case" if is_case else "anyone"
    if not pattern.startswith("staff/"):
        return "closed"
    return "staff with sight" if is_case else "staff"


def _walk(resolver: URLResolver, prefix: str, namespace: str) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield Route(namespace + (entry.name or ""), pattern, access_to(pattern, entry.callback))
        else:
            yield from _walk(entry, pattern, f"{entry.namespace}:" if entry.namespace else namespace)


class Command(BaseCommand):
    help = "List every route with its access rule."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="the last line is the list as JSON")

    def handle(self, **options: Any) -> None:
        found = routes()
        if options["json"]:
            self.stdout.write(json.dumps([asdict(route) for route in found]))
            return
        for route in found:
            self.stdout.write(f"/{route.pattern:<60} {route.access:<40} {route.name}")
