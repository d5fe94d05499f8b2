"""One import from file to summary: read, map, judge, write in batches, and say what became of every row."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import DataError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.imports import historical, live
from cases.imports.mapping import Mapping, mapping_from, plain
from cases.imports.reader import Table, Unreadable, open_table
from cases.imports.remarks import Remark, remark
from cases.imports.rows import Complaint, Judgement, judge
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
        while batch := list(itertools.islice(judged, BATCH)):
            self._write(batch)
        for found in mapping.ignored[reported:]:
            self._warn(None, found)
        return self.summary

    def _judged(self, table: Table, mapping: Mapping, source: str) -> Iterator[Judgement]:
        for row in table.rows:
            cells = mapping.fields(row.cells)
            yield judge(row, cells, source=source or mapping.source, now=self.now, live=self.live)

    def _write(self, batch: list[Judgement]) -> None:
        fresh: dict[tuple[str, str], Complaint] = {}
        again: list[tuple[Complaint, str]] = []
        for one in batch:
            self.summary.rows += 1
            for warning in one.warnings:
                self._warn(one.line, warning)
            if one.complaint is None:
                self._reject(one.line, one.problems)
            elif (identity := one.complaint.identity) in fresh:
                again.append((one.complaint, fresh[identity].fingerprint))
            else:
                fresh[identity] = one.complaint
        rows = list(fresh.values())
        stored = historical.known_identities(rows) | {
            row.identity: self._seen[row.identity] for row in rows if row.identity in self._seen
        }
        again += [(row, stored[row.identity]) for row in rows if row.identity in stored]
        self._count_duplicates(again)
        self._store([row for row in rows if row.identity not in stored])

    def _store(self, rows: list[Complaint]) -> None:
        if self.dry_run:
            self._seen |= {row.identity: row.fingerprint for row in rows}
            self.summary.created += len(rows)
        elif self.live:
            filed, refused = live.file_rows(rows, actor=self.actor, now=self.now)
            self.summary.created += len(filed)
            for row, refusal in refused:
                self._reject(row.line, [Remark(blocker.code, blocker.message) for blocker in refusal.blockers])
            self.summary.duplicates += len(rows) - len(filed) - len(refused)
        elif rows:
            self._record(rows)

    def _record(self, rows: list[Complaint]) -> None:
        """Write a batch; if the database cannot hold its data, row by row, so that one bad row costs only itself."""
        try:
            written = historical.record_history(rows, actor=self.actor, now=self.now)
        except (DataError, UnicodeError) as error:
            if len(rows) > 1:
                for row in rows:
                    self._record([row])
                return
            self._reject(rows[0].line, [_not_stored(error)])
            return
        self.summary.created += len(written)
        self.summary.duplicates += len(rows) - len(written)

    def _count_duplicates(self, again: list[tuple[Complaint, str]]) -> None:
        for row, fingerprint in again:
            self.summary.duplicates += 1
            if fingerprint != row.fingerprint:
                self._warn(
                    row.line,
                    remark(
                        "number.reused",
                        gettext_lazy("This number was imported before with other content; the earlier one stays."),
                    ),
                )

    def _reject(self, line: int, problems: list[Remark]) -> None:
        self.summary.rejected += 1
        for problem in problems:
            self.say(_("row {line} rejected: {reason}").format(line=line, reason=problem))
            self._keep(self.summary.rejected_rows, line, problem)

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


def _not_stored(error: Exception) -> Remark:
    return remark("row.not_stored", gettext_lazy("The database refused the row ({error})."), error=type(error).__name__)
