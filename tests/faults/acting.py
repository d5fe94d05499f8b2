"""What the clients of the fault tests do, and what they repeat when nobody answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from django.test import Client

from cases.complaints.models import Complaint
from jike.accounts.spaces import PORTAL
from jike.base.dates import now
from jike.outbox import jobs
from tests.complaints import portal_walk
from tests.factories import complaints as factory
from tests.faults.stack import Visitor, portal_visitor
from tests.people import Cast

EARLIER = timedelta(hours=6)  # the factory's steps are an hour apart and must all lie behind us


@dataclass
class Act:
    """One request with its idempotency key; sending it again is the same act."""

    visitor: Visitor
    path: str
    fields: dict[str, str] = field(default_factory=dict)

    def send(self, port: int) -> int | None:
        return self.visitor.post(port, self.path, **self.fields)


def accepting(case: Complaint, visitor: Visitor) -> Act:
    """The handler accepts a claimed complaint."""
    return Act(
        visitor, f"/staff/cases/{case.number}/accept/", {"key": f"key-{case.number}", "version": str(case.version)}
    )


def phone_number(nth: int) -> str:
    """The nth consumer's own number: a phone gets one code a minute."""
    return f"138{nth:08d}"


def filing(nth: int) -> Act:
    """A consumer who has written everything down, proved the phone and is about to send."""
    client = Client()
    page = portal_walk.write_down(client, phone=phone_number(nth))
    session = client.cookies[PORTAL.session_cookie].value
    return Act(portal_visitor(session), "/complain/send/", {"token": page.context["draft"].token})


def claimed(cast: Cast) -> Complaint:
    """A claimed complaint whose receipts have been sent."""
    case = factory.complaint(cast, at="claimed", now=now() - EARLIER)
    jobs.run_due()
    return case


def decided(cast: Cast, *, letter: bool) -> Complaint:
    """A decided complaint: its notice waits to be sent when the letter is there, else the letter waits to be made."""
    case = factory.complaint(cast, at="deciding", now=now() - EARLIER)
    jobs.run_due()
    case = factory.decided(case, cast, now())
    if letter:
        jobs.Job.objects.filter(topic="complaints.render_letter", state="ready").update(state="done", finished_at=now())
        case = factory.issued(case, cast, now())
    return case
