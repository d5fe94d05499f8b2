"""ZIP archives: kept as they came, with a list of what lies inside."""

from __future__ import annotations

from jike.files import kinds
from jike.files.looking import zips
from jike.files.looking.look import Look
from jike.files.looking.traces import PROGRAM_ENDINGS

_SEEN = 8_192


def look(content: bytes) -> Look:
    found = Look(kinds.ZIP)
    with zips.opened(content) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        names = [zips.name_of(entry) for entry in entries]
        zips.judge_names(names, found)
        parts = []
        for entry, name in zip(entries, names, strict=True):
            kind = kinds.kind_of(zips.beginning(archive, entry, _SEEN))
            if kind == kinds.PROGRAM or name.rpartition(".")[2].lower() in PROGRAM_ENDINGS:
                found.concern("inside.program")
            if kind in {kinds.ZIP, kinds.PACKED}:
                found.concern("archive.nested")
            parts.append({"name": name, "kind": kind, "size": entry.file_size})
    found.list_parts(parts)
    return found
