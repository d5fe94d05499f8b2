"""Plain text, chat exports, tables as text, web pages, XML and RTF. Never rendered: what would act when opened is named."""

from __future__ import annotations

import re

from jike.files import kinds, marks
from jike.files.looking.look import Look, Refuse

_WEB_ACTS = re.compile(
    rb"<script[\s>/]|javascript:|vbscript:|<(iframe|object|embed|applet|form|base)\b|\son[a-z]{3,20}\s*=\s*[\"'a-z]"
    rb"|http-equiv\s*=\s*[\"']?refresh",
    re.IGNORECASE,
)
_RICH_ACTS = re.compile(
    rb"\\objdata|\\objupdate|\\objautlink|\\\*\\template|\bDDEAUTO\b|\bINCLUDETEXT\b", re.IGNORECASE
)
_ENTITIES = re.compile(rb"<!ENTITY|<!DOCTYPE[^>]*\[", re.IGNORECASE)


def look(content: bytes) -> Look:
    kind = kinds.kind_of(content)
    if kind not in kinds.TEXTS | {kinds.RTF}:
        raise Refuse("file.unknown")
    found = Look(kind)
    encoding = marks.encoding_of(content)
    if kind == kinds.RTF:
        if _RICH_ACTS.search(content):
            found.concern("office.packages")
        return found
    if not encoding:
        found.concern("content.two_kinds")
        return found
    found.facts |= {"encoding": encoding, "lines": content.count(b"\n") + (not content.endswith(b"\n"))}
    plain = content.decode(encoding, "replace").encode("utf-8", "replace") if encoding.startswith("utf-") else content
    if kind == kinds.HTML and _WEB_ACTS.search(plain):
        found.concern("web.acts")
    if kind == kinds.XML and (_ENTITIES.search(plain) or _WEB_ACTS.search(plain)):
        found.concern("xml.entities")
    return found
