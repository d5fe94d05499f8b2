"""Programs with keys, and the cases they ask about."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from cases.starter import ensure_starter_data
from jike.accounts.models import Unit
from jike.accounts.roles import machine_actor
from jike.api import keys
from jike.base.dates import now
from tests.factories.complaints import RECEIVED
from tests.people import Cast
from tests.people import cast as make_cast

EVERYTHING = (
    "cases.read",
    "cases.words",
    "complaints.*",
    "merchants.read",
    "calendar.read",
    "ledger.read",
    "webhooks.manage",
)


@dataclass
class Program:
    """A client with a key. `post` gives a new Idempotency-Key unless one is given."""

    key: Any
    token: str
    client: Client

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(path, query, headers=self.headers())

    def post(self, path: str, body: Any = None, *, once: str | None = None, **headers: str) -> Any:
        sent = self.headers() | {"Idempotency-Key": once if once is not None else uuid.uuid4().hex} | headers
        return self.client.post(path, body or {}, content_type="application/json", headers=sent)

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


@pytest.fixture
def cast(db: None) -> Cast:
    ensure_starter_data(RECEIVED)
    return make_cast()


@pytest.fixture
def program(cast: Cast) -> Callable[..., Program]:
    return make_program


def make_program(*scopes: str, role: str = "handler", unit: Unit | None = None, days: int = 30) -> Program:
    unit = unit or Unit.objects.get(code="HQ-CP")
    made = keys.create_key(
        actor=machine_actor("operator"),
        now=now(),
        name="test",
        unit=unit,
        role=role,
        scopes=list(scopes or EVERYTHING),
        days=days,
    )
    return Program(made.key, made.token, Client(raise_request_exception=True))
