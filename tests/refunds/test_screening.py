"""A clean return needs nobody; everything else names every reason, and what is offered instead."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from jike.calendars.notices import shipped_calendar
from refunds.policy import policy
from refunds.screening import Facts, Promise, Service, Verdict, is_deemed_unserved, screen
from refunds.window import windows_of
from tests.refunds.loans import ASKED, at, loan, sent

PROMISE = Promise(free_return=True, first_loan_only=False, silence_is_unserved=True)


def facts(**other: object) -> Facts:
    document = other.pop("document", loan())
    values = {
        "document": document,
        "windows": windows_of(document, calendar=shipped_calendar()),
        "asked_at": ASKED,
        "promise": PROMISE,
        "is_first_loan": True,
    }
    return Facts(**values | other)


def verdict(now: datetime = ASKED, **other: object) -> Verdict:
    return screen(facts(**other), now=now)


def codes(found: Verdict) -> tuple[str, list[str], list[str], tuple[str, ...]]:
    assert all(str(blocker.message) and blocker.source for blocker in (*found.reasons, *found.review))
    return found.outcome, [b.code for b in found.reasons], [b.code for b in found.review], found.offers


def test_a_clean_return_goes_its_way_without_a_person() -> None:
    found = verdict()

    assert codes(found) == ("eligible", [], [], ())
    assert found.is_automatic


@pytest.mark.rule("R45")
def test_a_second_late_is_refused_as_a_right_and_goodwill_is_offered() -> None:
    assert verdict(asked_at=at("2026-11-23T23:59:59")).is_automatic

    late = verdict(asked_at=at("2026-11-24T00:00:00"))

    assert codes(late) == ("refused", ["return.late"], [], ("goodwill", "complaint"))
    assert "1 " in str(late.reasons[0].message)
    assert "2026-11-23" in str(late.reasons[0].message)


def test_a_refusal_names_every_reason_and_offers_the_complaint() -> None:
    found = verdict(
        document=loan(state="cancelled"),
        asked_at=at("2026-11-24T00:00:00"),
        promise=Promise(free_return=False, first_loan_only=True, silence_is_unserved=False),
        is_first_loan=False,
        is_returned=True,
        service=Service(consumer_says="served"),
    )

    wanted = [
        "return.already",
        "loan.cancelled",
        "return.late",
        "terms.no_return",
        "terms.first_loan_only",
        "service.served",
    ]
    assert codes(found) == ("refused", wanted, [], ("complaint",))
    assert codes(verdict(document=loan(disbursements=[sent("D-1", 1, status="failed")])))[:2] == (
        "refused",
        ["loan.not_disbursed"],
    )


@pytest.mark.parametrize(
    ("core", "consumer", "merchant", "outcome", "reason"),
    [
        ("none", "", "", "eligible", None),
        ("unknown", "none", "none", "eligible", None),
        ("served", "none", "none", "eligible", None),
        ("partly", "", "", "disputed", "service.partly"),
        ("none", "partly", "", "disputed", "service.partly"),
        ("none", "none", "served", "disputed", "service.contested"),
        ("served", "", "", "disputed", "service.contested"),
        ("unknown", "none", "", "disputed", "service.unknown"),
        ("served", "served", "served", "refused", "service.served"),
    ],
)
def test_doubt_about_the_service_goes_to_mediation(
    core: str, consumer: str, merchant: str, outcome: str, reason: str | None
) -> None:
    found = verdict(document=loan(service_state=core), service=Service(consumer, merchant))

    assert (found.outcome, [b.code for b in found.reasons]) == (outcome, [reason] if reason else [])


def test_a_merchant_silent_for_48_hours_counts_as_not_having_served_where_the_terms_say_so() -> None:
    asked = ASKED + timedelta(hours=1)
    silent = {"document": loan(service_state="unknown"), "service": Service("none", asked_at=asked)}
    end = asked + timedelta(hours=48)

    assert [is_deemed_unserved(facts(**silent), now=now) for now in (end - timedelta(seconds=1), end)] == [False, True]
    assert verdict(end, **silent).is_automatic
    assert codes(verdict(end - timedelta(seconds=1), **silent))[:2] == ("disputed", ["service.unknown"])
    without = silent | {"promise": replace(PROMISE, silence_is_unserved=False)}
    assert codes(verdict(end, **without))[:2] == ("disputed", ["service.unknown"])
    answered = silent | {"service": Service("none", "served", asked_at=asked)}
    assert codes(verdict(end, **answered))[:2] == ("disputed", ["service.contested"])


@pytest.mark.rule("R40")
def test_a_second_return_within_twelve_months_is_looked_at_by_a_person_and_not_refused() -> None:
    before = at("2025-11-20T10:00:00")

    assert verdict(returned_at=[before]).is_automatic, "twelve months ago to the second"
    again = verdict(returned_at=[before + timedelta(seconds=1)])
    assert (codes(again), again.is_automatic) == (("eligible", [], ["return.again"], ()), False)
    first_only = replace(PROMISE, first_loan_only=True)
    assert verdict(promise=first_only).is_automatic
    assert codes(verdict(promise=first_only, is_first_loan=False))[:2] == ("refused", ["terms.first_loan_only"])


def test_a_leap_day_twelve_months_ago_is_still_a_day() -> None:
    window = windows_of(loan(disbursements=[sent("D-1", 1, when="2025-02-27T10:00")]), calendar=shipped_calendar())
    words = {"windows": window, "returned_at": [at("2024-02-29T10:00:00")]}

    assert codes(verdict(asked_at=at("2025-02-28T09:59:59"), **words))[2] == ["return.again"]
    assert codes(verdict(asked_at=at("2025-02-28T10:00:00"), **words))[2] == []


@pytest.mark.rule("R38")
def test_a_loan_settled_early_is_offered_the_conversion() -> None:
    assert codes(verdict(document=loan(state="settled"))) == ("eligible", [], [], ("conversion",))


def test_a_fraud_flag_holds_whatever_else_is_found() -> None:
    found = verdict(flags=["ring-7"], document=loan(service_state="partly"), asked_at=at("2026-11-24T00:00:00"))

    assert codes(found) == ("held", ["fraud.flagged", "return.late", "service.partly"], [], ())
    assert "ring-7" in str(found.reasons[0].message)


def test_what_is_large_or_unusual_is_not_decided_by_a_program_alone() -> None:
    limit = policy().two_persons_above_cents
    two = [sent("D-1", 100, when="2026-11-02T10:00"), sent("D-2", 100)]

    assert verdict(document=loan(limit)).is_automatic
    assert codes(verdict(document=loan(limit + 1)))[2] == ["amount.large"]
    assert codes(verdict(promise=None))[2] == ["terms.unknown"]
    in_hand = loan(disbursements=[sent("D-1", 100, to="consumer")])
    assert codes(verdict(document=in_hand))[2] == ["money.in_hand"]
    assert codes(verdict(document=loan(disbursements=two)))[::2] == ("eligible", ["return.partly_late"])
    turn = loan(disbursements=[sent("D-1", 100, when="2026-12-30T10:00")])
    assert codes(verdict(document=turn, asked_at=at("2026-12-31T10:00:00")))[2] == ["window.provisional"]
