"""The full matrices: state × verb, and verb × role. Both are written out, so that a widened machine is seen here."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cases.complaints.models import Complaint
from jike.accounts.roles import consumer_actor, machine_actor
from jike.base.actors import Actor
from jike.base.errors import Refused
from jike.verbs import all_verbs, verb_named, verbs_of
from tests.factories import complaints as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast

LATER = RECEIVED + timedelta(days=2)
STATES = ("received", "claimed", "investigating", "deciding", "decided", "issued", "notified", "closed", "withdrawn")

# verb -> the points of the path at which the person in charge may do it
ALLOWED = {
    "claim": {"received"},
    "assign": {"received", "claimed", "investigating", "decided", "issued", "notified"},
    "classify": {"claimed", "investigating", "deciding", "decided", "issued", "notified"},
    "accept": {"claimed"},
    "note": {"claimed", "investigating", "deciding", "decided", "issued", "notified", "closed"},
    "message": {"claimed", "investigating", "deciding", "decided", "issued", "notified"},
    "propose_decision": {"investigating"},
    "return_decision": {"deciding"},
    "approve_decision": {"deciding"},
    "issue_letter": {"decided"},
    "notify": {"issued"},
    "close": {"notified"},
    "withdraw": {"claimed", "investigating", "deciding", "decided", "issued"},
}

# verb -> roles that have its power at all (kind of actor : name)
ROLES = {
    "file": {"handler", "supervisor", "consumer", "importer"},
    "record_history": {"importer"},
    "claim": {"handler", "supervisor"},
    "assign": {"supervisor"},
    "classify": {"handler", "supervisor"},
    "accept": {"handler", "supervisor"},
    "note": {"handler", "supervisor", "mediator", "legal", "risk"},
    "message": {"handler", "supervisor", "consumer"},
    "propose_decision": {"handler", "supervisor"},
    "return_decision": {"supervisor", "executive"},
    "approve_decision": {"supervisor", "executive"},
    "issue_letter": {"outbox-worker"},
    "notify": {"handler", "supervisor", "outbox-worker"},
    "close": {"handler", "supervisor"},
    "withdraw": {"handler", "supervisor", "consumer"},
}
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


def in_charge(verb: str, cast: Cast) -> Actor:
    if verb == "issue_letter":
        return machine_actor("outbox-worker")
    return (cast.supervisor if verb in {"assign", "return_decision", "approve_decision"} else cast.handler).actor


def inputs_for(verb: str, case: Complaint, cast: Cast) -> dict[str, Any]:
    """Inputs that are good wherever the verb is possible at all."""
    business, cause = factory.headings()
    payload = factory.payload_of(case) if case.state == "deciding" else "00"
    return {
        "assign": {"to": cast.colleague.user},
        "classify": {"business_code": business, "cause_code": cause},
        "note": {"text": "note"},
        "message": {"text": "message", "channel": "inbox"},
        "propose_decision": factory.DECISION,
        "return_decision": {"reason": "More facts, please."},
        "approve_decision": {"payload": payload},
        "notify": {"manner": "post", "evidence": "EMS 1", "sent_at": LATER},
        "withdraw": {"wish": "Call 77"},
    }.get(verb, {})


@pytest.mark.parametrize("point", STATES)
def test_every_verb_from_every_state(point: str, cast: Cast) -> None:
    case = factory.complaint(cast, at=point)
    before = Complaint.objects.values().get(pk=case.pk)

    for verb in verbs_of(Complaint):
        if verb.name == "complaints.issue_letter":
            continue
        actor = in_charge(verb.short_name, cast)
        found = verb.blockers(case, actor, now=LATER, **inputs_for(verb.short_name, case, cast))
        assert (not found) == (point in ALLOWED[verb.short_name]), (verb.name, point, found)
        if found:
            with pytest.raises(Refused) as refused:
                verb.action(case, actor=actor, now=LATER, **inputs_for(verb.short_name, case, cast))
            assert [b.code for b in refused.value.blockers] == [b.code for b in found]
            assert Complaint.objects.values().get(pk=case.pk) == before


def test_matrix_names_every_verb() -> None:
    assert set(ALLOWED) == {verb.short_name for verb in verbs_of(Complaint)}
    assert set(ROLES) == {verb.short_name for verb in all_verbs() if verb.model is Complaint}


def test_every_verb_for_every_role(cast: Cast) -> None:
    from jike.accounts.roles import powers_of

    holders = {role: powers_of([role]) for role in EVERYBODY}
    holders |= {name: machine_actor(name).powers for name in ("outbox-worker", "importer")} | {
        "consumer": consumer_actor(None).powers
    }
    for short_name, roles in ROLES.items():
        have = {who for who, powers in holders.items() if f"complaints.{short_name}" in powers}
        assert have == roles, short_name


@pytest.mark.parametrize("short_name", sorted(ALLOWED))
def test_without_the_power_the_verb_is_refused(short_name: str, cast: Cast) -> None:
    point = sorted(ALLOWED[short_name])[0]
    case = factory.complaint(cast, at=point)
    verb = verb_named(f"complaints.{short_name}")
    powerless = Actor(
        kind="staff", label="x", id=cast.handler.user.pk, person=cast.handler.user.person, unit=cast.unit.pk
    )

    with pytest.raises(Refused) as refused:
        verb.action(case, actor=powerless, now=LATER, **inputs_for(short_name, case, cast))

    assert "actor.no_power" in [b.code for b in refused.value.blockers]
    assert refused.value.http_status == 403
