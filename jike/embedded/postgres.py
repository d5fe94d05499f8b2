"""The embedded PostgreSQL of one home: make it, start it, stop it. Who counts its users: `jike.embedded.users`."""

from __future__ import annotations

import os
import pwd
import shlex
import shutil
import subprocess
import time
from pathlib import Path

import psycopg
from psycopg import sql

from jike.embedded.binaries import Binaries, find_binaries
from jike.embedded.errors import CannotStart
from jike.embedded.home import Home
from jike.embedded.service_user import ServiceUser, service_user

USER = DATABASE = "jike"
SUPERUSER = "jike_admin"
PORT = 5432
"""Only part of the socket's name: nothing listens on TCP."""

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "jit": "off",
    "timezone": "UTC",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    # Codes only: neither the failed statement nor the row it names may reach the log.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}
THROW_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"}
"""For databases that are deleted after use: a crash may take them."""

LOG_LIMIT = 10_000_000
NO_PROCESS = 2**22 + 1
"""Above the largest process number of Linux."""


class Postgres:
    """The database server of one home. The methods assume that the caller holds the lock of `jike.embedded.users`."""

    def __init__(self, home: Home, *, throw_away: bool = False) -> None:
        self.home = home
        self.data = home.path / "pg"
        self.user: ServiceUser = service_user()
        self.settings = SETTINGS | (THROW_AWAY if throw_away else {})

    def start(self) -> None:
        """Start the server, making its data on the first call. Returns when it answers; does nothing if it runs."""
        if self.is_running():
            return
        self.home.admit(self.user)
        binaries = find_binaries(self.user, self.data_version())
        sockets = self.home.open_socket_dir(self.user)
        if self.data_version() is None:
            self._create(binaries)
        self._disown_reused_number(sockets)
        log = self.data / "server.log"
        if log.exists() and log.stat().st_size > LOG_LIMIT:
            log.replace(self.data / "server.log.1")
        options = {**self.settings, "unix_socket_directories": str(sockets), "port": str(PORT)}
        words = " ".join(f"-c {name}={shlex.quote(value)}" for name, value in options.items())
        command = [
            binaries.program("pg_ctl"),
            "start",
            "-w",
            "-s",
            "-t",
            "120",
            "-D",
            str(self.data),
            "-l",
            str(log),
            "-o",
            words,
        ]
        self._start(command, log)
        self._create_database()

    def stop(self) -> None:
        """Stop the server and remove its socket folder; does nothing if it does not run."""
        if self.is_running():
            binaries = find_binaries(self.user, self.data_version())
            self._run([binaries.program("pg_ctl"), "stop", "-m", "fast", "-w", "-s", "-t", "120", "-D", str(self.data)])
        self.home.close_socket_dir()

    def is_running(self) -> bool:
        pid = self.pid()
        return pid is not None and _serves(pid, self.data)

    def pid(self) -> int | None:
        """The process id in `postmaster.pid`, which may be stale."""
        try:
            return int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return None

    def data_version(self) -> int | None:
        """The major version that wrote the data; None before they exist."""
        try:
            return int((self.data / "PG_VERSION").read_text().strip().split(".")[0])
        except FileNotFoundError:
            return None
        except PermissionError:
            raise CannotStart(
                f"{self.data} belongs to another account. Run as its owner, or choose another JIKE_HOME."
            ) from None

    def _create(self, binaries: Binaries) -> None:
        """Make the data folder under a draft name, so that a crash in the middle leaves nothing half made."""
        draft = self.home.path / "pg.new"
        if draft.exists():
            shutil.rmtree(draft)
        draft.mkdir(mode=0o700)
        if self.user.is_other:
            os.chown(draft, self.user.uid, self.user.gid)
        locale = (
            ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
            if binaries.major >= 17
            else ["--locale=C.UTF-8"]
        )
        durability = ["--no-sync"] if self.settings["fsync"] == "off" else []
        self._run([
            binaries.program("initdb"), "-D", str(draft), "-U", SUPERUSER, "--encoding=UTF8", *locale, *durability,
            "--data-checksums", "--auth-local=peer", "--auth-host=reject",
        ])  # fmt: skip
        # The account of the operator, and nobody else, may sign in; the kernel vouches for it.
        operator = pwd.getpwuid(os.geteuid()).pw_name
        self._write(draft / "pg_hba.conf", f"local all {USER},{SUPERUSER} peer map=jike\n")
        self._write(draft / "pg_ident.conf", f'jike "{operator}" {USER}\njike "{operator}" {SUPERUSER}\n')
        if self.data.exists():
            self.data.rmdir()
        draft.rename(self.data)

    def _write(self, path: Path, text: str) -> None:
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)
        if self.user.is_other:
            os.chown(path, self.user.uid, self.user.gid)

    def _create_database(self) -> None:
        """Make the product's own user and database once. It may create roles and databases, and is no superuser."""
        with psycopg.connect(
            host=str(self.home.socket_dir), port=PORT, user=SUPERUSER, dbname="postgres", autocommit=True
        ) as connection:
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [USER]).fetchone():
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB CREATEROLE").format(sql.Identifier(USER)))
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(USER))
                )

    def _disown_reused_number(self, sockets: Path) -> None:
        """Make a stale pid file harmless when another process carries its number now: PostgreSQL would refuse to start.

        The file itself stays: by its other lines PostgreSQL makes sure that no orphan of the old server still writes.
        """
        pid, path = self.pid(), self.data / "postmaster.pid"
        if pid is not None and Path(f"/proc/{pid}").exists():
            lines = path.read_text().split("\n")
            path.write_text("\n".join([str(NO_PROCESS), *lines[1:]]))
        (sockets / f".s.PGSQL.{PORT}.lock").unlink(missing_ok=True)

    def _start(self, command: list[str], log: Path) -> None:
        """Run `pg_ctl start`. After a crash the old server's children may need a moment to notice and end."""
        for attempt in range(20):
            size = log.stat().st_size if log.exists() else 0
            try:
                self._run(command)
                return
            except CannotStart as error:
                said = log.read_text(encoding="utf-8", errors="replace")[size:] if log.exists() else ""
                if "shared memory block" not in said or attempt == 19:
                    raise CannotStart(f"{error}\n{log} says:\n{said[-2000:]}") from None
                time.sleep(0.5)

    def _run(self, command: list[str]) -> None:
        """Run a program of PostgreSQL as the service user. Its output goes through a file: the server would keep a pipe open."""
        output = self.home.run_dir / f"pg.{os.getpid()}.out"
        try:
            with output.open("w+b") as file:
                done = subprocess.run(
                    command, check=False, stdout=file, stderr=subprocess.STDOUT, **self.user.process_options()
                )
            if done.returncode != 0:
                raise CannotStart(f"{Path(command[0]).name} failed: {_tail(output)}")
        finally:
            output.unlink(missing_ok=True)


def _serves(pid: int, data: Path) -> bool:
    """True if the process lives and is the server of `data`: a number left by a killed server may be anybody's now."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return Path(os.fsdecode(words[0])).name == "postgres" and os.fsencode(data) in words


def _tail(path: Path, lines: int = 15) -> str:
    try:
        return "\n".join(path.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
    except OSError:
        return "(nothing)"
