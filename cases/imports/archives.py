"""Looking into an XLSX before anything is unpacked: bombs are refused, and what a reader of cells cannot see is found."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from cases.imports import remarks
from cases.imports.remarks import Remark

MOST_MEMBERS = 2_000
MOST_BYTES = 600 * 1024 * 1024
MOST_IN_MEMORY = 150 * 1024 * 1024
SMALL = 8 * 1024 * 1024
MOST_RATIO = 120

_FORMULA = re.compile(
    rb'<c r="[A-Z]{1,3}(\d+)"[^>]*>\s*<f[^>]*(?:/>|>[^<]{0,9000}</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>'
)
_HIDDEN_COLUMNS = re.compile(rb"<col\b[^>]*>")
_HIDDEN_ROW = re.compile(rb"<row\b[^>]*\bhidden=\"(?:1|true)\"[^>]*>")
_MERGED = re.compile(rb'<mergeCell ref="[A-Z]{1,3}(\d+):[A-Z]{1,3}(\d+)"')
_OVERLAP = 16_384


class Bomb(ValueError):
    """The archive unpacks to far more than a table; the text says so."""


def refuse_bombs(archive: zipfile.ZipFile) -> None:
    """Raise `Bomb` by what the archive itself declares: reading never goes beyond the declared size. Nothing is unpacked."""
    members = archive.infolist()
    if len(members) > MOST_MEMBERS:
        raise Bomb(_("The file holds {count} parts; a table has fewer than {limit}.").format(
            count=len(members), limit=MOST_MEMBERS
        ))  # fmt: skip
    total = sum(member.file_size for member in members)
    for member in members:
        if member.flag_bits & 0x1:
            raise Bomb(_("The file is protected by a password. Save it without one."))
        is_sheet = "worksheets/" in member.filename
        too_big = member.file_size > (MOST_BYTES if is_sheet else MOST_IN_MEMORY)
        too_tight = member.file_size > SMALL and member.file_size > MOST_RATIO * max(member.compress_size, 1)
        if too_big or too_tight or total > MOST_BYTES:
            raise Bomb(
                _("The file would unpack to {size} MB. That is no table of complaints; nothing was read.").format(
                    size=total // (1024 * 1024)
                )
            )


@dataclass(slots=True)
class Findings:
    """What a sheet hides from a reader of its cells. Lines and columns are counted from 1."""

    hidden_columns: set[int] = field(default_factory=set)
    hidden_rows: int = 0
    merged_lines: list[int] = field(default_factory=list)
    formulas: set[int] = field(default_factory=set)

    def warnings(self, headers: list[str], below: int) -> list[Remark]:
        """What to say about the file, given its headers and the line of the header."""
        names = [headers[n - 1] for n in sorted(self.hidden_columns) if n <= len(headers)]
        merged = [line for line in self.merged_lines if line > below]
        found = [remarks.column_hidden(name[:40]) for name in names]
        found += [remarks.rows_hidden(self.hidden_rows)] if self.hidden_rows else []
        return found + ([remarks.cells_merged(merged[0], len(merged))] if merged else [])


def look_into(archive: zipfile.ZipFile, sheet: str) -> Findings:
    """Read the XML of a sheet once, in pieces: formulas nobody has calculated, hidden columns and rows, merged cells."""
    found = Findings()
    for piece, is_first in _pieces(archive, sheet):
        if is_first:
            for tag in _HIDDEN_COLUMNS.findall(piece):
                found.hidden_columns |= _columns(tag)
        found.hidden_rows += len(_HIDDEN_ROW.findall(piece))
        found.formulas |= {int(line) for line in _FORMULA.findall(piece)}
        found.merged_lines += [int(a) for a, b in _MERGED.findall(piece) if int(b) > int(a)]
    return found


def _pieces(archive: zipfile.ZipFile, name: str) -> Iterator[tuple[bytes, bool]]:
    """The member in pieces that end where a tag ends, so that nothing is cut in two or seen twice."""
    rest, is_first = b"", True
    with archive.open(name.lstrip("/")) as file:
        while chunk := file.read(1 << 20):
            rest += chunk
            end = max(rest.rfind(b"</c>"), rest.rfind(b"</row>"), rest.rfind(b"<mergeCell "), -1)
            end = end + 4 if rest[end : end + 4] == b"</c>" else end
            end = len(rest) if end <= 0 and len(rest) > (4 << 20) else end
            if end > 0 and len(rest) > _OVERLAP:
                yield rest[:end], is_first
                rest, is_first = rest[end:], False
    yield rest, is_first


def _columns(tag: bytes) -> set[int]:
    values: dict[str, Any] = {k.decode(): v.decode() for k, v in re.findall(rb'(\w+)="([^"]*)"', tag)}
    if values.get("hidden") not in ("1", "true"):
        return set()
    first, last = int(values.get("min", 0)), int(values.get("max", 0))
    return set(range(first, min(last, first + 200) + 1)) - {0}
