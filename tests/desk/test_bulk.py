"""Many cases at once: frozen, looked at, each by its own verb and rule, and taken back where that is possible."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from cases.complaints import actions
from cases.lists import bulk
from cases.lists.models import Bulk
from cases.models import Event
from jike.base.dates import pinned
from jike.outbox.working import run_due
from tests.accounts.signing_in import sign_in
from tests.factories import complaints as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast, staff

NOW = RECEIVED + timedelta(days=1)


@pytest.fixture
def pool(cast: Cast) -> list:
    return [factory.file(phone=f"1390000{n:04}", now=RECEIVED + timedelta(hours=n)) for n in range(4)]


@pytest.fixture
def boss(client: Client, cast: Cast) -> Client:
    return sign_in(client, cast.supervisor.user)


def chosen(boss: Client, verb: str, cases: list, **more: str) -> str:
    """The address of the act after choosing these cases in the list of the unit."""
    given = {"verb": verb, "in": "team", "case": [case.number for case in cases], **more}
    return boss.post("/staff/bulk/", given).url


def worked() -> None:
    run_due(clock=lambda: NOW, limit=100)


def outcomes(address: str) -> list[tuple[str, list[str]]]:
    pk = address.rstrip("/").split("/")[-1]
    return list(Bulk.objects.get(pk=pk).rows.order_by("pk").values_list("outcome", "codes"))


def confirmed(boss: Client, address: str, **inputs: str) -> None:
    with pinned(NOW):
        assert boss.post(f"{address}begin/", {"reason": "节前分案", **inputs}).status_code == 302
        worked()


def test_assigning_many_by_their_verb(boss: Client, pool: list, cast: Cast) -> None:
    address = chosen(boss, "assign", pool[:3])
    page = boss.get(address)
    assert (page.context["will"], page.context["skipped_count"]) == (3, 0)
    assert not Event.objects.filter(verb="complaints.assign").exists()

    confirmed(boss, address, to=cast.handler.user.staff_no)

    assert outcomes(address) == [("done", [])] * 3
    events = Event.objects.filter(verb="complaints.assign")
    assert {event.case_id for event in events} == {case.pk for case in pool[:3]}
    assert {event.actor_id for event in events} == {cast.supervisor.user.pk}
    pool[3].refresh_from_db()
    assert pool[3].assignee_id is None
    assert "节前分案" in boss.get(address).content.decode()


def test_what_is_skipped_says_why_before_and_after(boss: Client, pool: list, cast: Cast) -> None:
    ended = factory.complaint(cast, at="withdrawn", phone="13911110000")
    given = actions.assign_complaint(pool[0], actor=cast.supervisor.actor, now=NOW, to=cast.handler.user)
    address = boss.post(
        "/staff/bulk/", {"verb": "assign", "in": "all", "case": [ended.number, given.number, pool[1].number]}
    ).url

    page = boss.get(address)
    assert [(one.number, [b.code for b in one.blockers]) for one in page.context["skipped"]] == [
        (ended.number, ["case.ended"])
    ]
    confirmed(boss, address, to=cast.handler.user.staff_no)

    assert sorted(outcomes(address)) == [("done", []), ("skipped", ["assignee.same"]), ("skipped", ["case.ended"])]


def test_everything_that_fits_is_frozen_when_chosen(boss: Client, pool: list, cast: Cast) -> None:
    address = chosen(boss, "assign", [], all="1", q="负责人:无")
    factory.file(phone="13955550000", now=NOW)
    assert len(outcomes(address)) == 4


def test_power_lost_midway_ends_it(boss: Client, pool: list, cast: Cast, monkeypatch) -> None:
    address = chosen(boss, "assign", pool)
    real, seen = bulk._done, []

    def losing(found, row):
        if len(seen) == 2:
            user = cast.supervisor.user
            user.roles = ["educator"]
            user.save()
        seen.append(row)
        return real(found, row)

    monkeypatch.setattr(bulk, "_done", losing)
    confirmed(boss, address, to=cast.handler.user.staff_no)

    found = outcomes(address)
    assert found[:2] == [("done", [])] * 2
    assert all(outcome == "skipped" and codes for outcome, codes in found[2:])


def test_a_worker_that_died_goes_on_and_does_nothing_twice(boss: Client, pool: list, cast: Cast, monkeypatch) -> None:
    address = chosen(boss, "assign", pool[:3])
    real, calls = bulk._done, []

    def dying(found, row):
        outcome = real(found, row)
        calls.append(row)
        if len(calls) == 2:
            raise RuntimeError
        return outcome

    monkeypatch.setattr(bulk, "_done", dying)
    confirmed(boss, address, to=cast.handler.user.staff_no)
    run_due(clock=lambda: NOW + timedelta(minutes=5), limit=100)

    assert outcomes(address) == [("done", [])] * 3
    assert Event.objects.filter(verb="complaints.assign").count() == 3


def test_undo_gives_back_where_nothing_else_happened(boss: Client, pool: list, cast: Cast) -> None:
    for case in pool[:2]:
        actions.assign_complaint(case, actor=cast.supervisor.actor, now=NOW, to=cast.handler.user)
    address = chosen(boss, "assign", pool[:3])
    confirmed(boss, address, to=cast.colleague.user.staff_no)
    actions.accept_complaint(pool[1], actor=cast.colleague.actor, now=NOW)

    with pinned(NOW + timedelta(minutes=1)):
        back = boss.post(f"{address}undo/").url
        worked_later = run_due(clock=lambda: NOW + timedelta(minutes=1), limit=100)

    assert worked_later
    assert outcomes(back) == [("done", []), ("skipped", ["case.changed"]), ("skipped", ["bulk.no_way_back"])]
    pool[0].refresh_from_db()
    assert pool[0].assignee_id == cast.handler.user.pk


def test_undo_ends_after_ten_minutes_and_works_once(boss: Client, pool: list, cast: Cast) -> None:
    address = chosen(boss, "assign", pool[:1])
    confirmed(boss, address, to=cast.handler.user.staff_no)
    Bulk.objects.update(ended_at=NOW)
    with pinned(NOW + timedelta(minutes=11)):
        assert boss.post(f"{address}undo/").status_code == 409
    with pinned(NOW + timedelta(minutes=9)):
        assert boss.post(f"{address}undo/").status_code == 302
        assert boss.post(f"{address}undo/").status_code == 409


def test_a_reason_and_a_choice_are_asked(boss: Client, pool: list, cast: Cast) -> None:
    assert boss.post("/staff/bulk/", {"verb": "assign", "in": "team"}).status_code == 409
    assert boss.post("/staff/bulk/", {"verb": "close", "in": "team", "all": "1"}).status_code == 409
    address = chosen(boss, "assign", pool)
    assert boss.post(f"{address}begin/", {"to": cast.handler.user.staff_no, "reason": " "}).status_code == 409
    assert boss.post(f"{address}begin/", {"to": "nobody", "reason": "x"}).status_code == 302
    assert Bulk.objects.get().state == "draft"


def test_an_act_is_its_owner_s_alone(boss: Client, pool: list, cast: Cast) -> None:
    address = chosen(boss, "assign", pool)
    other = sign_in(Client(), staff("second", "supervisor", unit=cast.unit).user)
    for method, path in (("get", address), ("post", f"{address}begin/"), ("post", f"{address}undo/")):
        assert getattr(other, method)(path, {"reason": "x"}).status_code == 404


def test_only_what_opens_can_be_chosen(client: Client, pool: list, cast: Cast) -> None:
    mine = factory.complaint(cast, at="claimed", phone="13966660000")
    sign_in(client, cast.colleague.user)
    address = chosen(client, "note", [mine, pool[0]])
    assert len(outcomes(address)) == 1


def test_number_of_queries_of_the_preview_does_not_grow(
    boss: Client, pool: list, django_assert_max_num_queries
) -> None:
    address = chosen(boss, "claim", pool)
    boss.get(address)
    with django_assert_max_num_queries(10):
        boss.get(address)
