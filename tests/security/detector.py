"""Looking for a person in any disguise: plain, spaced, percent-, JSON-, hex- or base64-encoded, reversed, full-width, UTF-16."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import quote, quote_plus

from django.db import connection

FULL_WIDTH = {c: c + 0xFEE0 for c in range(0x21, 0x7F)}


def disguises(value: str) -> dict[str, bytes]:
    """Every form of `value` by its name; those of letters in both cases are in lower case, as texts are compared."""
    raw = value.encode()
    texts = {
        "plain": value,
        "spaced": " ".join(value),
        "hyphenated": "-".join(value),
        "without hyphens": value.replace("-", ""),
        "percent": quote(value, safe=""),
        "form": quote_plus(value, safe=""),
        "json": json.dumps(value)[1:-1],
        "hex": raw.hex(),
        "utf-16 hex": value.encode("utf-16-le").hex(),
        "reversed": value[::-1],
        "full width": value.translate(FULL_WIDTH),
    }
    found = {name: text.lower().encode() for name, text in texts.items()}
    found["utf-16"] = value.encode("utf-16-le").lower()
    found["gb18030"] = value.encode("gb18030").lower()
    for shift in range(3):
        # Whatever stands before it, the middle of the encoded value is one of three texts.
        coded = base64.b64encode(b"\0" * shift + raw)
        core = coded[(0, 2, 3)[shift] : len(coded) - 4].lower()
        found[f"base64 at {shift}"] = core
        found[f"base64url at {shift}"] = core.replace(b"+", b"-").replace(b"/", b"_")
    return found


def found_in(place: bytes, canaries: Mapping[str, str]) -> list[str]:
    """The canaries that lie in `place`, with the disguise they wear."""
    lowered = place.lower()
    return [
        f"{name} ({disguise})"
        for name, value in canaries.items()
        for disguise, form in disguises(value).items()
        if len(form) >= 6 and form in lowered
    ]


def dump_of_every_table() -> dict[str, bytes]:
    """Every row of every table of the database as text, bytes as hex: what a plain dump holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        tables = [row[0] for row in cursor.fetchall()]
        dump = {}
        for table in tables:
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            dump[table] = "\n".join(row[0] for row in cursor.fetchall()).encode()
    return dump


def files_below(folders: Iterable[Path]) -> dict[str, bytes]:
    """Every file with its name in front of its bytes."""
    return {
        str(path): str(path).encode() + b"\n" + path.read_bytes()
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file()
    }
