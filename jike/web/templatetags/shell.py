"""What templates need from the shells: `{% load shell %}`."""

from __future__ import annotations

from datetime import datetime

from django import template

from jike.web.pages import short_date as short_date_of

register = template.Library()


@register.inclusion_tag("_parts/icon.html")
def icon(name: str, label: str = "") -> dict[str, str]:
    """An icon of the sprite. Without `label` it is decoration and screen readers skip it."""
    return {"name": name, "label": label}


@register.filter
def short_date(at: datetime | None) -> str:
    return short_date_of(at)
