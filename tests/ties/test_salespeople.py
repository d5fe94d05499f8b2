"""Who sold it: known by code or by name at a shop, taken from the loan, from the intake or from the handler, and searched for."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils.translation import override

from cases.complaints import actions
from cases.complaints.models import Complaint
from cases.models import Event
from cases.search.finding import search
from cases.search.language import QueryError
from cases.search.operators import Asked
from jike.base.actors import Actor
from jike.base.dates import pinned
from jike.base.errors import Refused
from jike.privacy import open_sealed
from lending.actions import register_person, register_salesperson
from lending.models import Funder, Loan, Salesperson
from tests.accounts.signing_in import sign_in
from tests.complaints.test_intake import NOW as INTAKE_AT
from tests.complaints.test_intake import TYPED
from tests.factories import complaints as factory
from tests.factories.complaints import PHONE, RECEIVED
from tests.people import Cast
from tests.ties.planted import filed, merchant

NOW = RECEIVED + timedelta(days=1)


def seller(**given) -> Salesperson:
    return register_salesperson(**({"merchant": merchant(0), "now": NOW} | given))


def test_one_code_at_one_shop_is_one_person(cast: Cast) -> None:
    first = seller(code="a-017")
    assert seller(code=" A-017 ", name="钱多") == first
    assert seller(code="A-017", merchant=merchant(1)) != first
    first.refresh_from_db()
    assert (open_sealed(first, "name"), first.name_mask, first.code) == ("钱多", "钱**", "A-017")
    assert seller(name="钱多") == first, "the name alone finds the one who is known by it"


def test_a_name_is_somebody_only_at_a_shop(cast: Cast) -> None:
    first = seller(name="钱 多")
    assert seller(name="钱  多") == first
    assert seller(name="钱多", merchant=merchant(1)) != first
    assert seller(name="钱多", merchant=None, shop="路边店") == seller(name="钱多", merchant=None, shop=" 路边店 ")
    with pytest.raises(ValueError, match="code or a name"):
        seller()


def test_a_name_two_have_is_neither_of_them(cast: Cast) -> None:
    two = {seller(name="钱多", code="A1").pk, seller(name="钱多", code="A2").pk}
    third = seller(name="钱多")
    assert third.pk not in two and third.code == "" and seller(name="钱多") == third


def test_the_name_is_sealed(cast: Cast) -> None:
    row = Salesperson.objects.values_list("name", "name_index", "identity_index").get(pk=seller(name="钱多多").pk)
    assert "钱多多" not in str(row) and "钱多多".encode() not in b"".join(bytes(part) for part in row[1:])


def loan(by: Salesperson) -> Loan:
    person = register_person(name="王小明", phone=PHONE, actor=Actor.machine("test"), now=RECEIVED)
    return Loan.objects.create(
        number="L-1", person=person, merchant=merchant(0), funder=Funder.objects.first(), salesperson=by,
        principal_cny=Decimal(100), term_months=12, disbursed_at=RECEIVED,
    )  # fmt: skip


def test_a_case_takes_it_from_its_loan(cast: Cast) -> None:
    by = seller(code="A1")
    assert factory.file(loan=loan(by)).salesperson == by
    assert factory.file(phone="13900139000").salesperson is None


def test_the_intake_asks_it_and_the_loan_goes_before(client: Client, cast: Cast) -> None:
    sign_in(client, cast.handler.user)
    with pinned(INTAKE_AT):
        answer = client.post("/staff/intake/", {**TYPED, "merchant": merchant(0).name, "salesperson": "钱顾问"})
    assert answer.status_code == 302
    case = Complaint.objects.get()
    assert (case.salesperson.name_mask, case.salesperson.merchant) == ("钱**", merchant(0))
    assert Event.objects.get(case=case, seq=1).data["salesperson"] == str(case.salesperson.pk)


def test_the_handler_names_it_and_names_it_anew(client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at="claimed", merchant=merchant(0))
    first = actions.name_salesperson(case, actor=cast.handler.actor, now=NOW, name="钱多").salesperson
    second = actions.name_salesperson(case, actor=cast.handler.actor, now=NOW, name="孙二", code="B2").salesperson

    told = [e.data for e in Event.objects.filter(case=case, verb="complaints.name_salesperson").order_by("seq")]
    assert told == [{"salesperson": str(first.pk), "was": None}, {"salesperson": str(second.pk), "was": str(first.pk)}]
    with pytest.raises(Refused) as refused:
        actions.name_salesperson(case, actor=cast.handler.actor, now=NOW, name=" ", code="")
    assert [b.code for b in refused.value.blockers] == ["salesperson.missing"]
    sign_in(client, cast.handler.user)
    page = client.get(f"/staff/cases/{case.number}/").content.decode()
    assert "孙** B2" in page and "孙二" not in page


def numbers(text: str, actor: Actor) -> set[str]:
    found = search(text, Asked(actor, NOW))
    return set(found.narrowed(Complaint.objects.all()).values_list("number", flat=True))


def test_search_by_name_code_and_case(cast: Cast) -> None:
    mine = factory.complaint(cast, at="claimed", merchant=merchant(0))
    other, third = filed(1, merchant=merchant(0)), filed(2, merchant=merchant(0))
    for case, code in ((mine, "A1"), (other, "A1"), (third, "A2")):
        by = seller(code=code, name="钱多" if code == "A1" else "孙二")
        Complaint.objects.filter(pk=case.pk).update(salesperson=by)
    boss, handler = cast.supervisor.actor, cast.handler.actor

    with override("zh-hans"):
        assert numbers("销售:钱多", boss) == numbers("销售:a1", boss) == {mine.number, other.number}
        assert numbers(f"salesperson:{third.number}", boss) == {third.number}
        assert numbers("销售:钱多 -销售:A1", boss) == set()
        assert numbers("销售:钱", boss) == set(), "whole names only: the index knows equality"
        assert numbers("销售:钱多", handler) == {mine.number}, "a person's name finds only where all is read"
        strange = factory.of_branch(cast, at="claimed", phone="13700137000")
        Complaint.objects.filter(pk=strange.pk).update(salesperson=seller(code="A1"))
        assert numbers(f"销售:{strange.number}", boss) == set(), "a case that is not listed tells nothing"
        with pytest.raises(QueryError):
            search("销售人:钱多", Asked(boss, NOW))
