"""`make faults`: five hundred returns against a core system that lies, repeats itself and loses lines, while web and worker are killed.

What was approved is paid once, to the cent, in both books, and whatever is stuck somebody was told of.
"""

from __future__ import annotations

import os
import random
import sys
import threading
import time
from collections import Counter
from contextlib import ExitStack
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connections
from django.db.models import Sum

from cases.notices.models import Notice
from jike.base.dates import cst_date, now
from jike.outbox.models import Job
from jike.web.sessions import PortalStore
from lending.loans.actions import import_loan
from lending.models import Loan, Order
from lending.orders.fake import FakeLending
from refunds import actions
from refunds.models import JournalLine, Leg, Refund
from refunds.portal import visits
from tests.faults.acting import Act
from tests.faults.checks import leases_lapsed, verified
from tests.faults.conftest import Stage
from tests.faults.stack import answers, free_port, portal_visitor, running, wait_for, worker_command
from tests.faults.test_storm import Service
from tests.lending import documents
from tests.people import Cast

pytestmark = pytest.mark.storm

RETURNS = int(os.environ.get("RETURNS", "500"))
STORM_SECONDS, CLIENTS, SEED = min(120, RETURNS), 4, 20261128
FAULTS = ("reset", "lost", "500", "422", "garbage", "early", "repeat", "forged", "lie", "turned", "never")
SHARE_OF_FAULTS = 0.3
WORKED_OFF_WITHIN = 1_500


def a_loan(number: int, at: datetime) -> Loan:
    """One of the many loans: 12,000.00 paid out yesterday, 300.00 and a little repaid; no leg is settled by hand."""
    repaid, first = 30_000 + number, cst_date(at)
    instalments = [
        {**row, "due_on": str(_later(first, n))} for n, row in enumerate(documents.document()["instalments"], 1)
    ]
    content = documents.document(
        external_id=f"JK-{number}",
        contract_no=f"HT-{number}",
        person={"name": f"张{number}", "phone": f"138{number:08d}"},
        as_of=(at + timedelta(hours=20)).isoformat(),
        signed_at=(at - timedelta(minutes=9)).isoformat(),
        instalments=instalments,
        repayments=[documents.repayment("R-1", repaid, paid_at=(at + timedelta(hours=2)).isoformat())],
    )
    content["fees"] = [fee for fee in content["fees"] if fee["kind"] != "commission"]
    content["disbursements"][0]["at"] = at.isoformat()
    return import_loan(content, actor=documents.IMPORTER, now=now()).loan


