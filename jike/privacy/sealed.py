"""A sealed value: what code holds in place of clear text."""

from __future__ import annotations

import os
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FORMAT = b"\x01"
NONCE_BYTES = 12
OVERHEAD = len(FORMAT) + NONCE_BYTES + 16
DOTS = "•••"


class Unreadable(Exception):
    """A sealed value cannot be opened. The text names the place (model, column, key version), never a value."""


class Tampered(Unreadable):
    """The bytes were changed, or moved from another row, column or scope."""


class Destroyed(Unreadable):
    """The key of the scope was destroyed on purpose; nothing under it can be read again."""


class KeyMissing(Unreadable):
    """There is no key for the scope, or none of the configured master keys wrapped it."""


class Sealed:
    """Encrypted text, or text on its way to encryption. Prints as dots, compares by its ciphertext, is true when not empty.

    It does not know its row, so it opens only through `open_sealed(obj, field)`. Text that was just assigned keeps its
    clear form until the row is loaded again: a save that is rolled back can be repeated under a new key.
    """

    __slots__ = ("_clear", "ciphertext")

    def __init__(self, ciphertext: bytes | None, clear: str | None = None) -> None:
        self.ciphertext = ciphertext
        self._clear = clear

    def __str__(self) -> str:
        return DOTS if self else ""

    def __repr__(self) -> str:
        return f"<Sealed {DOTS if self else 'empty'}>"

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __bool__(self) -> bool:
        if self._clear is not None:
            return bool(self._clear)
        return self.ciphertext is not None and len(self.ciphertext) > OVERHEAD

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        return isinstance(other, Sealed) and self.ciphertext is not None and self.ciphertext == other.ciphertext

    __hash__ = None  # type: ignore[assignment]  # the ciphertext appears only when the row is saved

    def __copy__(self) -> Sealed:
        return Sealed(self.ciphertext, self._clear)

    def __deepcopy__(self, memo: dict[int, Any]) -> Sealed:
        return self.__copy__()

    def __reduce__(self) -> tuple[type[Sealed], tuple[bytes]]:
        if self.ciphertext is None:
            raise TypeError("Text that was never saved is not pickled: it would be written out in the clear.")
        return Sealed, (self.ciphertext,)


def seal(cipher: AESGCM, text: str, place: bytes) -> bytes:
    """Encrypt `text` for one place. The same text gives other bytes every time."""
    try:
        content = text.encode()
    except UnicodeEncodeError:
        raise ValueError("The text holds half a character (a lone surrogate) and cannot be stored.") from None
    nonce = os.urandom(NONCE_BYTES)
    return FORMAT + nonce + cipher.encrypt(nonce, content, place)


def unseal(cipher: AESGCM, ciphertext: bytes, place: bytes, *, name: str) -> str:
    """The text sealed for `place`. Raises `Tampered` when these bytes were not made for it; `name` is what that says."""
    if len(ciphertext) < OVERHEAD or ciphertext[:1] != FORMAT:
        raise Tampered(f"{name}: not a sealed value")
    try:
        return cipher.decrypt(ciphertext[1 : 1 + NONCE_BYTES], ciphertext[1 + NONCE_BYTES :], place).decode()
    except InvalidTag:
        raise Tampered(f"{name}: changed, or moved from another place") from None


def place_of(table: str, column: str, pk: UUID, scope: UUID) -> bytes:
    """What a ciphertext is bound to (its AAD): table, column, row, scope and the format of the value."""
    return f"jike.field|{FORMAT[0]}|{table}|{column}|{pk}|{scope}".encode()
