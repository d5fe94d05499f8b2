"""What must be true after every fault."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO

from django.core.management import call_command

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


def drained() -> bool:
    return not Job.objects.exclude(state="done").exists()


def everything_told_once(fake: FakeSms) -> None:
    """Every outgoing message has one proof, and the phone showed it once."""
    assert list(Job.objects.exclude(state="done").values_list("topic", "state", "last_error")) == []
    outgoing = set(Message.objects.filter(is_incoming=False, channel="sms").values_list("pk", flat=True))
    assert set(Delivery.objects.filter(message__channel="sms").values_list("message_id", flat=True)) == outgoing
    shown = [message["key"] for message in fake.sent if not message["key"].startswith("accounts.")]
    assert sorted(shown) == sorted(str(pk) for pk in outgoing)


def happened_once(case_id: object, verb: str) -> bool:
    return Event.objects.filter(case_id=case_id, verb=verb).count() == 1
