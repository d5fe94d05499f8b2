"""Personal data: encrypted columns, the keys they are under, search by blind index, masks, and the log of who read what.

A column is sealed under the key of its scope (a case, a person); destroying that one key makes every sealed value and file
of the scope unreadable, in backups too. Clear text leaves through `reveal` (people, logged) or `open_sealed` (machines that
render a letter or send a message). This package does not decide who may read: the domains' doors do, before they ask.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jike.privacy.blind import blind_index
    from jike.privacy.fields import EncryptedTextField, open_sealed
    from jike.privacy.identities import id_number_warnings, normalise_id_number
    from jike.privacy.keys import create_keys, destroy_key, learn_key, new_key, prefetch_keys, rewrap
    from jike.privacy.masks import mask_card, mask_email, mask_id, mask_name, mask_phone
    from jike.privacy.normal import normalise_card, normalise_name, normalise_phone
    from jike.privacy.reveals import record_export, reveal
    from jike.privacy.sealed import Destroyed, KeyMissing, Sealed, Tampered, Unreadable

_HOMES = {
    "blind": ["blind_index"],
    "fields": ["EncryptedTextField", "open_sealed"],
    "identities": ["id_number_warnings", "normalise_id_number"],
    "keys": ["create_keys", "destroy_key", "learn_key", "new_key", "prefetch_keys", "rewrap"],
    "masks": ["mask_card", "mask_email", "mask_id", "mask_name", "mask_phone"],
    "normal": ["normalise_card", "normalise_name", "normalise_phone"],
    "reveals": ["record_export", "reveal"],
    "sealed": ["Destroyed", "KeyMissing", "Sealed", "Tampered", "Unreadable"],
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Destroyed",
    "EncryptedTextField",
    "KeyMissing",
    "Sealed",
    "Tampered",
    "Unreadable",
    "blind_index",
    "create_keys",
    "destroy_key",
    "id_number_warnings",
    "learn_key",
    "mask_card",
    "mask_email",
    "mask_id",
    "mask_name",
    "mask_phone",
    "new_key",
    "normalise_card",
    "normalise_id_number",
    "normalise_name",
    "normalise_phone",
    "open_sealed",
    "prefetch_keys",
    "record_export",
    "reveal",
    "rewrap",
]


def __getattr__(name: str) -> Any:
    """Import on first use: Django imports this package before models may be imported."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOME_OF[name]}"), name)
