"""Topics, providers and workers of the outbox tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from jike.outbox import registry
from jike.outbox.channels import email, sms
from jike.outbox.channels.breaker import Breaker
from jike.outbox.fakes.sms import FakeSms

NOW = datetime(2026, 9, 28, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def quiet_doorbell(settings):
    settings.OUTBOX_DOORBELL = False


@pytest.fixture(autouse=True)
def closed_breakers(monkeypatch):
    monkeypatch.setattr(sms, "_breaker", Breaker("sms"))
    monkeypatch.setattr(email, "_breaker", Breaker("email"))


@pytest.fixture
def committed(own_database: str) -> None:
    """Real commits, for races and other processes, in a database of their own."""


@pytest.fixture
def topic(monkeypatch) -> Callable[..., None]:
    """Register work for a topic for the length of one test."""

    def register(work: Callable[..., Any], name: str = "tests.work", **options: Any) -> None:
        monkeypatch.setattr(registry, "_handlers", {**registry._handlers})
        registry._handlers.pop(name, None)
        registry.handler(name, **options)(work)

    return register


@pytest.fixture
def fake_sms(settings) -> Iterator[FakeSms]:
    with FakeSms() as fake:
        settings.SMS_URL = fake.url
        yield fake
