"""Mediations for programs: offers and agreement only for whoever handles the case and may read words."""

from __future__ import annotations

from cases.mediation import actions
from tests.api.conftest import make_program
from tests.factories import mediations as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast


def test_offers_are_for_whoever_handles_the_case(cast: Cast) -> None:
    case = factory.mediation(cast, at="drafted")
    mine = make_program("cases.read", "cases.words")
    stranger = make_program("cases.read", "cases.words", unit=cast.other_unit)
    address = f"/api/v1/mediations/{case.number}/"
    assert mine.get(address).status_code == 404  # in the same unit, and not the handler's
    case = actions.assign_mediation(case, actor=cast.supervisor.actor, now=RECEIVED, to=mine.key.owner)

    seen = mine.get(address).json()
    assert (seen["form"], seen["origin"], seen["state"]) == ("internal", case.origin.number, "negotiating")
    assert seen["offers"][0]["terms"][0]["amount_cny"] == "1000.00" and seen["offers"][0]["answer"] == "accepted"
    assert seen["agreement"]["version"] == 1 and len(seen["agreement"]["sha256"]) == 64
    assert stranger.get(address).status_code == 404
    listed = mine.get("/api/v1/mediations/").json()["results"]
    assert [row["number"] for row in listed] == [case.number]
    assert mine.get(f"/api/v1/mediations/{case.origin.number}/").status_code == 404


def test_without_the_scope_for_words_offers_stay_shut(cast: Cast) -> None:
    case = factory.mediation(cast, at="offered")
    program = make_program("cases.read")
    actions.assign_mediation(case, actor=cast.supervisor.actor, now=RECEIVED, to=program.key.owner)

    seen = program.get(f"/api/v1/mediations/{case.number}/").json()
    assert (seen["offers"], seen["agreement"], seen["promises"], seen["turn"]) == (None, None, None, None)
