"""System checks that must hold before the product may run."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import checks


@checks.register(checks.Tags.security, deploy=True)
def nothing_made_for_tests_is_on(**kwargs: Any) -> list[checks.CheckMessage]:
    """Failpoints kill processes, the demonstration shows passwords and messages: neither belongs where people are real."""
    return [
        checks.Error(f"{name} is on. Unset it: it is for tests and demonstrations.", id=f"jike.E00{number}")
        for number, name in enumerate(("ENABLE_FAILPOINTS", "DEMO"), start=1)
        if getattr(settings, name)
    ]
