"""Jike itself under measurement: its environment, its databases with so many complaints, its pages."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from bench.client import Browser, Request
from bench.measure import Page
from bench.places import ROOT, Database, bench_home, create, drop, remarks, set_remark
from bench.web import WebServer, serving
from bench.words import searches
from jike.embedded.home import Home
from jike.embedded.session import migrations_digest

SECRETS = ("SECRET_KEY", "FIELD_KEYS", "BLIND_INDEX_KEY", "LEDGER_KEY", "LEDGER_SIGNING_KEY", "LINK_KEY")
KEPT = "jike_bench_cases_"
LOADERS = (os.cpu_count() or 1) + 1
"""One more than cores: while one waits for the database, another invents."""


@dataclass(frozen=True)
class Prepared:
    """A database to measure on, and what `bench.visitors` prepared in it: sessions, case numbers, drafts."""

    database: Database
    visitors: dict[str, Any]


def fingerprint() -> str:
    """Changes with the tables, with how the complaints are made and with the keys: other kept data is loaded anew."""
    digest = hashlib.sha256(migrations_digest().encode() + _home().secret("FIELD_KEYS").encode())
    for path in sorted((ROOT / "cases" / "scale").glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _home() -> Home:
    """The home of the product under measurement: its keys, its collected static files."""
    path = bench_home() / "product"
    path.mkdir(exist_ok=True)
    return Home(path)


def environment(database: Database) -> dict[str, str]:
    """What the product needs to run on a benchmark database: keys of its own, a broker in memory, a home of its own."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in ("PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH")
    }
    keys = {name: _home().secret(name) for name in SECRETS}
    files = {
        "JIKE_HOME": str(_home().path),
        "FILES_URL": f"file://{bench_home() / 'files'}",
        "PYTHONPATH": str(ROOT),
        "LOG_LEVEL": "ERROR",
    }
    return kept | keys | files | {"DATABASE_URL": database.url, "CELERY_BROKER_URL": "memory://"}


def manage(database: Database, *words: str) -> None:
    """Run a command of the product on `database`."""
    order = [sys.executable, "manage.py", *words]
    subprocess.run(order, env=environment(database), cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def ask(database: Database, module: str, *words: str) -> Any:
    """Run a module of ours with the product set up on `database`; the last line it prints is the answer, as JSON."""
    order = [sys.executable, "-m", module, *words]
    told = subprocess.run(order, env=environment(database), cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(told.stdout.strip().splitlines()[-1])


def loaded(server: Database, sizes: Sequence[int], *, fresh: bool = False) -> dict[int, str]:
    """The kept databases with so many complaints each, by size; a new one begins as a copy of the largest kept one below it."""
    wanted, known = fingerprint(), remarks(server, KEPT)
    if fresh or any(
        remark not in ("", wanted) for remark in known.values()
    ):  # without a remark: a load that was cut off
        for name in known:
            drop(server, name)
        shutil.rmtree(bench_home() / "files", ignore_errors=True)
        known = {}
    kept = {int(name.removeprefix(KEPT)): name for name, remark in known.items() if remark == wanted}
    for size in sizes:
        if size not in kept:
            before = kept.get(max((smaller for smaller in kept if smaller < size), default=0))
            database = create(server, f"{KEPT}{size}", template=before)
            if before is None:
                manage(database, "migrate", "--noinput", "-v", "0")
            began = time.monotonic()
            _load(database, size)
            _note_load(size, before=before, seconds=time.monotonic() - began)
            set_remark(server, database.name, wanted)
            kept[size] = database.name
    return {size: kept[size] for size in sizes}


def loads() -> dict[str, dict[str, Any]]:
    """How long the kept databases took to load, by size; each began with the cases of the one before."""
    path = bench_home() / "loads.json"
    return json.loads(path.read_text()) if path.exists() else {}


def _note_load(size: int, *, before: str | None, seconds: float) -> None:
    known = loads() | {str(size): {"on top of": before, "seconds": round(seconds)}}
    (bench_home() / "loads.json").write_text(json.dumps(known))


def _load(database: Database, size: int) -> None:
    """Nobody else is here, so guards and indexes come afterwards; then tables are vacuumed, as autovacuum would by and by."""
    manage(database, "load_scale", "--cases", str(size), "--processes", str(LOADERS), "--bare")
    with database.connect(autocommit=True) as connection:
        connection.execute("VACUUM")


@contextmanager
def working_copy(server: Database, kept: str, size: int) -> Iterator[Prepared]:
    """A copy of the kept database that the measurement may write to, with its visitors; dropped afterwards."""
    name = f"jike_bench_work_{size}"
    database = create(server, name, template=kept)
    try:
        manage(database, "compile_translations")
        manage(database, "collectstatic", "--noinput", "-v", "0")
        yield Prepared(database, ask(database, "bench.visitors"))
    finally:
        drop(server, name)


@contextmanager
def running(prepared: Prepared, size: int) -> Iterator[dict[str, Page]]:
    """The product served from the working copy, and beside it the smallest signed-in view; the measured pages by name."""
    python, extra = Path(sys.executable), environment(prepared.database)
    with (
        serving(
            f"jike-{size}", python, "bench.product_settings", prepared.database, extra, application="jike.wsgi"
        ) as web,
        serving(
            f"floor-{size}", python, "bench.floor_settings", prepared.database, extra, application="jike.wsgi"
        ) as floor,
    ):
        yield pages(web, prepared.visitors) | _floor(floor, prepared.visitors)


def _floor(web: WebServer, visitors: dict[str, Any]) -> dict[str, Page]:
    visitor = Browser(web.port, {"sessionid": visitors["floor"]})
    return {"floor": Page("floor", web, lambda _n: [Request("/floor/")], lambda _n: visitor, crowd=10)}


def pages(web: WebServer, visitors: dict[str, Any]) -> dict[str, Page]:
    """Queue (first page and one from the middle), case page, acceptance of a complaint, sending of a filed complaint."""

    def staff(session: str) -> Browser:
        return Browser(web.port, {"jike_staff": session}, csrf_cookie="jike_staff_csrf")

    reader, numbers = staff(visitors["reader"]), visitors["numbers"]
    Random(5).shuffle(numbers)
    moves, drafts = visitors["to_accept"], visitors["drafts"]

    def accept(n: int) -> list[Request]:
        data = {"key": f"bench-{n}", "version": str(moves[n]["version"])}
        return [Request(f"/staff/cases/{moves[n]['number']}/accept/", data, (302,))]

    def send(n: int) -> list[Request]:
        return [Request("/complain/send/", {"token": drafts[n]["token"]}, (302,))]

    queue, middle = "/staff/queue/team/", f"/staff/queue/team/?after={visitors['middle']}"
    return searches(web, reader, visitors["known"]) | {
        "queue": Page("queue", web, lambda _n: [Request(queue)], lambda _n: reader),
        "queue middle": Page("queue middle", web, lambda _n: [Request(middle)], lambda _n: reader),
        "case page": Page(
            "case page", web, lambda n: [Request(f"/staff/cases/{numbers[n % len(numbers)]}/")], lambda _n: reader
        ),
        "accept": Page("accept", web, accept, lambda n: staff(moves[n]["session"])),
        "submit": Page(
            "submit",
            web,
            send,
            lambda n: Browser(web.port, {"jike_portal": drafts[n]["session"]}, csrf_cookie="jike_portal_csrf"),
            crowd=8,
        ),
    }
