"""What the shell of the workbench needs: `{% load desk %}`."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING, Any

from django import template
from django.utils.safestring import SafeString

from cases.desk.places import Place, places_of
from jike.base.errors import Blocker
from jike.base.sources import named
from jike.web.templatetags.shell import icon

if TYPE_CHECKING:
    from cases.desk.page import Gate

register = template.Library()


@register.simple_tag(takes_context=True)
def places(context: dict[str, Any]) -> list[Place]:
    """The pages besides the lists that whoever looks may open."""
    request = context.get("request")
    return places_of(getattr(request, "actor", None))


@register.simple_tag
def closed(gates: Iterable[Gate]) -> SafeString:
    """The verbs that are closed, each with every reason, as the lines of a `<dl>`. A case page has some sixty: it must cost nothing."""
    lock = icon("lock")
    parts = [
        f"<dt>{lock}{escape(str(gate.verb.label))}</dt>{''.join(_reason(one) for one in gate.blockers)}"
        for gate in gates
    ]
    return SafeString("".join(parts))  # every word of it is escaped; `format_html` takes five times as long


def _reason(blocker: Blocker) -> str:
    source = f" <small>{escape(named(blocker.source))}</small>" if blocker.source else ""
    return f'<dd data-code="{escape(blocker.code)}">{escape(str(blocker.message))}{source}</dd>'
