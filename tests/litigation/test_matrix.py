"""The full matrices of litigations: state × verb, and verb × role."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from cases.clocks.models import Clock
from cases.litigation import actions, papers
from cases.litigation.models import Litigation
from cases.litigation.states import FINAL, State
from jike.accounts.roles import consumer_actor, machine_actor
from jike.base.actors import Actor
from jike.base.dates import cst_date
from jike.base.ids import uuid7
from jike.verbs import Verb, all_verbs, verb_named, verbs_of
from tests import matrices
from tests.factories import litigations as factory
from tests.people import Cast

POINTS = tuple(factory.POINTS)
ENDED = {"closed", "declined", "settled", "withdrawn"}
OPEN = set(POINTS) - ENDED
TAKEN = OPEN - {"requested"}
COLLECTING = {"collecting", "drafted", "ready"}
SEALED = {"sealed", "released"}
DOCKETED = {"docketed", "small", "scheduled"}
ABOVE = {"appealing", "appealing_ruling"}
HEARD = DOCKETED | {"hearing"}
ON_THE_DOCKET = HEARD | ABOVE
JUDGED = {"judged", "judged_small"}
IN_COURT = {"filed"} | HEARD | JUDGED | ABOVE
BINDING = {"effective", "enforcing"}
ASSESSED = OPEN - {"requested", "claimed", "assessing"}
WRITTEN = COLLECTING | ON_THE_DOCKET

ALLOWED: dict[str, set[str]] = {
    "claim": {"requested"},
    "assign": OPEN,
    "auto_assign": {"requested"},
    "note": set(POINTS) - {"requested"},
    "message": TAKEN,
    "assess": {"claimed"},
    "record_assessment": {"assessing", "assessed"} | COLLECTING | SEALED,
    "record_interruption": ASSESSED,
    "end_interruption": set(),  # nothing goes on that could end but the suit itself: test_limitation
    "recount": set(),  # needs a police report of the matter: test_limitation
    "decline": {"claimed", "assessing", "assessed"},
    "collect": {"assessed"} | COLLECTING,
    "draft_statement": WRITTEN,
    "draft_list": WRITTEN,
    "draft_authority": WRITTEN,
    "draft_confirmation": set(),  # needs a mediation by an outside body: test_papers
    "issue_paper": set(),  # every version of these points is printed: test_papers
    "confirm_papers": {"drafted"},
    "seal": {"ready"},
    "supplement": set(),  # needs later evidence: test_papers
    "rework": SEALED | {"court_rejected"},
    "file": {"released"},
    "docket": {"filed"},
    "reject": {"filed"} | HEARD,
    "set_evidence_limit": HEARD | {"appealing"},
    "schedule_hearing": ON_THE_DOCKET,
    "hold_hearing": {"scheduled"},
    "cancel_hearing": {"scheduled"},
    "record_service": IN_COURT | {"court_rejected"} | BINDING,
    "judge": HEARD,
    "appeal": {"judged", "court_rejected"},
    "decide_appeal": {"appealing"},  # of a ruling: test_court
    "take_effect": {"judged_small"},  # of others after the days of the appeal: test_court
    "begin_enforcement_period": set(),  # after the days of performance: test_court
    "enforce": set(),  # after the days of performance: test_court
    "record_fee": IN_COURT | {"court_rejected"},
    "settle_fee": set(),  # needs a fee: test_fees
    "record_sum": TAKEN,
    "undo_sum": set(),  # needs a sum: test_court
    "settle": COLLECTING | SEALED | IN_COURT | BINDING | {"court_rejected"},
    "withdraw": {"claimed", "assessing", "assessed", "court_rejected", "filed"} | COLLECTING | SEALED | HEARD,
    "close": BINDING | {"court_rejected"},
    "remind": ASSESSED,
    "remind_hearing": {"scheduled"},
    "recuse": set(POINTS),
    "request_recusal": OPEN,
    "decide_recusal": OPEN,
    "lift_recusal": set(POINTS),
    "recuse_by_relation": set(POINTS),
}  # fmt: skip
COUNSEL, TIMER, WORKER = {"legal"}, {"clock"}, {"outbox-worker"}
ROLES: dict[str, set[str]] = {
    **dict.fromkeys(
        (
            "assess", "record_assessment", "record_interruption", "end_interruption", "decline", "collect", "draft_statement",
            "draft_list", "draft_authority", "draft_confirmation", "seal", "supplement", "rework", "file", "docket", "reject",
            "set_evidence_limit", "schedule_hearing", "hold_hearing", "cancel_hearing", "record_service", "judge", "appeal",
            "decide_appeal", "enforce", "record_fee", "settle_fee", "record_sum", "undo_sum", "settle", "close", "claim",
        ),
        COUNSEL,
    ),
    "request": {"handler", "supervisor", "mediator", "consumer"},
    "confirm_papers": COUNSEL | {"consumer"},
    "withdraw": COUNSEL | {"consumer"},
    "message": COUNSEL | {"consumer"},
    "note": COUNSEL | {"supervisor"},
    "request_recusal": COUNSEL | {"supervisor"},
    "recuse": COUNSEL | {"supervisor", "executive"},
    "assign": {"supervisor", "executive"},
    "auto_assign": {"supervisor"} | TIMER,
    "decide_recusal": {"supervisor", "executive"},
    "lift_recusal": {"supervisor", "executive"},
    "take_effect": COUNSEL | TIMER,
    **dict.fromkeys(("begin_enforcement_period", "recuse_by_relation"), TIMER),
    **dict.fromkeys(("issue_paper", "remind", "remind_hearing", "recount"), WORKER),
}  # fmt: skip


def in_charge(verb: str, case: Litigation) -> Actor:
    if verb in {"assign", "decide_recusal", "lift_recusal"}:
        return factory.counsel("legal-chief", "supervisor").actor
    if verb in {"auto_assign", "take_effect", "begin_enforcement_period", "recuse_by_relation"}:
        return machine_actor("clock")
    if verb in {"issue_paper", "remind", "remind_hearing", "recount"}:
        return machine_actor("outbox-worker")
    if verb == "recuse":
        return factory.counsel("colleague-at-law").actor
    return factory.counsel().actor


def inputs_for(verb: str, case: Litigation, today: date) -> dict[str, Any]:
    """Inputs that are good wherever the verb is possible at all."""
    reason, other = {"reason": "Reason"}, factory.counsel("colleague-at-law").user
    served = {"served_on": today, "evidence": "裁定书"}
    given: dict[str, dict[str, Any]] = {
        "assign": {"to": other},
        "note": {"text": "note"},
        "message": {"text": "进展", "channel": "inbox"},
        "record_assessment": factory.ASSESSMENT,
        "record_interruption": {"kind": "demand", "on": date(2026, 9, 1)} | factory.SAID,
        "end_interruption": {"fact": case.limitation_facts.first(), "until": today},
        "decline": reason | {"told": "材料不足。"},
        "collect": factory.COURT,
        "draft_statement": factory.STATEMENT,
        "draft_list": factory.LIST,
        "draft_authority": factory.AUTHORITY,
        "draft_confirmation": {"body": "某调解委员会"},
        "issue_paper": {"draft": case.paper_versions.first(), "file": None},
        "confirm_papers": {"sha256": papers.set_sha256(case).hex()} | factory.SAID,
        "rework": reason,
        "file": {"filed_on": today, "receipt": "回执"},
        "docket": {"docketed_on": today, "number": "1号", "procedure": "ordinary"},
        "reject": {"rejection": "dismissed"} | served,
        "set_evidence_limit": {"served_on": today, "days": 7},
        "schedule_hearing": {"at": factory.HEARING_AT + timedelta(days=60), "place": "第三法庭"},
        "hold_hearing": {"hearing": case.hearings.order_by("seq").last(), "note": "双方到庭。"},
        "cancel_hearing": {"hearing": case.hearings.order_by("seq").last(), "note": "改期。"},
        "record_service": {"what": "summons", "served_on": today},
        "judge": {"outcome": "won", "awarded_cny": Decimal(1000), "perform_by": None} | served,
        "appeal": {"appealed_on": today, "by": "consumer", "evidence": "上诉状"},
        "decide_appeal": {"outcome": "partly", "awarded_cny": Decimal(500), "perform_by": None} | served,
        "enforce": {"enforced_on": today, "court": "法院", "evidence": "回执"},
        "record_fee": {"what": "claim", "cny": Decimal(50), "by": "house", "noticed_on": today},
        "record_sum": {"what": "court_fee", "by": "house", "cny": Decimal(50), "on": today},
        "undo_sum": {"sum": None} | reason,
        "settle": {"terms": "退还一半。"} | factory.SAID,
        "withdraw": factory.SAID,
        "close": {"summary": "已结束。"},
        "remind": {"clock": Clock.objects.filter(case=case, state="running").first(), "days": 1},
        "remind_hearing": {"hearing": case.hearings.first(), "days": 1},
        "recuse": {"ground": "other"} | reason,
        "request_recusal": {"of": other} | reason,
        "decide_recusal": {"verdict": "refused"} | reason,
        "lift_recusal": {"of": other} | reason,
    }  # fmt: skip
    return dict(given.get(verb, {}))


def prepared(verb: str, case: Litigation, now: Any) -> Litigation:
    other = factory.counsel("colleague-at-law")
    if verb == "lift_recusal":
        return actions.recuse_oneself(case, actor=other.actor, now=now, ground="other", reason="Reason")
    if verb == "decide_recusal" and case.ended_at is None:
        return actions.request_recusal(case, actor=factory.counsel().actor, now=now, of=other.user, reason="Reason")
    return case


@pytest.mark.parametrize("point", POINTS)
def test_every_verb_from_every_state(point: str, cast: Cast) -> None:
    opened = factory.litigation(cast, at=point)
    before = Litigation.objects.values().get(pk=opened.pk)

    for verb in verbs_of(Litigation):
        with transaction.atomic():
            look_at(verb, Litigation.objects.get(pk=opened.pk), point)
            transaction.set_rollback(True)
    assert Litigation.objects.values().get(pk=opened.pk) == before


def look_at(verb: Verb, case: Litigation, point: str) -> None:
    now = factory.moment_of(point)
    if verb.short_name == "hold_hearing" and point == "scheduled":
        now = factory.HEARING_AT + timedelta(hours=3)
    case = prepared(verb.short_name, case, now)
    actor, inputs = in_charge(verb.short_name, case), inputs_for(verb.short_name, case, cst_date(now))
    is_allowed = point in ALLOWED[verb.short_name]
    matrices.look_at(verb, case, actor, inputs, now=now, is_allowed=is_allowed, where=point)


def test_matrix_names_every_verb_and_the_factory_every_state(db: None) -> None:
    assert set(ALLOWED) == {verb.short_name for verb in verbs_of(Litigation)}
    assert set(ROLES) == {verb.short_name for verb in all_verbs() if verb.model is Litigation}
    assert set(factory.POINTS) >= set(State.values) and set(ENDED) == set(FINAL)


def test_every_verb_for_every_role(db: None) -> None:
    matrices.assert_roles("litigation", ROLES)


def test_without_the_power_every_verb_is_refused(cast: Cast) -> None:
    case, now = factory.litigation(cast, at="collecting"), factory.moment_of("collecting")
    matrices.assert_refused_without_power(
        "litigation", ALLOWED, case, factory.counsel().user, lambda verb: inputs_for(verb, case, cst_date(now)), now=now
    )


def test_whoever_does_not_handle_it_or_is_somebody_else_is_refused(cast: Cast) -> None:
    case = factory.litigation(cast, at="drafted")
    now = factory.moment_of("drafted")
    others = {
        consumer_actor(uuid7()): "actor.other_person",
        factory.counsel("colleague-at-law").actor: "actor.not_assigned",
        cast.handler.actor: "actor.no_power",
        cast.stranger.actor: "actor.no_power",
    }
    for actor, code in others.items():
        for verb in ("confirm_papers", "withdraw"):
            found = verb_named(f"litigation.{verb}").why_not(case, actor, now=now)
            assert code in [b.code for b in found], (actor.kind, verb)
