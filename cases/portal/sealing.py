"""Sealing what the portal session must remember: sessions lie in the database in clear, people's words must not."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

_NONCE_BYTES = 12


def put(session: SessionBase, slot: str, content: dict[str, Any]) -> None:
    """Keep `content` under `slot`, readable only with the key of this installation."""
    nonce = os.urandom(_NONCE_BYTES)
    clear = json.dumps(content, ensure_ascii=False).encode()
    sealed = AESGCM(_key()).encrypt(nonce, clear, slot.encode())
    session[slot] = base64.urlsafe_b64encode(nonce + sealed).decode()


def take(session: SessionBase, slot: str) -> dict[str, Any]:
    """What lies under `slot`; empty when there is nothing, or when the key has changed since."""
    sealed = base64.urlsafe_b64decode(session.get(slot, ""))
    if not sealed:
        return {}
    try:
        clear = AESGCM(_key()).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], slot.encode())
    except InvalidTag:
        return {}
    return json.loads(clear)


def drop(session: SessionBase, slot: str) -> None:
    session.pop(slot, None)


def _key() -> bytes:
    return hmac.digest(settings.LINK_KEY.encode(), b"complaints.portal.session", hashlib.sha256)
