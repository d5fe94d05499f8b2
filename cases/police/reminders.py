"""When people are reminded of a day: of a follow-up on its day, of a remedy before its strict last day and on it. Source: house R54."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cases.clocks.models import Clock
from cases.police.house_rules import house_rules
from cases.police.models import PoliceReport
from jike.base.dates import CST, cst_date
from jike.outbox import jobs

TOPIC = "police.remind"
STRICT = "strict_day"


@dataclass(frozen=True, slots=True)
class Days:
    """The last day as it may roll, and the strict one, which is what people are told to rely on."""

    strict: date
    last: date

    @property
    def is_rolled(self) -> bool:
        return self.strict != self.last

    def told(self, *, now: datetime) -> dict[str, date | bool]:
        """What a text needs to say them. `is_late`: only the rolled day is left; `is_over`: that has passed too."""
        today = cst_date(now)
        state = {"is_late": self.strict < today <= self.last, "is_over": today > self.last}
        return {"strict": self.strict, "last": self.last, "is_rolled": self.is_rolled, **state}


def days_of(clock: Clock) -> Days:
    """Both readings of the last day of a clock that has one."""
    assert clock.due_at is not None
    last = cst_date(clock.due_at)
    return Days(next((line.day for line in clock.known_lines if line.key == STRICT), last), last)


def post(case: PoliceReport, clock: Clock, *, now: datetime) -> None:
    """Queue the reminders of a clock that has just begun. A moment that has passed already reminds nobody."""
    rules, strict = house_rules(), days_of(clock).strict
    before = rules.remind_days if clock.rule.remind_strict else (0,)
    for days in before:
        day = strict - timedelta(days=days)
        due_at = datetime.combine(day, rules.remind_at, tzinfo=CST)
        if due_at > now:
            body = {"case": str(case.pk), "family": clock.family, "day": day.isoformat()}
            key = f"{TOPIC}:{case.pk}:{clock.family}:{day.isoformat()}"
            jobs.post(TOPIC, key=key, body=body, subject=case.pk, due_at=due_at, now=now)


def is_late(case: PoliceReport, clock: Clock, day: date, *, now: datetime) -> bool:
    """Whether a reminder meant for `day` has become useless: a later one follows it, its day was corrected, or the remedy is over.

    A worker that was away for days must not send all of them at once.
    """
    if clock.due_at is None:
        return False
    strict, today = days_of(clock).strict, cst_date(now)
    if not clock.rule.remind_strict:
        return day != strict or any(day < other <= today for other in _follow_ups(case))
    is_one = (strict - day).days in house_rules().remind_days
    return not is_one or now > clock.due_at or day < min(today, strict)


def _follow_ups(case: PoliceReport) -> list[date]:
    """The days of follow-up that run."""
    return [days_of(row).strict for row in case.open_clocks if row.due_at and not row.rule.remind_strict]
