"""Tasks: on the page of their case with the buttons one may press, and all of one's own in one list."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.test import Client

from cases.complaints import actions
from cases.models import Task
from tests.accounts.signing_in import sign_in
from tests.factories import complaints as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast

NOW = RECEIVED + timedelta(days=1)


def page_of(client: Client, case: Any, user: Any) -> Any:
    return sign_in(client, user).get(f"/staff/cases/{case.number}/")


def rows(page: Any, name: str = "tasks") -> list[tuple[str, str, bool, bool]]:
    return [(row.title, str(row.who), row.may_finish, row.may_skip) for row in page.context[name]]


def test_a_playbook_task_is_finished_by_its_handler_and_skipped_by_a_supervisor(client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at="investigating")
    actions.add_party(case, actor=cast.handler.actor, now=NOW, role="agent", name="李代理")

    page = page_of(client, case, cast.handler.user)
    assert rows(page) == [("查验代理人授权委托书原件", "handler", True, False)]
    assert page.context["tasks_bar"] is True
    assert page.context["tasks"][0].gates.short_name == "propose_decision"
    assert rows(page_of(client, case, cast.supervisor.user)) == [("查验代理人授权委托书原件", "handler", True, True)]


def test_one_press_ends_a_task_and_the_link_to_skip_has_it_chosen(client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at="claimed")
    case = actions.add_task(case, actor=cast.handler.actor, now=NOW, title="核对合同")
    case = actions.add_task(case, actor=cast.handler.actor, now=NOW, title="致电商户")
    first, second = Task.objects.order_by("id")
    sign_in(client, cast.handler.user)

    done = client.post(f"/staff/cases/{case.number}/finish_task/", {"task": str(first.pk), "version": case.version})
    form = client.get(f"/staff/cases/{case.number}/skip_task/", {"task": str(second.pk)}).context["form"]

    assert done.status_code == 302
    page = page_of(client, case, cast.handler.user)
    assert [row[0] for row in rows(page)] == ["致电商户"]
    assert [row[0] for row in rows(page, "ended_tasks")] == ["核对合同"]
    assert form["task"].value() == str(second.pk)


def test_a_link_fills_no_hidden_field(client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at="deciding")
    sign_in(client, cast.supervisor.user)

    form = client.get(f"/staff/cases/{case.number}/approve_decision/", {"payload": "00" * 32}).context["form"]

    assert form["payload"].value() == factory.payload_of(case)


def test_ones_own_tasks_over_all_cases_nearest_end_first(client: Client, cast: Cast) -> None:
    late, soon = (factory.complaint(cast, at="claimed", phone=f"1390000000{n}") for n in (1, 2))
    actions.add_task(late, actor=cast.handler.actor, now=NOW, title="后做", due_at=NOW + timedelta(days=9))
    actions.add_task(soon, actor=cast.handler.actor, now=NOW, title="先做", due_at=NOW + timedelta(days=1))
    actions.add_task(
        soon,
        actor=cast.handler.actor,
        now=NOW,
        title="同事做",
        due_at=NOW + timedelta(days=2),
        assignee=cast.colleague.user,
    )

    def listed(user: Any) -> list[tuple[str, bool]]:
        found = sign_in(client, user).get("/staff/tasks/").context["rows"]
        return [(row["title"], row["opens"]) for row in found]

    assert listed(cast.handler.user) == [("先做", True), ("后做", True)]
    assert listed(cast.colleague.user) == [("同事做", False)]
    assert listed(cast.stranger.user) == []


def test_the_list_of_tasks_has_one_number_of_queries(client: Client, cast: Cast, django_assert_num_queries) -> None:
    case = factory.complaint(cast, at="claimed")
    sign_in(client, cast.handler.user)
    for count in (1, 3):
        while Task.objects.count() < count:
            actions.add_task(case, actor=cast.handler.actor, now=NOW, title="核对")
        client.get("/staff/tasks/")
        with django_assert_num_queries(3):  # session, user with the unit in the menu, tasks
            assert len(client.get("/staff/tasks/").context["rows"]) == count
