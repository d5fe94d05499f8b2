"""The broker of one machine: Redis on a unix socket where it is installed, else files that Celery polls.

It is a doorbell only. The jobs are rows of the database, so a lost or wiped broker costs a delay and nothing else.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any, TypedDict

from jike.embedded.home import Home
from jike.embedded.service_user import ServiceUser


class BrokerSettings(TypedDict):
    """What Celery needs: `broker_url` and `broker_transport_options`."""

    url: str
    transport_options: dict[str, Any]


def broker_settings(home: Home) -> BrokerSettings:
    """The broker to talk to: `CELERY_BROKER_URL` if set, else the embedded one of `home`."""
    if url := os.environ.get("CELERY_BROKER_URL"):
        return BrokerSettings(url=url, transport_options={})
    if redis_program():
        return BrokerSettings(
            url=f"redis+socket://{redis_socket(home)}", transport_options={"socket_connect_timeout": 2}
        )
    folder = home.path / "broker"
    messages, control = folder / "messages", folder / "control"
    for each in (messages, control):
        each.mkdir(mode=0o700, parents=True, exist_ok=True)
    options = {
        "data_folder_in": str(messages),
        "data_folder_out": str(messages),
        "control_folder": str(control),
        "polling_interval": 0.05,
    }
    return BrokerSettings(url="filesystem://localhost/", transport_options=options)


def redis_program() -> str | None:
    """The `redis-server` (or Valkey's) of this machine."""
    return shutil.which("redis-server") or shutil.which("valkey-server")


def redis_socket(home: Home) -> Path:
    return home.socket_dir / "redis.sock"


def redis_command(home: Home, user: ServiceUser) -> list[str] | None:
    """The command of the embedded Redis, without TCP and without files; None when another broker is in use."""
    program = redis_program()
    if os.environ.get("CELERY_BROKER_URL") or not program:
        return None
    socket = redis_socket(home)
    home.open_socket_dir(user)
    socket.unlink(missing_ok=True)
    options = {
        "--port": "0", "--unixsocket": str(socket), "--unixsocketperm": "700", "--save": "", "--appendonly": "no",
        "--dir": str(home.socket_dir), "--daemonize": "no", "--loglevel": "warning", "--maxmemory": "256mb",
    }  # fmt: skip
    return [program, *(word for option in options.items() for word in option)]
