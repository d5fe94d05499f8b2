"""What templates need from the shells: `{% load shell %}`."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from jike.web.pages import short_date as short_date_of

register = template.Library()

HIDDEN = SafeString('aria-hidden="true"')


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite. Without `label` it is decoration and screen readers skip it. Pages have dozens: it must cost nothing."""
    return _icon(name, label, static("vendor/icons.svg")) if label else _plain_icon(name)


@cache
def _plain_icon(name: str) -> SafeString:
    return _icon(name, "", static("vendor/icons.svg"))


def _icon(name: str, label: str, sprite: str) -> SafeString:
    told = format_html('role="img" aria-label="{}"', label) if label else HIDDEN
    return format_html('<svg class="icon" {}><use href="{}#{}"></use></svg>', told, sprite, name)


@register.filter
def short_date(at: datetime | None) -> str:
    return short_date_of(at)
