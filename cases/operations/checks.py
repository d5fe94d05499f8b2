"""System check: where the channels of complaint are not published."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Warning, register

from cases.operations import publication


@register()
def channels_are_published(**kwargs: Any) -> list[CheckMessage]:
    """One warning for each place that lacks a part. Source: O2020-3 art 8."""
    return [
        Warning(
            f"The channels of complaint lack {', '.join(parts)}: {place}.",
            hint="Complete config/institution.yaml and what is printed from it (O2020-3 art 8).",
            id="cases.W001",
        )
        for place, parts in publication.missing().items()
    ]
