"""Real processes on the database of one test: web, worker and the sweep, killed and started anew."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import connection

from jike.accounts.models import User
from jike.accounts.spaces import PORTAL, STAFF, Space
from jike.web.sessions import SessionStore

KEYS = ("SECRET_KEY", "FIELD_KEYS", "BLIND_INDEX_KEY", "LEDGER_KEY", "LEDGER_SIGNING_KEY", "LINK_KEY")
CSRF = "c" * 32
CELERY = "worker -l ERROR -Q notify,documents,default --without-gossip --without-mingle --without-heartbeat"
SWEEP = [sys.executable, "manage.py", "sweep", "--run", "--json"]


def environment(home: Path, sms_url: str, *, failpoint: str = "", broker: str = "") -> dict[str, str]:
    """What a separate process needs to work on this test's database; the broker is a folder of `home` unless `broker` is given."""
    at = connection.settings_dict
    password = f":{quote(at['PASSWORD'])}" if at["PASSWORD"] else ""
    port = f"&port={at['PORT']}" if at["PORT"] else ""
    given = {
        **{name: getattr(settings, name) for name in KEYS},
        "DATABASE_URL": f"postgres://{quote(at['USER'])}{password}@/{quote(at['NAME'])}?host={quote(at['HOST'], safe='')}{port}",
        "DJANGO_SETTINGS_MODULE": "tests.faults.process_settings",
        "JIKE_HOME": str(home),
        "FILES_URL": settings.FILES_URL,
        "SMS_URL": sms_url,
        "CELERY_SKIP_CHECKS": "1",
        "LOG_LEVEL": "WARNING",
        "PYTHONWARNINGS": "ignore",
    }
    inherited = {k: v for k, v in os.environ.items() if k not in ("CELERY_BROKER_URL", "JIKE_TEST_HOME", "DEMO")}
    given |= {"CELERY_BROKER_URL": broker} if broker else {"PATH": "/nowhere"}  # without Redis the broker is a folder
    return {**inherited, **given, **({"ENABLE_FAILPOINTS": "1", "FAILPOINT": failpoint} if failpoint else {})}


@contextmanager
def running(command: list[str], env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process with everything it starts, as one group that is killed at the end."""
    with (Path(env["JIKE_HOME"]) / "processes.log").open("ab") as log:
        process = subprocess.Popen(
            command, cwd=settings.BASE_DIR, env=env, stdout=log, stderr=log, start_new_session=True
        )
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)


@contextmanager
def web(env: dict[str, str], *, workers: int = 1, port: int = 0) -> Iterator[int]:
    """gunicorn as `serve` runs it; yields its port once it answers. A killed worker process is replaced by the master."""
    port = port or free_port()
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "jike.wsgi",
        "--bind",
        f"127.0.0.1:{port}",
        "--worker-class",
        "gthread",
    ]
    command += ["--workers", str(workers), "--threads", "4", "--log-level", "critical", "--preload"]
    if "PATH" in env and Path("/dev/shm").is_dir():
        command += ["--worker-tmp-dir", "/dev/shm"]
    with running(command, env) as process:
        wait_for(lambda: answers(port) or process.poll() is not None)
        assert process.poll() is None, (Path(env["JIKE_HOME"]) / "processes.log").read_text()[-2000:]
        yield port


def worker_command(*, processes: int = 1) -> list[str]:
    """A Celery worker with its timer."""
    return [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "jike.celery",
        *CELERY.split(),
        "-B",
        "-s",
        "/dev/null",
        "-c",
        str(processes),
    ]


def sweep(env: dict[str, str]) -> int:
    """One `sweep --run` in a process of its own; how it ended (negative: by which signal)."""
    return subprocess.run(
        SWEEP, cwd=settings.BASE_DIR, env=env, capture_output=True, timeout=120, check=False
    ).returncode


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    """A private Redis that keeps nothing on disk; yields its address."""
    sock = folder / "r.sock"
    command = [
        shutil.which("redis-server") or "",
        "--port",
        "0",
        "--unixsocket",
        str(sock),
        "--save",
        "",
        "--appendonly",
        "no",
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            wait_for(sock.exists)
            yield f"redis+socket://{sock}"
        finally:
            process.kill()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(port: int) -> bool:
    try:
        return ask(port, "GET", "/healthz") == 200
    except OSError:
        return False


def wait_for(condition: Callable[[], object], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "It never happened."
        time.sleep(0.05)


def ask(port: int, method: str, path: str, body: str = "", headers: dict[str, str] | None = None) -> int:
    """The status of one request. Raises OSError when the server died over it."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        link.request(method, path, body=body or None, headers=headers or {})
        response = link.getresponse()
        response.read()
        return response.status
    except http.client.HTTPException as error:
        raise ConnectionError(str(error)) from None
    finally:
        link.close()


class Visitor:
    """A browser with the session of one space. `post` answers the status, or None when nobody answered."""

    def __init__(self, space: Space, session_key: str) -> None:
        cookies = f"{space.session_cookie}={session_key}; {space.csrf_cookie}={CSRF}"
        self._headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}

    def post(self, port: int, path: str, **fields: str) -> int | None:
        try:
            return ask(port, "POST", path, urlencode({"csrfmiddlewaretoken": CSRF, **fields}), self._headers)
        except OSError:
            return None


def staff_visitor(user: User) -> Visitor:
    """The workbench in the browser of `user`."""
    session = SessionStore()
    session.update(
        {
            "_auth_user_id": str(user.pk),
            "_auth_user_backend": "jike.accounts.backends.StaffBackend",
            "_auth_user_hash": user.get_session_auth_hash(),
        }
    )
    session.save()
    return Visitor(STAFF, session.session_key or "")


def portal_visitor(session_key: str) -> Visitor:
    return Visitor(PORTAL, session_key)
