"""Signatures of PDF documents (PAdES): made over bundles, judged on anything that is handed in.

`sign` appends a signature to a document without touching a byte of it, whatever its size; `verify` says what the signatures of a
document prove and what they do not; `is_available` whether this installation has a certificate to sign with. Without one,
documents are made unsigned and every page says so. What a document means is the business of whoever has it signed.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jike.signatures.identity import is_available
    from jike.signatures.signing import sign
    from jike.signatures.verifying import verify

_HOME_OF = {"is_available": "identity", "sign": "signing", "verify": "verifying"}

__all__ = ["is_available", "sign", "verify"]


def __getattr__(name: str) -> Any:
    """Import on first use: programs that neither sign nor verify do not load the libraries for it."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOME_OF[name]}"), name)
