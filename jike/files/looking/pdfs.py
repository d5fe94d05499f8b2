"""PDF papers: pages, lock, repair, signatures, and everything in them that acts by itself. Nothing is drawn and nothing is saved."""

from __future__ import annotations

import io
import logging
import re
import zlib
from typing import Any

from jike.files import kinds
from jike.files.looking.look import Look, Refuse

MOST_PAGES = 500
MOST_CONTENT = 32 * 1024 * 1024  # of one page, unpacked
MOST_UNPACKED = 600 * 1024 * 1024  # of all streams but pictures
MOST_PIXELS = 220_000_000  # of one picture inside
_STRING = re.compile(rb"\((?:\\.|[^\\()])*\)|<[0-9a-fA-F\s]*>", re.DOTALL)
_ACTIVE = (
    (re.compile(rb"(?<!/S )/JavaScript(?![\w#])"), "pdf.script"),  # scripts of the whole document
    (re.compile(rb"/S\s*/Launch(?![\w#])"), "pdf.launch"),
    (re.compile(rb"/S\s*/(SubmitForm|ImportData)(?![\w#])"), "pdf.sends"),
    (re.compile(rb"/(S|Subtype)\s*/(RichMedia|3D|Movie|Rendition|Sound)(?![\w#])"), "pdf.media"),
    (re.compile(rb"/XFA(?![\w#])"), "pdf.form_program"),
)
_OPENS_BY_ITSELF = (b"/URI", b"/GoToR", b"/GoToE")
# What forms reckon with: the house functions of the format, fields and numbers, and nothing else.
_WORD = re.compile(r"""[A-Za-z_$][\w$]*|"[^"\\]*"|'[^'\\]*'|.""", re.DOTALL)
_FORM_WORDS = frozenset({"event", "value", "getField", "this", "true", "false", "null", "new", "Array"})
_HARMLESS_INSIDE = kinds.PICTURES | kinds.TEXTS | {kinds.PDF, kinds.OFD}


def look(content: bytes) -> Look:
    import pikepdf  # noqa: PLC0415 - loaded after the limits are set

    logging.disable()
    found = Look(kinds.PDF)
    try:
        pdf = pikepdf.open(io.BytesIO(content), suppress_warnings=True)
    except pikepdf.PasswordError:
        raise Refuse("file.locked") from None
    except pikepdf.PdfError:
        raise Refuse("pdf.damaged") from None
    with pdf:
        try:
            _add_pages(pdf, found)
            _add_actions(pdf, found)
            _add_attached(pdf, found)
        except pikepdf.PdfError:
            raise Refuse("pdf.damaged") from None
        found.facts |= {"version": pdf.pdf_version, "is_locked_for_changes": bool(pdf.is_encrypted)}
        found.facts["is_repaired"] = bool(pdf.get_warnings())
    return found


def _add_pages(pdf: Any, found: Look) -> None:
    pages = len(pdf.pages)
    if not pages:
        raise Refuse("pdf.damaged")
    if pages > MOST_PAGES:
        raise Refuse("document.too_many_pages")
    found.facts["pages"] = pages
    turns = [_turn(page) for page in pdf.pages]
    found.facts |= {"rotation": turns[0], "rotated_pages": sum(turn != 0 for turn in turns)}
    box = [float(side) for side in pdf.pages[0].cropbox]
    width, height = abs(box[2] - box[0]), abs(box[3] - box[1])
    if not (0 < width < 15_000 and 0 < height < 15_000):
        raise Refuse("pdf.damaged")
    found.facts |= {"width_pt": round(width, 1), "height_pt": round(height, 1)}


def _turn(page: Any) -> int:
    try:
        return int(page.rotation) % 360
    except (ValueError, TypeError, AttributeError):
        return 0


def _add_actions(pdf: Any, found: Look) -> None:
    """Every object is written out and compared: actions stand in dictionaries of their own and in others, plain and escaped."""
    import pikepdf  # noqa: PLC0415

    signatures, unpacked = 0, 0
    _judge(pdf.trailer.unparse(), found)
    for thing in pdf.objects:
        is_stream = isinstance(thing, pikepdf.Stream)
        if not is_stream and not isinstance(thing, (pikepdf.Dictionary, pikepdf.Array)):
            continue
        written = (thing.stream_dict if is_stream else thing).unparse(resolved=True)
        _judge(written, found)
        if is_stream:
            unpacked += _size_of(thing, written)
            if unpacked > MOST_UNPACKED:
                raise Refuse("file.bomb")
        if b"/JS" in written:
            _judge_scripts(thing.stream_dict if is_stream else thing, found)
        if isinstance(thing, pikepdf.Dictionary):
            signatures += b"/ByteRange" in written and b"/Contents" in written
            _judge_opening(thing, written, found)
    found.facts["signatures"] = signatures


