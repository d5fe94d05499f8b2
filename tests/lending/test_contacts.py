"""Rule R78: when somebody may be called about a debt, and what a call about a possible fraud never says."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, transaction
from django.db.models import Model

from jike.accounts.roles import consumer_actor, machine_actor
from jike.base.actors import Actor
from jike.base.dates import CST
from jike.base.errors import Refused
from jike.privacy import open_sealed
from lending.actions import register_person
from lending.contacts.actions import may_call, record_contact
from lending.models import Contact, Person

POWER = frozenset({"lending.record_contact"})
CALLER = Actor("staff", "催收岗", powers=POWER)
DEBTOR, SISTER = "13800138000", "13900139000"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CST)


DAY = at("2026-11-02T10:00")


@pytest.fixture
def person(db: None) -> Person:
    return register_person(name="张小明", phone=DEBTOR, actor=machine_actor("importer"), now=DAY - timedelta(days=30))


def call(person: Person, now: datetime, outcome: str = "unanswered", **given: object) -> Contact:
    words = {"kind": "collection", "to": "debtor", "phone": DEBTOR} | given
    return record_contact(person, actor=CALLER, now=now, outcome=outcome, **words)


def why_not(person: Person, now: datetime, **given: str) -> list[str]:
    words = {"kind": "collection", "to": "debtor", "phone": DEBTOR} | given
    return [b.code for b in may_call(person, actor=CALLER, now=now, **words)]


def refused(person: Person, now: datetime, outcome: str = "effective", **given: object) -> list[str]:
    before = Contact.objects.count()
    with pytest.raises(Refused) as no:
        call(person, now, outcome, **given)
    assert Contact.objects.count() == before
    return [b.code for b in no.value.blockers]


@pytest.mark.rule("R78")
@pytest.mark.parametrize(
    ("moment", "blocked"),
    [
        ("2026-11-02T21:59:00", False),
        ("2026-11-02T21:59:59.999999", False),
        ("2026-11-02T22:00:00", True),
        ("2026-11-02T23:59:59", True),
        ("2026-11-03T00:00:00", True),
        ("2026-11-03T07:59:59", True),
        ("2026-11-03T08:00:00", False),
    ],
)
def test_nobody_is_called_from_ten_in_the_evening_to_eight(person: Person, moment: str, blocked: bool) -> None:
    wanted = ["contact.quiet_hours"] if blocked else []

    assert why_not(person, at(moment)) == wanted
    if blocked:
        assert refused(person, at(moment)) == wanted
    else:
        assert call(person, at(moment)).broke == []


@pytest.mark.rule("R78")
def test_the_fourth_effective_call_of_a_shanghai_day_is_blocked_whoever_calls(person: Person) -> None:
    for hour, caller in ((8, ""), (12, "甲催收公司"), (21, "乙催收公司")):
        call(person, DAY.replace(hour=hour), "effective", caller=caller)

    assert refused(person, DAY.replace(hour=21, minute=30)) == ["contact.reached_today"]
    assert refused(person, DAY.replace(hour=21, minute=30), phone="13700137000") == ["contact.reached_today"]
    assert why_not(person, at("2026-11-03T08:00")) == [], "a new day in Shanghai, though the same one in London"


@pytest.mark.rule("R78")
def test_calls_nobody_answered_are_no_effective_ones(person: Person) -> None:
    for minute in range(5):
        call(person, DAY + timedelta(minutes=minute))

    assert why_not(person, DAY + timedelta(hours=1)) == []


@pytest.mark.rule("R78")
def test_the_seventh_dial_of_a_number_nobody_answers_is_blocked(person: Person) -> None:
    for minute in range(6):
        call(person, DAY + timedelta(minutes=minute), caller="甲催收公司" if minute % 2 else "")

    assert refused(person, DAY + timedelta(hours=1), "unanswered") == ["contact.dialled_today"]
    assert why_not(person, DAY + timedelta(hours=1), phone="13700137000") == [], "another number of the same debtor"
    assert why_not(person, DAY + timedelta(days=1)) == []


@pytest.mark.rule("R78")
def test_a_number_is_counted_for_whomever_it_is_dialled(person: Person) -> None:
    other = register_person(name="李小红", phone=DEBTOR, actor=machine_actor("importer"), now=DAY)
    for minute in range(6):
        call(person, DAY + timedelta(minutes=minute))

    assert why_not(other, DAY + timedelta(hours=1)) == ["contact.dialled_today"]


@pytest.mark.rule("R78")
def test_a_third_person_is_called_only_after_three_failed_contacts(person: Person) -> None:
    sister = {"to": "third", "phone": SISTER}
    for number, outcome in enumerate(("unanswered", "invalid", "unanswered")):
        assert why_not(person, DAY + timedelta(hours=1), **sister) == ["contact.debtor_first"], number
        call(person, DAY + timedelta(minutes=number), outcome)

    assert why_not(person, DAY + timedelta(hours=1), **sister) == []
    call(person, DAY + timedelta(hours=2), "effective")
    assert why_not(person, DAY + timedelta(hours=3), **sister) == ["contact.debtor_first"], "the debtor can be reached"


@pytest.mark.rule("R78")
def test_a_third_person_who_said_no_is_never_called_again(person: Person) -> None:
    sister = {"to": "third", "phone": SISTER}
    for minute in range(3):
        call(person, DAY + timedelta(minutes=minute))
    call(person, DAY + timedelta(hours=1), "declined", **sister)

    assert refused(person, DAY + timedelta(days=400), **sister) == ["contact.declined"]
    assert why_not(person, DAY + timedelta(hours=2), to="third", phone="13700137000") == [], "somebody else"


@pytest.mark.rule("R78")
def test_calls_about_a_fraud_are_counted_apart_and_say_nothing_of_debt(person: Person) -> None:
    night = at("2026-11-02T23:30")
    warn = {"kind": "antifraud", "disbursement": "D-1", "script": "您有一笔放款正在核实，请确认是否本人申请。"}
    for minute in range(8):
        call(person, night + timedelta(minutes=minute), "effective", **warn)

    assert why_not(person, at("2026-11-03T08:00")) == [], "they take nothing from the calls about a debt"
    assert refused(person, night, **warn | {"script": "您的贷款已逾期，请还款。"}) == ["contact.debt_words"]
    assert refused(person, night, **warn | {"disbursement": " "}) == ["disbursement.missing"]
    assert refused(person, night, **warn | {"to": "third"}) == ["disbursement.missing"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Contact.objects.create(person=person, kind="antifraud", to="third", phone=SISTER, phone_mask="x", phone_index=b"x", outcome="effective", made_at=DAY, recorded_at=DAY)  # fmt: skip


def test_a_call_made_elsewhere_is_kept_with_the_rules_it_broke(person: Person) -> None:
    late = call(person, DAY + timedelta(days=1), "effective", caller="甲催收公司", made_at=at("2026-11-02T22:10"))

    assert late.broke == ["contact.quiet_hours"]
    assert refused(person, DAY, made_at=DAY + timedelta(seconds=1)) == ["made_at.future"]


def test_the_number_lies_sealed_and_the_row_never_changes(person: Person) -> None:
    made = call(person, DAY)
    assert (made.phone_mask, open_sealed(Contact.objects.get(), "phone")) == ("138****8000", DEBTOR)
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone, phone_mask FROM lending_contact")
        assert DEBTOR.encode() not in bytes(cursor.fetchone()[0])

    for change in (lambda: Contact.objects.update(outcome="effective"), lambda: _raw_delete(made)):
        with pytest.raises(DatabaseError, match="stay as they were"), transaction.atomic():
            change()


def _raw_delete(row: Model) -> None:
    type(row).objects.filter(pk=row.pk)._raw_delete("default")


def test_who_may_not_gets_one_reason_and_a_wrong_number_none_at_all(person: Person) -> None:
    for actor in (consumer_actor(person.pk), machine_actor("clock"), Actor("staff", "x")):
        assert [b.code for b in may_call(person, actor=actor, now=DAY, kind="collection", to="debtor", phone=DEBTOR)] == ["actor.no_power"]  # fmt: skip
    with pytest.raises(ValueError):
        call(person, DAY, phone="0571-1")
    assert refused(person, DAY, "shouted") == ["outcome.unknown"]
    assert not Contact.objects.exists()


def test_two_callers_at_once_do_not_make_a_fourth_call(own_database: str) -> None:
    """The first call stands still while it holds the debtor; the second must wait, and then is one too many."""
    person = register_person(name="张小明", phone=DEBTOR, actor=machine_actor("importer"), now=DAY - timedelta(days=30))
    for hour in (8, 9):
        call(person, DAY.replace(hour=hour), "effective")
    answers: list[object] = []

    def rival() -> None:
        try:
            answers.append(call(person, DAY + timedelta(minutes=1), "effective"))
        except Refused as no:
            answers.append([b.code for b in no.blockers])
        finally:
            connections.close_all()

    with transaction.atomic():
        call(person, DAY, "effective")
        thread = threading.Thread(target=rival)
        thread.start()
        _until_somebody_waits(thread)
    thread.join(10)

    assert answers == [["contact.reached_today"]]
    assert Contact.objects.filter(outcome="effective").count() == 3


def _until_somebody_waits(thread: threading.Thread) -> None:
    for _ in range(1000):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        assert thread.is_alive(), "the rival did not wait"
        threading.Event().wait(0.01)
    raise AssertionError("the rival did not wait")
