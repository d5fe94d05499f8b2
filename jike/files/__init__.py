"""Files of cases: content-addressed, encrypted under the key of their case, written once; and the PDF renderer.

Bytes are on disk or in a bucket (`places`) before the row that names them; a crash leaves at most an unnamed file, which
`verify_files` reports. What a file is for, and who may see it, is the business of the domains.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jike.files.names import clean_display_name
    from jike.files.store import (
        FileDamaged,
        FileTrouble,
        put,
        put_stream,
        read,
        read_range,
        sm3_of,
        stream,
        verify_files,
    )

_HOME_OF = {
    "FileDamaged": "store",
    "FileTrouble": "store",
    "clean_display_name": "names",
    "put": "store",
    "put_stream": "store",
    "read": "store",
    "read_range": "store",
    "sm3_of": "store",
    "stream": "store",
    "verify_files": "store",
}

__all__ = [
    "FileDamaged",
    "FileTrouble",
    "clean_display_name",
    "put",
    "put_stream",
    "read",
    "read_range",
    "sm3_of",
    "stream",
    "verify_files",
]


def __getattr__(name: str) -> Any:
    """Import on first use: Django imports this package before models may be imported."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOME_OF[name]}"), name)
