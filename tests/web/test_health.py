"""Health: up, and ready."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client

from jike.web import health


def test_healthz_asks_nobody(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


@pytest.mark.django_db
def test_readyz_names_each_part(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_broker", lambda: True)

    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "checks": {"database": "ok", "migrations": "ok", "keys": "ok", "broker": "ok"},
    }


def broken() -> bool:
    raise DatabaseError("connection to 10.0.0.1 refused for user jike")


@pytest.mark.django_db
@pytest.mark.parametrize(("part", "status"), [("_database", 503), ("_migrations", 503), ("_broker", 200)])
def test_readyz_tells_what_is_away_and_no_more(
    client: Client, monkeypatch: pytest.MonkeyPatch, part: str, status: int
) -> None:
    monkeypatch.setattr(health, "_broker", lambda: True)
    monkeypatch.setattr(health, part, broken)

    response = client.get("/readyz")

    assert response.status_code == status
    assert response.json()["checks"][part.strip("_")] == "unreachable"
    assert "10.0.0.1" not in response.content.decode()


@pytest.mark.django_db
def test_missing_key_makes_it_unready(client: Client, settings: Any) -> None:
    settings.LEDGER_KEY = ""

    assert client.get("/readyz").json()["checks"]["keys"] == "missing"
