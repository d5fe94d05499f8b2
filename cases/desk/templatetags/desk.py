"""What the shell of the workbench needs: `{% load desk %}`."""

from __future__ import annotations

from typing import Any

from django import template

from cases.desk.places import Place, places_of

register = template.Library()


@register.simple_tag(takes_context=True)
def places(context: dict[str, Any]) -> list[Place]:
    """The pages besides the lists that whoever looks may open."""
    request = context.get("request")
    return places_of(getattr(request, "actor", None))
