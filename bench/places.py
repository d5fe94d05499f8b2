"""Where the benchmarks keep their databases: beside the product's own, on the same PostgreSQL server, and never in it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Database:
    """One database, told in the three ways its users ask for it."""

    host: str
    port: str
    user: str
    password: str
    name: str

    @property
    def url(self) -> str:
        """For `DATABASE_URL`."""
        who = quote(self.user) + (f":{quote(self.password)}" if self.password else "")
        if self.host.startswith("/"):
            return f"postgres://{who}@/{self.name}?{urlencode({'host': self.host, 'port': self.port})}"
        return f"postgres://{who}@{self.host}:{self.port}/{self.name}"

    @property
    def libpq(self) -> dict[str, str]:
        """The PG* variables."""
        found = {"PGHOST": self.host, "PGPORT": self.port, "PGUSER": self.user, "PGPASSWORD": self.password}
        return {key: value for key, value in found.items() if value} | {"PGDATABASE": self.name}

    def connect(self, **options: Any) -> psycopg.Connection:
        known = {
            "host": self.host,
            "port": self.port,
            "user": self.user,
            "password": self.password,
            "dbname": self.name,
        }
        return psycopg.connect(**{key: value for key, value in known.items() if value}, **options)

    def sibling(self, name: str) -> Database:
        return Database(self.host, self.port, self.user, self.password, name)


def home_server(settings: dict[str, Any]) -> Database:
    """The product's own database as Django's settings name it: the server the benchmarks use."""
    return Database(
        settings["HOST"],
        str(settings["PORT"] or "5432"),
        settings["USER"],
        settings.get("PASSWORD", ""),
        settings["NAME"],
    )


def remark(server: Database, name: str) -> str | None:
    """The remark on a benchmark database, None when there is no such database."""
    with server.connect(autocommit=True) as connection:
        row = connection.execute(
            "SELECT coalesce(shobj_description(oid, 'pg_database'), '') FROM pg_database WHERE datname = %s", [name]
        ).fetchone()
    return row[0] if row else None


def remarks(server: Database, beginning: str) -> dict[str, str]:
    """The remark on each benchmark database whose name begins so."""
    with server.connect(autocommit=True) as connection:
        rows = connection.execute(
            "SELECT datname, coalesce(shobj_description(oid, 'pg_database'), '') FROM pg_database WHERE starts_with(datname, %s)",
            [beginning],
        ).fetchall()
    return dict(rows)


def set_remark(server: Database, name: str, text: str) -> None:
    with server.connect(autocommit=True) as connection:
        connection.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(name), sql.Literal(text)))


def create(server: Database, name: str, *, template: str | None = None) -> Database:
    """A new database, empty or a copy of `template`; what had the name before is dropped."""
    drop(server, name)
    order = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
        sql.Identifier(name), sql.Identifier(template or "template1")
    )
    with server.connect(autocommit=True) as connection:
        connection.execute(order)
    return server.sibling(name)


def drop(server: Database, name: str) -> None:
    if not name.startswith("jike_bench"):
        raise ValueError(f"{name} is no benchmark database.")
    with server.connect(autocommit=True) as connection:
        # Not WITH (FORCE): an autovacuum worker is the superuser's and would refuse to be ended; PostgreSQL sends it away by itself.
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'",
            [name],
        )
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


def bench_home() -> Path:
    """A folder for what is kept between runs (`JIKE_HOME/bench`)."""
    path = Path(os.environ.get("JIKE_HOME") or ROOT / "var") / "bench"
    path.mkdir(parents=True, exist_ok=True)
    return path.resolve()
