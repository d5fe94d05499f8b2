"""The yardstick django-helpdesk: its environment, its tickets, its pages."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from bench.client import Browser, Request
from bench.measure import Page
from bench.places import ROOT, Database, bench_home, create, remark, set_remark
from bench.web import WebServer, serving
from bench.words import helpdesk_searches, rows_path
from cases.scale.narratives import narrative, title

PROJECT = ROOT / "bench" / "helpdesk_project"
SETTINGS = "bench.helpdesk_project.settings"
LOADED = "tickets loaded, second edition"
FOLLOW_UPS, STAFF, QUEUES, FIELDS, OPEN_SHARE = 3, 30, 8, 2, 0.17
AT_ONCE = 100  # tickets of one mass update; Django takes at most a thousand fields


def python() -> Path:
    """The interpreter of the yardstick's own environment, made on first use from its pinned list."""
    folder = bench_home().parent / "bench-helpdesk"
    found, wanted = folder / "bin" / "python", (PROJECT / "requirements.txt").read_text()
    done = folder / "installed.txt"
    if not done.exists() or done.read_text() != wanted:
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        order = [found, "-m", "pip", "install", "-q", "--disable-pip-version-check", "-r", PROJECT / "requirements.txt"]
        subprocess.run(order, check=True)
        done.write_text(wanted)
    return found


def loaded(server: Database, tickets: int) -> tuple[Database, str]:
    """The database with so many tickets (kept between runs) and a session of its superuser."""
    name = f"jike_bench_helpdesk_{tickets}"
    fresh = remark(server, name) != LOADED
    database = create(server, name) if fresh else server.sibling(name)
    session = _prepared(database)
    if fresh:
        _copy(database, tickets)
        set_remark(server, name, LOADED)
    return database, session


def _prepared(database: Database) -> str:
    order = [str(python()), "-m", "bench.helpdesk_project.prepare"]
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)} | database.libpq
    told = subprocess.run(order, env=environment, cwd=ROOT, check=True, capture_output=True, text=True)
    return told.stdout.strip().splitlines()[-1]


def _copy(database: Database, tickets: int) -> None:
    """Tickets 17 % open with Chinese descriptions, three follow-ups and two custom values each; analysed."""
    chance, now = Random(7), datetime.now(UTC)
    with database.connect() as connection, connection.cursor() as cursor:
        staff = [row[0] for row in cursor.execute("SELECT id FROM auth_user ORDER BY id").fetchall()]
        queues = [row[0] for row in cursor.execute("SELECT id FROM helpdesk_queue ORDER BY id").fetchall()]
        fields = [row[0] for row in cursor.execute("SELECT id FROM helpdesk_customfield ORDER BY id").fetchall()]
        began = [now - timedelta(minutes=chance.randrange(1, 500_000)) for _ in range(tickets)]
        columns = "id, title, queue_id, created, modified, submitter_email, assigned_to_id, status, on_hold, description, priority, secret_key"
        with cursor.copy(f"COPY helpdesk_ticket ({columns}) FROM STDIN") as copy:
            for n, at in enumerate(began, 1):
                status = chance.choice((1, 1, 2)) if chance.random() < OPEN_SHARE else chance.choice((3, 4, 4, 5))
                text, head = narrative(chance, at.year), title(chance)
                owner = None if chance.random() < 0.1 else chance.choice(staff)
                mail = f"person{chance.randrange(tickets)}@example.org"
                copy.write_row(
                    (
                        n,
                        head,
                        chance.choice(queues),
                        at,
                        at,
                        mail,
                        owner,
                        status,
                        False,
                        text,
                        chance.randrange(1, 6),
                        f"key{n}",
                    )
                )
        with cursor.copy(
            "COPY helpdesk_followup (ticket_id, date, title, comment, public, user_id, email_recipients) FROM STDIN"
        ) as copy:
            for n, at in enumerate(began, 1):
                for step in range(FOLLOW_UPS):
                    words = narrative(chance, at.year)[:80]
                    copy.write_row(
                        (n, at + timedelta(hours=step + 1), "Comment", words, step > 0, chance.choice(staff), "[]")
                    )
        with cursor.copy("COPY helpdesk_ticketcustomfieldvalue (ticket_id, field_id, value) FROM STDIN") as copy:
            for n in range(1, tickets + 1):
                for field in fields:
                    copy.write_row((n, field, f"{chance.randrange(10**9)}"))
        cursor.execute("SELECT setval(pg_get_serial_sequence('helpdesk_ticket', 'id'), %s)", [tickets])
    with database.connect(autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


@contextmanager
def running(server: Database, tickets: int) -> Iterator[dict[str, Page]]:
    """The yardstick served with so many tickets; its measured pages by name."""
    database, session = loaded(server, tickets)
    with serving(f"helpdesk-{tickets}", python(), SETTINGS, database, {}) as web:
        visitor = Browser(web.port, {"sessionid": session})
        yield pages(web, visitor, tickets) | helpdesk_searches(web, visitor, _number(database, tickets // 2))


def _number(database: Database, ticket: int) -> str:
    """What a clerk would have of one ticket: the value of its first custom field, as an order number is."""
    with database.connect() as connection:
        row = connection.execute(
            "SELECT value FROM helpdesk_ticketcustomfieldvalue WHERE ticket_id = %s ORDER BY field_id", [ticket]
        ).fetchone()
    return str(row[0])


def pages(web: WebServer, signed_in: Browser, tickets: int) -> dict[str, Page]:
    """List (shell and first 25 rows), detail, update with a comment, public submission, many tickets given to somebody."""
    chance = Random(11)
    some = [chance.randrange(1, tickets + 1) for _ in range(2000)]

    def update(n: int) -> list[Request]:
        ticket = some[n % len(some)]
        data = {
            "comment": f"已联系商家核实，第{n}次跟进。",
            "new_status": "1",
            "public": "1",
            "owner": "1",
            "priority": "3",
            "queue": "1",
        }
        data |= {
            "title": f"第{n}次更新后的标题",
            "submitter_email": "person1@example.org",
            "body": "",
            "due_date": "",
            "time_spent": "",
        }
        return [Request(f"/helpdesk/tickets/{ticket}/update/", data, (302,))]

    def submit(n: int) -> list[Request]:
        text = narrative(Random(n), 2026)
        data = {
            "queue": "1",
            "title": f"分期投诉{n}",
            "body": text,
            "priority": "3",
            "submitter_email": f"new{n}@example.org",
            "due_date": "",
        }
        return [Request("/helpdesk/tickets/submit/", data, (302,))]

    def mass(n: int) -> list[Request]:
        tickets_of_turn = [str(some[(n * AT_ONCE + i) % len(some)]) for i in range(AT_ONCE)]
        data = {"action": f"assign_{n % 2 + 2}", "ticket_id": tickets_of_turn}
        return [Request("/helpdesk/tickets/update/", data, (302,))]

    def visitor(_n: int) -> Browser:
        return signed_in

    shell, rows = Request("/helpdesk/tickets/"), Request(rows_path())
    return {
        "list": Page("helpdesk list", web, lambda _n: [shell, rows], visitor),
        "detail": Page(
            "helpdesk detail", web, lambda n: [Request(f"/helpdesk/tickets/{some[n % len(some)]}/")], visitor
        ),
        "update": Page("helpdesk update", web, update, visitor),
        "submit": Page("helpdesk submit", web, submit, lambda _n: Browser(web.port), crowd=8),
        "mass": Page("helpdesk mass update", web, mass, visitor, is_slow=True),
    }
