"""What must be true after every fault."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO

from django.core.management import call_command
from django.db.models import QuerySet

from cases.models import Delivery, Event, Message
from jike.base.dates import now
from jike.outbox.fakes.sms import FakeSms
from jike.outbox.models import Job


def verified() -> None:
    """Both verifiers are clean; a breach ends the command with exit 1, which fails the test."""
    for command, found in (("verify_invariants", "breaches"), ("verify_ledger", "breaches")):
        out = StringIO()
        try:
            call_command(command, "--json", stdout=out)
        except SystemExit:
            raise AssertionError(f"{command}: {out.getvalue()}") from None
        assert json.loads(out.getvalue().splitlines()[-1])[found] == []


def leases_lapsed() -> None:
    """Time passes: whoever was killed over a job has not been heard of for the length of its lease."""
    Job.objects.filter(state="running").update(lease_until=now() - timedelta(seconds=1), published_at=None)


def unfinished() -> QuerySet[Job]:
    """What is still to be done now; a favour asked in quiet hours waits for the morning and is no arrears."""
    return Job.objects.exclude(state="done").exclude(due_at__gt=now() + timedelta(minutes=5))


def drained() -> bool:
    return not unfinished().exists()


def everything_told_once(fake: FakeSms) -> None:
    """Every outgoing message has one proof, and the phone showed it once."""
    assert list(unfinished().values_list("topic", "state", "last_error")) == []
    texts = Message.objects.filter(is_incoming=False, channel="sms").exclude(purpose="survey")
    outgoing = set(texts.values_list("pk", flat=True))
    proven = Delivery.objects.filter(message__channel="sms").exclude(message__purpose="survey")
    assert set(proven.values_list("message_id", flat=True)) == outgoing
    favours = {str(pk) for pk in Message.objects.filter(purpose="survey").values_list("pk", flat=True)}
    shown = [message["key"] for message in fake.sent if not message["key"].startswith("accounts.")]
    assert len(shown) == len(set(shown))
    assert sorted(set(shown) - favours) == sorted(str(pk) for pk in outgoing)


def happened_once(case_id: object, verb: str) -> bool:
    return Event.objects.filter(case_id=case_id, verb=verb).count() == 1
