"""Recusal (domain rule R20): effective at once, everywhere, for the person and not the account; the case goes on with others."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client

from cases.clocks import ledger as clocks
from cases.complaints import actions
from cases.complaints.models import Complaint
from cases.models import Approval, Case, Event, Message, Recusal, StaffRelation
from cases.queries import NotVisible, approvals_waiting_for, case_for, cases_listed_for, sight_of
from cases.relations import declare_relation, end_relation
from jike.accounts.models import User
from jike.base.errors import Refused
from jike.privacy import open_sealed
from lending.models import Funder, Loan, Merchant
from tests.accounts.signing_in import sign_in
from tests.factories import complaints as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast, Staff, staff

LATER = RECEIVED + timedelta(days=1)
WHY = {"ground": "interest", "reason": "我持有该商户股份。"}


def recused(case: Complaint, who: Staff) -> Complaint:
    return actions.recuse_oneself(case, actor=who.actor, now=LATER, **WHY)


def sees_nothing(case: Complaint, who: Staff) -> bool:
    row = Complaint.objects.get(pk=case.pk)
    try:
        case_for(who.actor, row.number)
    except NotVisible:
        return sight_of(row, who.actor) is None and not cases_listed_for(who.actor).filter(pk=case.pk).exists()
    return False


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [b.code for b in refused.value.blockers]


def test_declared_recusal_is_effective_at_once_for_every_account_of_the_person(cast: Cast) -> None:
    case = factory.complaint(cast, at="investigating")
    due = case.next_due_at

    case = recused(case, cast.handler)

    assert case.assignee is None and case.state == "investigating"
    assert sees_nothing(case, cast.handler) and sees_nothing(case, cast.twin)
    assert not sees_nothing(case, cast.supervisor)
    assert case.next_due_at == due and clocks.running(case, family="CMP") is not None
    event = case.events.get(verb="complaints.recuse")
    assert event.data["from_assignee"] == str(cast.handler.user.pk)
    row = Recusal.objects.get(case=case)
    assert (row.kind, row.person, row.effective_at) == ("declared", cast.handler.user.person, LATER)
    assert open_sealed(row, "reason") == WHY["reason"] and WHY["reason"] not in str(event.data)


def test_recused_person_does_nothing_whatever_the_verb(cast: Cast) -> None:
    case = recused(factory.complaint(cast, at="deciding"), cast.supervisor)

    for who in (cast.supervisor,):
        for act, given in (
            (actions.approve_decision, {"payload": factory.payload_of(case)}),
            (actions.return_decision, {"reason": "x"}),
            (actions.assign_complaint, {"to": cast.colleague.user}),
            (actions.add_note, {"text": "x"}),
            (actions.recuse_oneself, WHY),
        ):
            with pytest.raises(Refused) as refused:
                act(case, actor=who.actor, now=LATER, **given)
            assert "actor.recused" in codes(refused) and refused.value.http_status == 403


def test_recused_person_finds_no_approval_to_vote_on(cast: Cast) -> None:
    case = factory.complaint(cast, at="deciding")
    assert [a.case_id for a in approvals_waiting_for(cast.supervisor.actor)] == [case.pk]

    recused(case, cast.supervisor)

    assert list(approvals_waiting_for(cast.supervisor.actor)) == []


@pytest.mark.rule("R20")
def test_nobody_assigns_to_a_recused_person(cast: Cast) -> None:
    case = recused(factory.complaint(cast, at="investigating"), cast.handler)

    with pytest.raises(Refused) as refused:
        actions.assign_complaint(case, actor=cast.supervisor.actor, now=LATER, to=cast.handler.user)
    assert codes(refused) == ["assignee.recused"]
    assert (
        actions.assign_complaint(case, actor=cast.supervisor.actor, now=LATER, to=cast.colleague.user).assignee
        == cast.colleague.user
    )


def test_proposal_of_a_recused_person_is_returned_not_approved(cast: Cast) -> None:
    case = recused(factory.complaint(cast, at="deciding"), cast.handler)

    with pytest.raises(Refused) as refused:
        factory.decided(case, cast, LATER)

    assert codes(refused) == ["proposal.by_recused"]
    actions.return_decision(case, actor=cast.supervisor.actor, now=LATER, reason="新承办人重新拟定")


@pytest.mark.rule("R20")
def test_empty_pool_escalates_to_the_superior_unit_and_assigns_nobody(cast: Cast) -> None:
    """All of a branch recused: the head office's supervisors see it unassigned; the clock runs on."""
    case = factory.complaint(cast, at="received")
    Case.objects.filter(pk=case.pk).update(unit=cast.other_unit)
    case = Complaint.objects.get(pk=case.pk)
    case = actions.claim_complaint(case, actor=cast.stranger.actor, now=RECEIVED)

    case = recused(case, cast.stranger)

    assert (case.unit, case.assignee) == (cast.other_unit.superior, None)
    assert case.events.get(verb="complaints.recuse").data["pool_empty"] == cast.other_unit.code
    assert not sees_nothing(case, cast.supervisor) and clocks.running(case, family="CMP") is not None


