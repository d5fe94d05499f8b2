"""Answering with a whole page or with the part of it that htmx asked for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from jike.base.dates import CST
from jike.base.htmx import wants_part

__all__ = ["render_page_or_part", "short_date", "wants_part"]


def render_page_or_part(
    request: HttpRequest, page_template: str, part_template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """The part when htmx asks for it, else the page that includes the same part: one markup, two ways."""
    response = render(request, part_template if wants_part(request) else page_template, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def short_date(at: datetime | None) -> str:
    """An instant as staff write it, `11-23 09:05`, in Shanghai time; with the year when it is not this one's."""
    if at is None:
        return ""
    local = at.astimezone(CST)
    same_year = local.year == datetime.now(CST).year
    return local.strftime("%m-%d %H:%M" if same_year else "%Y-%m-%d %H:%M")
