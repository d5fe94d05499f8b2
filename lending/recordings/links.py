"""The borrower's link: 128 bits derived from the recording, so that no table and no job holds what opens it. A code to the phone opens it.

Reading a link changes nothing. Source: house recording link.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

from django.conf import settings

from jike.privacy import blind_index
from jike.privacy.keyring import keyring
from lending.recordings.models import Recording
from lending.recordings.policy import policy_of

TOKEN_BYTES = 16
TOPIC = "recordings.send_link"


def renew(recording: Recording, *, now: datetime) -> None:
    """A new link in place of the one before, in memory. Called inside a verb."""
    recording.link_number += 1
    recording.link_index = index_of(_derived(recording, keyring("LINK_KEY").current))
    recording.link_expires_at = now + timedelta(hours=policy_of(recording.policy_version).link_hours)


def token_of(recording: Recording) -> str:
    """The token in clear, for whoever sends it. Raises LookupError when there is none, or the key it was made with is gone."""
    for version in sorted(keyring("LINK_KEY").keys, reverse=True):
        token = _derived(recording, version)
        if hmac.compare_digest(index_of(token), bytes(recording.link_index or b"")):
            return token
    raise LookupError("this recording has no link")


def address_of(recording: Recording) -> str:
    return f"{settings.PUBLIC_BASE_URL}/recording/{token_of(recording)}/"


def index_of(token: str) -> bytes:
    return blind_index("recording link", token)


def _derived(recording: Recording, version: int) -> str:
    what = b"jike.recording-link|" + recording.pk.bytes + recording.link_number.to_bytes(2, "big")
    return hmac.digest(keyring("LINK_KEY").keys[version], what, hashlib.sha256)[:TOKEN_BYTES].hex()
