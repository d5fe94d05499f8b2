"""Which unit gets what comes in."""

from __future__ import annotations

from django.conf import settings

from jike.accounts.models import Unit


def intake_unit() -> Unit:
    """The unit that receives new cases (`INTAKE_UNIT`, by default the head office's consumer-protection department)."""
    return Unit.objects.get(code=settings.INTAKE_UNIT)
