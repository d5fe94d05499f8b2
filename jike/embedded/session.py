"""The embedded database around one command of `manage.py`."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jike.embedded.home import Home
from jike.embedded.postgres import Postgres
from jike.embedded.users import exclusive, using_database

PROJECT = Path(__file__).resolve().parents[2]

WITHOUT_DATABASE = {
    "", "help", "version", "--help", "-h", "--version", "check", "collectstatic", "compile_translations", "compilemessages", "diffsettings",
    "findstatic", "list_routes", "list_verbs", "makemessages", "spectacular", "startapp", "state_diagrams", "test",
}  # fmt: skip
"""Commands that never ask the database."""

WITHOUT_MIGRATION = {
    "makemigrations",
    "migrate",
    "showmigrations",
    "sqlmigrate",
    "squashmigrations",
    "dbshell",
    "flush",
}
"""Commands that need the database as it is."""


@contextmanager
def database_for_command(argv: list[str]) -> Iterator[None]:
    """Find or start the embedded database, migrate it when it is new or behind, and stop it again if nobody else uses it.

    Does nothing when `DATABASE_URL` is set or the command needs no database.
    """
    command = argv[1] if len(argv) > 1 else ""
    if os.environ.get("DATABASE_URL") or command in WITHOUT_DATABASE or {"--help", "-h"} & set(argv):
        yield
        return
    with using_database(Home.from_environment(PROJECT)) as postgres:
        if command not in WITHOUT_MIGRATION:
            migrate_if_behind(postgres)
        yield


def migrate_if_behind(postgres: Postgres) -> None:
    """Run `migrate` unless the database has seen exactly these migrations. Its report goes to stderr."""
    stamp = postgres.data / "migrated"
    wanted = migrations_digest()
    with exclusive(postgres.home, "migrate"):
        if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
            return
        print("Bringing the embedded database up to date …", file=sys.stderr, flush=True)
        subprocess.run(
            [sys.executable, PROJECT / "manage.py", "migrate", "--noinput", "-v", "0"], check=True, stdout=sys.stderr
        )
        stamp.write_text(wanted, encoding="utf-8")


def migrations_digest() -> str:
    """A hash over our migrations and the lock file, which names the apps that bring their own."""
    files = [PROJECT / "requirements.txt", *PROJECT.glob("*/migrations/*.py"), *PROJECT.glob("*/*/migrations/*.py")]
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(str(path.relative_to(PROJECT)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
