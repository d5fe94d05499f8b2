"""What a loan costs a year, to the cent and without a float, and the form on which the borrower confirms it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from jike import ledger
from jike.accounts.roles import consumer_actor
from jike.base.actors import Actor
from jike.base.errors import Blocker, Refused
from jike.ledger.models import Entry
from lending.actions import register_person
from lending.cost import policy
from lending.cost.actions import confirm_disclosure, confirmed_form
from lending.cost.form import Charge, Plan, blockers_to_disburse, blockers_to_offer, form_of, plan_of
from lending.cost.policy import policy_on
from lending.cost.rate import NoRate, annual_percent, monthly_rate, shown
from lending.loans.documents import read_document
from lending.models import Disclosure, Person
from tests.lending.documents import IMPORTER, NOW, at, document, starter

RULES = policy_on(date(2026, 11, 16))
SIGNED = at("2026-11-16T15:00")


def level(principal: int, months: int, payment: int) -> Plan:
    """A loan repaid in equal payments, all cost being interest; the split between the two moves no rate."""
    parts = [principal // months] * (months - 1)
    parts.append(principal - sum(parts))
    interest = tuple(payment - part for part in parts)
    return Plan(tuple(parts), (Charge("interest", "funder", "", "", "", monthly=interest),))


def codes(found: list[Blocker]) -> list[str]:
    return [blocker.code for blocker in found]


def rates(plan: Plan) -> tuple[str, str]:
    """By twelve and compound, as printed."""
    forms = [form_of(plan, replace(RULES, method=method)) for method in ("monthly_times_12", "compound")]
    return tuple(str(shown(form.annual_percent)) for form in forms)


@pytest.mark.rule("R57")
def test_twelve_thousand_over_twelve_payments_of_1090_costs_16_22_percent() -> None:
    plan = level(1_200_000, 12, 109_000)

    assert rates(plan) == ("16.22", "17.48")
    assert form_of(plan, RULES).total_cents == 108_000
    assert blockers_to_offer(form_of(plan, RULES)) == []


@pytest.mark.rule("R57")
def test_the_case_of_the_press_costs_31_46_percent_and_is_blocked() -> None:
    form = form_of(level(1_687_000, 24, 95_597), RULES)

    assert rates(form.plan) == ("31.46", "36.42")
    assert form.total_cents == 607_328
    assert codes(blockers_to_offer(form)) == ["cost.over_cap"]


@pytest.mark.rule("R57")
def test_the_cap_is_judged_before_rounding_and_by_the_printed_method() -> None:
    exactly = Plan((0, 0, 10_000_000), (Charge("interest", "funder", "", "", "", monthly=(200_000,) * 3),))
    by_a_hair = Plan(
        (0, 0, 10_000_000), (Charge("interest", "funder", "", "", "", monthly=(200_003,) + (200_000,) * 2),)
    )

    assert [str(form_of(plan, RULES).annual_percent) for plan in (exactly, by_a_hair)] == ["24.000000", "24.000122"]
    assert [codes(blockers_to_offer(form_of(plan, RULES))) for plan in (exactly, by_a_hair)] == [[], ["cost.over_cap"]]
    assert codes(blockers_to_offer(form_of(exactly, replace(RULES, method="compound")))) == ["cost.over_cap"]


def test_every_item_is_annualised_by_itself_with_who_collects_it() -> None:
    plan = Plan(
        (100_000,) * 12,
        (
            Charge("interest", "funder", "甲", "按期", "", monthly=(5_000,) * 12),
            Charge("guarantee", "guarantor", "乙", "按期", "", monthly=(4_000,) * 12),
            Charge("service", "platform", "丙", "一次性", "", upfront=24_000),
        ),
    )

    form = form_of(plan, RULES)

    lines = [
        (item.charge.kind, item.charge.collector, item.charge.total, str(shown(item.annual_percent)))
        for item in form.items
    ]
    assert lines == [
        ("interest", "funder", 60_000, "9.10"),
        ("guarantee", "guarantor", 48_000, "7.30"),
        ("service", "platform", 24_000, "3.75"),
    ]
    assert form.total_cents == 132_000
    assert form.annual_percent > max(item.annual_percent for item in form.items)


def test_a_document_tells_what_its_form_would_say(db: None) -> None:
    starter()
    form = form_of(plan_of(read_document(document())), RULES)

    assert str(shown(form.annual_percent)) == "16.22"
    assert [(item.charge.kind, item.charge.total) for item in form.items] == [("interest", 82_000), ("service", 26_000)]
    assert [(charge.kind, charge.standard) for charge in form.plan.contingent] == [("penalty", "日利率 0.03%")]


def test_payments_without_a_rate_are_refused_and_a_free_loan_costs_nothing() -> None:
    for received, payments in ((0, [1]), (100, [50, 49]), (100, [200, -50]), (1, [10**12])):
        with pytest.raises(NoRate):
            monthly_rate(received, payments)
    assert monthly_rate(100, [50, 50]) == 0


@settings(max_examples=60)
@given(
    months=st.integers(1, 36),
    principal=st.integers(10_000, 20_000_000),
    rate=st.integers(1, 60_000).map(lambda millionths: Decimal(millionths) / 1_000_000),
)
def test_the_rate_of_an_annuity_is_found_again(months: int, principal: int, rate: Decimal) -> None:
    payment = int(principal * rate / (1 - (1 + rate) ** -months)) + 1

    found = monthly_rate(principal, [payment] * months)

    off = abs(annual_percent(found, "monthly_times_12") - rate * 1200)
    assert off * principal <= Decimal(2400 * months), "a cent in the payment moves the rate by no more"


def test_the_version_of_the_rules_is_that_of_the_day_of_signing() -> None:
    days = [date(2025, 9, 30), date(2025, 10, 1), date(2026, 7, 31), date(2026, 8, 1)]

    found = [policy_on(day) for day in days]

    assert [one and (one.version, one.needs_form) for one in found] == [
        None, ("2025-10", False), ("2025-10", False), ("2026-08", True),
    ]  # fmt: skip
    assert policy.versions() == tuple(sorted(policy.versions(), key=lambda one: one.effective_from))


@pytest.fixture
def person(db: None) -> Person:
    return register_person(name="张小明", phone="13800138000", actor=IMPORTER, now=NOW)


PLAN = level(1_200_000, 12, 109_000)


def confirm(
    person: Person, plan: Plan = PLAN, seconds: int = 15, actor: Actor | None = None, **other: str
) -> Disclosure:
    words = {"application": "HT-1"} | other
    shown_at = SIGNED - timedelta(minutes=5)
    by = actor or consumer_actor(person.pk)
    return confirm_disclosure(
        person, plan, shown_at=shown_at, actor=by, now=shown_at + timedelta(seconds=seconds), **words
    )


def refusals(person: Person, *args: object, **words: object) -> list[str]:
    before = Disclosure.objects.count()
    with pytest.raises(Refused) as no:
        confirm(person, *args, **words)
    assert Disclosure.objects.count() == before
    return codes(no.value.blockers)


@pytest.mark.rule("R57")
def test_a_form_is_confirmed_after_it_was_in_sight_long_enough_and_kept_as_shown(person: Person) -> None:
    assert refusals(person, seconds=14) == ["form.too_fast"]

    row = confirm(person)

    assert (row.version, row.annual_percent, row.dwell_seconds, row.required_seconds) == (
        1,
        Decimal("16.216482"),
        15,
        15,
    )
    assert row.content["annual_percent"] == "16.22"
    assert row.content["method"] == "monthly_times_12"
    assert confirm(person) == row, "the same form again is the same row"
    changed = confirm(person, level(1_200_000, 12, 108_000))
    assert (changed.version, Disclosure.objects.count()) == (2, 2)
    assert confirmed_form("HT-1").content == changed.content
    assert not list(ledger.verify([person.pk]))
    assert Entry.objects.filter(subject=person.pk, topic="lending.form_confirmed").count() == 2


def test_a_form_is_confirmed_by_its_borrower_within_the_cap_and_on_paper_with_the_scan(person: Person) -> None:
    other = register_person(name="李小红", phone="13900139000", actor=IMPORTER, now=NOW)
    dear = level(1_687_000, 24, 95_597)

    assert refusals(person, actor=consumer_actor(other.pk)) == ["actor.not_own"]
    assert refusals(person, dear, seconds=1, application=" ", channel="fax") == [
        "cost.over_cap", "form.too_fast", "application.missing", "channel.unknown",
    ]  # fmt: skip
    assert refusals(person, channel="paper") == ["form.unsigned"]
    assert confirm(person, seconds=0, channel="paper", paper_sha256="a" * 64).channel == "paper"
    assert refusals(other) == ["application.taken"]
    all_at_once = Plan((100,), (Charge("service", "platform", "", "", "", upfront=100),))
    assert refusals(person, all_at_once) == ["cost.no_rate"]


def test_the_database_keeps_confirmed_forms_and_takes_none_that_was_not_read(person: Person) -> None:
    row = confirm(person)
    for statement in ("UPDATE lending_disclosure SET content = '{}'", "DELETE FROM lending_disclosure"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    for wrong in (
        {"dwell_seconds": 14},
        {"annual_percent": Decimal("24.000001")},
        {"channel": "paper"},
        {"version": 1},
    ):
        values = {f.attname: getattr(row, f.attname) for f in Disclosure._meta.local_fields if f.name != "id"}
        with pytest.raises(IntegrityError), transaction.atomic():
            Disclosure.objects.create(**values | {"version": 9} | wrong)


@pytest.mark.rule("R57")
def test_no_money_leaves_before_the_form_was_confirmed_and_says_what_the_contract_says(person: Person) -> None:
    def why_not(plan: Plan = PLAN, at_: str = "2026-11-16T15:00") -> list[str]:
        return codes(blockers_to_disburse(plan, signed_at=at(at_), confirmed=confirmed_form("HT-1")))

    dear = level(1_687_000, 24, 95_597)
    assert why_not() == ["form.missing"]
    confirm(person)
    assert why_not() == []
    assert why_not(level(1_200_000, 12, 109_100)) == ["form.differs"]
    assert why_not(at_="2026-11-16T14:55") == ["form.late"]
    assert why_not(dear) == ["cost.over_cap", "form.differs"]
    assert why_not(level(1_200_000, 12, 109_100), at_="2026-07-31T23:59:59") == [], (
        "signed before the form was asked for"
    )
    assert why_not(dear, at_="2026-07-31T23:59:59") == ["cost.over_cap"]
