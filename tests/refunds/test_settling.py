"""What a return undoes: party by party, to the cent, and at no cost to the consumer."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lending.loans.documents import Document
from lending.loans.models import COSTS
from refunds.proportion import propose
from refunds.settling import Leg, Settlement, convert, settle
from tests.refunds.loans import ASKED, at, fee, loan, paid, sent

FREE = Decimal("0.00")


def legs(found: Settlement) -> list[tuple[str, str, str, int]]:
    return [(leg.kind, leg.payer, leg.receiver, leg.cents) for leg in found.legs]


@pytest.mark.rule("R37")
def test_every_party_gets_back_what_it_gave_and_the_consumer_by_the_way_it_came() -> None:
    found = settle(
        loan(
            fees=[
                fee("F-1", "down_payment", 200_000, "consumer", "merchant"),
                fee("F-2", "coupon", 5_000, "consumer", "platform"),
                fee("F-3", "commission", 36_000, "merchant", "platform"),
                fee("F-4", "subsidy", 12_000, "merchant", "funder"),
                fee("F-5", "insurance", 8_000, "consumer", "insurer"),
                fee("F-6", "membership", 9_900, "consumer", "platform", when=None),
            ],
            repayments=[paid("R-1", ("principal", "funder", 30_000)), paid("R-2", ("interest", "funder", 1_230))],
        ),
        at=ASKED,
    )

    assert legs(found) == [
        ("merchant_clawback", "merchant", "platform", 1_200_000),
        ("funder_principal", "platform", "funder", 1_200_000),
        ("limit", "funder", "consumer", 1_200_000),
        ("consumer_down_payment", "merchant", "consumer", 200_000),
        ("coupon", "platform", "consumer", 5_000),
        ("commission", "platform", "merchant", 36_000),
        ("subsidy", "funder", "merchant", 12_000),
        ("consumer_insurance", "insurer", "consumer", 8_000),
        ("consumer_repayment", "funder", "consumer", 30_000),
        ("consumer_cost", "funder", "consumer", 1_230),
    ]
    assert [(leg.unit, leg.ref) for leg in found.legs if leg.kind in ("coupon", "limit", "consumer_repayment")] == [
        ("limit", "disbursement:D-1"), ("coupon", "fee:F-2"), ("cash", "repayment:R-1"),
    ]  # fmt: skip
    assert (found.balance(), found.consumer_cost, found.to_consumer_cents) == ({}, FREE, 239_230)


@pytest.mark.rule("R38")
def test_a_loan_settled_early_is_converted_and_its_cost_goes_back() -> None:
    document = loan(repayments=[paid("R-1", ("principal", "funder", 1_200_000), ("interest", "funder", 1_230))])

    found = convert(document, at=ASKED)

    assert legs(found) == [("consumer_cost", "funder", "consumer", 1_230)]
    assert (found.consumer_cost, found.balance()) == (FREE, {})


def test_a_debit_under_way_goes_back_as_its_own_leg_and_a_failed_one_does_not() -> None:
    parts = (("principal", "funder", 100_000), ("service", "platform", 3_000))
    document = loan(
        repayments=[paid("R-1", *parts, status="under_way"), paid("R-2", *parts, status="failed"), paid("R-3", *parts)]
    )

    found = settle(document, at=ASKED)

    back = [(leg.ref, leg.cents, leg.awaited) for leg in found.legs if leg.kind.startswith("consumer")]
    assert back == [
        ("repayment:R-1", 100_000, True), ("repayment:R-1", 3_000, True),
        ("repayment:R-3", 100_000, False), ("repayment:R-3", 3_000, False),
    ]  # fmt: skip
    assert found.consumer_cost == FREE


def test_money_the_consumer_has_in_hand_is_set_off_and_a_debit_that_may_not_come_is_not() -> None:
    document = loan(
        disbursements=[sent("D-1", 1_200_000, to="consumer")],
        repayments=[
            paid("R-1", ("principal", "funder", 100_000), ("interest", "funder", 9_000)),
            paid("R-2", ("principal", "funder", 100_000), status="under_way"),
        ],
    )

    found = settle(document, at=ASKED)

    assert legs(found) == [
        ("consumer_principal", "consumer", "funder", 1_091_000),
        ("limit", "funder", "consumer", 1_200_000),
        ("consumer_repayment", "funder", "consumer", 100_000),
    ]
    assert (found.balance(), found.consumer_cost) == ({}, FREE)


def test_what_had_not_moved_at_the_moment_is_not_undone() -> None:
    later = paid("R-1", ("principal", "funder", 5), when="2026-11-21T09:00")
    document = loan(disbursements=[sent("D-1", 100), sent("D-2", 100, status="failed")], repayments=[later])

    assert legs(settle(document, at=ASKED)) == [
        ("merchant_clawback", "merchant", "platform", 100),
        ("funder_principal", "platform", "funder", 100),
        ("limit", "funder", "consumer", 100),
    ]
    assert legs(settle(document, at=at("2026-11-16T15:19:59"))) == []


def test_a_loan_the_platform_paid_for_goes_back_to_it_directly() -> None:
    found = settle(loan(disbursements=[sent("D-1", 100, payer="platform")]), at=ASKED)

    assert legs(found)[0] == ("merchant_clawback", "merchant", "platform", 100)
    assert found.balance() == {}


def test_half_served_keeps_half_of_the_price_and_of_the_costs() -> None:
    document = loan(
        fees=[
            fee("F-1", "down_payment", 200_001, "consumer", "merchant"),
            fee("F-2", "coupon", 5_000, "consumer", "platform"),
        ],
        repayments=[paid("R-1", ("principal", "funder", 100_000), ("interest", "funder", 9_001))],
    )

    found = propose(document, 5_000, at=ASKED)

    assert (found.price, found.kept, found.remaining, found.over_repaid) == (1_400_001, 700_001, 500_000, 0)
    assert [(leg.kind, leg.cents) for leg in found.legs] == [
        ("merchant_clawback", 600_000),
        ("funder_principal", 600_000),
        ("limit", 600_000),
        ("consumer_down_payment", 100_000),
        ("consumer_cost", 4_500),
    ]


def test_principal_repaid_beyond_the_served_part_goes_back_the_last_first() -> None:
    first, last = paid("R-1", ("principal", "funder", 100_000)), paid("R-2", ("principal", "funder", 80_000))

    found = propose(loan(repayments=[first, last]), 1_000, at=ASKED)

    assert (found.remaining, found.over_repaid) == (0, 60_000)
    assert [(leg.ref, leg.cents) for leg in found.legs if leg.kind == "consumer_repayment"] == [
        ("repayment:R-2", 60_000)
    ]
    with pytest.raises(ValueError, match="proportion"):
        propose(loan(), 10_001, at=ASKED)


PARTIES = ("merchant", "funder", "platform", "guarantor", "insurer", "agent")
CENTS = st.integers(1, 10_000_000)


@st.composite
def loans(draw: st.DrawFn) -> Document:
    """Any loan: paid out in parts to merchant or consumer, repaid in any pieces, with fees between any two parties."""
    drawn = draw(st.lists(CENTS, min_size=1, max_size=3))
    disbursements = [
        sent(
            f"D-{n}",
            cents,
            to=draw(st.sampled_from(["merchant", "consumer"])),
            payer=draw(st.sampled_from(["funder", "platform"])),
        )
        for n, cents in enumerate(drawn)
    ]
    repayments = []
    for n in range(draw(st.integers(0, 4))):
        places = st.tuples(st.sampled_from(("principal", *COSTS)), st.sampled_from(PARTIES))
        parts = draw(st.dictionaries(places, CENTS, min_size=1, max_size=4))
        status = draw(st.sampled_from(("paid", "paid", "under_way", "failed")))
        repayments.append(paid(f"R-{n}", *((kind, to, cents) for (kind, to), cents in parts.items()), status=status))
    fees = []
    for n in range(draw(st.integers(0, 6))):
        kind = draw(st.sampled_from((*COSTS[1:], "down_payment", "subsidy", "commission", "rebate", "coupon")))
        payer = "consumer" if kind in (*COSTS, "down_payment", "coupon") else draw(st.sampled_from(PARTIES))
        receiver = draw(st.sampled_from([one for one in ("consumer", *PARTIES) if one != payer]))
        when = draw(st.sampled_from(("2026-11-16T16:00", "2026-11-21T16:00", None)))
        fees.append(fee(f"F-{n}", kind, draw(CENTS), payer, receiver, when=when))
    return loan(sum(drawn), disbursements=disbursements, repayments=repayments, fees=fees)


def cash_to_consumer(document: Document) -> int:
    """What the consumer is out of pocket before the return, read from the document alone."""
    given = sum(one.amount_cents for one in document.repayments if one.status != "failed")
    given += sum(one.amount_cents for one in document.fees if _was_paid(one) and one.payer == "consumer")
    got = sum(one.amount_cents for one in document.fees if _was_paid(one) and one.receiver == "consumer")
    return given - got - sum(one.amount_cents for one in document.disbursements if one.receiver == "consumer")


def _was_paid(one: object) -> bool:
    return one.paid_at is not None and one.paid_at <= ASKED and one.kind != "coupon"


@pytest.mark.rule("R36")
@settings(max_examples=120)
@given(loans())
def test_whatever_was_paid_the_books_close_at_zero_and_the_consumer_pays_nothing(document: Document) -> None:
    found = settle(document, at=ASKED)

    entries: Counter[int] = Counter()
    for line in found.journal():
        entries[line.entry] += line.cents
    assert set(entries.values()) == {0}, "every entry has two sides"
    assert found.balance() == {}
    assert str(found.consumer_cost) == "0.00"
    paid_back = sum(leg.cents for leg in found.legs if (leg.payer, leg.unit) == ("consumer", "cash"))
    assert found.to_consumer_cents - paid_back == cash_to_consumer(document)
    assert all(leg.cents > 0 for leg in found.legs)
    assert len({leg.key for leg in found.legs}) == len(found.legs)
    assert settle(document, at=ASKED) == found


@settings(max_examples=60)
@given(loans(), st.integers(0, 10_000))
def test_a_proposal_loses_no_cent_between_nothing_and_everything(document: Document, served: int) -> None:
    def by_key(found: tuple[Leg, ...]) -> dict[str, int]:
        return {leg.key: leg.cents for leg in found if leg.payer != "consumer" and leg.receiver != "consumer"}

    whole, half = settle(document, at=ASKED).legs, propose(document, served, at=ASKED)

    assert by_key(propose(document, 0, at=ASKED).legs) == by_key(whole)
    assert all(leg.awaited for leg in propose(document, 10_000, at=ASKED).legs if leg.kind != "consumer_repayment")
    most = by_key(whole)
    assert all(cents <= most[key] for key, cents in by_key(half.legs).items())
    assert 0 <= half.kept <= half.price
    principal = sum(one.amount_cents for one in document.disbursements)
    repaid = sum(
        part.amount_cents
        for one in document.repayments
        if one.status == "paid"
        for part in one.parts
        if part.kind == "principal"
    )
    clawed = sum(leg.cents for leg in half.legs if leg.unit == "limit")
    assert principal - clawed == repaid + half.remaining - half.over_repaid, (
        "the served part of the loan is repaid or owed"
    )