def test_consumer_asks_and_somebody_above_decides(cast: Cast) -> None:
    case = factory.complaint(cast, at="investigating")
    boss = staff("boss", "supervisor", unit=cast.unit)
    case = actions.request_recusal(case, actor=factory.consumer_of(case), now=LATER, reason="承办人是商户老板的亲戚。")
    assert not sees_nothing(case, cast.handler)
    with pytest.raises(Refused) as refused:
        actions.decide_recusal(case, actor=cast.twin.actor, now=LATER, verdict="refused", reason="x")
    assert codes(refused) == ["actor.own_work"]

    case = actions.decide_recusal(case, actor=boss.actor, now=LATER, verdict="granted", reason="属实")

    assert case.assignee is None and sees_nothing(case, cast.handler)
    told = Message.objects.get(case=case, purpose="recusal", channel="inbox")
    assert "同意" in open_sealed(told, "body") and "属实" not in open_sealed(told, "body")


def test_subordinates_and_askers_do_not_decide(cast: Cast) -> None:
    case = factory.complaint(cast, at="investigating")
    below = staff("below", "supervisor", unit=cast.other_unit)
    asked = actions.request_recusal(
        case, actor=cast.handler.actor, now=LATER, of=cast.executive.user, reason="与商户有往来"
    )

    with pytest.raises(Refused) as refused:
        actions.decide_recusal(asked, actor=cast.supervisor.actor, now=LATER, verdict="granted", reason="x")
    assert codes(refused) == ["actor.subordinate"]
    with pytest.raises(Refused) as refused:
        actions.decide_recusal(asked, actor=below.actor, now=LATER, verdict="granted", reason="x")
    assert set(codes(refused)) == {"actor.other_unit", "actor.subordinate"}
    other = staff("executive2", "executive", unit=cast.unit)
    assert sees_nothing(
        actions.decide_recusal(asked, actor=other.actor, now=LATER, verdict="granted", reason="x"), cast.executive
    )


def test_no_decision_is_approved_while_a_request_waits(cast: Cast) -> None:
    case = factory.complaint(cast, at="deciding")
    case = actions.request_recusal(case, actor=factory.consumer_of(case), now=LATER, reason="不信任")

    with pytest.raises(Refused) as refused:
        factory.decided(case, cast, LATER)
    assert codes(refused) == ["recusal.waiting"]
    case = actions.decide_recusal(case, actor=cast.supervisor.actor, now=LATER, verdict="refused", reason="无关系")
    assert factory.decided(case, cast, LATER).state == "decided"


def loan_of(case: Complaint) -> Loan:
    return Loan.objects.create(
        number="L-R20", person=case.consumer, merchant=Merchant.objects.first(), funder=Funder.objects.first(),
        principal_cny=1000, term_months=12, disbursed_at=RECEIVED,
    )  # fmt: skip


@pytest.mark.rule("R20")
@pytest.mark.parametrize(
    ("role", "target"),
    [
        ("salesperson", "loan"),
        ("collector", "loan"),
        ("onboarding", "merchant"),
        ("owner", "merchant"),
        ("relative", "consumer"),
        ("phone", "phone"),
    ],
)
def test_known_relations_recuse_before_and_after_filing(role: str, target: str, cast: Cast) -> None:
    """Each of R20's persons: on the case that is open when it is declared, and on the next one as it is filed."""
    first = factory.file(merchant=Merchant.objects.first())
    loan = loan_of(first)
    with_loan = factory.claimed(factory.file(loan=loan, claim="第二件"), cast, RECEIVED)
    given = {
        "loan": {"loan": loan},
        "merchant": {"merchant": loan.merchant},
        "consumer": {"consumer": first.consumer},
        "phone": {"phone": "+86 138 0013 8000"},
    }[target]

    relation = declare_relation(cast.handler.user, actor=cast.handler.actor, now=LATER, role=role, **given)
    later = factory.file(loan=loan, claim="第三件", now=LATER)

    for case in (with_loan, later):
        assert sees_nothing(case, cast.handler), (role, case.claim)
        assert Recusal.objects.get(case=case).ground == role
    with_loan.refresh_from_db()
    assert with_loan.assignee is None and with_loan.last_verb == "complaints.recuse_by_relation"
    end_relation(relation, actor=cast.handler.actor, now=LATER)
    assert sees_nothing(later, cast.handler)
    assert not sees_nothing(factory.file(loan=loan, claim="第四件", now=LATER), cast.handler)


