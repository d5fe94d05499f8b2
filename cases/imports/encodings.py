"""Which encoding a text file is in: UTF with or without a mark, else the Chinese ones, told apart by how common the characters are."""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from cases.imports.content import Content

_MARKS = [
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]
_SAMPLE = 256 * 1024


def encoding_of(content: Content) -> str:
    """The Python name of the file's encoding. Never raises: undecodable places become U+FFFD when read, and are reported."""
    with content.open() as file:
        head = file.read(_SAMPLE)
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    wide = _without_mark(head)
    if wide:
        return wide
    damaged, multibyte = _scan_utf8(content)
    if damaged == 0 or multibyte > 50 * damaged:
        return "utf-8"
    return _chinese(head)


def _without_mark(head: bytes) -> str:
    """UTF-16 without its mark shows by zero bytes on every second place, or by Chinese text that no other encoding can be."""
    zeros = head.count(0)
    if zeros == 0:
        return ""
    if zeros > len(head) / 5:
        return "utf-16-be" if head[::2].count(0) > head[1::2].count(0) else "utf-16-le"
    for name in ("utf-16-le", "utf-16-be"):
        try:
            text = head[: len(head) // 2 * 2].decode(name)
        except UnicodeDecodeError:
            continue
        if "\n" in text and any(mark in text for mark in ",\t;") and sum(map(_is_usual, text)) > 0.98 * len(text):
            return name
    return ""


def _is_usual(character: str) -> bool:
    return character.isascii() or "\u3000" <= character <= "\u9fff" or "\uff00" <= character <= "\uffef"


def _scan_utf8(content: Content) -> tuple[int, int]:
    """How many places of the file are no UTF-8, and how many characters are properly coded in several bytes."""
    damaged = multibyte = 0
    for text in decoded(content, "utf-8"):
        damaged += text.count("\ufffd")
        multibyte += (
            0 if text.isascii() else sum(1 for character in text if character > "\x7f" and character != "\ufffd")
        )
    return damaged, multibyte


def decoded(content: Content, encoding: str) -> Iterator[str]:
    """The file's text in pieces, undecodable places as U+FFFD."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    with content.open() as file:
        while chunk := file.read(1 << 20):
            yield decoder.decode(chunk)
        yield decoder.decode(b"", final=True)


def _chinese(head: bytes) -> str:
    """GB18030 or Big5: the bytes of one often decode as the other, but then into rare characters."""
    return max(("gb18030", "big5hkscs"), key=lambda name: _share_of_common(head, name))


def _share_of_common(head: bytes, name: str) -> float:
    """How much of the Chinese in `head` is common if it is read as `name`: the codes of both begin with the common ones."""
    lowest, highest = (0xB0, 0xD7) if name == "gb18030" else (0xA4, 0xC6)
    common = others = 0
    for character in head.decode(name, errors="replace"):
        if character < "\u2e80":
            others += character == "\ufffd"
            continue
        code = character.encode(name, errors="ignore")
        is_common = len(code) == 2 and (lowest <= code[0] <= highest or character in "，。、；：？！（）「」“”")
        common, others = common + is_common, others + (not is_common)
    return common / (common + others) if common + others else 0.0