def _later(day: date, months: int) -> date:
    month = day.month - 1 + months
    return date(day.year + month // 12, month % 12 + 1, min(day.day, 28))


def asking(loan: Loan) -> Act:
    """The borrower, whose phone is proven in this browser, asks for the return."""
    session = PortalStore()
    visits.let_in(session, loan.person, now=now())
    session.save()
    return Act(
        portal_visitor(session.session_key or ""), f"/return/loans/{loan.number}/", {"says": "none", "key": loan.number}
    )


def ask_for_all(port: int, acts: list[Act], unanswered: list[int], stop_at: float) -> None:
    """One client: every request is sent with its key until somebody answers."""
    try:
        for act in acts:
            while (status := act.send(port)) != 302:
                assert status in (None, 500, 503), status
                assert time.monotonic() < stop_at, "never answered"
                unanswered.append(1)
                time.sleep(0.2)
    finally:
        connections.close_all()


def kill(port: int, services: list[Service], dice: random.Random, clients: list[threading.Thread]) -> int:
    """Kill a process every second or so until the storm is over and every client was answered; the web answers in between."""
    end = time.monotonic() + STORM_SECONDS
    while time.monotonic() < end or any(client.is_alive() for client in clients):
        time.sleep(dice.uniform(0.5, 2.5))
        dice.choice(services).kill(dice)
        wait_for(lambda: answers(port), 120)
    return sum(service.kills for service in services)


def hurry() -> None:
    """Pauses between two questions are over; whoever was killed over a job is not waited for."""
    leases_lapsed()
    Job.objects.filter(state="ready", due_at__gt=now()).update(due_at=now(), published_at=None)


def is_quiet() -> bool:
    """Whether every order has ended and everybody has heard of it."""
    busy = Job.objects.filter(state__in=["ready", "running"], topic__regex=r"^(refunds|lending)\.")
    return not (Order.objects.filter(ended_at=None).exists() or busy.exists())


def repaired(cast: Cast) -> None:
    """What people do about what is stuck: compare the books, order again what failed, let it go on."""
    for case in Refund.objects.exclude(state="completed"):
        if case.assignee_id is None:
            actions.claim_return(case, actor=cast.handler.actor, now=now())
        for leg in Refund.objects.get(pk=case.pk).failed_legs:
            actions.retry_leg(Refund.objects.get(pk=case.pk), actor=cast.handler.actor, now=now(), leg=leg)
        if Refund.objects.get(pk=case.pk).state == "stuck":
            actions.carry_on(Refund.objects.get(pk=case.pk), actor=cast.handler.actor, now=now())


def untold_of(cast: Cast) -> list[str]:
    """Returns that wait for a person of whom nobody was told."""
    told = set(Notice.objects.filter(code="return.stuck").values_list("case_id", flat=True))
    return [case.number for case in Refund.objects.filter(state="stuck") if case.pk not in told]


def test_five_hundred_returns_are_paid_once_in_both_books(stage: Stage, settings: Any) -> None:
    documents.terms()
    dice, unanswered, port = random.Random(SEED), [], free_port()
    day = now() - timedelta(days=1)
    acts = [asking(a_loan(number, day)) for number in range(1, RETURNS + 1)]
    callback = f"http://127.0.0.1:{port}/api/v1/callbacks/lending/"
    with FakeLending(dedupe=False, callback=callback) as core, ExitStack() as stack:
        settings.LENDING_URL = core.url
        core.fail(*(dice.choice(FAULTS) if dice.random() < SHARE_OF_FAULTS else "ok" for _n in range(RETURNS * 8)))
        env = stage.env() | {"LENDING_URL": core.url}
        gunicorn = [
            sys.executable,
            "-m",
            "gunicorn",
            "jike.wsgi",
            "--bind",
            f"127.0.0.1:{port}",
            "--worker-class",
            "gthread",
        ]
        services = [
            Service([*gunicorn, "--workers", "2", "--preload", "--log-level", "critical"], env),
            Service(worker_command(processes=2), env),
        ]
        for service in services:
            stack.callback(service.end)
        wait_for(lambda: answers(port))
        began = time.monotonic()
        shares = [(port, acts[n::CLIENTS], unanswered, began + 6 * STORM_SECONDS) for n in range(CLIENTS)]
        clients = [threading.Thread(target=ask_for_all, args=share) for share in shares]
        for client in clients:
            client.start()
        kills = kill(port, services, dice, clients)
        assert Refund.objects.count() == RETURNS
        services[1].end()
        silent = worked_off(stage, env, core)
        stuck, untold = Refund.objects.filter(state="stuck").count(), untold_of(stage.cast)
        assert untold == []
        for _round in range(5):
            repaired(stage.cast)
            silent += worked_off(stage, env, core)
            if not Refund.objects.exclude(state="completed").exists():
                break
        seconds = int(time.monotonic() - began)

        print(f"{RETURNS} returns, {len(core.book)} orders, {kills} kills, {len(unanswered)} requests sent again, "
              f"{silent} orders never ended by themselves, {stuck} stuck and told, {seconds} s")  # fmt: skip
        tied(core)
    verified()


def worked_off(stage: Stage, env: dict[str, str], core: FakeLending) -> int:
    """Let a worker that nobody kills do what is left, without its pauses. How many orders had to be ended by the core system's people."""
    stop_at, silent = time.monotonic() + WORKED_OFF_WITHIN, 0
    with running(worker_command(processes=2), env):
        quiet = 0
        while quiet < 3:
            assert time.monotonic() < stop_at, "it never came to rest"
            hurry()
            time.sleep(2)
            silent += len(core.never)
            core.never.clear()
            quiet = quiet + 1 if is_quiet() else 0
    return silent


def tied(core: FakeLending) -> None:
    """Approved, paid by our book and paid by theirs are one sum; nothing is there twice; every return's books close at zero."""
    assert Counter(Refund.objects.values_list("state", flat=True)) == {"completed": RETURNS}
    taken = Counter(one["key"] for one in core.book.values())
    assert [key for key, times in taken.items() if times > 1] == []
    approved = Refund.objects.aggregate(sum=Sum("to_consumer_cents"))["sum"]
    ours = Order.objects.filter(kind="refund_consumer", state="confirmed").aggregate(sum=Sum("amount_cents"))["sum"]
    theirs = [
        int(one["amount"].replace(".", ""))
        for number, one in core.book.items()
        if one["kind"] == "refund_consumer" and core.ended.get(number, ("",))[0] == "confirmed"
    ]
    assert approved == ours == sum(theirs) == sum(30_000 + n for n in range(1, RETURNS + 1))
    assert len(theirs) == RETURNS
    assert JournalLine.objects.aggregate(sum=Sum("cents"))["sum"] == 0
    left = Leg.objects.exclude(state__in=["confirmed", "void"])
    assert {(leg.kind, leg.state) for leg in left} <= {("suppress", "failed")}, (
        "a stop refused for good, of a loan that is no more"
    )
    told = set(Notice.objects.filter(code="return.stuck").values_list("case_id", flat=True))
    assert {leg.case_id for leg in left} <= told
