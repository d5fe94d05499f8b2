"""ZIP containers, which Office files and OFD are too: opened without being trusted."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from jike.files.looking.look import Look, Refuse

MOST_ENTRIES = 5_000
MOST_UNPACKED = 1024 * 1024 * 1024
MOST_TRIED = 400 * 1024 * 1024
MOST_RATIO, RATIO_COUNTS_FROM = 250, 30 * 1024 * 1024
_LOCKED = 0x1


def opened(content: bytes) -> zipfile.ZipFile:
    """The container, once its directory is sound. Raises `Refuse` for bombs, locks and damage."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, struct.error, NotImplementedError, OverflowError):
        raise Refuse("archive.damaged") from None
    entries = archive.infolist()
    if not entries:
        raise Refuse("archive.empty")
    if len(entries) > MOST_ENTRIES:
        raise Refuse("archive.too_many")
    if any(entry.flag_bits & _LOCKED for entry in entries):
        raise Refuse("file.locked")
    declared = sum(entry.file_size for entry in entries)
    if declared > MOST_UNPACKED or (declared > RATIO_COUNTS_FROM and declared > MOST_RATIO * len(content)):
        raise Refuse("file.bomb")
    _judge_places(entries, len(content))
    _judge_sizes(archive, entries, content)
    return archive


def _judge_places(entries: list[zipfile.ZipInfo], size: int) -> None:
    """Entries that lie on each other are one piece of data unpacked many times."""
    end = -1
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.is_dir():
            continue
        if entry.header_offset < end or entry.header_offset + entry.compress_size > size:
            raise Refuse("file.bomb" if entry.header_offset < end else "archive.damaged")
        end = entry.header_offset + 30 + entry.compress_size


def _judge_sizes(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], content: bytes) -> None:
    """Sizes in a directory may lie: what is packed is unpacked once and counted, and dropped."""
    tried = 0
    for entry in entries:
        if entry.compress_type != zipfile.ZIP_DEFLATED or tried > MOST_TRIED:
            continue
        head = content[entry.header_offset : entry.header_offset + 30]
        if len(head) < 30:
            raise Refuse("archive.damaged")
        start = entry.header_offset + 30 + sum(struct.unpack("<HH", head[26:30]))
        opener, data, size = zlib.decompressobj(-15), content[start : start + entry.compress_size], 0
        try:
            while data and size <= entry.file_size:
                size += len(opener.decompress(data, 1 << 20))
                data = opener.unconsumed_tail
        except zlib.error:
            raise Refuse("archive.damaged") from None
        if size > entry.file_size:
            raise Refuse("file.bomb")
        tried += size


def beginning(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    """The first `most` bytes of an entry; empty when it cannot be unpacked."""
    try:
        with archive.open(entry) as file:
            return file.read(most)
    except (zipfile.BadZipFile, NotImplementedError, zlib.error, EOFError, RuntimeError, OSError, ValueError):
        return b""


def name_of(entry: zipfile.ZipInfo) -> str:
    """The name as people wrote it: Chinese packers write GBK without saying so."""
    if entry.flag_bits & 0x800:
        return entry.filename
    try:
        raw = entry.filename.encode("cp437")
    except UnicodeEncodeError:
        return entry.filename
    for encoding in ("utf-8", "gb18030", "big5", "shift_jis"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return entry.filename


def judge_names(names: list[str], found: Look) -> None:
    """Names that lead out of the folder one unpacks into, and two entries of one name."""
    for name in names:
        flat = name.replace("\\", "/")
        if flat.startswith("/") or ".." in flat.split("/") or ":" in flat or "\0" in flat or flat.count("/") > 60:
            found.concern("archive.paths")
    if len(set(names)) != len(names):
        found.concern("archive.twice")
