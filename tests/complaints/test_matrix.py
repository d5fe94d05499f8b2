"""The full matrices: state × verb, and verb × role. Both are written out, so that a widened machine is seen here."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from cases.complaints.models import Complaint
from cases.complaints.promises import open_promises
from cases.complaints.rules.merging import of_the_same_person
from jike.accounts.roles import consumer_actor, machine_actor, merchant_actor
from jike.base.actors import Actor
from jike.base.errors import Refused
from jike.base.ids import uuid7
from jike.verbs import Verb, all_verbs, verb_named, verbs_of
from tests.complaints import matrix_of_people as people
from tests.factories import complaints as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast

LATER = RECEIVED + timedelta(days=2)
STATES = (
    "received",
    "claimed",
    *factory.BRANCHES,
    "investigating",
    "deciding",
    "decided",
    "issued",
    "notified",
    "kept",
    "closed",
    "withdrawn",
    "merged",
    "reviewing",
)
AT_WORK = {"investigating", "extended", "untold", "paused", "appraising", "added"}
ASKED = {"extending", "extending_60", "restarting"}
INVESTIGATING = AT_WORK | ASKED
OPEN = {"claimed", "supplementing", "declining", "deciding"} | INVESTIGATING
TOLD_LATER = {"decided", "issued"}
TOLD = {"notified", "kept", "reviewing"}

PROOF = {"manner": "post", "evidence": "EMS 1", "sent_at": LATER}
VOTES = {
    "assign", "return_decision", "approve_decision", "confirm_decline", "return_request", "approve_extension", "approve_restart",
}  # fmt: skip

# verb -> the points of the path at which the person in charge may do it
ALLOWED = {
    "claim": {"received"},
    "assign": {"received", "claimed", "supplementing"} | AT_WORK | TOLD_LATER | TOLD,
    "classify": OPEN | TOLD_LATER | TOLD,
    "ask_supplement": {"claimed"},
    "supplement": {"supplementing"},
    "decline": {"claimed", "supplementing"},
    "confirm_decline": {"declining"},
    "tell_decline": {"declined"},
    "return_request": {"declining", "extending", "restarting"},
    "accept": {"claimed"},
    "extend_30": {"investigating", "paused", "appraising", "added", "restarting", "deciding"},
    "extend_60": {"extended"},
    "approve_extension": {"extending"},
    "settle_extension": {"untold"},
    "pause": INVESTIGATING - {"paused"},
    "count_pause": {"appraising"},
    "resume": {"paused", "appraising"},
    "agree_deadline": OPEN,
    "add_facts": OPEN | TOLD_LATER | TOLD,
    "ask_restart": {"added"},
    "approve_restart": {"restarting"},
    "note": OPEN | TOLD_LATER | TOLD | {"declined", "decline_told", "closed", "merged"},
    "message": OPEN | TOLD_LATER | TOLD,
    "attach": OPEN | TOLD_LATER | TOLD,
    "set_aside_paper": set(STATES),
    "rule_on_paper": set(STATES) - {"received", "withdrawn"},
    "propose_decision": INVESTIGATING,
    "return_decision": {"deciding"},
    "approve_decision": {"deciding"},
    "issue_letter": {"decided"},
    "issue_notice": set(STATES),
    "issue_receipt": set(STATES),
    "notify": {"issued"},
    "record_attempt": {"issued"},
    "ask_waiver": set(),  # needs attempts: test_notice
    "waive_notice": set(),
    "confirm_redress": TOLD_LATER | {"notified"},
    "close": {"kept"},
    "request_review": set(),  # of a branch's decision: test_review
    "decide_review": {"reviewing"},
    "reopen": {"closed"},
    "ask_reopen": {"closed"},
    "answer_survey": TOLD | {"closed"},
    "ask_merge": {"claimed", "declining"} | INVESTIGATING,
    "merge": set(),  # needs a request: test_merging
    "unmerge": {"merged"},
    "count_repeat": set(),
    "record_post": set(),  # needs a printed letter: test_post
    "withdraw": OPEN | TOLD_LATER,
    **people.ALLOWED,
}

# verb -> roles that have its power at all (kind of actor : name)
ROLES = {
    "file": {"handler", "supervisor", "consumer", "importer"},
    "record_history": {"importer"},
    "take_in": {"handler", "supervisor"},
    "claim": {"handler", "supervisor"},
    "assign": {"supervisor"},
    "classify": {"handler", "supervisor"},
    "ask_supplement": {"handler", "supervisor"},
    "supplement": {"handler", "supervisor", "consumer"},
    "decline": {"handler", "supervisor"},
    "confirm_decline": {"supervisor", "executive"},
    "tell_decline": {"handler", "supervisor", "outbox-worker"},
    "return_request": {"supervisor", "executive"},
    "extend_30": {"handler", "supervisor"},
    "extend_60": {"handler", "supervisor"},
    "approve_extension": {"supervisor", "executive"},
    "settle_extension": {"handler", "supervisor", "outbox-worker"},
    "pause": {"handler", "supervisor"},
    "count_pause": {"handler", "supervisor", "outbox-worker"},
    "resume": {"handler", "supervisor"},
    "agree_deadline": {"handler", "supervisor"},
    "add_facts": {"handler", "supervisor", "consumer"},
    "ask_restart": {"handler", "supervisor"},
    "approve_restart": {"supervisor", "executive"},
    "accept": {"handler", "supervisor"},
    "note": {"handler", "supervisor", "mediator", "legal", "risk"},
    "message": {"handler", "supervisor", "consumer"},
    "attach": {"handler", "supervisor", "consumer", "merchant"},
    "set_aside_paper": {"examiner"},
    "rule_on_paper": {"handler", "supervisor"},
    "propose_decision": {"handler", "supervisor"},
    "return_decision": {"supervisor", "executive"},
    "approve_decision": {"supervisor", "executive"},
    "issue_letter": {"outbox-worker"},
    "issue_notice": {"outbox-worker"},
    "issue_receipt": {"outbox-worker"},
    "notify": {"handler", "supervisor", "outbox-worker"},
    "close": {"handler", "supervisor", "clock"},
    "record_attempt": {"handler", "supervisor"},
    "record_post": {"handler", "supervisor"},
    "ask_waiver": {"handler", "supervisor"},
    "waive_notice": {"supervisor"},
    "confirm_redress": {"handler", "supervisor"},
    "request_review": {"handler", "supervisor", "consumer"},
    "decide_review": {"supervisor"},
    "reopen": {"supervisor"},
    "ask_reopen": {"consumer"},
    "answer_survey": {"consumer"},
    "ask_merge": {"handler", "supervisor"},
    "merge": {"supervisor"},
    "unmerge": {"supervisor"},
    "count_repeat": {"supervisor"},
    "withdraw": {"handler", "supervisor", "consumer"},
    **people.ROLES,
}
SUPERVISED = {
    "assign", "return_decision", "approve_decision", "waive_notice", "reopen", "merge", "unmerge", "decide_review", *people.SUPERVISED,
}  # fmt: skip
CONSUMERS = {"ask_reopen", "answer_survey", *people.CONSUMERS}
# Parts of other acts, and the worker's ends of making a bundle: tests/bundles.
INSIDE = {"complaints.issue_letter", "complaints.count_repeat", "complaints.issue_bundle", "complaints.halt_bundle"}
EVERYBODY = (
    "handler",
    "supervisor",
    "executive",
    "mediator",
    "legal",
    "risk",
    "educator",
    "auditor",
    "security_admin",
    "system_admin",
)


def in_charge(verb: str, cast: Cast, case: Complaint | None = None) -> Actor:
    """Who may do it: at home in the unit of the case, and for a review in the unit above."""
    if verb in ("issue_letter", "issue_notice", "issue_receipt", "issue_bundle", "halt_bundle"):
        return machine_actor("outbox-worker")
    if verb == "set_aside_paper":
        return machine_actor("examiner")
    if verb in people.BY_OTHERS:
        return people.BY_OTHERS[verb](cast)
    if verb in CONSUMERS and case is not None:
        return factory.consumer_of(case)
    if case is not None and verb != "decide_review":
        cast = at_home(case, cast)
    return (cast.supervisor if verb in SUPERVISED | VOTES else cast.handler).actor


def another(case: Complaint) -> Complaint:
    """Another open complaint of the same person."""
    found = of_the_same_person(case).first()
    return found or factory.file(now=RECEIVED)


def at_home(case: Complaint, cast: Cast) -> Cast:
    """The people of the unit of the case."""
    return factory.branch_cast(cast) if case.unit_id != cast.unit.pk else cast


def inputs_for(verb: str, case: Complaint, cast: Cast) -> dict[str, Any]:
    """Inputs that are good wherever the verb is possible at all."""
    business, cause = factory.headings()
    waits = case.approvals.filter(verdict="")
    own = f"complaints.{verb}" if waits.filter(verb=f"complaints.{verb}").exists() else ""
    payload = factory.payload_of(case, own) if own or waits.count() == 1 else "00"
    if verb == "attach":
        return {"file": factory.paper(case), "name": "合同（照片）.jpg"}
    if verb == "rule_on_paper":
        return {"paper": factory.held(case), "is_released": True, "reason": "Looked at."}
    if verb in people.MADE:
        return dict(people.MADE[verb](case, at_home(case, cast)))
    given: dict[str, Any] = {
        "set_aside_paper": {"paper": case.pk, "verdict": "held", "reasons": ["pdf.script"]},
        "assign": {"to": at_home(case, cast).colleague.user},
        "classify": {"business_code": business, "cause_code": cause},
        "ask_supplement": factory.SUPPLEMENT,
        "supplement": {"answers": factory.answers_of(case), "is_all": True},
        "decline": factory.DECLINE,
        "confirm_decline": {"payload": payload},
        "return_request": {"payload": payload, "reason": "Not clear yet."},
        "tell_decline": PROOF,
        "extend_30": {"reason": "The merchant's books."},
        "extend_60": {"reason": "The merchant's books."},
        "approve_extension": {"payload": payload},
        "settle_extension": PROOF,
        "pause": {"kind": "mediation", "first_on": LATER.date(), "evidence": "Call 77"},
        "count_pause": PROOF,
        "resume": {"last_on": LATER.date()},
        "agree_deadline": {
            "due_on": LATER.date() + timedelta(days=20),
            "evidence": "Letter",
            "paper": factory.attached(case, cast) if verb == "agree_deadline" else None,
        },
        "add_facts": {"text": "Charged again today."},
        "ask_restart": {"reason": "The charge is later than the complaint."},
        "approve_restart": {"payload": payload},
        "approve_phone": {"payload": payload},
        "approve_receipt_time": {"payload": payload},
        "note": {"text": "note"},
        "message": {"text": "message", "channel": "inbox"},
        "propose_decision": factory.decision_for(case),
        "return_decision": {"reason": "More facts, please."},
        "approve_decision": {"payload": payload},
        "notify": PROOF,
        "withdraw": {"wish": "Call 77"},
        "record_attempt": {"manner": "post", "at": LATER, "outcome": "returned", "evidence": "EMS 2"},
        "ask_waiver": {"reason": "moved"},
        "waive_notice": {"verdict": "approved", "payload": payload},
        "confirm_redress": {"promise": open_promises(case).first(), "evidence": "PAY 1"},
        "request_review": {"reason": "not checked"},
        "decide_review": factory.REVIEW,
        "reopen": {"ground": "new_facts", "reason": "a receipt"},
        "ask_reopen": {"reason": "a receipt"},
        "answer_survey": {"result": 4, "speed": 5, "conduct": 4},
        "ask_merge": {"into": another(case), "same_matter": "same loan"},
        "merge": {"verdict": "approved", "payload": payload},
        "unmerge": {"reason": "another loan"},
        **people.inputs(case, at_home(case, cast)),
    }.get(verb, {})
    return dict(given)


@pytest.mark.parametrize("point", STATES)
def test_every_verb_from_every_state(point: str, cast: Cast) -> None:
    filed = factory.complaint(cast, at=point)

    for verb in verbs_of(Complaint):
        if verb.name in INSIDE:
            continue
        with transaction.atomic():
            look_at(verb, people.prepared(verb.short_name, filed, at_home(filed, cast)), point, cast)
            transaction.set_rollback(True)


def look_at(verb: Verb, case: Complaint, point: str, cast: Cast) -> None:
    actor, inputs = in_charge(verb.short_name, cast, case), inputs_for(verb.short_name, case, cast)
    before = Complaint.objects.values().get(pk=case.pk)
    found = verb.blockers(case, actor, now=LATER, **inputs)
    assert (not found) == (point in ALLOWED[verb.short_name]), (verb.name, point, found)
    if found:
        with pytest.raises(Refused) as refused:
            verb.action(case, actor=actor, now=LATER, **inputs)
        assert [b.code for b in refused.value.blockers] == [b.code for b in found]
        assert Complaint.objects.values().get(pk=case.pk) == before


def test_matrix_names_every_verb() -> None:
    assert set(ALLOWED) == {verb.short_name for verb in verbs_of(Complaint)}
    assert set(ROLES) == {verb.short_name for verb in all_verbs() if verb.model is Complaint}


def test_every_verb_for_every_role(cast: Cast) -> None:
    from jike.accounts.roles import powers_of

    holders = {role: powers_of([role]) for role in EVERYBODY}
    holders |= {name: machine_actor(name).powers for name in ("outbox-worker", "importer", "clock", "examiner")} | {
        "consumer": consumer_actor(None).powers,
        "merchant": merchant_actor(uuid7()).powers,
    }
    for short_name, roles in ROLES.items():
        have = {who for who, powers in holders.items() if f"complaints.{short_name}" in powers}
        assert have == roles, short_name


@pytest.mark.parametrize("short_name", sorted(ALLOWED))
def test_without_the_power_the_verb_is_refused(short_name: str, cast: Cast) -> None:
    point = min(ALLOWED[short_name], default="issued")
    filed = factory.complaint(cast, at=point)
    case = people.prepared(short_name, filed, at_home(filed, cast))
    verb = verb_named(f"complaints.{short_name}")
    powerless = Actor(
        kind="staff", label="x", id=cast.handler.user.pk, person=cast.handler.user.person, unit=cast.unit.pk
    )

    with pytest.raises(Refused) as refused:
        verb.action(case, actor=powerless, now=LATER, **inputs_for(short_name, case, cast))

    assert "actor.no_power" in [b.code for b in refused.value.blockers]
    assert refused.value.http_status == 403
