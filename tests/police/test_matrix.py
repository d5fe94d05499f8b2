"""The full matrices of police reports: state × verb, and verb × role."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from cases.police import actions
from cases.police.models import PoliceReport
from cases.police.states import State
from jike.accounts.roles import consumer_actor, machine_actor, merchant_actor
from jike.base.actors import Actor
from jike.base.dates import cst_date
from jike.base.ids import uuid7
from jike.verbs import Verb, all_verbs, verb_named, verbs_of
from tests import matrices
from tests.factories import police as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast

NOW = RECEIVED + timedelta(hours=12)
POINTS = tuple(factory.POINTS)
ENDED = {"closed", "declined", "withdrawn"}
OPEN = set(POINTS) - ENDED
READY = {"ready", "visited", "packed", "asked", "released"}
PREPARING = {"preparing", "stated", "complete"}
BEFORE = {"requested"} | PREPARING | READY
AT_POLICE = {"reported", "reviewing"}
REFUSED = {"not_docketed", "refused_reporter", "reconsidering", "reconsidered", "rereviewing"}
AFTER = AT_POLICE | REFUSED | {"docketed"}
MADE = {"packed", "asked", "released"}
WAITS = {"asked"}

ALLOWED: dict[str, set[str]] = {
    "claim": set(),  # the handler of the complaint has it already: test_opening
    "assign": OPEN - WAITS,
    "auto_assign": set(),
    "note": set(POINTS),
    "begin": {"requested"},
    "decline": {"requested"} | PREPARING,
    "withdraw": BEFORE - WAITS,
    "state_capacity": BEFORE - WAITS,
    "ask_materials": {"preparing", "stated"},
    "settle_material": PREPARING,
    "add_material": PREPARING,
    "add_loss": PREPARING,
    "strike_loss": {"stated", "complete"},
    "draft_statement": PREPARING,
    "confirm_statement": {"stated"},
    "mark_ready": {"complete"},
    "prepare_again": READY - WAITS,
    "record_visit": PREPARING | READY,
    "record_report": PREPARING | READY,
    "begin_review": {"reported"},
    "follow_up": AT_POLICE,
    "docket": AT_POLICE | REFUSED,
    "record_refusal": AT_POLICE,
    "record_end": {"docketed", "closed"},
    "record_request": OPEN,
    "answer_request": set(),  # needs a request: test_house
    "ask_reconsideration": {"not_docketed"},
    "record_reconsideration": {"reconsidering"},
    "correct_day": set(),  # no other day has been yet: test_reporting
    "ask_rereview": {"reconsidered"},
    "close": AFTER,
    "build_pack": READY | AFTER,
    "issue_pack": set(),  # of a pack that is not finished: test_packs
    "ask_pack_release": {"packed"},
    "release_pack": WAITS,
    "hand_out_pack": {"released"},
    "remind": AT_POLICE | {"not_docketed", "reconsidered"},
    "recuse": set(POINTS),
    "request_recusal": OPEN,
    "decide_recusal": OPEN,
    "lift_recusal": set(POINTS),
    "recuse_by_relation": set(POINTS),
}  # fmt: skip
ABOVE = {"supervisor"}
LEADS = {"handler", "supervisor", "risk", "legal"}
ROLES = {
    **dict.fromkeys((
        "claim", "note", "begin", "state_capacity", "ask_materials", "settle_material", "add_material", "add_loss", "strike_loss",
        "draft_statement", "mark_ready", "prepare_again", "record_visit", "record_report", "begin_review", "follow_up", "docket",
        "record_refusal", "ask_reconsideration", "record_reconsideration", "correct_day", "ask_rereview", "close", "build_pack", "ask_pack_release",
        "hand_out_pack", "record_end", "record_request", "answer_request",
    ), LEADS),
    **dict.fromkeys(("confirm_statement", "withdraw", "request_recusal"), LEADS | {"consumer"}),
    "request": {"handler", "supervisor", "consumer"},
    "open_own": {"supervisor", "risk"},
    **dict.fromkeys(("decline", "release_pack", "assign"), ABOVE),
    "issue_pack": {"outbox-worker"},
    "remind": {"outbox-worker"},
    "auto_assign": {"supervisor", "clock"},
    "recuse_by_relation": {"clock"},
    "recuse": LEADS | {"executive"},
    "decide_recusal": {"supervisor", "executive"},
    "lift_recusal": {"supervisor", "executive"},
}  # fmt: skip
SUPERVISED = {"assign", "decide_recusal", "lift_recusal", "decline", "release_pack"}


def in_charge(verb: str, case: PoliceReport, cast: Cast) -> Actor:
    if verb in SUPERVISED:
        return cast.supervisor.actor
    if verb in {"auto_assign", "recuse_by_relation"}:
        return machine_actor("clock")
    if verb in {"issue_pack", "remind"}:
        return machine_actor("outbox-worker")
    return cast.handler.actor


def inputs_for(verb: str, case: PoliceReport, cast: Cast) -> dict[str, Any]:
    """Inputs that are good wherever the verb is possible at all."""
    reason, today = {"reason": "Reason"}, cst_date(NOW)
    rows = list(case.materials.order_by("seq"))
    waiting = case.approvals.filter(verdict="").first()
    clock = case.clocks.filter(state="running").order_by("due_at").first()
    asked = {"asked_on": today} | factory.SAID
    given: dict[str, dict[str, Any]] = {
        "assign": {"to": cast.colleague.user},
        "note": {"text": "note"},
        "decline": reason,
        "withdraw": factory.SAID,
        "state_capacity": {"capacity": "informant"} | reason,
        "ask_materials": {"materials": [row for row in rows if row.state == "open" and row.code in ("identity", "chats")]},
        "settle_material": {"material": rows[0] if rows else None, "state": "none", "paper": None, "note": "没有"},
        "add_material": {"label": "营业执照"},
        "add_loss": factory.LOSS,
        "strike_loss": {"loss": case.losses.filter(struck_at=None).first()} | reason,
        "draft_statement": {"facts": factory.FACTS, "suspects": ""},
        "confirm_statement": {"sha256": factory.hash_of(case)} | factory.SAID,
        "prepare_again": reason,
        "record_visit": {"reported_on": today, "organ": factory.ORGAN} | factory.SAID,
        "record_report": {"accepted_on": today} | factory.REPORT,
        "begin_review": factory.SAID,
        "follow_up": factory.SAID,
        "docket": {"docket_no": "1号", "docketed_on": today},
        "record_refusal": {"refusal_no": "1号", "received_on": today},
        "record_request": {"authority": factory.ORGAN, "basis": "request", "reference": "协查函1号", "wanted": "合同", "asked_on": today},
        "record_end": {"how": "withdrawn", "known_on": today} | factory.SAID,
        "ask_reconsideration": asked,
        "record_reconsideration": {"number": "1号", "received_on": today},
        "correct_day": {"received_on": today} | reason,
        "ask_rereview": asked,
        "close": {"waiver": "录音"} | reason,
        "build_pack": {"items": []} | factory.PACK,
        "issue_pack": {"pack": factory.last_pack(case), "file": None, "pages": 1} if factory.last_pack(case) else {},
        "ask_pack_release": {"pack": factory.last_pack(case)},
        "release_pack": {"verdict": "approved", "payload": bytes(waiting.payload_sha256).hex() if waiting else ""},
        "hand_out_pack": {"pack": factory.last_pack(case), "given_to": "李警官"},
        "remind": {"clock": clock, "day": today} if clock else {},
        "recuse": {"ground": "other"} | reason,
        "request_recusal": {"of": cast.colleague.user} | reason,
        "decide_recusal": {"verdict": "refused"} | reason,
        "lift_recusal": {"of": cast.colleague.user} | reason,
    }  # fmt: skip
    return dict(given.get(verb, {}))


def prepared(verb: str, case: PoliceReport, cast: Cast) -> PoliceReport:
    if verb == "lift_recusal":
        return actions.recuse_oneself(case, actor=cast.colleague.actor, now=NOW, ground="other", reason="Reason")
    if verb == "decide_recusal" and case.ended_at is None:
        return actions.request_recusal(case, actor=cast.handler.actor, now=NOW, of=cast.colleague.user, reason="Reason")
    return case


@pytest.mark.parametrize("point", POINTS)
def test_every_verb_from_every_state(point: str, cast: Cast) -> None:
    opened = factory.report(cast, at=point)
    before = PoliceReport.objects.values().get(pk=opened.pk)

    for verb in verbs_of(PoliceReport):
        with transaction.atomic():
            look_at(verb, prepared(verb.short_name, PoliceReport.objects.get(pk=opened.pk), cast), point, cast)
            transaction.set_rollback(True)
    assert PoliceReport.objects.values().get(pk=opened.pk) == before


def look_at(verb: Verb, case: PoliceReport, point: str, cast: Cast) -> None:
    actor, inputs = in_charge(verb.short_name, case, cast), inputs_for(verb.short_name, case, cast)
    is_allowed = point in ALLOWED[verb.short_name]
    matrices.look_at(verb, case, actor, inputs, now=NOW, is_allowed=is_allowed, where=point)


def test_matrix_names_every_verb_and_the_factory_every_state(db: None) -> None:
    assert set(ALLOWED) == {verb.short_name for verb in verbs_of(PoliceReport)}
    assert set(ROLES) == {verb.short_name for verb in all_verbs() if verb.model is PoliceReport}
    assert set(factory.POINTS) >= set(State.values)


def test_every_verb_for_every_role(db: None) -> None:
    matrices.assert_roles("police", ROLES)


def test_without_the_power_every_verb_is_refused(cast: Cast) -> None:
    case = factory.report(cast, at="released")
    matrices.assert_refused_without_power(
        "police", ALLOWED, case, cast.handler.user, lambda verb: inputs_for(verb, case, cast), now=NOW
    )


def test_a_stranger_a_colleague_and_another_consumer_are_refused(cast: Cast) -> None:
    case = factory.report(cast, at="stated")
    strangers = {
        consumer_actor(uuid7()): "actor.other_person",
        merchant_actor(uuid7()): "actor.no_power",
        cast.colleague.actor: "actor.not_assigned",
        cast.stranger.actor: "actor.not_assigned",
    }
    for actor, code in strangers.items():
        for verb in ("confirm_statement", "withdraw"):
            found = verb_named(f"police.{verb}").why_not(case, actor, now=NOW)
            assert code in [b.code for b in found], (actor.kind, verb)
