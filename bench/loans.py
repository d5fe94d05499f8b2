"""Loans on record by the hundred thousand, written set-wise: schedule, fees, disbursement and a repayment each, of some thousands of people.

Printed as one line of JSON. Run by `bench.returns` with the product's environment: `python -m bench.loans 100000`.
"""

import json
import os
import sys
import time
from datetime import UTC, date, datetime

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "jike.settings"
django.setup()

from django.db import connection, transaction  # noqa: E402 - after setup

from cases.starter import ensure_starter_data  # noqa: E402
from jike.accounts.roles import machine_actor  # noqa: E402
from lending.actions import register_person  # noqa: E402
from lending.loans.actions import register_terms  # noqa: E402
from lending.models import Loan, Terms  # noqa: E402

PEOPLE, AT_ONCE, TERMS = 3_000, 100_000, "BENCH-2026-08"
TABLES = ("loan", "instalment", "fee", "disbursement", "repayment", "repaymentpart")

LOANS = """
CREATE TEMPORARY TABLE fresh ON COMMIT DROP AS
    SELECT gen_random_uuid() AS id, n, (now() - interval '20 days' - (n %% 700) * interval '1 day') AS at,
        p.ids[1 + n %% cardinality(p.ids)] AS person, m.ids[1 + n %% cardinality(m.ids)] AS merchant,
        f.ids[1 + n %% cardinality(f.ids)] AS funder, (300000 + (n %% 90) * 12000)::bigint AS cents
    FROM generate_series(%(first)s, %(last)s) AS n,
        (SELECT array_agg(id) AS ids FROM lending_person) AS p, (SELECT array_agg(id) AS ids FROM lending_merchant) AS m,
        (SELECT array_agg(id) AS ids FROM lending_funder WHERE NOT speaks_for_platform) AS f;
INSERT INTO lending_loan (id, number, person_id, merchant_id, funder_id, principal_cny, term_months, disbursed_at, state, service_state,
        contract_no, signed_at, terms_id)
    SELECT id, 'BENCH-' || n, person, merchant, funder, cents / 100.0, 12, at, 'active', 'none', 'BC-' || n, at - interval '1 hour',
        (SELECT id FROM lending_terms WHERE code = %(terms)s) FROM fresh;
INSERT INTO lending_instalment (id, loan_id, number, due_on, principal_cents, interest_cents, fees_cents)
    SELECT gen_random_uuid(), id, k, (at + k * interval '30 days')::date, cents / 12, 2000, 0 FROM fresh, generate_series(1, 12) AS k;
INSERT INTO lending_fee (id, loan_id, external_id, kind, payer, receiver, receiver_name, amount_cents, by_instalment, is_contingent, method, standard, paid_at)
    SELECT gen_random_uuid(), id, 'F-1', 'commission', 'merchant', 'platform', '', cents / 40, '{}', false, '', '', at FROM fresh;
INSERT INTO lending_disbursement (id, loan_id, person_id, external_id, at, amount_cents, status, payer, payer_account, payer_account_mask, receiver,
        receiver_account, receiver_account_mask)
    SELECT gen_random_uuid(), id, person, 'D-1', at, cents, 'credited', 'funder', '', '', 'merchant', '', '' FROM fresh;
CREATE TEMPORARY TABLE repaid ON COMMIT DROP AS SELECT gen_random_uuid() AS pk, * FROM fresh;
INSERT INTO lending_repayment (id, loan_id, person_id, external_id, paid_at, amount_cents, status, account, account_mask)
    SELECT pk, id, person, 'R-1', at + interval '3 hours', cents / 12 + 2000, 'paid', '', '' FROM repaid;
INSERT INTO lending_repaymentpart (id, repayment_id, kind, receiver, amount_cents)
    SELECT gen_random_uuid(), pk, k.kind, 'funder', CASE k.kind WHEN 'principal' THEN cents / 12 ELSE 2000 END
    FROM repaid, (VALUES ('principal'), ('interest')) AS k (kind);
"""


def load(size: int) -> float:
    """Bring the number of loans up to `size`; the seconds it took."""
    began, now = time.monotonic(), datetime.now(UTC)
    ensure_starter_data(now)
    actor = machine_actor("importer")
    if not Terms.objects.filter(code=TERMS).exists():
        said = {"free_return": True, "first_loan_only": False, "silence_is_unserved": True, "text_sha256": "0" * 64}
        register_terms(code=TERMS, effective_on=date(2020, 1, 1), actor=actor, now=now, **said)
        for n in range(PEOPLE):
            register_person(name=f"张{n}", phone=f"137{n:08d}", actor=actor, now=now)
    known = Loan.objects.count()
    for first in range(known, size, AT_ONCE):
        with transaction.atomic(), connection.cursor() as cursor:
            for name in TABLES:  # the sums tie by construction; guards are asked again below
                cursor.execute(f"ALTER TABLE lending_{name} DISABLE TRIGGER USER")
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(LOANS, {"first": first, "last": min(first + AT_ONCE, size) - 1, "terms": TERMS})
            for name in TABLES:
                cursor.execute(f"ALTER TABLE lending_{name} ENABLE TRIGGER USER")
    with connection.cursor() as cursor:
        cursor.execute("SELECT lending_loan_ties(id) FROM lending_loan ORDER BY number DESC LIMIT 100")
        cursor.execute("VACUUM ANALYZE")
    return time.monotonic() - began


if __name__ == "__main__":
    print(json.dumps({"seconds": load(int(sys.argv[1])), "loans": Loan.objects.count()}))
