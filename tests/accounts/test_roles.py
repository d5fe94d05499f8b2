"""Roles, powers and the separation of the three administrators."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from jike.accounts.checks import check_role_table, check_three_administrators
from jike.accounts.models import User
from jike.accounts.roles import (
    RoleUnknown,
    actor_of,
    blockers_to_hold,
    consumer_actor,
    machine_actor,
    merchant_actor,
    powers_of,
    table,
)
from jike.base.errors import Refused
from jike.base.ids import uuid7


def test_table_names_every_role() -> None:
    assert list(table().roles) == [
        "handler",
        "supervisor",
        "executive",
        "mediator",
        "legal",
        "risk",
        "educator",
        "auditor",
        "security_admin",
        "system_admin",
        "integration",
        "verifier",
    ]
    assert check_role_table() == []


def test_powers_of_several_roles_add_up_and_unknown_roles_give_nothing() -> None:
    assert powers_of(["auditor", "system_admin"]) == powers_of(["auditor"]) | powers_of(["system_admin"])
    assert powers_of(["nobody"]) == frozenset()


def test_only_supervisors_assign_and_handlers_never_approve() -> None:
    assert {code for code, role in table().roles.items() if "complaints.assign" in role.powers} == {"supervisor"}
    assert {code for code, role in table().roles.items() if "complaints.approve_decision" in role.powers} == {
        "supervisor",
        "executive",
    }


def test_administrators_read_no_case_in_clear_and_act_on_none() -> None:
    powers = powers_of(["auditor", "security_admin", "system_admin"])

    assert {p for p in powers if p.startswith("complaints.")} == set()
    assert "cases.reveal" not in powers


def test_machines_have_the_powers_listed_for_them_and_no_others() -> None:
    tells = ("notify", "tell_decline", "settle_extension", "count_pause")
    assert machine_actor("operator").powers == {"api.keys", "complaints.build_bundle"}
    assert machine_actor("outbox-worker").powers == {
        "complaints.issue_bundle",
        "complaints.halt_bundle",
        "complaints.issue_letter",
        "complaints.issue_notice",
        "complaints.issue_receipt",
        *(f"complaints.{verb}" for verb in tells),
        "inquiries.notify",
        "litigation.issue_paper",
        "litigation.recount",
        "litigation.remind",
        "litigation.remind_hearing",
        "mediation.issue_agreement",
        "mediation.record_link_sent",
        "mediation.remind",
        "police.issue_pack",
        "police.remind",
        "refunds.issue_certificate",
    }
    with pytest.raises(RoleUnknown):
        machine_actor("somebody")


def test_consumer_actor_carries_no_name() -> None:
    person = uuid7()
    actor = consumer_actor(person)

    assert (actor.kind, actor.label, actor.id, actor.person) == ("consumer", "消费者", person, person)
    may = (
        "file", "message", "withdraw", "supplement", "add_facts", "attach", "request_recusal", "request_review", "ask_reopen",
        "answer_survey", "accept_decision", "contest_decision", "appoint_agent", "change_phone", "ask_phone", "build_bundle",
        "open_litigation", "open_mediation", "open_police_report",
    )  # fmt: skip
    takes_part = (
        "answer_longer",
        "answer_offer",
        "answer_round",
        "ask_mediator",
        "open_round",
        "confirm_term",
        "consent",
        "offer",
        "propose",
        "refuse",
        "release_offers",
        "sign",
        "take_back_offers",
        "leave",
        "open_litigation",
    )
    sues = ("confirm_papers", "message", "request", "withdraw")
    police = {f"police.{verb}" for verb in ("confirm_statement", "request", "request_recusal", "withdraw")}
    others = {"inquiries.message", "lending.confirm_disclosure", *(f"mediation.{verb}" for verb in takes_part)}
    others |= {f"litigation.{verb}" for verb in sues} | {"refunds.request", "refunds.contest"}
    others |= {f"recordings.{verb}" for verb in ("begin", "decline", "finish")}
    assert actor.powers == {f"complaints.{verb}" for verb in may} | others | police


def test_merchant_actor_is_the_link_and_no_person() -> None:
    link = uuid7()
    actor = merchant_actor(link)

    assert (actor.kind, actor.label, actor.id, actor.person) == ("merchant", "商户", link, None)
    may = (
        "answer_facts", "answer_longer", "answer_offer", "answer_round", "ask_mediator", "confirm_link", "delegate", "end_delegation", "hand_in", "offer", "open_round", "refuse", "release_offers", "renew_link",
        "report_term", "sign", "take_back_offers", "take_part",
    )  # fmt: skip
    assert actor.powers == {f"mediation.{verb}" for verb in may} | {"complaints.attach"}


PAIRS = [("auditor", "security_admin"), ("auditor", "system_admin"), ("security_admin", "system_admin")]


@pytest.mark.django_db
@pytest.mark.parametrize("pair", PAIRS)
def test_nobody_holds_two_administrator_roles(pair: tuple[str, str]) -> None:
    with pytest.raises(Refused) as refused:
        User.objects.create_user("both", display_name="both", staff_no="1", roles=list(pair))
    assert [b.code for b in refused.value.blockers] == ["role.not_separate"]

    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(username="both", display_name="both", staff_no="1", roles=list(pair))


@pytest.mark.django_db
def test_two_accounts_of_one_person_do_not_get_round_it() -> None:
    auditor = User.objects.create_user("a", display_name="a", staff_no="1", roles=["auditor"])

    with pytest.raises(Refused):
        User.objects.create_user("b", display_name="b", staff_no="2", roles=["system_admin"], person=auditor.person)
    User.objects.create(username="b", display_name="b", staff_no="2", roles=["system_admin"], person=auditor.person)

    assert [e.id for e in check_three_administrators(databases=["default"])] == ["accounts.E003"]


@pytest.mark.django_db
def test_separate_people_pass_the_check() -> None:
    for role in ("auditor", "security_admin", "system_admin"):
        User.objects.create_user(role, display_name=role, staff_no=role, roles=[role, "educator"])

    assert check_three_administrators(databases=["default"]) == []


def test_unknown_role_is_named() -> None:
    assert [(b.code, b.field) for b in blockers_to_hold(["boss"])] == [("role.unknown", "roles")]


@pytest.mark.django_db
def test_actor_of_a_user_is_the_person_with_the_powers_of_all_roles() -> None:
    user = User.objects.create_user("u", display_name="李明", staff_no="1", roles=["handler"])
    actor = actor_of(user)

    assert (actor.kind, actor.label, actor.id, actor.person, actor.unit) == (
        "staff",
        "李明",
        user.pk,
        user.person,
        None,
    )
    assert actor.powers == powers_of(["handler"])
