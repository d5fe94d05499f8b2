"""The production shape: PostgreSQL of the machine, RabbitMQ or Redis, two web and two worker processes. Runs wherever those answer."""

from __future__ import annotations

import base64
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from jike.embedded.home import Home
from jike.outbox.fakes.sms import FakeSms
from tests.embedded.test_serve import free_port, lines_until

PROJECT = Path(__file__).resolve().parents[2]
SERVER = "postgresql://root@127.0.0.1:5432"
BROKERS = {
    "rabbitmq": ("127.0.0.1", 5672, "amqp://guest:guest@127.0.0.1:5672//"),
    "redis": ("127.0.0.1", 6379, "redis://127.0.0.1:6379/9"),
}
CASES = 30
FILE = f"""
from cases.starter import ensure_starter_data
from cases.complaints.actions import file_complaint
from jike.accounts.roles import consumer_actor
from jike.base.dates import now
ensure_starter_data(now())
for nth in range({CASES}):
    file_complaint(actor=consumer_actor(None), now=now(), key=f"stack-{{nth}}", name="王小明", phone=f"138{{nth:08d}}", claim="退款", narrative="商户停业。")
"""


def answers(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=1):
            return True
    except OSError:
        return False


def server_answers() -> bool:
    try:
        with psycopg.connect(f"{SERVER}/postgres", connect_timeout=2):
            return True
    except psycopg.OperationalError:
        return False


@pytest.fixture
def database() -> Iterator[str]:
    if not server_answers():
        pytest.skip("no PostgreSQL answers on 127.0.0.1:5432")
    name = f"jike_stack_{secrets.token_hex(4)}"
    with psycopg.connect(f"{SERVER}/postgres", autocommit=True) as link:
        link.execute(sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(sql.Identifier(name)))
        try:
            yield f"{SERVER}/{name}"
        finally:
            link.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def new_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def environment(home: Home, database: str, broker: str, sms_url: str) -> dict[str, str]:
    taken = ("JIKE_TEST_HOME", "DEMO", "FAILPOINT", "DATABASE_ROLE")
    return {
        **{name: value for name, value in os.environ.items() if name not in taken},
        "DATABASE_URL": database,
        "CELERY_BROKER_URL": broker,
        "SECRET_KEY": secrets.token_hex(32),
        **{name: new_key() for name in ("BLIND_INDEX_KEY", "LEDGER_SIGNING_KEY", "LINK_KEY")},
        "FIELD_KEYS": f"1:{new_key()}",
        "LEDGER_KEY": f"1:{new_key()}",
        "JIKE_HOME": str(home.path),
        "DJANGO_SETTINGS_MODULE": "jike.settings",
        "PORT": str(free_port()),
        "SMS_URL": sms_url,
        "WEB_WORKERS": "2",
        "WORKERS": "2",
    }


def manage(env: dict[str, str], *command: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=PROJECT,
        env=env,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


def jobs_left(database: str) -> int:
    with psycopg.connect(database) as link:
        return link.execute("SELECT count(*) FROM outbox_job WHERE state <> 'done'").fetchone()[0]  # type: ignore[index]


def children_of(pid: int) -> list[int]:
    """Its Celery processes. `ps` ends with 1 when there are none."""
    listing = ["ps", "-o", "pid=,args=", "--ppid", str(pid)]
    found = subprocess.run(listing, capture_output=True, text=True, check=False).stdout
    return [int(line.split()[0]) for line in found.splitlines() if "celery" in line and "worker" in line]


@pytest.mark.skipif(not Path("/usr/bin/ps").exists() and not Path("/bin/ps").exists(), reason="needs ps")
@pytest.mark.parametrize("broker", sorted(BROKERS))
def test_everything_is_told_once_though_a_worker_dies(database: str, broker: str, tmp_path: Path) -> None:
    host, port, url = BROKERS[broker]
    if not answers(host, port):
        pytest.skip(f"no {broker} answers on {host}:{port}")
    home = Home(tmp_path)
    with FakeSms() as fake:
        env = environment(home, database, url, fake.url)
        with subprocess.Popen(
            [sys.executable, "manage.py", "serve"],
            cwd=PROJECT,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as server:
            try:
                list(lines_until(server, "Ready:"))
                manage(env, "shell", "-c", FILE)
                _kill_one_worker(server.pid)
                _wait(lambda: jobs_left(database) == 0)
            finally:
                server.send_signal(signal.SIGTERM)
                server.communicate(timeout=60)
        told = [message["key"] for message in fake.sent]
        assert len(told) == len(set(told)) == CASES
        for command in ("verify_ledger", "verify_invariants"):
            assert json.loads(manage(env, command, "--json").splitlines()[-1])["breaches"] == []


def _kill_one_worker(supervisor: int) -> None:
    """SIGKILL of a process of the pool, as the kernel does when memory runs out."""
    pools: list[list[int]] = []

    def are_filled() -> bool:
        """A worker says it is ready before it has forked, and has a moment without processes while it replaces one."""
        pools[:] = [children_of(master) for master in children_of(supervisor)]
        return bool(pools) and all(pools)

    _wait(are_filled)
    for pool in pools:
        os.kill(pool[0], signal.SIGKILL)


def _wait(condition: object, seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < until, "It never happened."
        time.sleep(0.5)
