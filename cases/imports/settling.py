"""What becomes of a batch of judged rows: created, duplicate, rejected or left out, one outcome for each, in their order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db import DataError
from django.utils.translation import gettext_lazy as _

from cases.imports import historical, live
from cases.imports.remarks import Remark, remark
from cases.imports.rows import Complaint, Judgement
from jike.accounts.models import Unit
from jike.base.actors import Actor

Result = Literal["created", "duplicate", "rejected", "left_out"]
Identity = tuple[str, str]


@dataclass(slots=True)
class Outcome:
    """What became of one line. `case` is set when a case was made of it now."""

    line: int
    result: Result
    problems: list[Remark] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)
    row: Complaint | None = None

    @property
    def case(self) -> UUID | None:
        return self.row.case if self.row and self.result == "created" else None


@dataclass(slots=True)
class Settler:
    """`live` files real complaints, otherwise history is written; a dry run writes nothing.

    `seen` tells which identities an earlier batch of a dry run would have created, each with its fingerprint.
    """

    actor: Actor
    now: datetime
    live: bool = False
    dry_run: bool = False
    unit: Unit | None = None
    run: str = ""
    seen: Callable[[Sequence[Complaint]], dict[Identity, str]] = lambda rows: {}

    def settle(self, batch: Sequence[Judgement]) -> list[Outcome]:
        outcomes = [_first(one) for one in batch]
        fresh: dict[Identity, Outcome] = {}
        rows = [one.row for one in outcomes if one.row]
        stored = {**self.seen(rows), **historical.known_identities(rows)} if rows else {}
        for one in outcomes:
            if one.row is None:
                continue
            earlier = fresh.get(one.row.identity)
            fingerprint = earlier.row.fingerprint if earlier and earlier.row else stored.get(one.row.identity)
            if fingerprint is None:
                fresh[one.row.identity] = one
            else:
                _repeat(one, fingerprint)
        if not self.dry_run and fresh:
            self._store(list(fresh.values()))
        return outcomes

    def _store(self, outcomes: list[Outcome]) -> None:
        by_line = {one.line: one for one in outcomes}
        rows = [one.row for one in outcomes if one.row]
        if self.live:
            written, refused = live.file_rows(rows, actor=self.actor, now=self.now, run=self.run)
            for row, refusal in refused:
                _reject(by_line[row.line], [Remark(blocker.code, blocker.message) for blocker in refusal.blockers])
        else:
            written = self._record(rows, by_line)
        done = {row.line for row in written}
        for one in outcomes:
            if one.result == "created" and one.line not in done:
                one.result = "duplicate"  # another import wrote it since we looked

    def _record(self, rows: list[Complaint], by_line: dict[int, Outcome]) -> list[Complaint]:
        """Write a batch; if the database cannot hold its data, row by row, so that one bad row costs only itself."""
        try:
            return historical.record_history(rows, actor=self.actor, now=self.now, unit=self.unit, run=self.run)
        except (DataError, UnicodeError) as error:
            if len(rows) > 1:
                return [written for row in rows for written in self._record([row], by_line)]
            _reject(by_line[rows[0].line], [_not_stored(error)])
            return []


def _first(one: Judgement) -> Outcome:
    if one.left_out:
        return Outcome(one.line, "left_out", warnings=[one.left_out])
    if one.complaint is None:
        return Outcome(one.line, "rejected", one.problems, one.warnings)
    return Outcome(one.line, "created", warnings=one.warnings, row=one.complaint)


def _reject(outcome: Outcome, problems: list[Remark]) -> None:
    outcome.result, outcome.problems = "rejected", problems


def _repeat(outcome: Outcome, fingerprint: str) -> None:
    outcome.result = "duplicate"
    if outcome.row and fingerprint != outcome.row.fingerprint:
        outcome.warnings.append(
            remark("number.reused", _("This number was imported before with other content; the earlier one stays."))
        )


def _not_stored(error: Exception) -> Remark:
    return remark("row.not_stored", _("The database refused the row ({error})."), error=type(error).__name__)
