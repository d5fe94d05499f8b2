"""Exact search on encrypted columns: a keyed hash of the normalised value. It finds equal values and tells nothing else."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from collections.abc import Callable

from jike.base.ids import normalise_code
from jike.privacy.identities import normalise_id_number
from jike.privacy.keyring import keyring
from jike.privacy.normal import normalise_card, normalise_name, normalise_phone

_NORMAL: dict[str, Callable[[str], str]] = {
    "phone": normalise_phone,
    "id_number": normalise_id_number,
    "card": normalise_card,
    "name": normalise_name,
    "receipt": normalise_code,
}


def blind_index(kind: str, value: str) -> bytes:
    """32 bytes that are equal for equal values of one kind: `phone`, `id_number`, `card`, `name`, `receipt`, or any other.

    Other kinds are compared without width, case and surrounding spaces. Raises ValueError when the value is no such thing.
    """
    normal = _NORMAL.get(kind, _plain)(value)
    key = keyring("BLIND_INDEX_KEY")
    return hmac.digest(key.keys[key.current], f"jike.blind|{kind}|{normal}".encode(), hashlib.sha256)


def _plain(value: str) -> str:
    return unicodedata.normalize("NFKC", value).strip().casefold()
