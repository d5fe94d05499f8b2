from __future__ import annotations

import pytest

from jike.base.dates import now as current_instant
from jike.outbox import channels, jobs
from jike.outbox.models import Job
from tests.complaints.conftest import cast, committed_cast, replies

__all__ = ["cast", "committed_cast", "replies"]


class Gateway:
    """Takes every message; `sent` holds address and text."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []

    def send(self, address: str, subject: str, body: str, *, key: str, attachments: object = ()) -> channels.Receipt:
        self.sent.append((address, body))
        return channels.Receipt("fake", key, current_instant())


def do_own_jobs() -> None:
    """What mediations have queued, and no letter or notice of the complaint they came from."""
    Job.objects.exclude(topic__startswith="mediation.").delete()
    jobs.run_due()


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> Gateway:
    found = Gateway()
    monkeypatch.setattr(channels, "get", lambda name: found)
    return found
