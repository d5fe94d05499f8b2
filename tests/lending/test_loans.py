"""Loans on record: a document is kept whole and once, and what contradicts itself or what was told before is refused."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from jike import ledger
from jike.base.actors import Actor
from jike.base.errors import Refused
from jike.ledger.models import Entry
from jike.privacy import open_sealed
from lending.loans.actions import import_loan
from lending.models import (
    Disbursement,
    Fee,
    Instalment,
    Loan,
    LoanDocument,
    Person,
    Repayment,
    RepaymentPart,
)
from tests.lending.documents import IMPORTER, NOW, NUMBER, at, document, fee, repayment, starter, terms, told

LATER = {"as_of": "2026-11-19T08:00:00+08:00"}
ROWS = (Loan, Person, Instalment, Fee, Disbursement, Repayment, RepaymentPart, LoanDocument)


@pytest.fixture(autouse=True)
def parties(db: None) -> None:
    starter()


def counts() -> list[int]:
    return [model.objects.count() for model in ROWS]


def refused(content: dict[str, Any], *, actor: Actor = IMPORTER) -> list[tuple[str, str]]:
    """Code and field of every reason; nothing may have been kept."""
    before = counts()
    with pytest.raises(Refused) as no:
        import_loan(content, actor=actor, now=NOW)
    assert counts() == before
    assert all(str(blocker.message) for blocker in no.value.blockers)
    return [(blocker.code, blocker.field) for blocker in no.value.blockers]


def ties() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def test_a_document_is_kept_whole_and_its_accounts_are_sealed() -> None:
    done = told()
    ties()

    loan = Loan.objects.get(number=NUMBER)
    assert (done.outcome, done.loan) == ("created", loan)
    assert counts() == [1, 1, 12, 3, 1, 1, 1, 1]
    assert (loan.disbursed_at, loan.signed_at) == (at("2026-11-16T15:20"), at("2026-11-16T15:00"))
    assert (loan.terms.code, loan.service_state, str(loan.principal_cny)) == ("T-2026-08", "none", "12000.00")
    sent = loan.disbursements.get()
    assert open_sealed(sent, "receiver_account") == "6217000010007654321"
    assert sent.receiver_account_mask == "**** **** **** 4321"
    assert loan.repayments.get().account_mask == "**** **** **** 5678"


def test_who_sold_the_loan_is_known_by_code_or_name() -> None:
    told(salesperson={"code": "qh-07"})
    first = Loan.objects.get().salesperson
    told(**LATER, salesperson={"code": "QH-07", "name": "郭志强"})

    sold_by = Loan.objects.get().salesperson
    assert (sold_by, sold_by.code, sold_by.name_mask) == (first, "QH-07", "郭**")
    assert refused(document(as_of="2026-11-19T09:00:00+08:00", salesperson={})) == [
        ("document.malformed", "salesperson.code")
    ]


def test_the_same_document_twice_changes_nothing() -> None:
    told()
    before = counts()

    assert told().outcome == "unchanged"
    assert counts() == before


def test_a_later_document_adds_and_settles_and_moves_the_states() -> None:
    open_fee = fee("F-4", "membership", amount_cents=9_900)
    first = document()["fees"]
    told(repayments=[repayment("R-1", 30_000, status="under_way")], fees=[*first, open_fee])
    more = [repayment("R-1", 30_000), repayment("R-2", 500, "interest")]
    paid_fee = open_fee | {"paid_at": "2026-11-18T12:00:00+08:00"}

    done = told(**LATER, repayments=more, fees=[*first, paid_fee], service={"state": "partly", "served_bp": 2_500})
    ties()

    loan = Loan.objects.get()
    assert done.outcome == "updated"
    assert dict(loan.repayments.values_list("external_id", "status")) == {"R-1": "paid", "R-2": "paid"}
    assert loan.fees.get(external_id="F-4").paid_at == at("2026-11-18T12:00")
    assert (loan.service_state, loan.served_bp, loan.documents.count()) == ("partly", 2_500, 2)


def test_an_older_document_is_refused_but_one_that_was_taken_before_changes_nothing() -> None:
    told()
    told(**LATER, state="overdue")

    assert refused(document(as_of="2026-11-18T09:00:00+08:00")) == [("loan.older", "as_of")]
    assert told().outcome == "unchanged"
    assert Loan.objects.get().state == "overdue"


def test_what_was_told_before_is_not_contradicted_and_every_reason_is_named() -> None:
    told()
    content = document(
        **LATER,
        person={"name": "李小红", "phone": "13900139000"},
        contract_no="HT-2",
        signed_at="2026-11-16T14:00:00+08:00",
        repayments=[repayment("R-1", 40_000)],
        fees=document()["fees"][:2],
        disbursements=[document()["disbursements"][0] | {"at": "2026-11-16T15:21:00+08:00"}],
    )

    assert refused(content) == [
        ("loan.other_person", "person"),
        ("loan.other_disbursement", "disbursements"),
        ("loan.contradicted", "contract_no"),
        ("loan.contradicted", "signed_at"),
        ("line.contradicted", "disbursements"),
        ("line.missing", "fees"),
        ("line.contradicted", "repayments"),
    ]


def test_a_settled_debit_is_never_settled_otherwise() -> None:
    told(repayments=[repayment("R-1", 30_000, status="failed")])

    assert refused(document(**LATER)) == [("line.contradicted", "repayments")]


def test_the_schedule_adds_up_to_the_loan_with_no_gap() -> None:
    lines = document()["instalments"]
    lines[0]["principal_cents"] += 1
    lines[1]["fees_cents"] += 1
    lines[2]["due_on"] = lines[1]["due_on"]
    lines[11]["number"] = 13

    assert refused(document(instalments=lines)) == [
        ("schedule.gaps", "instalments"),
        ("schedule.days", "instalments"),
        ("schedule.sum", "instalments"),
        ("schedule.fees", "instalments"),
    ]


def test_money_and_moments_that_cannot_be_are_refused() -> None:
    twice = document()["disbursements"] * 2
    early = repayment("R-1", 30_000, paid_at="2026-11-16T15:00:00+08:00")
    parts = repayment("R-2", 30_000) | {"amount_cents": 30_001}
    future = repayment("R-3", 1_190_000, paid_at="2026-11-21T10:00:00+08:00")

    assert refused(document(disbursements=twice, repayments=[early, parts, future])) == [
        ("moment.future", "repayments"),
        ("line.twice", "disbursements"),
        ("disbursement.too_much", "disbursements"),
        ("repayment.parts", "repayments"),
        ("repayment.too_much", "repayments"),
        ("repayment.early", "repayments"),
    ]
    assert refused(document(signed_at="2026-11-16T15:21:00+08:00")) == [("loan.signed_late", "signed_at")]
    failed = [document()["disbursements"][0] | {"status": "failed"}]
    assert refused(document(disbursements=failed)) == [("loan.not_disbursed", "disbursements")]


def test_the_proportion_of_a_service_fits_its_state() -> None:
    for service in (
        {"state": "partly"},
        {"state": "partly", "served_bp": 10_000},
        {"state": "none", "served_bp": 1},
        {"state": "served", "served_bp": 9_999},
        {"state": "unknown", "served_bp": 0},
    ):
        assert refused(document(service=service)) == [("service.proportion", "service")]
    assert told(service={"state": "partly", "served_bp": 1}).outcome == "created"
    assert told(**LATER, service={"state": "served"}).outcome == "updated"


def test_every_malformed_field_is_named_at_once() -> None:
    content = document(principal_cents=12_000.0, as_of="2026-11-18T08:00:00", surprise=1, state="gone")
    content["fees"][1]["kind"] = "interest"
    content["person"]["phone"] = "12345"
    content["repayments"][0]["amount_cents"] = -1

    assert [field for code, field in refused(content) if code == "document.malformed"] == [
        "as_of",
        "person.phone",
        "principal_cents",
        "state",
        "fees.1.kind",
        "repayments.0.amount_cents",
        "surprise",
    ]
    assert refused("no object")[0] == ("document.malformed", "")


def test_unknown_parties_and_actors_without_the_power_are_refused() -> None:
    assert refused(document(merchant="X", funder="Y", terms="Z")) == [
        ("merchant.unknown", "merchant"),
        ("funder.unknown", "funder"),
        ("terms.unknown", "terms"),
    ]
    assert refused(document(), actor=Actor("staff", "经办")) == [("actor.no_power", "")]


def test_a_loan_mirrored_in_small_is_filled_in() -> None:
    told()
    known = Loan.objects.get()
    small = Loan.objects.create(
        number="JK-2", person=known.person, funder=known.funder, principal_cny=known.principal_cny, term_months=12,
        disbursed_at=known.disbursed_at,
    )  # fmt: skip

    assert told(external_id="JK-2").outcome == "updated"
    small.refresh_from_db()
    assert (small.instalments.count(), small.merchant, small.contract_no) == (12, known.merchant, "HT-1")


def test_every_document_is_sealed_and_a_changed_row_shows() -> None:
    told()
    told(**LATER)
    told(**LATER)
    loan = Loan.objects.get()
    assert [entry.topic for entry in Entry.objects.filter(subject=loan.pk)] == ["lending.loan_told"] * 2
    assert not list(ledger.verify([loan.pk]))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE lending_loandocument DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE lending_loandocument SET as_of_at = as_of_at - interval '1 second' WHERE source = 'core'"
        )
        cursor.execute("ALTER TABLE lending_loandocument ENABLE TRIGGER USER")

    assert [breach.kind for breach in ledger.verify([loan.pk])] == ["source_differs"] * 2


def test_terms_are_registered_once_and_never_changed() -> None:
    first = terms()

    assert terms() == first
    with pytest.raises(Refused) as no:
        terms(first_loan_only=True)
    assert [blocker.code for blocker in no.value.blockers] == ["terms.contradicted"]


def test_the_database_keeps_the_record_as_it_was_told() -> None:
    told()
    for statement in (
        "UPDATE lending_instalment SET interest_cents = 0",
        "DELETE FROM lending_repayment",
        "UPDATE lending_repayment SET amount_cents = amount_cents + 1",
        "UPDATE lending_repayment SET status = 'failed'",
        "UPDATE lending_repaymentpart SET amount_cents = 1",
        "UPDATE lending_fee SET amount_cents = 1",
        "UPDATE lending_fee SET paid_at = NULL WHERE paid_at IS NOT NULL",
        "DELETE FROM lending_fee",
        "UPDATE lending_disbursement SET at = now()",
        "DELETE FROM lending_loandocument",
        "UPDATE lending_terms SET free_return = false",
        "UPDATE lending_loan SET disbursed_at = now()",
        "UPDATE lending_loan SET terms_id = NULL",
        "UPDATE lending_loan SET principal_cny = 1",
        "UPDATE lending_loan SET served_bp = 1",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_database_takes_no_rows_that_do_not_add_up() -> None:
    told()
    ties()
    loan, line = Loan.objects.get(), Instalment.objects.get(number=12)
    more = [
        Instalment(loan=loan, number=13, due_on=line.due_on, principal_cents=1, interest_cents=0, fees_cents=0),
        Instalment(loan=loan, number=14, due_on=line.due_on, principal_cents=0, interest_cents=0, fees_cents=0),
        Fee(loan=loan, external_id="X", kind="service", payer="merchant", receiver="platform", amount_cents=3, by_instalment=[1, 1]),
        Repayment(loan=loan, person=loan.person, external_id="X", paid_at=NOW, amount_cents=1, status="paid"),
        Disbursement(
            loan=loan, person=loan.person, external_id="X", at=NOW, amount_cents=1, status="credited", payer="funder", receiver="merchant"
        ),
    ]  # fmt: skip
    for row in more:
        with pytest.raises(IntegrityError, match="add up"), transaction.atomic():
            row.save(force_insert=True)
            ties()
