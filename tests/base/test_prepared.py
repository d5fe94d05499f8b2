"""Queries compiled once: the same rows as Django's own, for every key."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import F
from django.db.transaction import TransactionManagementError, atomic

from cases.models import Case, Party
from cases.starter import ensure_starter_data
from jike.accounts.models import Unit
from jike.base.prepared import Prepared
from tests.factories import complaints as factory
from tests.factories.complaints import RECEIVED


@pytest.fixture
def units(db: None) -> None:
    ensure_starter_data(RECEIVED)


@pytest.mark.usefixtures("units")
def test_rows_are_those_of_the_query_whatever_the_key() -> None:
    built: list[Any] = []

    def named(code: str) -> Any:
        built.append(code)
        return Unit.objects.filter(code=code).select_related("superior").annotate(twice=F("code"))

    prepared, units = Prepared(named, sample="-"), list(Unit.objects.order_by("code")[:3])

    assert len(units) == 3 and any(unit.superior for unit in units)
    for unit in units:
        found = prepared.first(unit.code)
        assert found is not None and (found, found.twice, found.superior) == (unit, unit.code, unit.superior)
    assert prepared.rows("nobody") == [] and prepared.first("nobody") is None
    assert built == ["-"]


@pytest.mark.usefixtures("units")
def test_the_rows_know_their_case(django_assert_num_queries: Any) -> None:
    case = factory.file()
    parties = Prepared(lambda pk: Party.objects.filter(case_id=pk), sample=Case().pk)

    with django_assert_num_queries(1):
        assert all(party.case is case for party in parties.rows(case.pk, known=case))


@pytest.mark.django_db
def test_a_query_that_asks_for_no_key_is_refused() -> None:
    with pytest.raises(ValueError, match="Unit"):
        Prepared(lambda _code: Unit.objects.all(), sample="-").rows("HQ-CP")


def test_a_lock_outside_a_transaction_is_refused_every_time(own_database: str) -> None:
    ensure_starter_data(RECEIVED)
    locking = Prepared(lambda code: Unit.objects.select_for_update().filter(code=code), sample="-")

    with atomic():
        assert locking.first("HQ-CP") is not None
    with pytest.raises(TransactionManagementError):
        locking.first("HQ-CP")
