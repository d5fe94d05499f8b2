"""The pages every kind of case has: a mediation stands in the queue, opens, and shows no offer in its timeline."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client

from cases.invariants import breaches
from tests.accounts.signing_in import sign_in
from tests.factories import mediations as factory
from tests.people import Cast


@pytest.mark.parametrize("at", ["proposed", "offered", "breached"])
def test_the_case_page_opens_and_names_state_and_next_step(at: str, cast: Cast, client: Client) -> None:
    case = factory.mediation(cast, at=at)
    sign_in(client, cast.handler.user)

    page = client.get(f"/staff/cases/{case.number}/")

    body = page.content.decode()
    assert page.status_code == 200 and str(case.state_label) in body and case.number in body
    assert "1,500.00" not in body and "1500.00" not in body and "分两期退款" not in body
    queue = client.get("/staff/queue/").content.decode()
    assert (case.number in queue) == (case.ended_at is None)


def test_the_invariants_hold_at_every_point_and_name_what_breaks_them(cast: Cast) -> None:
    for number, at in enumerate(("performing", "before_body", "sealed")):
        origin = factory.complaint(cast, phone=f"1390013900{number}")
        factory.mediation(cast, at=at, origin=origin)
    assert list(breaches()) == []

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE mediation_signature DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM mediation_signature WHERE side = 'merchant'")
        cursor.execute(
            "UPDATE complaints_clockpause SET last_on = first_on, resumed_at = started_at WHERE resumed_at IS NULL"
        )
    found = {breach.code: len(breach.rows) for breach in breaches()}
    assert (found["mediations.signed"], found["mediations.count"]) == (2, 1)
