"""What a report does to the limitation of the reporter's own claim. Whoever counts that is told by a job, and reads the days here.

Source: LIM2020, house R49.
"""

from __future__ import annotations

from datetime import date, datetime

from cases.police.models import PoliceReport
from cases.police.states import Capacity
from jike.outbox import jobs

TOPIC = "police.effect"
"""Posted whenever one of these days is recorded or corrected."""


def interruption_of(case: PoliceReport) -> tuple[date, date | None] | None:
    """The day of the report, and the day it was known that it came to nothing; None while it goes on. None where it interrupts nothing.

    It interrupts from the day the police took it, which the receipt shows; whoever only informs of what happened to others asks nothing
    for a claim of the own. It comes to nothing when a refusal is received, which a case that is filed after all undoes; and a criminal
    case when it is withdrawn, not prosecuted, or judged. Counted by the shorter reading where readings differ: a day for which the police
    gave no receipt interrupts nothing yet.
    """
    if case.capacity == Capacity.INFORMANT or not case.receipt_no or case.accepted_on is None:
        return None
    return case.accepted_on, case.case_ended_on if case.docket_no else case.refused_on


def tell(case: PoliceReport, *, now: datetime) -> None:
    """Have limitation counted anew where it depends on this report. Called inside verbs, at most once in each."""
    key = f"{TOPIC}:{case.pk}:{case.version}"
    jobs.post(TOPIC, key=key, body={"report": str(case.pk)}, subject=case.pk, now=now)
