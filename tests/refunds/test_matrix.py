"""The full matrices of returns: state × verb, and verb × role."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from jike.accounts.roles import consumer_actor, machine_actor
from jike.base.actors import Actor
from jike.base.errors import Refused
from jike.base.ids import uuid7
from jike.files import store
from jike.verbs import Verb, all_verbs, verb_named, verbs_of
from refunds import actions
from refunds.models import Refund
from refunds.states import State
from tests import matrices
from tests.factories import returns as factory
from tests.factories.returns import ASKED, MACHINE
from tests.people import Cast

NOW = ASKED + timedelta(days=4, hours=2)
POINTS = tuple(factory.POINTS)
ENDED = {"completed"}
OPEN = set(POINTS) - ENDED
CLAIMED = {
    "undecided", "proposed", "unheard", "disputed", "partly", "refused", "held", "goodwill", "reversing", "failed", "stuck", "settled",
    "correcting", "completed",
}  # fmt: skip
DISPUTED = {"unheard", "disputed", "partly"}
DECIDED = {"undecided", "proposed"}

ALLOWED: dict[str, set[str]] = {
    "claim": OPEN - CLAIMED,
    "assign": OPEN - {"proposed"},
    "auto_assign": OPEN - CLAIMED,
    "note": CLAIMED,
    "screen": {"requested"},
    "judge": {"screening"},  # again after the merchant's answer: test_judging
    "hold": {"screening", "eligible"} | DECIDED | DISPUTED,
    "ask_merchant": {"unheard"},
    "record_merchant": DISPUTED | {"held"},
    "propose": {"undecided", "refused", "held"} | DISPUTED,
    "approve": {"proposed"},
    "reverse": {"eligible", "goodwill"},
    "follow_leg": {"refused", "goodwill", "reversing", "failed", "stuck", "correcting"},
    "go_on": set(),  # where a leg waited: test_money
    "stick": {"reversing", "failed", "settled"},  # again, with a doubt: test_doubts
    "alert": set(POINTS),
    "carry_on": set(),  # once nothing fails any more: test_money
    "ask_leg": {"refused", "goodwill", "reversing", "failed", "stuck", "correcting"},
    "retry_leg": {"failed", "stuck"},
    "ask_account": {"failed", "stuck"},
    "approve_account": set(),  # after it was asked for: test_money
    "confirm_leg": {"reversing", "failed", "stuck"},
    "correct": {"settled"},
    "complete": set(),  # once the credit record is corrected: test_course
    "issue_certificate": {"completed"},
    "contest": {"refused"},
    "align_stop": set(),  # once a complaint about the refusal ended: test_stops
    "recuse": set(POINTS),
    "request_recusal": OPEN,
    "decide_recusal": OPEN,
    "lift_recusal": set(POINTS),
    "recuse_by_relation": set(POINTS),
}  # fmt: skip
LEADS = {"handler", "supervisor"}
ROLES: dict[str, set[str]] = {
    **dict.fromkeys(
        (
            "claim", "note", "record_merchant", "propose", "ask_leg", "retry_leg", "ask_account", "confirm_leg",
        ),
        LEADS,
    ),
    "request": LEADS | {"consumer", "integration"},
    "contest": LEADS | {"consumer"},
    **{key: {"supervisor"} for key in ("assign", "approve", "approve_account")},
    **{key: {"returns"} for key in ("screen", "judge", "reverse", "follow_leg", "go_on", "stick", "alert", "correct", "complete")},
    **dict.fromkeys(("ask_merchant", "carry_on", "align_stop"), LEADS | {"returns"}),
    "auto_assign": {"supervisor", "clock"},
    "hold": {"supervisor", "risk"},
    "issue_certificate": {"outbox-worker"},
    "recuse": LEADS | {"executive", "risk"},
    "request_recusal": LEADS | {"risk"},
    **{key: {"supervisor", "executive"} for key in ("decide_recusal", "lift_recusal")},
    "recuse_by_relation": {"clock"},
}  # fmt: skip
SUPERVISED = {"assign", "hold", "approve", "approve_account", "decide_recusal", "lift_recusal"}
BY_CLOCK = {"auto_assign", "recuse_by_relation"}


def in_charge(verb: str, case: Refund, cast: Cast) -> Actor:
    if verb in SUPERVISED:
        return cast.supervisor.actor
    if verb in BY_CLOCK:
        return machine_actor("clock")
    if verb == "issue_certificate":
        return machine_actor("outbox-worker")
    if verb in ROLES and "returns" in ROLES[verb] and verb not in ("ask_merchant", "carry_on", "align_stop"):
        return MACHINE
    return cast.handler.actor


def inputs_for(verb: str, case: Refund, cast: Cast) -> dict[str, Any]:
    """Inputs that are good wherever the verb is possible at all."""
    legs = case.known_legs
    failed = next((leg for leg in legs if leg.state == "failed"), None)
    under_way = next((leg for leg in legs if leg.state == "requested" and leg.kind != "suppress"), None)
    outcome = {"refused": "goodwill"}.get(case.state, "return")
    given: dict[str, dict[str, Any]] = {
        "assign": {"to": cast.colleague.user},
        "note": {"text": "note"},
        "hold": {"reason": "Reason"},
        "ask_merchant": {"evidence": "2026-11-20 去电"},
        "record_merchant": {"says": "none", "record": "", "share": None},
        "propose": {"outcome": outcome, "reason": "Reason", "code": "", "evidence": "", "share": None},
        "approve": {"verdict": "approved", "payload": factory.payload_of(case), "reason": ""},
        "approve_account": {"verdict": "approved", "payload": factory.payload_of(case), "reason": ""},
        "follow_leg": {"leg": under_way, "doubt": "order.unanswered"},
        "stick": {"code": "order.failed" if failed else "order.amount_differs"},
        "alert": {"code": "order.amount_differs", "leg": legs[0]},
        "ask_leg": {"leg": under_way},
        "retry_leg": {"leg": failed},
        "ask_account": {"leg": failed, "reason": "Reason"},
        "confirm_leg": {"leg": next((leg for leg in legs if leg.by_hand), None), "evidence": "对账单"},
        "align_stop": {"reason": "Reason"},
        "contest": {"words": "商户没有提供服务。"},
        "issue_certificate": _certificate(case),
        "recuse": {"ground": "other", "reason": "Reason"},
        "request_recusal": {"of": cast.colleague.user, "reason": "Reason"},
        "decide_recusal": {"verdict": "refused", "reason": "Reason"},
        "lift_recusal": {"of": cast.colleague.user, "reason": "Reason"},
    }
    return dict(given.get(verb, {}))


def _certificate(case: Refund) -> dict[str, Any]:
    if case.state != "completed":
        return {"file": None, "code": "X", "template": "t"}
    file = store.put(case.pk, b"%PDF-1.7", media_type="application/pdf", display_name="x.pdf", now=NOW)
    return {"file": file, "code": "ABCD-EFGH-JKMN", "template": "t"}


def prepared(verb: str, case: Refund, cast: Cast) -> Refund:
    if verb == "lift_recusal":
        return actions.recuse_oneself(case, actor=cast.colleague.actor, now=NOW, ground="other", reason="Reason")
    if verb == "decide_recusal" and case.state not in ENDED:
        return actions.request_recusal(case, actor=cast.handler.actor, now=NOW, of=cast.colleague.user, reason="Reason")
    return case


@pytest.mark.parametrize("point", POINTS)
def test_every_verb_from_every_state(point: str, cast: Cast) -> None:
    opened = factory.a_return(cast, at=point)
    before = Refund.objects.values().get(pk=opened.pk)

    for verb in verbs_of(Refund):
        with transaction.atomic():
            look_at(verb, prepared(verb.short_name, factory.fresh(opened), cast), point, cast)
            transaction.set_rollback(True)
    assert Refund.objects.values().get(pk=opened.pk) == before


def look_at(verb: Verb, case: Refund, point: str, cast: Cast) -> None:
    actor, inputs = in_charge(verb.short_name, case, cast), inputs_for(verb.short_name, case, cast)
    is_allowed = point in ALLOWED[verb.short_name]
    matrices.look_at(verb, case, actor, inputs, now=NOW, is_allowed=is_allowed, where=point)


def test_matrix_names_every_verb_and_the_factory_every_state(cast: Cast) -> None:
    assert set(ALLOWED) == {verb.short_name for verb in verbs_of(Refund)}
    assert set(ROLES) == {verb.short_name for verb in all_verbs() if verb.model is Refund}
    assert {factory.a_return(cast, at=point).state for point in ("requested",)} == {"requested"}
    named = {"undecided": "eligible", "proposed": "eligible", "unheard": "disputed", "partly": "disputed"}
    named |= {"failed": "reversing", "settled": "reversing"}
    assert {named.get(point, point) for point in POINTS} == set(State.values)


def test_every_verb_for_every_role(db: None) -> None:
    matrices.assert_roles("refunds", ROLES)


def test_without_the_power_every_verb_is_refused(cast: Cast) -> None:
    case = factory.a_return(cast, at="stuck")
    matrices.assert_refused_without_power(
        "refunds", ALLOWED, case, cast.handler.user, lambda verb: inputs_for(verb, case, cast), now=NOW
    )


def test_nobody_acts_on_what_is_not_theirs(cast: Cast) -> None:
    case = factory.a_return(cast, at="refused")
    for actor, code in {
        consumer_actor(uuid7()): "actor.other_person",
        cast.colleague.actor: "actor.not_assigned",
    }.items():
        found = verb_named("refunds.contest").why_not(case, actor, now=NOW)
        assert code in [b.code for b in found]
    for actor in (consumer_actor(uuid7()), consumer_actor(None)):
        with pytest.raises(Refused) as no:
            actions.request_return(actor=actor, now=NOW, loan=case.loan)
        assert "actor.other_person" in [b.code for b in no.value.blockers]
