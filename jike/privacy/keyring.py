"""Secrets of the form `1:base64,2:base64` (newest last): versioned keys from settings. A bare base64 value is version 1."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

KEY_BYTES = 32


@dataclass(frozen=True)
class Keyring:
    """The versions of one key. `current` is what new things are made with; older ones only open old things."""

    keys: dict[int, bytes]
    current: int

    def __repr__(self) -> str:
        return f"Keyring(versions={sorted(self.keys)}, current={self.current})"


def keyring(name: str) -> Keyring:
    """The keys of the setting `name`. Raises ImproperlyConfigured naming the setting, never its value."""
    return _parse(name, getattr(settings, name))


@lru_cache(maxsize=32)
def _parse(name: str, text: str) -> Keyring:
    keys: dict[int, bytes] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        version, colon, encoded = part.rpartition(":")
        try:
            number = int(version) if colon else 1
            key = base64.urlsafe_b64decode(encoded.replace("+", "-").replace("/", "_") + "=" * (-len(encoded) % 4))
        except (ValueError, binascii.Error):
            raise ImproperlyConfigured(f"{name} must be version:base64 pairs, separated by commas.") from None
        if len(key) != KEY_BYTES or number in keys or not 1 <= number <= 32_767:
            raise ImproperlyConfigured(
                f"{name}: every key is 32 bytes in base64 under a version of its own, from 1 on."
            )
        keys[number] = key
    if not keys:
        raise ImproperlyConfigured(f"{name} holds no key.")
    return Keyring(keys, current=list(keys)[-1])