def test_one_declares_for_oneself_and_a_supervisor_for_others(cast: Cast) -> None:
    given = {"now": LATER, "role": "owner", "merchant": Merchant.objects.first()}
    with pytest.raises(Refused) as refused:
        declare_relation(cast.colleague.user, actor=cast.handler.actor, **given)
    assert codes(refused) == ["actor.other_person"]
    assert (
        declare_relation(cast.colleague.user, actor=cast.supervisor.actor, **given).declared_by == cast.supervisor.user
    )
    with pytest.raises(Refused) as refused:
        declare_relation(cast.handler.user, actor=cast.handler.actor, phone="13800138000", **given)
    assert codes(refused) == ["relation.one_target"]


def test_lifted_recusal_opens_the_case_again_and_stays_on_record(cast: Cast) -> None:
    case = recused(factory.complaint(cast, at="investigating"), cast.handler)
    with pytest.raises(Refused) as refused:
        actions.lift_recusal(case, actor=cast.supervisor.actor, now=LATER, of=cast.colleague.user, reason="x")
    assert codes(refused) == ["recusal.not_this"]

    case = actions.lift_recusal(case, actor=cast.supervisor.actor, now=LATER, of=cast.handler.user, reason="误报")

    assert not sees_nothing(case, cast.handler)
    assert Recusal.objects.get(case=case).lifted_by == cast.supervisor.user


def test_database_refuses_what_a_recused_person_does(committed_cast: Cast) -> None:
    """Own commits: the act that recuses may still be written in its own transaction, the next one may not."""
    cast = committed_cast
    case = recused(factory.complaint(cast, at="deciding"), cast.handler)
    raw = Event(
        case=case, seq=99, verb="x", category="milestone", after_state=case.state, actor_kind="staff", at=LATER,
        actor_id=cast.twin.user.pk, actor_person=cast.twin.user.person, actor_label="x",
    )  # fmt: skip
    with pytest.raises(IntegrityError, match="recused"), transaction.atomic():
        raw.save(force_insert=True)
    with pytest.raises(IntegrityError, match="handled by a person recused"), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(assignee=cast.handler.user)
        check_now("cases_recused_handles_nothing")
    case = recused(case, cast.supervisor)
    with pytest.raises(IntegrityError, match="vote by a person recused"), transaction.atomic():
        Approval.objects.filter(case=case).update(
            verdict="approved", voter=cast.supervisor.user, voter_person=cast.supervisor.user.person, voted_at=LATER
        )
    row = Recusal.objects.filter(case=case).first()
    for changed in ({"person": cast.colleague.user.person}, {"effective_at": None}, {"kind": "automatic"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Recusal.objects.filter(pk=row.pk).update(**changed)
    with pytest.raises(DatabaseError), transaction.atomic():
        Recusal.objects.filter(pk=row.pk).delete()


def check_now(constraint: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS {constraint} IMMEDIATE")


def test_relations_page_declares_and_ends(client: Client, cast: Cast) -> None:
    case = factory.claimed(factory.file(), cast, RECEIVED)
    sign_in(client, cast.handler.user)
    assert client.get("/staff/relations/").status_code == 200
    assert client.post("/staff/relations/", {"role": "phone", "phone": "12"}).status_code == 400

    assert client.post("/staff/relations/", {"role": "phone", "phone": factory.PHONE}).status_code == 302

    assert client.get(f"/staff/cases/{case.number}/").status_code == 404
    page = client.get("/staff/relations/").content.decode()
    assert "138****8000" in page and factory.PHONE not in page
    relation = StaffRelation.objects.get()
    assert sign_in(Client(), cast.colleague.user).post(f"/staff/relations/{relation.pk}/end/").status_code == 404
    client.post(f"/staff/relations/{relation.pk}/end/")
    assert StaffRelation.objects.get().ended_at is not None


def test_queue_leaves_recused_cases_out_by_one_index(cast: Cast) -> None:
    """The set-wise exclusion asks the small index of recusals, it does not read the cases twice."""
    recused(factory.complaint(cast, at="investigating"), cast.handler)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        sql, params = (
            cases_listed_for(cast.handler.actor)
            .filter(ended_at=None)
            .order_by("queue_at", "id")[:51]
            .query.sql_with_params()
        )
        cursor.execute("EXPLAIN " + sql, params)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Anti" in plan and " on cases_recusal " in plan and "Seq Scan on cases_recusal" not in plan
    assert plan.count(" on cases_case ") == 1
    assert User.objects.filter(recusals__person=cast.twin.user.person).count() == 1
