"""The full matrices of mediations: state × verb, and verb × role."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from cases.mediation import actions
from cases.mediation.models import Mediation
from cases.mediation.rules.facts import FactAnswer
from cases.mediation.states import State
from jike.accounts.roles import consumer_actor, machine_actor, merchant_actor
from jike.base.actors import Actor
from jike.base.ids import uuid7
from jike.files import store
from jike.verbs import Verb, all_verbs, verb_named, verbs_of
from tests import matrices
from tests.factories import mediations as factory
from tests.factories.complaints import PHONE, RECEIVED
from tests.people import Cast

NOW = RECEIVED + timedelta(hours=12)
# What is left out differs from its neighbour for no verb: the walk goes there.
POINTS = tuple(point for point in factory.POINTS if point not in ("before_body", "drafted"))
ENDED = {"performed", "failed", "refused", "withdrawn"}
OPEN = set(POINTS) - ENDED
TALKING = {
    "negotiating", "offered", "accepted", "half_signed", "signed_external",
}  # fmt: skip
INVITED = {"invited", "waiting_for_body"}
BEFORE = {"proposed", "consented"}
ON_THE_WAY = BEFORE | INVITED | TALKING
BOUND = {"agreed", "sealed", "performing", "performed", "breached"}

ALLOWED: dict[str, set[str]] = {
    "claim": set(),  # the handler of the complaint has it already: test_opening
    "assign": OPEN,
    "auto_assign": set(),
    "note": set(POINTS),
    "consent": {"proposed"},
    "refuse": ON_THE_WAY,
    "leave": ON_THE_WAY,
    "fail": INVITED | TALKING,
    "invite": {"consented"},
    "answer_facts": {"invited"} | {"waiting_for_body"} | TALKING,
    "renew_link": set(),  # while it holds: test_links
    "issue_link": INVITED | TALKING | BOUND,
    "revoke_link": INVITED | TALKING | BOUND,
    "confirm_link": INVITED | TALKING | BOUND,
    "record_link_sent": INVITED | TALKING | BOUND | {"failed"},
    "remind": {"invited"},
    "take_part": {"invited"},
    "record_acceptance": {"waiting_for_body"},
    "record_silence": set(),  # before its minute: test_silence
    "offer": {"negotiating", "offered"},  # a counter-offer answers
    "answer_offer": {"offered"},
    "ask_mediator": INVITED | TALKING | BOUND - {"performed"},
    "write": ON_THE_WAY | BOUND - {"performed"},
    "hand_in": INVITED | TALKING | BOUND - {"performed"},
    "delegate": INVITED | TALKING | BOUND,
    "end_delegation": set(),  # once somebody was named: test_colleagues
    "release_offers": {"accepted", "half_signed", "signed_external"} | BOUND,
    "take_back_offers": set(),  # once something was released: test_releasing
    "propose_longer": {"signed_external"},
    "answer_longer": set(),  # while one is put to both: test_longer
    "end_period": set(),
    "record_session": TALKING,
    "open_round": {"negotiating", "offered"},
    "answer_round": set(),  # while one is open: test_rounds
    "lapse_round": set(),
    "lapse_offer": set(),  # before its minute: test_silence
    "draft_agreement": {"accepted", "half_signed", "signed_external"},
    "sign": {"half_signed"},
    "seal": {"signed_external"},
    "issue_agreement": BOUND,
    "apply_confirmation": {"sealed"},
    "decide_confirmation": set(),  # after the application: test_agreement
    "perform": {"agreed", "sealed"},
    "report_term": {"performing"},
    "confirm_term": {"performing"},
    "breach": set(),  # after the days of grace: test_performance
    "open_litigation": {"breached"},
    "recuse": set(POINTS),
    "request_recusal": OPEN,
    "decide_recusal": OPEN,
    "lift_recusal": set(POINTS),
    "recuse_by_relation": set(POINTS),
}  # fmt: skip
LEADS = {"handler", "supervisor", "mediator"}
SIDES, MERCHANT = {"consumer", "merchant"}, {"merchant"}
WORKER, TIMER = {"outbox-worker"}, {"clock"}
ROLES = {
    **dict.fromkeys((
        "claim", "note", "fail", "propose_longer", "write", "invite", "issue_link", "revoke_link", "record_acceptance", "record_session", "draft_agreement", "seal",
        "apply_confirmation", "decide_confirmation", "request_recusal",
    ), LEADS),
    "propose": {"handler", "supervisor", "consumer", "returns"},
    "consent": LEADS | {"consumer"},
    "leave": LEADS | {"consumer"},
    "confirm_term": LEADS | {"consumer"},
    "take_part": LEADS | {"merchant"},
    "end_delegation": LEADS | {"merchant"},
    "report_term": LEADS | {"merchant"},
    **dict.fromkeys(("refuse", "offer", "take_back_offers", "answer_longer", "answer_offer", "open_round"), LEADS | SIDES),
    "sign": SIDES,
    "release_offers": SIDES,
    "ask_mediator": SIDES,
    "answer_round": SIDES,
    **dict.fromkeys(("answer_facts", "confirm_link", "delegate", "hand_in", "renew_link"), MERCHANT),
    "breach": LEADS | {"clock"},
    "open_litigation": LEADS | {"consumer"},
    **dict.fromkeys(("issue_agreement", "record_link_sent", "remind"), WORKER),
    **dict.fromkeys(("end_period", "record_silence", "lapse_offer", "lapse_round", "perform", "recuse_by_relation"), TIMER),
    "assign": {"supervisor"},
    "auto_assign": {"supervisor", "clock"},
    "recuse": LEADS | {"executive"},
    "decide_recusal": {"supervisor", "executive"},
    "lift_recusal": {"supervisor", "executive"},
}  # fmt: skip
SUPERVISED = {"assign", "decide_recusal", "lift_recusal"}


def in_charge(verb: str, case: Mediation, cast: Cast) -> Actor:
    if verb in SUPERVISED:
        return cast.supervisor.actor
    if verb in {
        "auto_assign",
        "end_period",
        "record_silence",
        "lapse_offer",
        "lapse_round",
        "perform",
        "breach",
        "recuse_by_relation",
    }:
        return machine_actor("clock")
    if verb in {"issue_agreement", "record_link_sent", "remind"}:
        return machine_actor("outbox-worker")
    if verb in {
        "answer_facts",
        "answer_round",
        "ask_mediator",
        "confirm_link",
        "delegate",
        "hand_in",
        "release_offers",
        "renew_link",
    }:
        return factory.merchant_of(case)
    if verb == "sign":
        return factory.merchant_of(case) if "consumer" in case.signed_by else factory.consumer_of(case)
    return cast.handler.actor


def inputs_for(verb: str, case: Mediation, cast: Cast) -> dict[str, Any]:
    """Inputs that are good wherever the verb is possible at all."""
    reason, agreement = {"reason": "Reason"}, case.agreements.order_by("version").last()
    phone = factory.MERCHANT_PHONE if "consumer" in case.signed_by else PHONE
    link = case.merchant_links.filter(revoked_at=None).first()
    given: dict[str, dict[str, Any]] = {
        "assign": {"to": cast.colleague.user},
        "note": {"text": "note"},
        "consent": factory.SAID,
        "leave": factory.SAID,
        "take_part": factory.SAID,
        "refuse": {"side": "consumer"} | factory.SAID,
        "fail": reason,
        "invite": factory.TOLD,
        "record_session": {"held_at": NOW, "minutes_long": 40, "present": "双方", "minutes": "各自说明情况。"},
        "open_round": {"kind": "bids", "pay_days": 10, "expires_at": factory.FAR},
        "answer_round": {"limit_cny": Decimal("1000.00")},
        "delegate": {"name": "陈静", "phone": "13700137000"},
        "release_offers": {"offers": [offer for offer in case.known_offers if offer.answer]},
        "propose_longer": {"until": date(2026, 11, 20), "reason": "等待鉴定意见。"},
        "answer_longer": {"side": "consumer", "says_yes": True} | factory.SAID,
        "write": {"side": "consumer", "text": "请补充材料。"},
        "ask_mediator": {"text": "请帮我们再谈一次。"},
        "answer_facts": {"answers": [FactAnswer(fact.pk, "yes") for fact in case.known_facts[:1]]},
        "confirm_link": {"link": link, "phone": factory.MERCHANT_PHONE} if link else {},
        "record_link_sent": {"link": case.merchant_links.first()},
        "remind": {"hours": 24, "is_sent": True},
        "record_acceptance": {"accepted_on": RECEIVED.date(), "reference": "1号"},
        "offer": {"side": "consumer", "expires_at": factory.FAR} | factory.OFFER | factory.SAID,
        "answer_offer": {"offer": case.offers.order_by("seq").last(), "answer": "accepted", "side": "consumer"} | factory.SAID,
        "draft_agreement": factory.TEXTS,
        "sign": {"sha256": bytes(agreement.sha256) if agreement else b"", "phone": phone, "challenge": uuid7()},
        "seal": factory.SAID,
        "apply_confirmation": {"applied_on": date(2026, 9, 28)} | factory.SAID,
        "decide_confirmation": {"outcome": "confirmed"} | factory.SAID,
        "report_term": {"term": factory.first_term(case)} | factory.SAID,
        "confirm_term": {"term": factory.first_term(case)} | factory.SAID,
        "recuse": {"ground": "other"} | reason,
        "request_recusal": {"of": cast.colleague.user} | reason,
        "decide_recusal": {"verdict": "refused"} | reason,
        "lift_recusal": {"of": cast.colleague.user} | reason,
    }  # fmt: skip
    if verb == "hand_in":
        file = store.put(case.origin_id, b"%PDF-1", media_type="application/pdf", display_name="x.pdf", now=NOW)
        return {"file": file, "name": "x.pdf"}
    if verb == "issue_agreement":
        file = store.put(case.pk, b"%PDF-", media_type="application/pdf", display_name="x.pdf", now=NOW)
        return {"file": file, "code": "AAAA-BBBB", "template": "t"}
    return dict(given.get(verb, {}))


def prepared(verb: str, case: Mediation, cast: Cast) -> Mediation:
    if verb == "lift_recusal":
        return actions.recuse_oneself(case, actor=cast.colleague.actor, now=NOW, ground="other", reason="Reason")
    if verb == "decide_recusal" and case.ended_at is None:
        return actions.request_recusal(case, actor=cast.handler.actor, now=NOW, of=cast.colleague.user, reason="Reason")
    return case


@pytest.mark.parametrize("point", POINTS)
def test_every_verb_from_every_state(point: str, cast: Cast) -> None:
    opened = factory.mediation(cast, at=point)
    before = Mediation.objects.values().get(pk=opened.pk)

    for verb in verbs_of(Mediation):
        with transaction.atomic():
            look_at(verb, prepared(verb.short_name, Mediation.objects.get(pk=opened.pk), cast), point, cast)
            transaction.set_rollback(True)
    assert Mediation.objects.values().get(pk=opened.pk) == before


def look_at(verb: Verb, case: Mediation, point: str, cast: Cast) -> None:
    actor, inputs = in_charge(verb.short_name, case, cast), inputs_for(verb.short_name, case, cast)
    is_allowed = point in ALLOWED[verb.short_name]
    matrices.look_at(verb, case, actor, inputs, now=NOW, is_allowed=is_allowed, where=point)


def test_matrix_names_every_verb_and_the_factory_every_state(db: None) -> None:
    assert set(ALLOWED) == {verb.short_name for verb in verbs_of(Mediation)}
    assert set(ROLES) == {verb.short_name for verb in all_verbs() if verb.model is Mediation}
    assert {"agreed" if point == "sealed" else point for point in factory.POINTS} >= set(State.values)


def test_every_verb_for_every_role(db: None) -> None:
    matrices.assert_roles("mediation", ROLES)


def test_without_the_power_every_verb_is_refused(cast: Cast) -> None:
    case = factory.mediation(cast, at="performing")
    matrices.assert_refused_without_power(
        "mediation", ALLOWED, case, cast.handler.user, lambda verb: inputs_for(verb, case, cast), now=NOW
    )


def test_whoever_speaks_for_the_other_side_or_another_case_is_refused(cast: Cast) -> None:
    case = factory.mediation(cast, at="offered")
    strangers = {
        consumer_actor(uuid7()): "actor.other_person",
        merchant_actor(uuid7()): "actor.no_link",
        cast.colleague.actor: "actor.not_assigned",
        cast.stranger.actor: "actor.not_assigned",
    }
    for actor, code in strangers.items():
        for verb in ("refuse", "offer", "answer_offer"):
            found = verb_named(f"mediation.{verb}").why_not(case, actor, now=NOW)
            assert code in [b.code for b in found], (actor.kind, verb)