def _judge(written: bytes, found: Look) -> None:
    plain = _STRING.sub(b"()", written)
    for pattern, code in _ACTIVE:
        if pattern.search(plain):
            found.concern(code)


def _judge_scripts(thing: Any, found: Look, depth: int = 0) -> None:
    """A form that adds up its own fields is a form; any other script is looked at by a person."""
    import pikepdf  # noqa: PLC0415

    if depth > 20:
        found.concern("pdf.script")
    elif isinstance(thing, pikepdf.Dictionary):
        for key, value in thing.items():
            if key == "/JS" and not (isinstance(value, pikepdf.String) and _only_reckons(str(value))):
                found.concern("pdf.script")
            elif isinstance(value, (pikepdf.Dictionary, pikepdf.Array)) and not value.is_indirect:
                _judge_scripts(value, found, depth + 1)
    elif isinstance(thing, pikepdf.Array):
        for value in thing:
            if isinstance(value, (pikepdf.Dictionary, pikepdf.Array)) and not value.is_indirect:
                _judge_scripts(value, found, depth + 1)


def _only_reckons(script: str) -> bool:
    words = [word for word in _WORD.findall(script[:5_000]) if word[0].isalpha() or word[0] in "_$"]
    is_known = all(word in _FORM_WORDS or re.fullmatch(r"AF[A-Z]\w+", word) for word in words)
    return is_known and len(script) <= 5_000 and not set(script) & set("`[]\\{}")


def _judge_opening(thing: Any, written: bytes, found: Look) -> None:
    """A paper that calls an address or another file as soon as it is opened."""
    if b"/OpenAction" not in written and b"/AA" not in written:
        return
    for key in ("/OpenAction", "/AA"):
        deed = thing.get(key)
        if deed is None or not hasattr(deed, "unparse"):
            continue
        plain = _STRING.sub(b"()", deed.unparse(resolved=True))
        if any(word in plain for word in _OPENS_BY_ITSELF):
            found.concern("pdf.sends")


def _size_of(stream: Any, written: bytes) -> int:
    """How much a stream unpacks to, counted without keeping it. Pictures are judged by what they declare."""
    plain = _STRING.sub(b"()", written)
    if b"/Image" in plain and b"/Width" in plain:
        if int(stream.get("/Width", 0)) * int(stream.get("/Height", 0)) > MOST_PIXELS:
            raise Refuse("picture.too_many_pixels")
        return 0
    filters = re.findall(rb"/(\w+)", (re.search(rb"/Filter\s*(\[[^\]]*\]|/\w+)", plain) or [b"", b""])[1])
    flates = len(filters)
    if not flates or any(name not in (b"FlateDecode", b"Fl") for name in filters):
        return 0
    is_content = b"/Type" not in plain and b"/Subtype" not in plain and b"/Length1" not in plain
    size = _unpacked(stream.read_raw_bytes(), flates, most=MOST_UNPACKED)
    if is_content and size > MOST_CONTENT:
        raise Refuse("file.too_heavy" if size < 4 * MOST_CONTENT else "file.bomb")
    return size


def _unpacked(raw: bytes, times: int, *, most: int) -> int:
    openers = [zlib.decompressobj() for _ in range(times)]
    total = 0

    def feed(nth: int, data: bytes) -> None:
        nonlocal total
        if nth == times:
            total += len(data)
            if total > most:
                raise Refuse("file.bomb")
            return
        while data:
            feed(nth + 1, openers[nth].decompress(data, 1 << 20))
            data = openers[nth].unconsumed_tail

    try:
        feed(0, raw)
    except zlib.error:
        return total
    return total


def _add_attached(pdf: Any, found: Look) -> None:
    """Files inside the paper. Electronic invoices carry their own data; anything else is looked at by a person."""
    parts = []
    for name, spec in list(pdf.attachments.items())[:500]:
        kind, size = "", 0
        try:
            stream = spec.get_file().obj
            raw = stream.read_raw_bytes()
            size = len(raw)
            kind = kinds.kind_of(_beginning(raw, stream))
        except MemoryError:
            raise
        except Exception:
            found.concern("pdf.attachments")
        parts.append({"name": name, "kind": kind, "size": size})
    if parts:
        found.list_parts(parts)
        if any(part["kind"] not in _HARMLESS_INSIDE for part in parts):
            found.concern("pdf.attachments")


def _beginning(raw: bytes, stream: Any) -> bytes:
    filters = str(stream.get("/Filter", ""))
    return zlib.decompressobj().decompress(raw, 65_536) if "Flate" in filters else raw[:65_536]
