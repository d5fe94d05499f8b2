"""A time of receipt that was recorded wrongly: what is asked of the second person, and what the consumer is told of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cases import approvals
from cases.attachments.models import Attachment
from cases.clocks import ledger as clocks
from cases.clocks.steps import is_late
from cases.complaints import counting
from cases.complaints.models import Complaint
from cases.wording import with_time


def days_of(case: Complaint, at: datetime) -> tuple[datetime | None, datetime | None]:
    """The last moment to tell the decision until now, and with the receipt at `at`.

    A count that new facts began anew, and a date agreed with the consumer, do not move.
    """
    if clock := counting.counts_from_receipt(case):
        return clock.due_at, counting.due_from(case, clock, at).at
    stays = counting.running(case) or clocks.running(case, family=counting.AGREED)
    return (stays.due_at, stays.due_at) if stays else (None, None)


def request_for(
    case: Complaint, at: datetime, *, reason: str, paper: Attachment | None, recording: str, now: datetime
) -> approvals.Request:
    """The receipt as it is and as it should be, the last day before and after, the reason and the evidence."""
    old_due, new_due = days_of(case, at)
    request: approvals.Request = {
        "old_received": case.received_at.isoformat(),
        "new_received": at.isoformat(),
        "old_due": counting.as_text(old_due),
        "new_due": counting.as_text(new_due),
        "is_late": new_due is not None and is_late(now, new_due),
        "reason": reason.strip(),
    }
    return (
        request | ({"paper": str(paper.pk)} if paper else {}) | ({"recording": recording.strip()} if recording else {})
    )


def words_of(asked: Mapping[str, Any]) -> dict[str, Any]:
    """What the consumer is told of a correction as it was asked for."""
    return {
        "was_received": with_time(datetime.fromisoformat(asked["old_received"])),
        "received": with_time(datetime.fromisoformat(asked["new_received"])),
        "old_due": datetime.fromisoformat(asked["old_due"]) if asked["old_due"] else None,
        "new_due": datetime.fromisoformat(asked["new_due"]) if asked["new_due"] else None,
        "is_late": asked["is_late"],
        "reason": asked["reason"],
    }
