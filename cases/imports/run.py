"""One import from file to summary: read, map, judge, write in batches, and say what became of every row."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from cases.imports.mapping import Mapping, mapping_from, plain
from cases.imports.reader import Table, Unreadable, open_table
from cases.imports.remarks import Remark
from cases.imports.rows import Complaint, Judgement, judge
from cases.imports.settling import Outcome, Settler
from jike.base.actors import Actor

BATCH = 500
_KEPT_REMARKS = 1_000


@dataclass(slots=True)
class Summary:
    """What became of the rows: every one of them is counted once, as created, duplicate or rejected.

    `rejected_rows` and `warned_rows` repeat the first thousand remarks; all of them went to `say` as they were found.
    """

    rows: int = 0
    created: int = 0
    duplicates: int = 0
    rejected: int = 0
    warnings: int = 0
    left_out: int = 0
    source: str = ""
    is_dry_run: bool = False
    rejected_rows: list[dict[str, Any]] = field(default_factory=list)
    warned_rows: list[dict[str, Any]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(slots=True)
class Import:
    """One run. `live` files real complaints; otherwise history is written. A dry run writes nothing."""

    actor: Actor
    now: datetime
    say: Callable[[str], None]
    live: bool = False
    dry_run: bool = False
    summary: Summary = field(default_factory=Summary)
    _seen: dict[tuple[str, str], str] = field(default_factory=dict)

    def read(
        self, path: Path, *, file_format: str = "", columns: str = "", source: str = "", encoding: str = ""
    ) -> Summary:
        """Import `path`; `columns` is `field=Header,…`. Raises `Unreadable` before anything is written."""
        mapping = mapping_from(columns)
        table = open_table(path, score=mapping.score, file_format=file_format, encoding=encoding)
        mapping.learn(table.headers)
        _refuse_unusable(mapping, table)
        self.summary.source = source or mapping.source
        self.summary.is_dry_run = self.dry_run
        for found in [*table.warnings, *mapping.ignored]:
            self._warn(None, found)
        reported = len(mapping.ignored)
        judged = self._judged(table, mapping, source)
        settler = Settler(self.actor, self.now, self.live, self.dry_run, seen=self._seen_before)
        while batch := list(itertools.islice(judged, BATCH)):
            for outcome in settler.settle(batch):
                self._count(outcome)
        for found in mapping.ignored[reported:]:
            self._warn(None, found)
        return self.summary

    def _judged(self, table: Table, mapping: Mapping, source: str) -> Iterator[Judgement]:
        for row in table.rows:
            cells = mapping.fields(row.cells)
            yield judge(row, cells, source=source or mapping.source, now=self.now, live=self.live)

    def _seen_before(self, rows: Sequence[Complaint]) -> dict[tuple[str, str], str]:
        return {row.identity: self._seen[row.identity] for row in rows if row.identity in self._seen}

    def _count(self, outcome: Outcome) -> None:
        summary = self.summary
        if outcome.result == "left_out":
            summary.left_out += 1
        else:
            summary.rows += 1
            summary.created += outcome.result == "created"
            summary.duplicates += outcome.result == "duplicate"
            summary.rejected += outcome.result == "rejected"
        for problem in outcome.problems:
            self.say(_("row {line} rejected: {reason}").format(line=outcome.line, reason=problem))
            self._keep(summary.rejected_rows, outcome.line, problem)
        for warning in outcome.warnings:
            self._warn(outcome.line, warning)
        if self.dry_run and outcome.result == "created" and outcome.row:
            self._seen[outcome.row.identity] = outcome.row.fingerprint

    def _warn(self, line: int | None, warning: Remark) -> None:
        self.summary.warnings += 1
        place = _("row {line}").format(line=line) if line else _("file")
        self.say(_("{place}, warning: {reason}").format(place=place, reason=warning))
        self._keep(self.summary.warned_rows, line, warning)

    def _keep(self, kept: list[dict[str, Any]], line: int | None, found: Remark) -> None:
        if len(kept) < _KEPT_REMARKS:
            kept.append({"row": line, "code": found.code, "message": str(found.message)})


def _refuse_unusable(mapping: Mapping, table: Table) -> None:
    """Nothing is read when a column the caller named is missing, or no column gives a date."""
    if not table.headers:
        return
    missing = [header for header in mapping.chosen if header not in {plain(name) for name in table.headers}]
    if missing:
        raise Unreadable(_("The file has no column “{header}”.").format(header=missing[0]))
    if "received_at" not in mapping.columns.values():
        raise Unreadable(_("No column gives the date of receipt. Name it: --map received_at=Header"))
