"""Days that do not count: mediation with consent, an outside appraisal the consumer was told of, one identity check. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from cases.clocks.rules import PauseKind, Rule
from jike.base.errors import Blocker


@dataclass(frozen=True, slots=True)
class Pause:
    """Whole Shanghai days from `first` to `last`, both included; `last` is None while it goes on.

    `has_consent`: the consumer agreed to the mediation. `is_noticed`: the consumer was told of the appraisal, on record.
    """

    kind: PauseKind
    first: date
    last: date | None
    has_consent: bool = False
    is_noticed: bool = False

    @property
    def counts(self) -> bool:
        """An appraisal the consumer was not told of stops nothing. Source: O2020-3 art 18."""
        return self.kind != "appraisal" or self.is_noticed


@dataclass(frozen=True, slots=True)
class Stretch:
    """Pauses that overlap, as one run of days; `kinds` in the order they began."""

    first: date
    last: date | None
    kinds: tuple[PauseKind, ...]

    def holds(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


def blockers_to_pause(rule: Rule, pauses: Sequence[Pause]) -> list[Blocker]:
    """Why these pauses may not stand on a clock of `rule`; empty when they may. Source: O2020-3 art 18, O2020-3 art 23."""
    found = []
    for pause in pauses:
        if pause.kind not in rule.pausable:
            found.append(
                Blocker("pause.not_allowed", _("This time limit cannot be paused for that reason."), field="pauses")
            )
        if pause.last is not None and pause.last < pause.first:
            found.append(Blocker("pause.reversed", _("A pause cannot end before it begins."), field="pauses"))
        if pause.kind == "mediation" and not pause.has_consent:
            found.append(
                Blocker(
                    "pause.no_consent",
                    _("A mediation stops the clock only with the consumer's consent on record."),
                    "O2020-3 art 23",
                    "pauses",
                )
            )
    if sum(pause.kind == "identity_check" for pause in pauses) > 1:
        found.append(
            Blocker(
                "pause.only_once", _("The clock stops only once for checking an identity."), "house PI_REQ", "pauses"
            )
        )
    return found


def stretches_of(pauses: Iterable[Pause]) -> list[Stretch]:
    """The pauses that count, overlaps merged, in order of time: no day is left out twice, whatever order they come in."""
    found: list[Stretch] = []
    for pause in sorted((p for p in pauses if p.counts), key=lambda p: (p.first, p.last or date.max, p.kind)):
        before = found[-1] if found else None
        if before and (before.last is None or pause.first <= before.last):
            last = None if before.last is None or pause.last is None else max(before.last, pause.last)
            kinds = before.kinds if pause.kind in before.kinds else (*before.kinds, pause.kind)
            found[-1] = Stretch(before.first, last, kinds)
        else:
            found.append(Stretch(pause.first, pause.last, (pause.kind,)))
    return found


def days_of(stretch: Stretch) -> int:
    """How many days a finished stretch has."""
    if stretch.last is None:
        raise ValueError("a pause that goes on has no number of days")
    return (stretch.last - stretch.first + timedelta(days=1)).days
