"""Old Office and WPS files and Outlook messages: small file systems of streams (OLE). Streams are listed and their heads compared."""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence

from jike.files import kinds
from jike.files.looking.look import Look, Refuse

_MACROS = frozenset({"macros", "_vba_project_cur", "_vba_project", "vba"})
_NAMES = ("3707", "3704", "3001")


class Storage:
    """The streams of one file. `places` are the paths of all of them and of the folders they lie in."""

    def __init__(self, content: bytes) -> None:
        from xlrd.compdoc import CompDoc, CompDocError  # noqa: PLC0415 - loaded after the limits are set

        try:
            self._document = CompDoc(content, logfile=io.StringIO())
        except (CompDocError, AssertionError, IndexError, struct.error):
            raise Refuse("office.damaged") from None
        self.places: list[list[str]] = []
        self._collect(0, [])

    def _collect(self, folder: int, path: list[str], depth: int = 0) -> None:
        for number in self._document.dirlist[folder].children:
            place = [*path, self._document.dirlist[number].name]
            self.places.append(place)
            if self._document.dirlist[number].etype == 1 and depth < 30 and len(self.places) < 20_000:
                self._collect(number, place, depth + 1)

    def has(self, *place: str) -> bool:
        return list(place) in self.places

    def read(self, *place: str) -> bytes:
        """The content of a stream; empty where there is none."""
        return self._document.get_named_stream("/".join(place)) or b"" if self.has(*place) else b""


def look(content: bytes) -> Look:
    storage = Storage(content)
    tops = {place[0] for place in storage.places}
    if "EncryptedPackage" in tops:
        raise Refuse("file.locked")
    if "__properties_version1.0" in tops:
        return _look_at_message(storage)
    found = Look(_kind(tops))
    if any(name.lower() in _MACROS for place in storage.places for name in place):
        found.concern("office.macros")
    if any(place[-1] == "\x01Ole10Native" for place in storage.places):
        found.concern("office.packages")
    _judge_lock(storage, found)
    return found


def _kind(tops: set[str]) -> str:
    for names, kind in (
        ({"WordDocument"}, kinds.DOC),
        ({"PowerPoint Document"}, kinds.PPT),
        ({"Workbook", "Book"}, kinds.XLS),
    ):
        if names & tops:
            return kind
    raise Refuse("office.unknown")


def _judge_lock(storage: Storage, found: Look) -> None:
    """A password for opening; one against changes does not matter. Macros of old tables are sheets of their own."""
    if found.kind == kinds.DOC:
        head = storage.read("WordDocument")[:32]
        if len(head) < 32 or head[:2] not in (b"\xec\xa5", b"\xdc\xa5", b"\xdb\xa5"):
            raise Refuse("office.damaged")
        if head[11] & 0x01:
            raise Refuse("file.locked")
    if found.kind == kinds.PPT and storage.has("EncryptedSummary"):
        raise Refuse("file.locked")
    if found.kind == kinds.XLS:
        _judge_table(storage.read("Workbook") or storage.read("Book"), found)


def _judge_table(book: bytes, found: Look) -> None:
    at, sheets = 0, 0
    while at + 4 <= len(book):
        record, length = struct.unpack_from("<HH", book, at)
        if at == 0 and record not in (0x0809, 0x0409, 0x0209, 0x0009):
            raise Refuse("office.damaged")
        if record == 0x002F:
            raise Refuse("file.locked")
        if record == 0x0085:
            sheets += 1
            if length > 5 and book[at + 9] in (1, 6):
                found.concern("office.macros")
        if record == 0x000A:
            break
        at += 4 + length
    found.facts["sheets"] = sheets


def _look_at_message(storage: Storage) -> Look:
    """A message of Outlook: its subject and what is attached."""
    found = Look(kinds.MSG)
    found.words |= {name: message_text(storage, code) for name, code in (("subject", "0037"), ("from", "0C1A"))}
    parts = []
    for folder in sorted({place[0] for place in storage.places if place[0].startswith("__attach_version1.0_")}):
        name = next((text for code in _NAMES if (text := message_text(storage, code, folder=[folder]))), "")
        content = storage.read(folder, "__substg1.0_37010102")
        kind = kinds.kind_of(content) if content else kinds.MSG
        if kind == kinds.PROGRAM:
            found.concern("inside.program")
        parts.append({"name": name, "kind": kind, "size": len(content)})
    found.list_parts(parts)
    return found


def message_text(storage: Storage, code: str, *, folder: Sequence[str] = (), most: int = 300) -> str:
    """A property of a message of Outlook that is text; empty where it has none."""
    for ending, encoding in (("001F", "utf-16-le"), ("001E", "gb18030")):
        if raw := storage.read(*folder, f"__substg1.0_{code}{ending}"):
            return raw.decode(encoding, "replace").strip("\0")[:most]
    return ""
