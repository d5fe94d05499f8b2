"""The three spaces of the site and the cookies that belong to each.

A session of one space is worth nothing in another: cookies have names and paths of their own, and session keys begin with
the letter of their space. `/api/` counts as the workbench, but the workbench cookie's path keeps browsers from sending it
there: API clients show a key of their own.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Space:
    """One audience: its path, the letter its session keys begin with, and how long an idle session lives."""

    name: str
    path: str
    letter: str
    idle_minutes: int

    @property
    def session_cookie(self) -> str:
        return f"jike_{self.name}"

    @property
    def csrf_cookie(self) -> str:
        return f"jike_{self.name}_csrf"


PORTAL = Space("portal", "/", "p", settings.PORTAL_SESSION_MINUTES)
STAFF = Space("staff", "/staff/", "s", settings.STAFF_IDLE_MINUTES)
MERCHANT = Space("merchant", "/m/", "m", settings.PORTAL_SESSION_MINUTES)


def space_of(path: str) -> Space:
    """The space that a request path belongs to."""
    if path.startswith(("/staff/", "/api/")) or path == "/staff":
        return STAFF
    return MERCHANT if path.startswith("/m/") else PORTAL
