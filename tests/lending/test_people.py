"""Who is the same person: the phone number and the name together, never the number alone."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from cases.starter import ensure_starter_data
from jike.base.actors import Actor
from jike.privacy import open_sealed
from lending.actions import register_person
from lending.models import Funder, Loan, Merchant, Person
from lending.queries import loans_of, people_by_phone, person_by_phone, platform_entry

NOW = datetime(2026, 9, 28, 2, tzinfo=UTC)
MACHINE = Actor.machine("test")


def register(name: str, phone: str, id_number: str = "", day: int = 28) -> Person:
    return register_person(name=name, phone=phone, id_number=id_number, actor=MACHINE, now=NOW.replace(day=day))


@pytest.mark.django_db
def test_the_same_number_and_name_is_the_same_person_however_written():
    first = register("张小明", "13800138000")

    assert register(" 张小明 ", "+86 138 0013 8000") == first
    assert register("张小明", "１３８００１３８０００") == first
    assert (first.name_mask, first.phone_mask, open_sealed(first, "phone")) == ("张**", "138****8000", "13800138000")


@pytest.mark.django_db
def test_a_recycled_number_is_a_new_person_and_the_newest_answers_it():
    earlier = register("张小明", "13800138000", day=1)
    later = register("李小红", "13800138000", day=28)

    assert earlier != later
    assert person_by_phone("138-0013-8000") == later
    assert set(people_by_phone("13800138000")) == {earlier, later}
    assert person_by_phone("13900139000") is None


@pytest.mark.django_db
def test_somebody_elses_identity_number_does_not_make_one_that_person():
    owner = register("张小明", "13800138000", "11010519491231002X")

    assert register("张小明", "13900139000", "11010519491231002X") != owner


@pytest.mark.django_db
def test_an_identity_number_is_added_once_and_never_replaced():
    register("张小明", "13800138000")

    person = register("张小明", "13800138000", "11010519491231002X")
    again = register("张小明", "13800138000", "110105194912310038")

    assert (
        open_sealed(person, "id_number")
        == open_sealed(Person.objects.get(pk=again.pk), "id_number")
        == "11010519491231002X"
    )
    assert person.id_mask == "**************002X"


@pytest.mark.django_db
def test_a_wrong_number_is_refused_before_anything_is_written():
    with pytest.raises(ValueError):
        register("张小明", "0571-88888888")

    assert not Person.objects.exists()


@pytest.mark.django_db
def test_loans_come_newest_first_and_only_ones_own():
    ensure_starter_data(NOW)
    person, other = register("张小明", "13800138000"), register("李小红", "13800138000")
    common = {"merchant": Merchant.objects.first(), "funder": Funder.objects.first(), "term_months": 12}
    for number, owner, day in [("L1", person, 1), ("L2", person, 2), ("L3", other, 3)]:
        Loan.objects.create(
            number=number, person=owner, principal_cny=Decimal("100.00"), disbursed_at=NOW.replace(day=day), **common
        )

    assert [loan.number for loan in loans_of(person)] == ["L2", "L1"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Loan.objects.create(number="L4", person=person, principal_cny=Decimal(0), disbursed_at=NOW, **common)


@pytest.mark.django_db
def test_starter_data_is_loaded_once_and_keeps_what_was_changed():
    assert ensure_starter_data(NOW) == {"units": 5, "funders": 3, "merchants": 7}
    platform = platform_entry()
    Funder.objects.filter(pk=platform.pk).update(letter_name="改过的名字")

    assert ensure_starter_data(NOW) == {"units": 0, "funders": 0, "merchants": 0}
    platform.refresh_from_db()
    assert platform.letter_name == "改过的名字"
    assert {merchant.scene for merchant in Merchant.objects.all()} == set(Merchant.Scene.values)
    for row in [*Merchant.objects.all(), *Funder.objects.exclude(uscc="")]:
        row.clean_fields(exclude=["contact_phone"])


@pytest.mark.django_db
def test_production_can_go_without_invented_merchants():
    assert ensure_starter_data(NOW, with_examples=False) == {"units": 5, "funders": 1, "merchants": 0}


@pytest.mark.django_db
def test_only_one_entry_speaks_for_the_platform():
    ensure_starter_data(NOW)

    with pytest.raises(IntegrityError), transaction.atomic():
        Funder.objects.create(
            name="另一个", letter_name="另一个", hotline="1", address="1", speaks_for_platform=True, created_at=NOW
        )
