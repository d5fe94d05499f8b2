"""The full matrices of inquiries: state × verb, and verb × role."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from cases.inquiries import actions
from cases.inquiries.models import Inquiry
from cases.inquiries.states import State
from jike.accounts.roles import machine_actor
from jike.base.actors import Actor
from jike.verbs import Verb, all_verbs, verbs_of
from tests import matrices
from tests.factories import inquiries as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast

LATER = RECEIVED + timedelta(days=2)
POINTS = tuple(factory.POINTS)
ENDED = {"question_closed", "report_closed", "clue_closed", "converted"}
OPEN = set(POINTS) - ENDED
HANDLED = OPEN - {"received"}
REPORTS = {"report", "routed", "routed_told", "clue", "clue_routed"}

ALLOWED = {
    "claim": {"received"},
    "assign": OPEN,
    "auto_assign": {"received"},
    "note": HANDLED | ENDED,
    "message": HANDLED,
    "answer": {"claimed", "report"},
    "route": REPORTS,
    "notify": {"answered", "report_answered", "routed"},
    "conclude": {"answer_told", "routed_told", "clue", "clue_routed"},
    "convert": HANDLED - {"clue", "clue_routed"},
    "recuse": set(POINTS),
    "request_recusal": OPEN,
    "decide_recusal": OPEN,
    "lift_recusal": set(POINTS),
    "recuse_by_relation": set(POINTS),
}
CASE_WORK = {"handler", "supervisor"}
ROUTED_TO = CASE_WORK | {"legal", "risk"}
ROLES = {
    "file": CASE_WORK,
    "file_from": CASE_WORK | {"executive"},
    "claim": ROUTED_TO,
    "assign": {"supervisor"},
    "auto_assign": {"supervisor", "clock"},
    "note": ROUTED_TO,
    "message": ROUTED_TO | {"consumer"},
    "answer": CASE_WORK,
    "route": ROUTED_TO,
    "notify": ROUTED_TO | {"outbox-worker"},
    "conclude": ROUTED_TO,
    "convert": CASE_WORK,
    "recuse": ROUTED_TO | {"executive"},
    "request_recusal": ROUTED_TO,
    "decide_recusal": {"supervisor", "executive"},
    "lift_recusal": {"supervisor", "executive"},
    "recuse_by_relation": {"clock"},
}
SUPERVISED = {"assign", "auto_assign", "decide_recusal", "lift_recusal"}


def in_charge(verb: str, cast: Cast) -> Actor:
    if verb == "recuse_by_relation":
        return machine_actor("clock")
    return (cast.supervisor if verb in SUPERVISED else cast.handler).actor


def inputs_for(verb: str, cast: Cast) -> dict[str, Any]:
    """Inputs that are good wherever the verb is possible at all."""
    reason = {"reason": "Reason"}
    given: dict[str, dict[str, Any]] = {
        **factory.INPUTS,
        "assign": {"to": cast.colleague.user},
        "note": {"text": "note"},
        "message": {"text": "message", "channel": "inbox"},
        "notify": {"manner": "post", "evidence": "EMS 1", "sent_at": LATER},
        "recuse": {"ground": "other"} | reason,
        "request_recusal": {"of": cast.colleague.user} | reason,
        "decide_recusal": {"verdict": "refused"} | reason,
        "lift_recusal": {"of": cast.colleague.user} | reason,
    }
    return dict(given.get(verb, {}))


def prepared(verb: str, case: Inquiry, cast: Cast) -> Inquiry:
    if verb == "lift_recusal":
        return actions.recuse_oneself(case, actor=cast.colleague.actor, now=LATER, ground="other", reason="Reason")
    if verb == "decide_recusal" and case.ended_at is None:
        return actions.request_recusal(
            case, actor=cast.handler.actor, now=LATER, of=cast.colleague.user, reason="Reason"
        )
    return case


@pytest.mark.parametrize("point", POINTS)
def test_every_verb_from_every_state(point: str, cast: Cast) -> None:
    filed = factory.inquiry(cast, at=point)

    for verb in verbs_of(Inquiry):
        with transaction.atomic():
            look_at(verb, prepared(verb.short_name, filed, cast), point, cast)
            transaction.set_rollback(True)


def look_at(verb: Verb, case: Inquiry, point: str, cast: Cast) -> None:
    actor, inputs = in_charge(verb.short_name, cast), inputs_for(verb.short_name, cast)
    before, is_allowed = Inquiry.objects.values().get(pk=case.pk), point in ALLOWED[verb.short_name]
    matrices.look_at(verb, case, actor, inputs, now=LATER, is_allowed=is_allowed, where=point)
    assert is_allowed or Inquiry.objects.values().get(pk=case.pk) == before


def test_matrix_names_every_verb_and_every_state(cast: Cast) -> None:
    assert set(ALLOWED) == {verb.short_name for verb in verbs_of(Inquiry)}
    assert set(ROLES) == {verb.short_name for verb in all_verbs() if verb.model is Inquiry}
    phones = (f"1380013{n:04}" for n in range(len(POINTS)))
    reached = {
        factory.inquiry(cast, at=point, **({"phone": phone} if factory.POINTS[point][0] != "clue" else {})).state
        for point, phone in zip(POINTS, phones, strict=True)
    }
    assert reached == set(State.values)


def test_every_verb_for_every_role(db: None) -> None:
    matrices.assert_roles("inquiries", ROLES)


@pytest.mark.parametrize("short_name", sorted(ALLOWED))
def test_without_the_power_the_verb_is_refused(short_name: str, cast: Cast) -> None:
    case = prepared(short_name, factory.inquiry(cast, at=min(ALLOWED[short_name])), cast)
    matrices.assert_refused_without_power(
        "inquiries", [short_name], case, cast.handler.user, lambda verb: inputs_for(verb, cast), now=LATER
    )
