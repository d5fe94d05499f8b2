"""Mails, chats, web pages and plain texts as words for the renderer; nothing in them is run, fetched or laid out as they ask."""

from __future__ import annotations

import email
import email.message
import email.policy
import re
from html.parser import HTMLParser
from typing import Any

from jike.files import kinds, marks
from jike.files.looking.mails import readable_header
from jike.files.looking.storages import Storage, message_text

MOST_CHARACTERS = 120_000
HEADERS = ("from", "to", "cc", "date", "subject")
_BREAKS = frozenset({"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table", "blockquote", "hr"})
_UNREAD = frozenset({"script", "style", "head", "template", "noscript"})
_ODD = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_CHARSET = re.compile(rb"""charset\s*=\s*["']?([A-Za-z0-9_.:-]{2,30})""")
_MARKED = re.compile(r"\n{3,}")


def sheet(content: bytes, kind: str) -> dict[str, Any]:
    """`fields` are names and values of a mail's head, `body` its words, `is_cut` says that the original goes on."""
    fields, body = _READERS.get(kind, _of_text)(content)
    body = _MARKED.sub("\n\n", _ODD.sub("", body.replace("\r\n", "\n").replace("\r", "\n"))).strip()
    shown = [[name, _ODD.sub("", value)[:500]] for name, value in fields if value]
    return {"fields": shown, "body": body[:MOST_CHARACTERS], "is_cut": len(body) > MOST_CHARACTERS}


def _of_text(content: bytes) -> tuple[list[tuple[str, str]], str]:
    return [], _decoded(content)


def _of_web(content: bytes) -> tuple[list[tuple[str, str]], str]:
    told = _CHARSET.search(content[:2048])
    return [], words_of_web(_decoded(content, told[1].decode() if told else ""))


def _of_mail(content: bytes) -> tuple[list[tuple[str, str]], str]:
    message = email.message_from_bytes(content, policy=email.policy.compat32)
    return _head(message), _body(message)


def _of_outlook(content: bytes) -> tuple[list[tuple[str, str]], str]:
    storage = Storage(content)
    codes = {"from": "0C1A", "to": "0E04", "cc": "0E03", "subject": "0037"}
    return [(name, message_text(storage, code)) for name, code in codes.items()], message_text(
        storage, "1000", most=MOST_CHARACTERS + 1
    )


def _head(message: email.message.Message) -> list[tuple[str, str]]:
    return [(name, readable_header(message.get(name))) for name in HEADERS]


def _body(message: email.message.Message) -> str:
    """The plain words of a mail where it has them, else those of its web page."""
    plain: list[str] = []
    web: list[str] = []
    for part in message.walk():
        if part.is_multipart() or part.get_filename() or part.get_content_maintype() != "text":
            continue
        payload = part.get_payload(decode=True)
        words = _decoded(payload, part.get_content_charset() or "") if isinstance(payload, bytes) else ""
        (web if part.get_content_subtype() == "html" else plain).append(words)
    return "\n\n".join(plain) if any(text.strip() for text in plain) else words_of_web("\n".join(web))


def _decoded(content: bytes, label: str = "") -> str:
    for encoding in (label, marks.encoding_of(content), "utf-8", "gb18030"):
        try:
            if encoding:
                return content.decode(encoding).lstrip("\ufeff")
        except (UnicodeDecodeError, LookupError):
            continue
    return content.decode("utf-8", "replace")


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in _UNREAD:
            self._hidden += 1
        elif tag in _BREAKS:
            self.found.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNREAD:
            self._hidden = max(0, self._hidden - 1)
        elif tag in _BREAKS:
            self.found.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.found.append(data)


def words_of_web(markup: str) -> str:
    parser = _Words()
    parser.feed(markup)
    parser.close()
    lines = (re.sub(r"[ \t\u00a0]+", " ", line).strip() for line in "".join(parser.found).split("\n"))
    return "\n".join(lines)


_READERS = {kinds.EML: _of_mail, kinds.MSG: _of_outlook, kinds.HTML: _of_web}
