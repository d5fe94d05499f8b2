"""Until when a loan may be returned for nothing, and when the consumer asked. Pure: no database, no clock.

Source: house RET7, house return request, CC art 201, CC art 203.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cases.clocks import rules
from cases.clocks.dates import Due, due
from cases.clocks.rules import Rule
from cases.clocks.steps import is_late
from jike.base.dates import cst_date
from jike.calendars.workdays import Calendar
from lending.loans.documents import Document
from refunds.policy import policy

CODE = "RET7"
ONE_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Window:
    """The days in which one drawdown may be returned: seven Shanghai days after the one on which its money arrived.

    `last_moment` is the last second in time, 23:59:59; a last day off moves to the next working day. `due.lines` explain it.
    `provisional` means that a holiday notice still to come may move it.
    """

    drawdown: str
    opens_at: datetime
    due: Due

    @property
    def last_moment(self) -> datetime:
        assert self.due.at is not None  # nothing pauses this clock
        return self.due.at

    @property
    def provisional(self) -> bool:
        return self.due.provisional

    def holds(self, asked_at: datetime) -> bool:
        """Whether a request of this moment is in time. One made before the money arrived asks for no less."""
        return not is_late(asked_at, self.last_moment)

    def seconds_late(self, asked_at: datetime) -> int:
        """How many seconds after the last one in time; 0 in time."""
        return 0 if self.holds(asked_at) else int((asked_at - self.last_moment) // ONE_SECOND)


def window_of(drawdown: str, credited_at: datetime, *, calendar: Calendar, rule: Rule | None = None) -> Window:
    """The window of one drawdown. `rule` is the version in force on the day the money arrived unless given."""
    rule = rule or rules.rule(CODE, on=cst_date(credited_at))
    return Window(drawdown, credited_at, due(rule, credited_at, calendar=calendar))


def windows_of(document: Document, *, calendar: Calendar) -> tuple[Window, ...]:
    """A window for every drawdown that arrived, in order of time; a failed disbursement has none: it is simply cancelled."""
    return tuple(window_of(one.external_id, one.at, calendar=calendar) for one in document.credited)


@dataclass(frozen=True, slots=True)
class Contact:
    """One time the consumer got in touch: when, in which channel, and what was said.

    `asks` is true where the way itself asks (the button of the app, the portal) or a person noted that the consumer asked.
    `recorded_at` is when the house wrote it down, which moves nothing. `evidence` names what proves the moment.
    """

    at: datetime
    channel: str
    words: str = ""
    asks: bool = False
    recorded_at: datetime | None = None
    evidence: str = ""


def first_request(contacts: Iterable[Contact], *, words: Sequence[str] | None = None) -> Contact | None:
    """The earliest contact in any channel that asks for a return, or None. When it was registered plays no part."""
    asking = [one for one in contacts if one.asks or asks_for_return(one.words, words=words)]
    return min(asking, key=lambda one: one.at, default=None)


def asks_for_return(text: str, *, words: Sequence[str] | None = None) -> bool:
    """Whether a text names a return. However it is spaced or wide; generous, since a wrong yes only preserves the day."""
    said = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()
    return any(word in said for word in (return_words() if words is None else words))


def return_words() -> tuple[str, ...]:
    """The words that ask for a return, in comparable form."""
    return policy().asking
