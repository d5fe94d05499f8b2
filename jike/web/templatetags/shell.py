"""What templates need from the shells: `{% load shell %}`."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from django import template
from django.template.base import FilterExpression, Parser, Token
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from jike.base.sources import named
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


register.filter("source_named", named)


@register.filter
def short_date(at: datetime | None) -> str:
    return short_date_of(at)


class KeptNode(template.Node):
    """The part between `kept` and `endkept`, as it was drawn before for the same language and the same values."""

    MOST = 500

    def __init__(self, nodes: template.NodeList, values: list[FilterExpression]) -> None:
        self.nodes, self.values = nodes, values
        self._drawn: dict[tuple[Any, ...], SafeString] = {}

    def render(self, context: template.Context) -> SafeString:
        place = (get_language(), *(value.resolve(context, ignore_failures=True) for value in self.values))
        drawn = self._drawn.get(place)
        if drawn is None:
            if len(self._drawn) >= self.MOST:
                self._drawn.clear()
            drawn = self._drawn[place] = self.nodes.render(context)
        return drawn


@register.tag
def kept(parser: Parser, token: Token) -> KeptNode:
    """`{% kept rail.code %}…{% endkept %}`: draw once what depends on the language and on these values, and on nothing else.

    For the frame of pages that people open all day. Never around a person's data, a form's token or a `{% block %}`.
    """
    values = [parser.compile_filter(word) for word in token.split_contents()[1:]]
    nodes = parser.parse(("endkept",))
    parser.delete_first_token()
    return KeptNode(nodes, values)
