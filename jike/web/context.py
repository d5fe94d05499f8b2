"""What every template may use: the space, the institution's name and hotline, the languages."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from jike.accounts.spaces import STAFF, space_of
from jike.web.institution import institution

LARGE_COOKIE = "jike_large_text"


def shell(request: HttpRequest) -> dict[str, Any]:
    space = space_of(request.path_info)
    here = request.get_full_path() if request.method == "GET" else space.path
    return {
        "space": space.name,
        "home": space.path,
        "here": here,
        "institution": institution(),
        "language_route": "staff:language" if space is STAFF else "portal:language",
        "actor": getattr(request, "actor", None),
        "is_demo": settings.DEMO,
        "is_large": space_of(request.path_info).name == "portal" and request.COOKIES.get(LARGE_COOKIE) == "yes",
    }
