"""Where a paper stands, in words: being checked, usable, not usable, with a person; and what it is, in a line."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from cases.attachments.models import Attachment, Examination
from cases.attachments.receiving import EXAMINE_TOPIC
from cases.attachments.verdicts import words_for
from jike.base.errors import Text
from jike.files import kinds
from jike.outbox.models import Job
from jike.privacy import open_sealed

SCANNER_AWAY = "scanner.unreachable"
Verdict = Examination.Verdict

_LABELS = {
    "waiting": pgettext_lazy("paper", "Being checked"),
    "unscanned": pgettext_lazy("paper", "Waits for the virus scanner"),
    "accepted": pgettext_lazy("paper", "Stored"),
    "refused": pgettext_lazy("paper", "Not usable"),
    "held": pgettext_lazy("paper", "A person has a look first"),
    "released": pgettext_lazy("paper", "Looked at and stored"),
    "rejected": pgettext_lazy("paper", "Looked at, not used"),
}
CODES = tuple(_LABELS)
_KINDS = {
    **dict.fromkeys(kinds.PICTURES, pgettext_lazy("file", "Picture")),
    kinds.PDF: pgettext_lazy("file", "PDF"),
    kinds.DOCX: pgettext_lazy("file", "Word"),
    kinds.DOC: pgettext_lazy("file", "Word"),
    kinds.ODT: pgettext_lazy("file", "Word"),
    kinds.RTF: pgettext_lazy("file", "Word"),
    kinds.XLSX: pgettext_lazy("file", "Table"),
    kinds.XLS: pgettext_lazy("file", "Table"),
    kinds.ODS: pgettext_lazy("file", "Table"),
    kinds.PPTX: pgettext_lazy("file", "Slides"),
    kinds.PPT: pgettext_lazy("file", "Slides"),
    kinds.ODP: pgettext_lazy("file", "Slides"),
    kinds.OFD: pgettext_lazy("file", "OFD"),
    **dict.fromkeys(kinds.MAILS, pgettext_lazy("file", "E-mail")),
    **dict.fromkeys(kinds.TEXTS, pgettext_lazy("file", "Text")),
    kinds.ZIP: pgettext_lazy("file", "Packed files"),
}
_NOTES = (
    ("is_cut", _("incomplete: it breaks off")),
    ("is_repaired", _("was damaged and can be read")),
    ("is_locked_for_changes", _("protected against changes")),
    ("has_place", _("the place is written in it, and in no copy")),
)


@dataclass(frozen=True, slots=True)
class Standing:
    """`code` is waiting, unscanned, accepted, refused, held, released or rejected. `reasons` are sentences, `line` says what the file is,
    `parts` names what lies inside. Only a `is_usable` paper is shown to anybody, copied or bundled."""

    code: str
    label: Text
    reasons: list[Text]
    line: list[Text]
    parts: list[str]

    @property
    def is_usable(self) -> bool:
        return self.code in {"accepted", "released"}

    @property
    def is_waiting(self) -> bool:
        return self.code in {"waiting", "unscanned"}


def standing_of(paper: Attachment, *, waits_for: str = "") -> Standing:
    """`waits_for` is the code that its job was put off with, for one that was not examined yet."""
    found = getattr(paper, "examination", None)
    if found is None:
        code = "unscanned" if waits_for == SCANNER_AWAY else "waiting"
        return Standing(code, _LABELS[code], [], [], [])
    ruled = getattr(paper, "ruling", None)
    code = found.verdict if ruled is None else "released" if ruled.is_released else "rejected"
    reasons = words_for(found.reasons) if code in {"refused", "held"} else []
    words = _words(found)
    return Standing(code, _LABELS[code], reasons, line_of(found.kind, found.facts), _parts(words))


def codes_waited_for(papers: Iterable[Attachment]) -> dict[UUID, str]:
    """What each unexamined paper's job was last put off with; one query, none when all were examined."""
    keys = {f"{EXAMINE_TOPIC}:{p.pk}": p.pk for p in papers if getattr(p, "examination", None) is None}
    if not keys:
        return {}
    rows = Job.objects.filter(dedupe_key__in=keys).values_list("dedupe_key", "last_error")
    return {keys[key]: error for key, error in rows}


def line_of(kind: str, facts: dict[str, Any]) -> list[Text]:
    """What a file is, in a few words: kind, pages or length, and what is remarkable about it."""
    line: list[Text] = [_kind_label(kind, facts)]
    pages = facts.get("pages") or facts.get("pages_told")
    if isinstance(pages, int) and (pages > 1 or kind not in kinds.PICTURES):
        line.append(format_lazy(ngettext_lazy("{n} page", "{n} pages", pages), n=pages))
    if isinstance(facts.get("sheets"), int):
        line.append(format_lazy(ngettext_lazy("{n} sheet", "{n} sheets", facts["sheets"]), n=facts["sheets"]))
    if isinstance(seconds := facts.get("seconds"), (int, float)):
        line.append(_length(seconds))
    if isinstance(facts.get("width"), int):
        line.append(f"{facts['width']}×{facts['height']}")
    if facts.get("signatures"):
        line.append(_("signed electronically"))
    if isinstance(parts := facts.get("parts"), int):
        line.append(format_lazy(ngettext_lazy("{n} file in it", "{n} files in it", parts), n=parts))
    return line + [note for name, note in _NOTES if facts.get(name)]


def _kind_label(kind: str, facts: dict[str, Any]) -> Text:
    if kind in kinds.RECORDINGS or kind.startswith(("audio/", "video/")):
        is_video = facts.get("has_video", kind.startswith("video/"))
        return pgettext_lazy("file", "Video") if is_video else pgettext_lazy("file", "Sound")
    return _KINDS.get(kind, pgettext_lazy("file", "File"))


def _length(seconds: float) -> str:
    whole = round(seconds)
    hours, minutes = whole // 3600, whole // 60 % 60
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"


def _words(found: Examination) -> dict[str, Any]:
    clear = open_sealed(found, "words")
    return json.loads(clear) if clear else {}


def _parts(words: dict[str, Any]) -> list[str]:
    return [str(part.get("name", "")) for part in words.get("parts", ()) if part.get("name")]
