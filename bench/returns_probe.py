"""Returns in a database with many loans: from the tap to the order of every leg, the check alone, and the page that lists the own loans.

Printed as one line of JSON. Run by `bench.returns` with the product's environment.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "jike.settings"
django.setup()

from django.db import connection, transaction  # noqa: E402 - after setup

from bench.cpu import Meter  # noqa: E402
from bench.loans import TERMS  # noqa: E402
from jike.accounts.roles import consumer_actor, machine_actor  # noqa: E402
from jike.base.dates import cst_date  # noqa: E402
from lending.loans.actions import import_loan  # noqa: E402
from lending.models import Funder, Loan, Merchant  # noqa: E402
from refunds import actions, facts, handlers, queries  # noqa: E402
from refunds.models import Leg, Refund  # noqa: E402

MACHINE, ROWS = machine_actor("returns"), 60
SCRATCH = "CREATE TABLE IF NOT EXISTS bench_row (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), body text NOT NULL)"


def a_loan(n: int, at: datetime) -> Loan:
    """A loan of yesterday, told as the core system tells it."""
    days = [str(cst_date(at) + timedelta(days=30 * k)) for k in range(1, 13)]
    content = {
        "source": "bench", "external_id": f"RETURN-{n}", "as_of": (at + timedelta(hours=20)).isoformat(), "terms": TERMS,
        "person": {"name": f"李{n}", "phone": f"136{n:08d}"}, "merchant": Merchant.objects.order_by("uscc")[0].uscc,
        "funder": Funder.objects.filter(speaks_for_platform=False)[0].name, "contract_no": f"RC-{n}", "principal_cents": 1_200_000,
        "term_months": 12, "state": "active", "service": {"state": "none"}, "signed_at": (at - timedelta(hours=1)).isoformat(),
        "instalments": [
            {"number": k, "due_on": day, "principal_cents": 100_000, "interest_cents": 9_000, "fees_cents": 0}
            for k, day in enumerate(days, 1)
        ],
        "disbursements": [{
            "external_id": "D-1", "at": at.isoformat(), "amount_cents": 1_200_000, "status": "credited", "payer": "funder",
            "receiver": "merchant",
        }],
        "repayments": [{
            "external_id": "R-1", "paid_at": (at + timedelta(hours=3)).isoformat(), "amount_cents": 30_000, "status": "paid",
            "account": "6222020200012345678", "parts": [{"kind": "principal", "receiver": "funder", "amount_cents": 30_000}],
        }],
    }  # fmt: skip
    return import_loan(content, actor=machine_actor("importer"), now=datetime.now(UTC)).loan


def timed(act: Callable[[Any], Any], on: list[Any]) -> dict[str, float]:
    """Median and slow end in milliseconds, rate a second, CPU of both sides in milliseconds each."""
    walls = []
    meter = Meter(os.getpid(), [connection.settings_dict["NAME"]])
    for one in on:
        began = time.perf_counter()
        act(one)
        walls.append(time.perf_counter() - began)
    used = meter.read()
    walls.sort()
    return {
        "p50_ms": median(walls) * 1000,
        "p95_ms": walls[int(len(walls) * 0.95)] * 1000,
        "per_second": len(walls) / sum(walls),
        "cpu_ms": used.cpu * 1000 / len(walls),
        "others": used.others,
    }


def whole(loan: Loan) -> None:
    """Tap, check, and the order of every leg: what the request and the worker do for a clean return."""
    now = datetime.now(UTC)
    case = actions.request_return(actor=consumer_actor(loan.person_id), now=now, loan=loan)
    handlers.advance(case, now=now + timedelta(milliseconds=1))


def check(case: Refund) -> None:
    """The facts read and judged, as the check does."""
    facts.verdict_of(Refund.objects.select_related("loan").get(pk=case.pk), now=datetime.now(UTC))


def listed(loan: Loan) -> None:
    """The borrower's page of own loans."""
    queries.offers_for(consumer_actor(loan.person_id), now=datetime.now(UTC))


def bare(_loan: Loan) -> None:
    """About as many rows in as many commits, in bare SQL."""
    for _commit in range(4):
        with transaction.atomic(), connection.cursor() as cursor:
            for _row in range(ROWS // 4):
                cursor.execute("INSERT INTO bench_row (body) VALUES (%s)", ["x" * 200])


def main(words: list[str]) -> dict[str, Any]:
    number = 60 if "--quick" in words else 200
    at = datetime.now(UTC) - timedelta(days=1)
    with connection.cursor() as cursor:
        cursor.execute(SCRATCH)
    loans = [a_loan(n, at) for n in range(number + 10)]
    for loan in loans[:10]:  # warm
        whole(loan)
    found = {"return": timed(whole, loans[10:]), "bare": timed(bare, loans[10:])}
    cases = list(Refund.objects.filter(state="reversing").order_by("registered_at"))
    assert len(cases) == len(loans), "every one of them is clean"
    found |= {"check": timed(check, cases[10:]), "list": timed(listed, loans[10:])}
    found["legs"] = Leg.objects.count() / len(cases)
    found["loans"] = Loan.objects.count()
    return found


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1:])))
