"""Which unit gets what comes in."""

from __future__ import annotations

from django.conf import settings

from jike.accounts.models import Unit
from jike.base.kept import kept


def intake_unit() -> Unit:
    """The unit that receives new cases (`INTAKE_UNIT`, by default the head office's consumer-protection department)."""
    return _unit_with(settings.INTAKE_UNIT)


@kept
def _unit_with(code: str) -> Unit:
    return Unit.objects.get(code=code)
