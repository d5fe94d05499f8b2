"""E-mails as files: sender, subject, time and the list of what is attached. Nothing in them is rendered."""

from __future__ import annotations

import email
import email.header
import email.message
import email.policy
import email.utils
import re

from jike.files import kinds
from jike.files.looking.look import Look, Refuse
from jike.files.looking.traces import PROGRAM_ENDINGS

MOST_PARTS = 1_000
_BETWEEN = re.compile(rb"^From \S+.{5,60}\d{4}\r?$", re.MULTILINE)
_WORDS = ("subject", "from", "to", "date")


def look(content: bytes) -> Look:
    if kinds.kind_of(content) == kinds.MBOX:
        return _look_at_box(content)
    found = Look(kinds.EML)
    try:
        message = email.message_from_bytes(content, policy=email.policy.compat32)
        found.words |= {name: readable_header(message.get(name)) for name in _WORDS if message.get(name)}
        found.list_parts(_parts(message, found))
    except RecursionError:
        raise Refuse("file.too_heavy") from None
    return found


def _look_at_box(content: bytes) -> Look:
    """A mailbox is as many messages as begin in it."""
    found = Look(kinds.MBOX)
    starts = [match.end() for match in _BETWEEN.finditer(content)]
    if len(starts) > MOST_PARTS:
        raise Refuse("archive.too_many")
    parts = []
    for start, end in zip(starts, [*starts[1:], len(content)], strict=True):
        message = email.message_from_bytes(content[start:end].lstrip(), policy=email.policy.compat32)
        _parts(message, found)
        parts.append({"name": readable_header(message.get("subject")), "kind": kinds.EML, "size": end - start})
    found.list_parts(parts)
    return found


def _parts(message: email.message.Message, found: Look) -> list[dict[str, object]]:
    parts: list[dict[str, object]] = []
    for part in message.walk():
        if part.is_multipart() and part.get_content_type() != "message/rfc822":
            continue
        if len(parts) >= MOST_PARTS:
            raise Refuse("archive.too_many")
        payload = part.get_payload(decode=True)
        content = payload if isinstance(payload, bytes) else b""
        name = readable_header(part.get_filename())
        kind = kinds.EML if part.is_multipart() else kinds.kind_of(content)
        if kind == kinds.PROGRAM or name.rpartition(".")[2].lower() in PROGRAM_ENDINGS:
            found.concern("inside.program")
        parts.append({"name": name, "kind": kind, "size": len(content), "is_attached": bool(name)})
    return parts


def readable_header(raw: object) -> str:
    """A header in clear, also where a program wrote raw GBK or a wrong label into it."""
    if raw is None:
        return ""
    try:
        pieces = email.header.decode_header(str(raw) if isinstance(raw, email.header.Header) else raw)  # type: ignore[arg-type]
    except (email.errors.HeaderParseError, ValueError, TypeError):
        return str(raw)[:300]
    return "".join(_decoded(piece, label) for piece, label in pieces).replace("\r", "").replace("\n", "")[:300]


def _decoded(piece: bytes | str, label: str | None) -> str:
    raw = piece.encode("utf-8", "surrogateescape") if isinstance(piece, str) else piece
    for encoding in (label or "utf-8", "utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return raw.decode("utf-8", "replace")
