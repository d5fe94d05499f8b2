"""System checks that must hold before the product may run."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import checks

PAIR = ("SIGNING_KEY", "SIGNING_CERTIFICATES")


@checks.register(checks.Tags.security, deploy=True)
def nothing_made_for_tests_is_on(**kwargs: Any) -> list[checks.CheckMessage]:
    """Failpoints kill processes, the demonstration shows passwords and messages: neither belongs where people are real."""
    return [
        checks.Error(f"{name} is on. Unset it: it is for tests and demonstrations.", id=f"jike.E00{number}")
        for number, name in enumerate(("ENABLE_FAILPOINTS", "DEMO"), start=1)
        if getattr(settings, name)
    ]


@checks.register(checks.Tags.security)
def signing_is_whole_or_absent(**kwargs: Any) -> list[checks.CheckMessage]:
    """Half of it is a mistake that would otherwise show as bundles without a signature."""
    missing = [name for name in PAIR if not getattr(settings, name)]
    if len(missing) != 1:
        return []
    return [checks.Error(f"{missing[0]} is missing. Set both {' and '.join(PAIR)}, or neither.", id="jike.E003")]
