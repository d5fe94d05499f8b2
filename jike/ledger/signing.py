"""The key that signs heads, Ed25519: 32 secret bytes per version in `LEDGER_SIGNING_KEY`; the public half is for everybody."""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from jike.privacy.keyring import keyring


def current_version() -> int:
    return keyring("LEDGER_SIGNING_KEY").current


def sign(body: bytes) -> bytes:
    ring = keyring("LEDGER_SIGNING_KEY")
    return Ed25519PrivateKey.from_private_bytes(ring.keys[ring.current]).sign(body)


def public_key(version: int) -> bytes:
    """The 32 bytes of the public key of this version. Raises KeyError when the version is not configured."""
    return _private(version).public_key().public_bytes_raw()


def is_signed(body: bytes, signature: bytes, version: int) -> bool:
    """Whether one of our keys of this version signed `body`. Raises KeyError when the version is not configured."""
    try:
        _private(version).public_key().verify(signature, body)
    except InvalidSignature:
        return False
    return True


def _private(version: int) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(keyring("LEDGER_SIGNING_KEY").keys[version])
