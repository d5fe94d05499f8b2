"""The typed terms of offers: pure arithmetic, no database."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from cases.mediation.terms import Term, differences, effect_on_consumer, faults_of

TODAY = date(2026, 10, 1)
SOON, LATER = TODAY + timedelta(days=10), TODAY + timedelta(days=40)


def codes(terms: list[Term], refund: str) -> list[str]:
    return [b.code for b in faults_of(terms, refund_cny=Decimal(refund), today=TODAY)]


@given(st.lists(st.integers(1, 1_000_000), min_size=1, max_size=12), st.integers(-3, 3))
def test_instalments_add_up_to_the_cent_or_are_refused(cents: list[int], off: int) -> None:
    terms = [Term("refund", TODAY + timedelta(days=30 * n), Decimal(c) / 100) for n, c in enumerate(cents)]
    refund = str(Decimal(sum(cents) + off) / 100)

    assert codes(terms, refund) == ([] if off == 0 else ["terms.sum"])


@pytest.mark.parametrize(
    ("terms", "refund", "found"),
    [
        ([], "0", ["terms.none"]),
        ([Term("apology", SOON)], "0", []),
        ([Term("apology", SOON)], "10", ["terms.sum"]),
        ([Term("gold", SOON)], "0", ["terms.unknown"]),
        ([Term("refund", SOON, Decimal("0.001"))], "0.001", ["terms.amount"]),
        ([Term("refund", SOON, Decimal("-5"))], "-5", ["terms.amount"]),
        ([Term("refund", SOON)], "0", ["terms.amount"]),
        ([Term("redo", SOON, Decimal("5"))], "0", ["terms.amount"]),
        ([Term("redo", TODAY - timedelta(days=1))], "0", ["terms.past"]),
        ([Term("redo", TODAY)], "0", []),
        ([Term("refund", LATER, Decimal("5")), Term("refund", SOON, Decimal("5"))], "10", ["terms.order"]),
        ([Term("refund", SOON, Decimal("5")), Term("refund", SOON, Decimal("5"))], "10", ["terms.order"]),
        ([Term("waive", SOON, Decimal("5")), Term("waive", SOON, Decimal("5"))], "0", ["terms.twice"]),
    ],
)
def test_every_fault_of_a_set_of_terms_has_its_name(terms: list[Term], refund: str, found: list[str]) -> None:
    assert codes(terms, refund) == found


def test_two_offers_differ_in_exactly_what_changed() -> None:
    before = [Term("refund", SOON, Decimal("1000.00")), Term("apology", SOON)]
    after = [Term("refund", SOON, Decimal("800.00")), Term("refund", LATER, Decimal("400.00")), Term("apology", SOON)]

    with override("zh-hans"):
        (found,) = differences(before, after)
        assert (found.what, found.before) == ("refund", "2026年10月11日前退还1,000.00元")
        assert found.after == "退还1,200.00元，分2期，自2026年10月11日至2026年11月10日"
    assert differences(after, after) == []
    assert [(d.what, d.after) for d in differences(before, before[:1])] == [("apology", "")]


def test_the_effect_on_the_consumer_is_one_sentence() -> None:
    terms = [
        Term("refund", SOON, Decimal("1000.00")), Term("waive", SOON, Decimal("88.50")), Term("redo", LATER),
        Term("apology", SOON), Term("credit", LATER),
    ]  # fmt: skip

    with override("zh-hans"):
        assert effect_on_consumer(terms) == (
            "履行后：2026年10月11日前退还1,000.00元；自2026年10月11日起免收费用88.50元；2026年11月10日前重新提供服务；"
            "2026年10月11日前商户赔礼道歉；2026年11月10日前提请更正征信记录。"
        )
        assert effect_on_consumer([]) == "消费者得不到任何给付。"
