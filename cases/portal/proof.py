"""Proving a phone: one place that asks `jike.accounts.codes`, for filing, following, going on and changing the number."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest

from cases.portal.sessions import binding_of
from jike.accounts import codes
from jike.privacy import mask_phone, normalise_phone

FILE = "file"
TRACK = "track"
RESUME = "resume"
OLD_PHONE, NEW_PHONE, LOST_PHONE = "old_phone", "new_phone", "lost_phone"


def ask_for_code(request: HttpRequest, phone: str, *, purpose: str, now: datetime) -> str:
    """Send a code to `phone` and return the challenge it answers. Raises `Refused` when too many were asked for."""
    challenge = codes.send(
        phone,
        purpose=purpose,
        session_key=binding_of(request.session),
        address=request.META.get("REMOTE_ADDR", ""),
        now=now,
    )
    return str(challenge)


def proven_phone(request: HttpRequest, challenge: str, code: str, *, purpose: str, now: datetime) -> str:
    """The phone that received this code in this browser for this purpose. Raises `Refused`."""
    return codes.check(challenge, code, purpose=purpose, session_key=binding_of(request.session), now=now)


def masked(phone: str) -> str:
    """A number in any spelling, as a page may show it; what is no number shows nothing."""
    try:
        return mask_phone(normalise_phone(phone))
    except ValueError:
        return "***"
