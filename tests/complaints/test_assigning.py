"""Distribution: load, skills, absences and recusal decide; another unit takes a case only by its own supervisor's yes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from cases.complaints import actions
from cases.complaints.models import Complaint
from cases.models import Approval, Leave, Skill
from cases.queries import case_for, sight_of
from cases.staffing import candidates_for, loads_of
from jike.base.errors import Refused
from tests.accounts.signing_in import sign_in
from tests.complaints.matrix_of_people import boss_of_the_branch
from tests.factories import complaints as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast

LATER = RECEIVED + timedelta(hours=2)


def away(cast: Cast, who, *, substitute=None) -> Leave:
    return Leave.objects.create(
        user=who.user, starts_on=RECEIVED.date(), ends_on=RECEIVED.date(), substitute=substitute and substitute.user,
        recorded_by=cast.supervisor.user, recorded_at=RECEIVED,
    )  # fmt: skip


def order(case: Complaint) -> list[str]:
    return [c.user.username for c in candidates_for(case, now=LATER)]


def test_the_least_loaded_handler_comes_first(cast: Cast) -> None:
    factory.claimed(factory.file(claim="一"), cast, RECEIVED)
    case = factory.file(claim="二")

    assert order(case) == ["colleague", "handler"]
    assert loads_of([cast.handler.user], now=case.next_due_at + timedelta(days=1))[cast.handler.user.pk].weight == 3
    case = actions.auto_assign(case, actor=cast.supervisor.actor, now=LATER)
    assert case.assignee == cast.colleague.user
    assert case.events.get(verb="complaints.auto_assign").data["load"] == 0


def test_skill_comes_before_load(cast: Cast) -> None:
    case = factory.file()
    case.business_code = factory.headings()[0]
    Skill.objects.create(user=cast.handler.user, business_code="OTHER")
    assert order(case) == ["colleague", "handler"]
    Skill.objects.create(user=cast.handler.user, business_code=case.business_code)
    Skill.objects.create(user=cast.colleague.user, business_code="OTHER")
    assert order(case) == ["handler", "colleague"]


def test_absent_and_recused_people_get_nothing_and_nobody_is_made_up(cast: Cast) -> None:
    case = factory.file()
    away(cast, cast.handler)
    assert order(case) == ["colleague"]
    case = actions.recuse_oneself(case, actor=cast.colleague.actor, now=LATER, ground="other", reason="x")

    assert order(case) == []
    with pytest.raises(Refused) as refused:
        actions.auto_assign(case, actor=cast.supervisor.actor, now=LATER)
    assert [b.code for b in refused.value.blockers] == ["pool.empty"]


def test_cases_of_an_absent_handler_go_to_the_substitute_first(cast: Cast) -> None:
    case = factory.claimed(factory.file(), cast, RECEIVED)
    with pytest.raises(Refused) as refused:
        actions.auto_assign(case, actor=cast.supervisor.actor, now=LATER)
    assert [b.code for b in refused.value.blockers] == ["case.claimed"]
    away(cast, cast.handler, substitute=cast.colleague)

    assert actions.auto_assign(case, actor=cast.supervisor.actor, now=LATER).assignee == cast.colleague.user


def test_transfer_waits_for_the_other_unit_and_keeps_the_clock(cast: Cast) -> None:
    case = factory.complaint(cast, at="investigating")
    boss, due = boss_of_the_branch(cast), case.next_due_at
    assert sight_of(case, boss) is None

    case = actions.transfer(case, actor=cast.supervisor.actor, now=LATER, to=cast.other_unit, reason="属地办理")
    assert (case.unit, sight_of(case, boss)) == (cast.unit, "full")
    with pytest.raises(Refused):
        actions.accept_transfer(case, actor=cast.supervisor.actor, now=LATER)
    case = actions.accept_transfer(case, actor=boss, now=LATER)

    assert (case.unit, case.assignee, case.next_due_at) == (cast.other_unit, None, due)
    assert case_for(boss, case.number).pk == case.pk and sight_of(case, cast.supervisor.actor) is None


def test_returned_transfer_stays_where_it_was(cast: Cast) -> None:
    case = factory.complaint(cast, at="investigating")
    case = actions.transfer(case, actor=cast.supervisor.actor, now=LATER, to=cast.other_unit, reason="属地办理")
    case = actions.return_transfer(case, actor=boss_of_the_branch(cast), now=LATER, reason="不属本单位")

    assert (case.unit, case.assignee) == (cast.unit, cast.handler.user)
    assert Approval.objects.get(case=case).verdict == "returned"


def test_board_shows_loads_and_hands_cases_on(client: Client, cast: Cast) -> None:
    case = factory.claimed(factory.file(), cast, RECEIVED)
    assert sign_in(Client(), cast.handler.user).get("/staff/team/").status_code == 404
    sign_in(client, cast.supervisor.user)
    members = {m.user.username: m for m in client.get("/staff/team/").context["members"]}
    assert (members["handler"].share, members["colleague"].share) == (100, 0)
    given = {"who": "S-handler", "starts_on": "2020-01-01", "ends_on": "2099-01-01", "substitute": "S-colleague"}

    assert client.post("/staff/team/leave/", given | {"ends_on": "2019-01-01"}).status_code == 302
    assert not Leave.objects.exists()
    client.post("/staff/team/leave/", given)
    client.post("/staff/team/S-handler/redistribute/")

    assert Complaint.objects.get(pk=case.pk).assignee == cast.colleague.user
    client.post("/staff/team/skills/", {"who": "S-colleague", "codes": [factory.headings()[0]]})
    assert Skill.objects.get().user == cast.colleague.user


def test_taking_the_next_case_takes_the_most_urgent_one(client: Client, cast: Cast) -> None:
    later = factory.file(now=RECEIVED + timedelta(days=1), claim="后")
    first = factory.file(claim="先")
    sign_in(client, cast.handler.user)

    assert client.post("/staff/next/").headers["Location"].endswith(f"/{first.number}/")
    assert client.post("/staff/next/").headers["Location"].endswith(f"/{later.number}/")
    assert client.post("/staff/next/").headers["Location"].endswith("/unassigned/")
