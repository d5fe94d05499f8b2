"""File names as people may see them: safe in HTML, headers, archives and on any disk."""

from __future__ import annotations

import re
import unicodedata

MAX_CHARACTERS = 120
MAX_BYTES = 200
_UNSAFE = re.compile(r'[/\\:*?"<>|;\u2044\u2215\uff0f\uff3c]')
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)


def clean_display_name(name: str) -> str:
    """`name` without paths, control, invisible and direction characters, in NFC, cut to size with its extension kept.

    Always gives a name: what is left of nothing is `file`. The stored name is the content's hash; this one is only shown.
    """
    name = unicodedata.normalize("NFC", name.encode("utf-8", "ignore").decode())
    name = name.replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(
        " " if char.isspace() else char for char in name if char.isspace() or unicodedata.category(char)[0] != "C"
    )
    name = " ".join(_UNSAFE.sub("_", name).split()).strip(" ").lstrip(".-~ ").rstrip(". ")
    if _DEVICES.fullmatch(name):
        name = f"_{name}"
    return _cut(name) or "file"


def _cut(name: str) -> str:
    stem, dot, extension = name.rpartition(".")
    if not stem or len(extension) > 10:
        stem, dot, extension = name, "", ""
    while len(stem) + len(dot + extension) > MAX_CHARACTERS or len((stem + dot + extension).encode()) > MAX_BYTES:
        stem = stem[:-1]
    return f"{stem}{dot}{extension}"
