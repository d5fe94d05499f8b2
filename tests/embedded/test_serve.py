"""`manage.py serve` from an empty home to a running product and back to nothing."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator

import pytest
from django.core.management.base import CommandError
from django.utils.translation import gettext, override, trans_real

from jike.embedded.home import Home
from jike.management.commands.serve import read_translations_anew, refuse_busy_port, refuse_open_demo
from tests.embedded.accounts import PROJECT
from tests.embedded.test_postgres import is_alive, wait_until

SECRETS = (
    "DATABASE_URL",
    "CELERY_BROKER_URL",
    "SECRET_KEY",
    "FIELD_KEYS",
    "BLIND_INDEX_KEY",
    "LEDGER_KEY",
    "LEDGER_SIGNING_KEY",
    "LINK_KEY",
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(home: Home, **changes: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in SECRETS}
    return {**kept, "JIKE_HOME": str(home.path), "DJANGO_SETTINGS_MODULE": "jike.settings", **changes}


def serve(home: Home, **changes: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, PROJECT / "manage.py", "serve"],
        env=environment(home, **changes),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def lines_until(process: subprocess.Popen[str], start: str) -> Iterator[str]:
    assert process.stdout is not None
    for line in process.stdout:
        yield line
        if line.startswith(start):
            return
    pytest.fail(f"ended with {process.wait()} before {start!r}")


def pid_of(home: Home, name: str) -> int:
    try:
        return int((home.run_dir / f"{name}.pid").read_text())
    except (OSError, ValueError):
        return 0


def test_product_starts_heals_and_leaves_nothing(home: Home) -> None:
    port = free_port()
    process = serve(home, PORT=str(port), DEMO="")
    said = "".join(lines_until(process, "Ready: "))
    assert f"Ready: http://127.0.0.1:{port}\n" in said
    pids = {name: pid_of(home, name) for name in ("web", "worker", "beat")}
    server = int((home.path / "pg" / "postmaster.pid").read_text().split()[0])
    assert all(is_alive(pid) for pid in [*pids.values(), server])

    os.kill(pids["web"], signal.SIGKILL)
    wait_until(lambda: pid_of(home, "web") not in {0, pids["web"]}, 30)
    wait_until(lambda: answers(f"http://127.0.0.1:{port}/readyz"), 30)
    again = [pid_of(home, name) for name in ("web", "worker", "beat")]

    started = time.monotonic()
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)

    assert process.returncode == 0
    assert time.monotonic() - started < 30
    assert not any(is_alive(pid) for pid in [*pids.values(), *again, server])
    assert not home.socket_dir.exists()
    assert list(home.run_dir.glob("*.pid")) == []


@pytest.mark.parametrize(
    ("embedded", "bind", "refused"),
    [
        (True, "127.0.0.1", None),
        (True, "::1", None),
        (True, "0.0.0.0", "open to others"),
        (True, "jike.example.com", "open to others"),
        (False, "127.0.0.1", "embedded database only"),
    ],
)
def test_demo_is_refused_where_others_could_reach_it(
    settings: object, embedded: bool, bind: str, refused: str | None
) -> None:
    settings.DEMO, settings.EMBEDDED, settings.BIND = True, embedded, bind

    if refused:
        with pytest.raises(CommandError, match=refused):
            refuse_open_demo()
    else:
        refuse_open_demo()


def test_what_was_read_before_the_translations_were_there_is_forgotten() -> None:
    """On a fresh checkout they are compiled by the very process that then tells the demo story."""
    trans_real._translations["zh-hans"] = trans_real.translation("en")
    try:
        with override("zh-hans"):
            assert gettext("Return") == "Return"
    finally:
        read_translations_anew()
    with override("zh-hans"):
        assert gettext("Return") == "退回"


def test_busy_port_is_refused_with_another_to_try() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(CommandError, match="PORT=8001 make run"):
            refuse_busy_port(taken.getsockname()[1])


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=3) as response:
            return response.status == 200
    except OSError:
        return False
