"""Agents, heirs and joint complaints (rules R15, R18, R19), flags (R21) and the tasks that gate (playbook)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from cases.clocks import ledger as clocks
from cases.complaints import actions
from cases.complaints.models import Complaint
from cases.complaints.parties import OtherParty
from cases.models import Party, Recusal, Task
from cases.playbooks import lines_for
from cases.queries import case_by_receipt
from cases.tasks import tasks_for
from jike.base.errors import Refused
from jike.privacy import open_sealed
from tests.factories import complaints as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast

LATER = RECEIVED + timedelta(hours=6)
AGENT_PHONE = "13900139000"


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [b.code for b in refused.value.blockers]


def handled(cast: Cast, **given: object) -> Complaint:
    return factory.claimed(factory.file(**given), cast, RECEIVED)


@pytest.mark.rule("R15", "R18")
@pytest.mark.parametrize(("role", "proof", "other"), [("agent", "poa", "kinship"), ("heir", "kinship", "poa")])
def test_r15_r18_who_acts_for_the_consumer_sees_nothing_before_the_proof_was_seen(
    role: str, proof: str, other: str, cast: Cast
) -> None:
    case = handled(cast, others=[OtherParty(role, "李代理", AGENT_PHONE, "律师")])
    party = case.parties.get(role=role)
    receipt = open_sealed(case, "receipt_code")
    assert case_by_receipt(receipt, factory.PHONE) is not None
    assert case_by_receipt(receipt, AGENT_PHONE) is None
    assert [t.code for t in tasks_for(cast.handler.actor)] == [f"authority_{role}"]
    assert clocks.running(case, family="CMP") is not None
    with pytest.raises(Refused) as refused:
        actions.verify_authority(case, actor=cast.handler.actor, now=LATER, party=party, authority=other)
    assert codes(refused) == ["authority.wrong"]

    case = actions.verify_authority(case, actor=cast.handler.actor, now=LATER, party=party, authority=proof)

    assert case_by_receipt(receipt, AGENT_PHONE).pk == case.pk
    assert not case.tasks.filter(ended_at=None).exists()


@pytest.mark.rule("R15")
def test_r15_decision_waits_until_the_authority_was_seen(cast: Cast) -> None:
    case = factory.complaint(cast, at="investigating")
    case = actions.add_party(case, actor=cast.handler.actor, now=LATER, role="agent", name="李代理", phone=AGENT_PHONE)

    with pytest.raises(Refused) as refused:
        factory.deciding(case, cast, LATER)
    assert codes(refused) == ["task.open"]
    assert "授权委托书" in str(refused.value.blockers[0].message)


@pytest.mark.rule("R19")
def test_r19_five_representatives_in_person_and_no_sixth(cast: Cast) -> None:
    people = [OtherParty("representative", f"代表{n}") for n in range(5)]
    case = handled(cast, channel="visit", others=people)
    with pytest.raises(Refused) as refused:
        actions.add_party(case, actor=cast.handler.actor, now=LATER, role="representative", name="第六人")
    assert codes(refused) == ["representative.too_many"]
    with pytest.raises(Refused) as refused:
        factory.file(channel="visit", others=[*people, OtherParty("representative", "第六人")])
    assert codes(refused) == ["representative.too_many"]
    with pytest.raises(IntegrityError, match="five representatives"), transaction.atomic():
        Party.objects.create(case_id=case.pk, role="representative", created_at=LATER)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS cases_representatives_are_few IMMEDIATE")
    online = handled(cast, others=[*people, OtherParty("representative", "第六人")], claim="线上")
    assert online.parties.filter(role="representative").count() == 6


@pytest.mark.rule("R19")
@pytest.mark.parametrize(("people", "in_person", "major"), [(20, True, True), (19, True, False), (20, False, False)])
def test_r19_twenty_in_person_make_it_major(people: int, in_person: bool, major: bool, cast: Cast) -> None:
    case = handled(cast)
    case = actions.record_joint(case, actor=cast.handler.actor, now=LATER, people=people, in_person=in_person)

    assert case.is_major is major and ("major" in case.flags) is major
    assert [t.code for t in tasks_for(cast.supervisor.actor)] == (["emergency_plan"] if major else [])
    assert Task.objects.filter(case=case, gates="complaints.propose_decision").exists() is major


@pytest.mark.rule("R20")
def test_r20_staff_complained_about_is_recused_by_name(cast: Cast) -> None:
    case = handled(cast)
    with pytest.raises(Refused) as refused:
        actions.add_party(case, actor=cast.handler.actor, now=LATER, role="staff", name="某人", staff=None)
    assert codes(refused) == ["staff.missing"]
    case = actions.add_party(
        case, actor=cast.handler.actor, now=LATER, role="staff", name="承办人", staff=cast.handler.user
    )
    assert case.assignee is None and Recusal.objects.get(case=case).ground == "named"


@pytest.mark.rule("R21")
@pytest.mark.parametrize(("flag", "tasks"), [("crime", 1), ("leak", 2), ("distress", 1)])
def test_r21_flags_bring_tasks_and_stop_no_clock(flag: str, tasks: int, cast: Cast) -> None:
    case = handled(cast)
    due = case.next_due_at

    case = actions.flag_complaint(case, actor=cast.handler.actor, now=LATER, flags=[flag])
    again = actions.flag_complaint(case, actor=cast.handler.actor, now=LATER, flags=[flag])

    assert again.flags == [flag] and again.next_due_at == due
    assert Task.objects.filter(case=case).count() == tasks
    assert clocks.running(case, family="CMP").state == "running"


def test_tasks_are_done_or_skipped_once_and_by_whom_they_are_for(cast: Cast) -> None:
    case = handled(cast)
    case = actions.record_joint(case, actor=cast.handler.actor, now=LATER, people=20, in_person=True)
    task = Task.objects.get(case=case)
    given = {"now": LATER, "task": task}
    for act, more in ((actions.finish_task, {}), (actions.skip_task, {"reason": "x"})):
        with pytest.raises(Refused) as refused:
            act(case, actor=cast.handler.actor, **given | more)
        assert codes(refused) == ["actor.no_power"]

    actions.finish_task(case, actor=cast.supervisor.actor, **given)

    task.refresh_from_db()
    assert task.ended_by == cast.supervisor.user and not task.is_skipped
    with pytest.raises(Refused) as refused:
        actions.skip_task(case, actor=cast.supervisor.actor, now=LATER, task=task, reason="x")
    assert codes(refused) == ["task.none"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.filter(pk=task.pk).update(ended_at=None, ended_by=None)


def test_recused_person_has_no_tasks_of_the_case(cast: Cast) -> None:
    case = handled(cast)
    case = actions.add_task(case, actor=cast.handler.actor, now=LATER, title="致电", assignee=cast.colleague.user)
    assert tasks_for(cast.colleague.actor).count() == 1

    actions.recuse_oneself(case, actor=cast.colleague.actor, now=LATER, ground="other", reason="x")
    assert tasks_for(cast.colleague.actor).count() == 0


def test_playbook_version_is_that_of_the_day_of_receipt() -> None:
    assert (
        lines_for("complaint", on=RECEIVED.date())
        and lines_for("complaint", on=RECEIVED.date().replace(year=2019)) == []
    )
