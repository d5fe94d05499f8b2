"""Files that are two things at once, and files that are not what their name says."""

from __future__ import annotations

import re
import struct

from jike.files import kinds
from jike.files.looking.look import Look

_TAIL = 66_000
_WEB = re.compile(rb"<script[\s>]|<\?php|<!doctype html|<html[\s>]", re.IGNORECASE)
_PROGRAMS = (
    "exe com scr pif bat cmd vbs vbe js jse wsf wsh hta ps1 psm1 msi msp jar apk dll cpl lnk reg sh py php jsp asp aspx scf url iso img"
    " vhd chm gadget inf command app deb rpm dmg"
)
PROGRAM_ENDINGS = frozenset(_PROGRAMS.split())
_FAMILIES = {
    "picture": (kinds.PICTURES, "jpg jpeg jpe jfif png gif bmp webp heic heif hif avif tif tiff dng"),
    "pdf": ({kinds.PDF}, "pdf"),
    "office": (
        kinds.OFFICE | {kinds.HTML, kinds.XML, kinds.TEXT, kinds.EML, kinds.ZIP},
        "doc docx dot dotx docm dotm xls xlsx xlt xltx xlsm xlsb ppt pptx pps ppsx pptm rtf wps wpt et ett dps dpt ofd odt ods odp",
    ),
    "mail": (kinds.MAILS | kinds.TEXTS, "eml msg mbox mht mhtml"),
    "text": (kinds.TEXTS | kinds.MAILS, "txt csv tsv log md html htm xhtml xml json"),
    "recording": (
        kinds.RECORDINGS,
        "mp3 m4a m4b aac amr awb wav ogg oga opus flac aif aiff caf wma silk slk mp4 m4v mov qt 3gp 3g2 avi mkv webm flv"
        " mpg mpeg ts mts wmv asf ogv",
    ),
    "archive": ({kinds.ZIP} | kinds.OOXML, "zip"),
}


def compare(found: Look, ending: str) -> None:
    """A photo that calls itself a contract, or a program, is looked at by a person; one picture format for another is a habit."""
    if ending in PROGRAM_ENDINGS:
        found.concern("name.program")
    for members, endings in _FAMILIES.values():
        if ending in endings.split() and found.kind not in members:
            found.concern("name.mismatch")


def add_to(found: Look, content: bytes) -> None:
    """Marks of a second kind of file in a picture, a PDF or a recording, where an honest program puts none."""
    if found.kind in kinds.PICTURES and (b"%PDF-" in content or _WEB.search(content)):
        found.concern("content.two_kinds")
    if found.kind in kinds.PICTURES | {kinds.PDF} and _ends_as_archive(content):
        found.concern("content.two_kinds")
    if found.kind == kinds.PDF and _precedes_or_follows(content):
        found.concern("content.two_kinds")


def _ends_as_archive(content: bytes) -> bool:
    """Whether an unpacker would open this: the end record of a ZIP, and before it the directory it speaks of."""
    tail = content[-_TAIL:]
    at = tail.rfind(b"PK\x05\x06")
    if at >= 0 and at + 22 <= len(tail):
        size, _offset = struct.unpack_from("<II", tail, at + 12)
        place = len(content) - len(tail) + at - size
        if size and place >= 0 and content[place : place + 4] == b"PK\x01\x02":
            return True
    return b"Rar!\x1a\x07" in tail and content.rfind(b"Rar!\x1a\x07") > content.rfind(b"%%EOF") > 0


def _precedes_or_follows(content: bytes) -> bool:
    """What stands before the head of a PDF (a printer's ticket may, a picture may not) and after its last end."""
    before = content[: content.find(b"%PDF-")]
    after = content[content.rfind(b"%%EOF") + 5 :]
    is_other = bool(before.strip(b"\xef\xbb\xbf\r\n\t \0")) and kinds.kind_of(before) not in {"", kinds.TEXT}
    return is_other or _WEB.search(before) is not None or _WEB.search(after) is not None or b"PK\x03\x04" in before
