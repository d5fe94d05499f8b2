"""A new telephone number: by both phones, or by two people of the staff. What was sent to whom, and what the old number still opens."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from cases.complaints import actions
from cases.complaints.models import Complaint, PhoneChange
from cases.complaints.parties import OtherParty
from cases.handlers import _address
from cases.models import Party
from cases.notices.models import Notice
from cases.queries import case_by_receipt, complainant_of
from cases.tasks import tasks_for
from jike.accounts.roles import consumer_actor, machine_actor
from jike.base.errors import Refused
from jike.ledger.models import Entry
from jike.outbox.models import Job
from jike.outbox.working import run_jobs
from jike.privacy import open_sealed
from lending.actions import register_person
from tests.factories import complaints as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast

LATER = RECEIVED + timedelta(hours=6)
OLD, NEW = factory.PHONE, "13900139000"
ASK = {"phone": NEW, "name": "王小明", "words": "旧手机丢了，号码已注销。"}


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [b.code for b in refused.value.blockers]


def opens(case: Complaint, phone: str) -> bool:
    return case_by_receipt(open_sealed(case, "receipt_code"), phone) is not None


def changed(case: Complaint, phone: str = NEW) -> Complaint:
    return actions.change_phone(case, actor=factory.consumer_of(case), now=LATER, phone=phone)


def asked(case: Complaint) -> Complaint:
    return actions.ask_phone(case, actor=consumer_actor(None), now=LATER, **ASK)


def told(case: Complaint, at: object = LATER) -> set[tuple[str, str]]:
    """The numbers that were written to at this moment, with what they were told."""
    sent = case.messages.filter(purpose="contact", channel="sms", created_at=at).select_related("party")
    return {(_address(message), message.template.rpartition("/")[2].partition(".")[0]) for message in sent}


def follow() -> None:
    run_jobs(list(Job.objects.filter(topic="complaints.follow_phone").values_list("pk", flat=True)))


def test_the_new_number_opens_the_case_and_the_old_one_is_kept_sealed(cast: Cast) -> None:
    case = factory.complaint(cast, at="claimed")
    before = case.version

    case = changed(case)

    assert (opens(case, NEW), opens(case, OLD)) == (True, False)
    former = case.parties.get(role="former")
    assert (open_sealed(former, "phone"), open_sealed(complainant_of(case), "phone")) == (OLD, NEW)
    assert told(case) == {(OLD, "phone_changed"), (NEW, "phone_changed")}
    event = case.events.get(seq=before + 1)
    assert (event.verb, event.actor_kind, event.data["manner"]) == ("complaints.change_phone", "consumer", "codes")
    assert not {OLD, NEW} & set(map(str, event.data.values()))
    assert Entry.objects.filter(subject=case.pk, seq=case.version, source_id=event.pk).exists()


def test_the_next_owner_of_the_old_number_is_a_new_person(cast: Cast) -> None:
    case = factory.file()
    person = case.consumer

    case = changed(case)

    again = register_person(name="王小明", phone=NEW, actor=factory.consumer_of(case), now=LATER)
    stranger = register_person(name="王小明", phone=OLD, actor=consumer_actor(None), now=LATER)
    assert (again.pk, case.consumer_id, stranger.pk != person.pk) == (person.pk, person.pk, True)


def test_a_person_known_under_the_new_number_takes_the_case_over(cast: Cast) -> None:
    known = factory.file(phone=NEW).consumer
    case = factory.file()

    case = changed(case)

    assert case.consumer_id == known.pk


def test_other_cases_of_the_person_follow_and_nobody_elses(cast: Cast) -> None:
    case, other, closed = factory.file(), factory.file(), factory.complaint(cast, at="closed")
    family = factory.file(name="王大明")

    changed(case)
    follow()
    follow()

    for following in (other, closed):
        following = Complaint.objects.get(pk=following.pk)
        assert (opens(following, NEW), opens(following, OLD)) == (True, False)
        assert following.phone_changes.get().manner == "followed"
        assert following.events.filter(verb="complaints.change_phone").count() == 1
    assert opens(family, OLD)
    assert PhoneChange.objects.count() == 3


def test_an_heir_who_filed_signs_in_with_the_new_number_too(cast: Cast) -> None:
    case = factory.file(
        others=[OtherParty("heir", "王小明", OLD, "父亲"), OtherParty("agent", "李代理", "13700137000")]
    )

    case = changed(case)

    phones = {party.role: open_sealed(party, "phone") for party in case.parties.exclude(role="former")}
    assert phones == {"complainant": NEW, "heir": NEW, "agent": "13700137000"}


def test_the_same_number_and_no_number_are_refused(cast: Cast) -> None:
    case = factory.file()

    for phone, code in ((f"+86 {OLD}", "phone.same"), ("12345", "phone.bad"), (" ", "phone.missing")):
        with pytest.raises(Refused) as refused:
            changed(case, phone)
        assert codes(refused) == [code]
    with pytest.raises(Refused) as refused:
        actions.change_phone(case, actor=consumer_actor(factory.file(phone=NEW).consumer_id), now=LATER, phone=NEW)
    assert "actor.other_person" in codes(refused)


def test_a_lost_phone_goes_to_the_staff_and_two_people_decide(cast: Cast) -> None:
    case = asked(factory.complaint(cast, at="claimed"))
    assert (opens(case, OLD), opens(case, NEW)) == (True, False)
    assert (told(case), case.flags) == ({(OLD, "phone_asked")}, ["new_phone"])
    assert [task.code for task in tasks_for(cast.handler.actor)] == ["new_phone"]
    assert Notice.objects.get(code="case.phone_asked").user_id == cast.handler.user.pk
    with pytest.raises(Refused) as refused:
        asked(case)
    assert codes(refused) == ["phone.asked"]

    case = actions.check_phone(case, actor=cast.handler.actor, now=LATER, evidence="视频核对身份证原件")
    payload = factory.payload_of(case)
    for person in (cast.twin, cast.handler):
        with pytest.raises(Refused):
            actions.approve_phone(case, actor=person.actor, now=LATER, payload=payload)
    assert opens(case, OLD)
    at = LATER + timedelta(hours=1)
    case = actions.approve_phone(case, actor=cast.supervisor.actor, now=at, payload=payload)

    assert (opens(case, OLD), opens(case, NEW)) == (False, True)
    assert told(case, at) == {(OLD, "phone_changed"), (NEW, "phone_changed")}
    assert (case.tasks.filter(ended_at=None).exists(), case.flags) == (False, [])
    assert Job.objects.filter(topic="complaints.follow_phone").count() == 1


def test_a_refusal_tells_both_numbers_why_and_changes_nothing(cast: Cast) -> None:
    case = asked(factory.complaint(cast, at="claimed"))
    case = actions.check_phone(case, actor=cast.handler.actor, now=LATER, evidence="电话核对")
    with pytest.raises(Refused) as refused:
        actions.refuse_phone(case, actor=cast.handler.actor, now=LATER, reason="x")
    assert codes(refused) == ["phone.checked"]
    payload = factory.payload_of(case)
    case = actions.return_request(case, actor=cast.supervisor.actor, now=LATER, payload=payload, reason="没有证件。")

    at = LATER + timedelta(hours=1)
    case = actions.refuse_phone(case, actor=cast.handler.actor, now=at, reason="申请人没有出示证件。")

    assert told(case, at) == {(OLD, "phone_refused"), (NEW, "phone_refused")}
    body = open_sealed(case.messages.filter(purpose="contact", created_at=at).first(), "body")
    assert "申请人没有出示证件。" in body
    assert (opens(case, OLD), opens(case, NEW)) == (True, False)
    assert case.phone_changes.get().outcome == "refused"
    assert not case.tasks.filter(ended_at=None).exists()
    assert asked(case).phone_changes.count() == 2


def test_a_request_on_a_closed_case_is_still_a_task(cast: Cast) -> None:
    asked(factory.complaint(cast, at="closed"))

    assert [task.code for task in tasks_for(cast.handler.actor)] == ["new_phone"]


def test_only_the_machine_that_follows_may_do_it_without_the_consumer(cast: Cast) -> None:
    case = factory.file()

    with pytest.raises(Refused) as refused:
        actions.change_phone(case, actor=machine_actor("outbox-worker"), now=LATER, phone=NEW)
    assert codes(refused) == ["actor.no_power"]


@pytest.mark.parametrize("proof", ["none", "followed", "identity"])
def test_the_database_refuses_a_number_nobody_proved(proof: str, cast: Cast) -> None:
    """Nothing behind it; the following of a change that never was; a check of identity nobody approved."""
    case = asked(factory.complaint(cast, at="claimed"))
    case = actions.check_phone(case, actor=cast.handler.actor, now=LATER, evidence="电话核对")
    change = case.phone_changes.get()
    ended: dict[str, Any] = {"ended_at": LATER, "outcome": "changed"}
    with pytest.raises(IntegrityError) as refused, transaction.atomic(), connection.cursor() as cursor:
        if proof == "identity":
            PhoneChange.objects.filter(pk=change.pk).update(**ended, approval=case.approvals.get())
        if proof == "followed":
            indexes = {"old_index": change.old_index, "new_index": change.new_index, "person_id": case.consumer_id}
            PhoneChange.objects.create(case_id=case.pk, manner="followed", asked_at=LATER, **indexes, **ended)
        cursor.execute(
            "UPDATE cases_party SET phone_index = %s WHERE case_id = %s AND role = 'complainant'",
            [bytes(change.new_index), case.pk],
        )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert "changes only when it was proven" in str(refused.value)


def test_parties_that_open_nothing_are_no_roles_to_choose(cast: Cast) -> None:
    case = changed(factory.complaint(cast, at="claimed"))

    for role in (Party.Role.FORMER, Party.Role.APPLICANT):
        with pytest.raises(Refused) as refused:
            actions.add_party(case, actor=cast.handler.actor, now=LATER, role=role, name="甲")
        assert codes(refused) == ["role.unknown"]
