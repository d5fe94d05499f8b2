"""Marks inside containers: which Office file a ZIP or an OLE storage is, and which characters a text is written in."""

from __future__ import annotations

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NO_TEXT = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_ZIP_KINDS = (
    (b"AndroidManifest.xml", "application/x-program"),
    (b".class", "application/x-program"),
    (b"word/document", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"xl/workbook", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (b"ppt/presentation", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    (b"OFD.xml", "application/ofd"),
)
_OPEN_DOCUMENT = re.compile(rb"mimetypeapplication/vnd\.oasis\.opendocument\.(text|spreadsheet|presentation)")
_OLE_KINDS = (
    ("EncryptedPackage", "application/encrypted"),
    ("__properties_version1.0", "application/vnd.ms-outlook"),
    ("WordDocument", "application/msword"),
    ("PowerPoint Document", "application/vnd.ms-powerpoint"),
    ("Workbook", "application/vnd.ms-excel"),
    ("Book", "application/vnd.ms-excel"),
)


def zip_kind(content: bytes) -> str:
    """The kind of a ZIP by the names it holds; a plain archive for all others."""
    if match := _OPEN_DOCUMENT.search(content[:200]):
        return f"application/vnd.oasis.opendocument.{match[1].decode()}"
    names = names_in_directory(content)
    for name, kind in _ZIP_KINDS:
        if any(entry.startswith(name) or (name == b".class" and entry.endswith(name)) for entry in names):
            return kind
    return "application/zip"


def names_in_directory(content: bytes, *, most: int = 2_000) -> list[bytes]:
    """Names in the central directory at the end of a ZIP, as far as it lies in `content`; those of its local heads besides."""
    found: list[bytes] = []
    for mark, length_at, name_at in ((b"PK\x01\x02", 28, 46), (b"PK\x03\x04", 26, 30)):
        at = content.find(mark)
        while at >= 0 and len(found) < most:
            length = int.from_bytes(content[at + length_at : at + length_at + 2], "little")
            found.append(content[at + name_at : at + name_at + length])
            at = content.find(mark, at + name_at)
    return found


def ole_kind(content: bytes) -> str:
    """The kind of an OLE storage by the names of its streams."""
    for name, kind in _OLE_KINDS:
        if name.encode("utf-16-le") + b"\0\0" in content:
            return kind
    return "application/x-ole-storage"


def encoding_of(head: bytes) -> str:
    """The encoding that a text is likely in; empty when these bytes are no text. A character may be cut at the end."""
    for bom, name in _BOMS:
        if head.startswith(bom):
            return name if _decodes(head, name) else ""
    if not head or _NO_TEXT.search(head):
        return ""
    for name in ("utf-8", "gb18030", "big5"):
        if _decodes(head, name):
            return name
    plain = sum(byte < 0x80 for byte in head)
    return "windows-1252" if plain * 10 > len(head) * (3 if len(head) > 300 else 7) else ""


def _decodes(head: bytes, encoding: str) -> bool:
    try:
        return bool(codecs.getincrementaldecoder(encoding)().decode(head))
    except (UnicodeDecodeError, LookupError):
        return False
