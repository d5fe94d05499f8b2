"""Text that was read in the wrong encoding and saved again. It is mended where only one reading is possible, else left alone."""

from __future__ import annotations

_CHINESE = ("\u4e00", "\u9fff")
_SIGNS = frozenset("，。、；：？！（）「」“”‘’《》【】—…·￥　～")
_LOST = "\ufffd"


def mended(text: str) -> str | None:
    """What `text` said before, or None when it is sound, or when more than one reading is possible.

    Known ways to spoil Chinese: UTF-8 read as GBK, UTF-8 read as Latin, GBK read as Latin.
    """
    if text.isascii() or _LOST in text:
        return None
    narrow = _as_latin(text)
    if narrow is not None:
        return _utf8(narrow) or _gbk(narrow)
    try:
        found = _utf8(text.encode("gb18030"))
    except UnicodeEncodeError:
        return None
    return found if found and _rare(text) > _rare(found) else None


def is_garbled(text: str) -> bool:
    """Whether `text` was spoilt beyond a certain reading: most of it would be Chinese in UTF-8, with pieces missing."""
    if text.isascii() or mended(text) is not None:
        return False
    spoilt = _as_latin(text) or text.encode("gb18030", errors="replace")
    found = spoilt.decode("utf-8", errors="replace")
    return _chinese_in(found) >= 2 and _chinese_in(found) > 2 * found.count(_LOST)


def _as_latin(text: str) -> bytes | None:
    """The bytes behind a text that consists of Western characters only."""
    try:
        return b"".join(_byte(character) for character in text)
    except UnicodeEncodeError:
        return None


def _byte(character: str) -> bytes:
    """Windows gives 0x80 to 0x9F signs of its own, and leaves five of them as they are."""
    if character <= "\xff":
        return character.encode("latin-1")
    return character.encode("cp1252")


def _utf8(content: bytes) -> str | None:
    try:
        found = content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return found if _is_plain_chinese(found) and _chinese_in(found) else None


def _gbk(content: bytes) -> str | None:
    """GBK is so dense that almost any bytes read as something: only two or more of the common characters are certain."""
    try:
        found = content.decode("gb2312")
    except UnicodeDecodeError:
        return None
    return found if _is_plain_chinese(found) and _chinese_in(found) >= 2 and not _rare(found) else None


def _is_plain_chinese(text: str) -> bool:
    return all(c.isascii() or c in _SIGNS or _CHINESE[0] <= c <= _CHINESE[1] or "\uff00" <= c <= "\uffef" for c in text)


def _chinese_in(text: str) -> int:
    return sum(_CHINESE[0] <= c <= _CHINESE[1] for c in text)


def _rare(text: str) -> int:
    """Characters outside the 3,755 most common ones, by their place in GB 2312."""
    return sum(_is_rare(c) for c in text if not c.isascii() and c not in _SIGNS)


def _is_rare(character: str) -> bool:
    code = character.encode("gb2312", errors="ignore")
    return len(code) != 2 or not 0xB0 <= code[0] <= 0xD7
