"""One stage for every fault: a database of its own, people, a provider of text messages, a folder for files and broker."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from cases.starter import ensure_starter_data
from jike.base.dates import now
from jike.outbox.channels import sms
from jike.outbox.channels.breaker import Breaker
from jike.outbox.fakes.sms import FakeSms
from tests.faults.stack import environment
from tests.people import Cast
from tests.people import cast as make_cast


@dataclass(frozen=True)
class Stage:
    cast: Cast
    fake: FakeSms
    home: Path

    def env(self, *, failpoint: str = "", broker: str = "") -> dict[str, str]:
        return environment(self.home, self.fake.url, failpoint=failpoint, broker=broker)


@pytest.fixture
def stage(own_database, tmp_path, settings, monkeypatch) -> Iterator[Stage]:
    monkeypatch.setattr(sms, "_breaker", Breaker("sms"))
    settings.FILES_URL = f"file://{tmp_path / 'files'}"
    with FakeSms() as fake:
        settings.SMS_URL = fake.url
        ensure_starter_data(now())
        yield Stage(make_cast(), fake, tmp_path)
