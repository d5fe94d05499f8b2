"""The broker of one machine."""

from __future__ import annotations

import pytest

from jike.embedded import broker
from jike.embedded.home import Home
from jike.embedded.service_user import service_user


def test_named_broker_wins(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CELERY_BROKER_URL", "amqp://broker.example/")

    assert broker.broker_settings(home) == {"url": "amqp://broker.example/", "transport_options": {}}
    assert broker.redis_command(home, service_user()) is None


def test_files_are_polled_where_redis_is_missing(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CELERY_BROKER_URL", raising=False)
    monkeypatch.setattr(broker, "redis_program", lambda: None)

    found = broker.broker_settings(home)

    assert found["url"] == "filesystem://localhost/"
    assert found["transport_options"]["polling_interval"] == 0.05
    assert (home.path / "broker" / "messages").stat().st_mode & 0o777 == 0o700


def test_redis_listens_on_a_private_socket_only(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CELERY_BROKER_URL", raising=False)
    monkeypatch.setattr(broker, "redis_program", lambda: "/usr/bin/redis-server")

    command = broker.redis_command(home, service_user())

    assert command is not None
    assert command[command.index("--port") + 1] == "0"
    assert broker.broker_settings(home)["url"] == f"redis+socket://{home.socket_dir}/redis.sock"
    assert home.socket_dir.stat().st_mode & 0o007 == 0
    home.close_socket_dir()
