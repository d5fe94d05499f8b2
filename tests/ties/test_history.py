"""The panel beside a case: other cases of the same people, as the lists of the person would show them, and no more."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from cases.complaints import actions
from cases.complaints.models import Complaint
from cases.ties import panel
from tests.accounts.signing_in import sign_in
from tests.factories import complaints as factory
from tests.factories.complaints import PHONE, RECEIVED
from tests.people import Cast
from tests.ties.planted import filed, merchant, ring

NOW = RECEIVED + timedelta(days=3)


def groups(case: Complaint, actor) -> dict[str, list[str]]:
    found = panel.panel_of(Complaint.objects.get(pk=case.pk), actor, now=NOW)["groups"]
    return {group.sort.code: [row["number"] for row in group.rows] for group in found}


def test_person_phone_merchant_and_salesperson_each_by_themselves(cast: Cast) -> None:
    case = factory.complaint(cast, at="claimed", merchant=merchant(0))
    again = factory.file(now=RECEIVED + timedelta(hours=1))
    family = factory.file(name="王小红", now=RECEIVED + timedelta(hours=2))
    neighbour = filed(9, merchant=merchant(0))
    sold = ring(2, first=20, shop=1)
    actions.name_salesperson(case, actor=cast.handler.actor, now=NOW, name="钱顾问")
    Complaint.objects.filter(pk=case.pk).update(salesperson=Complaint.objects.get(pk=sold[0].pk).salesperson)

    assert groups(case, cast.supervisor.actor) == {
        "person": [again.number],
        "phone": [family.number],
        "salesperson": [sold[1].number, sold[0].number],
        "merchant": [neighbour.number],
    }


def test_nothing_is_listed_that_the_lists_would_not_show(cast: Cast) -> None:
    case = factory.complaint(cast, at="claimed", merchant=merchant(0))
    branch = factory.of_branch(cast, at="claimed", merchant=merchant(0))
    own = filed(3, merchant=merchant(0))

    assert groups(case, cast.supervisor.actor) == {"merchant": [own.number]}
    assert groups(case, cast.executive.actor) == {
        "person": [branch.number],
        "merchant": [own.number, branch.number],
    }

    actions.recuse_oneself(own, actor=cast.supervisor.actor, now=NOW, ground="interest", reason="亲属。")
    assert groups(case, cast.supervisor.actor) == {}
    assert "merchant" in groups(case, cast.handler.actor)


def test_results_are_for_those_who_read_the_whole_case(cast: Cast) -> None:
    told = factory.complaint(cast, at="notified", merchant=merchant(0), phone="13900139000")
    case = factory.complaint(cast, at="claimed", merchant=merchant(0))

    def row(actor) -> dict:
        return panel.panel_of(Complaint.objects.get(pk=case.pk), actor, now=NOW)["groups"][0].rows[0]

    whole, masked, colleague = (row(m.actor) for m in (cast.supervisor, cast.executive, cast.colleague))
    assert (whole["number"], whole["result"], whole["opens"], whole["consumer"]) == (told.number, "支持", True, "王**")
    assert (masked["result"], masked["opens"], masked["consumer"]) == ("", True, "王**")
    assert (colleague["result"], colleague["opens"], colleague["consumer"]) == ("", False, "王**")


def test_counts_end_at_a_thousand(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panel, "COUNT_LIMIT", 7)
    case = factory.complaint(cast, at="claimed", merchant=merchant(0))
    for n in range(6):
        filed(n + 10, merchant=merchant(0))

    def group():
        return panel.panel_of(case, cast.supervisor.actor, now=NOW)["groups"][-1]

    assert (len(group().rows), group().count) == (5, "6")
    assert "%E5%95%86%E6%88%B7" in group().more
    filed(30, merchant=merchant(0))
    assert group().count == "1,000+"


def test_it_is_a_page_of_its_own_and_a_part(client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at="claimed", merchant=merchant(0))
    other = filed(3, merchant=merchant(0))
    sign_in(client, cast.handler.user)
    address = f"/staff/cases/{case.number}/ties/"

    page = client.get(address).content.decode()
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()

    assert "<html" in page and "<html" not in part and 'id="ties"' in part
    assert other.number in page and other.number in part
    assert address in client.get(f"/staff/cases/{case.number}/").content.decode()
    assert sign_in(Client(), cast.stranger.user).get(address).status_code == 404


def test_number_of_queries_is_one_number(client: Client, cast: Cast, django_assert_num_queries) -> None:
    """Session, user and case; links and ends; event; cluster; four groups with their results."""
    case = factory.complaint(cast, at="claimed", merchant=merchant(0))
    sign_in(client, cast.handler.user)
    address = f"/staff/cases/{case.number}/ties/"
    client.get(address)
    for n in (1, 3):
        filed(n + 40, merchant=merchant(0))
        factory.file(now=RECEIVED + timedelta(hours=n))
        with django_assert_num_queries(9):
            client.get(address, headers={"HX-Request": "true"})


@pytest.mark.parametrize("phone", [PHONE])
def test_no_clear_phone_stands_in_the_panel(phone: str, client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at="claimed", merchant=merchant(0))
    factory.file(now=RECEIVED + timedelta(hours=1), merchant=merchant(0))
    sign_in(client, cast.handler.user)

    page = client.get(f"/staff/cases/{case.number}/ties/").content.decode()

    assert phone not in page and "王小明" not in page and "王**" in page


def test_the_seller_is_named_to_who_reads_the_whole_case(cast: Cast) -> None:
    case = factory.complaint(cast, at="claimed", merchant=merchant(0))
    actions.name_salesperson(case, actor=cast.handler.actor, now=NOW, name="钱多多", code="A1")
    case = Complaint.objects.get(pk=case.pk)

    assert panel.panel_of(case, cast.handler.actor, now=NOW)["seller"] == "钱多多 A1"
    assert panel.panel_of(case, cast.executive.actor, now=NOW)["seller"] == "钱** A1"
