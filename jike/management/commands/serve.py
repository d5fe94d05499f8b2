"""Run the product: web, worker and timer in the foreground."""

from __future__ import annotations

import ipaddress
import logging
import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from argparse import ArgumentParser
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, connections
from django.utils.translation.reloader import translation_file_changed

from jike.base import database_roles
from jike.embedded.broker import broker_settings, redis_command
from jike.embedded.service_user import service_user
from jike.embedded.static import collect_if_changed
from jike.embedded.supervisor import Child, Supervisor

QUEUES = "notify,documents,default"


class Command(BaseCommand):
    help = "Run web, worker and beat until Ctrl-C. Prepares the database, translations and static files; with DEMO=1 the demo story."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--port", type=int, default=settings.PORT, help="port of the web server (default: PORT or 8000)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        port: int = options["port"]
        refuse_open_demo()
        refuse_busy_port(port)
        self.prepare()
        pretended = pretended_services()
        address = f"http://{'127.0.0.1' if settings.BIND in {'0.0.0.0', '::'} else url_host(settings.BIND)}:{port}"  # noqa: S104 - compared only
        supervisor = Supervisor([*pretended, *children(port)], settings.HOME.run_dir)
        connections.close_all()
        supervisor.run(lambda: answers(f"{address}/healthz"), lambda: self.announce(address))
        self.stdout.write("Stopped.")

    def prepare(self) -> None:
        """Bring the database, translations and static files to the state of this checkout; tell the demo story once."""
        if not settings.EMBEDDED:
            subprocess.run([sys.executable, settings.BASE_DIR / "manage.py", "migrate", "--noinput"], check=True)
        call_command("compile_translations")
        read_translations_anew()
        sources = [*settings.STATICFILES_DIRS, settings.BASE_DIR / "requirements.txt"]
        collect_if_changed(settings.HOME, sources, collect_static)
        if settings.DEMO and "demo" in get_commands() and not (settings.HOME.path / "demo-accounts.txt").exists():
            self.stdout.write("Telling the demo story (once) …")
            # No broker runs yet: the jobs wait in the database and the first sweep takes them.
            logging.getLogger("jike.outbox.doorbell").setLevel(logging.ERROR)
            call_command("demo", stdout=StringIO())

    def announce(self, address: str) -> None:
        accounts = settings.HOME.path / "demo-accounts.txt"
        if settings.DEMO and accounts.exists():
            self.stdout.write(accounts.read_text(encoding="utf-8").rstrip())
        self.stdout.write(f"Ready: {address}")
        self.stdout.flush()


def read_translations_anew() -> None:
    """Forget what this process read before they were compiled: on a fresh checkout the demo story would be told in English."""
    translation_file_changed(sender=None, file_path=Path("django.mo"))


def refuse_open_demo() -> None:
    """The demo shows passwords and messages to everybody who reaches it: this machine and its own database only."""
    if not settings.DEMO:
        return
    if not settings.EMBEDDED:
        raise CommandError("DEMO is for the embedded database only: unset DEMO or DATABASE_URL.")
    if not is_loopback(settings.BIND):
        raise CommandError(
            f"DEMO is for this machine only, and BIND={settings.BIND} is open to others: unset DEMO or BIND."
        )


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def refuse_busy_port(port: int) -> None:
    family = socket.AF_INET6 if ":" in settings.BIND else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.BIND, port))
        except OSError as error:
            raise CommandError(
                f"Port {port} of {settings.BIND} cannot be used ({error.strerror}). Choose another: PORT=8001 make run"
            ) from None


def collect_static() -> None:
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)


def pretended_services() -> list[Child]:
    """In the demo, for every provider that no address was named for: a program that pretends, found by the others by that address."""
    found = []
    for name, command, variable, url in settings.DEMO_SERVICES if settings.DEMO else ():
        if os.environ.get(variable):
            continue
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = str(probe.getsockname()[1])
        os.environ[variable] = url.format(port=port)
        words = [sys.executable, str(settings.BASE_DIR / "manage.py"), command, "--port", port]
        found.append(Child(name, words, dict(os.environ), helper=True))
    return found


def children(port: int) -> list[Child]:
    """What runs: the embedded Redis if there is one, then web, worker and beat."""
    env = {**os.environ, "PORT": str(port)}
    if os.geteuid() == 0:
        env["PYTHONWARNINGS"] = "ignore:You're running the worker with superuser privileges"
    celery = [sys.executable, "-m", "celery", "-A", "jike.celery", "--quiet"]
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    web = [
        sys.executable, "-m", "gunicorn", "jike.wsgi", "--bind", f"{url_host(settings.BIND)}:{port}", "--worker-class", "gthread",
        "--workers", os.environ.get("WEB_WORKERS", "2"), "--threads", os.environ.get("WEB_THREADS", "4"), "--timeout", "60",
        "--graceful-timeout", "8", "--max-requests", "20000", "--max-requests-jitter", "2000", "--log-level", "warning",
        "--worker-tmp-dir", shared_memory_folder(), "--no-control-socket", "--preload",
    ]  # fmt: skip
    worker = [*celery, "worker", "-Q", QUEUES, "-c", os.environ.get("WORKERS", "2"), "-l", "WARNING", *quiet]
    beat = [*celery, "beat", "-l", "WARNING", "--pidfile="]
    found = [
        Child("web", web, {**env, **role("jike_web")}),
        Child("worker", worker, {**env, **role("jike_worker")}, grace=20.0, after_ready=True),
        Child("beat", beat, {**env, **role("jike_worker")}, after_ready=True),
    ]
    user = service_user()
    if redis := redis_command(settings.HOME, user):
        bare = {"PATH": os.environ.get("PATH", "")}
        found.insert(0, Child("redis", redis, bare, uid=user.uid, gid=user.gid, helper=True))
    broker_settings(settings.HOME)
    return found


def role(name: str) -> dict[str, str]:
    """The environment that makes a process take the role `name`, if the signed-in account may."""
    if settings.DATABASE_ROLE:
        return {}
    with connection.cursor() as cursor:
        return {"JIKE_DATABASE_ROLE": name} if database_roles.is_granted(cursor) else {}


def shared_memory_folder() -> str:
    """A folder in memory for gunicorn's heartbeat; a slow disk would look like a hung worker."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else "/tmp"  # noqa: S108 - gunicorn makes a private file in it


def url_host(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own loopback address
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
