"""What a case has at all: each holding says what the rows say, and is read anew after a change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import Q

from cases import approvals
from cases.attachments.models import Attachment
from cases.bundles.models import Bundle
from cases.complaints import actions
from cases.complaints.models import Complaint
from cases.evidence.models import Item, ListLock
from cases.models import Leave, Link, Message, holdings
from cases.writing import drafts, looks
from cases.writing.models import Draft, Look
from tests.factories import complaints as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast

ROWS: dict[str, Callable[[Complaint], Any]] = {
    "recusals": lambda case: case.recusals.filter(lifted_at=None),
    "carried_on": lambda case: Link.objects.filter(
        Q(case_id=case.pk) | Q(other_id=case.pk), kind=Link.Kind.ESCALATED_TO, ended_at=None
    ),
    "tasks": lambda case: case.tasks,
    "open_approvals": lambda case: case.approvals.filter(verdict=""),
    "decisions": lambda case: case.decisions,
    "unposted": lambda case: case.messages.filter(channel=Message.Channel.LETTER, delivery=None, paper__isnull=False),
    "notes": lambda case: case.notes,
    "sources": lambda case: case.sources,
    "asked_funder": lambda case: case.forwardings.filter(replied_at=None),
    "assignee_leaves": lambda case: Leave.objects.filter(user_id=case.assignee_id, cancelled_at=None),
    "papers": lambda case: Attachment.objects.filter(subject=case.pk),
    "papers_to_register": lambda case: Attachment.objects.filter(
        Q(examination__verdict="accepted") | Q(ruling__is_released=True), subject=case.pk, item=None
    ),
    "evidence": lambda case: Item.objects.filter(case_id=case.pk),
    "evidence_locks": lambda case: ListLock.objects.filter(case_id=case.pk),
    "bundles": lambda case: Bundle.objects.filter(case_id=case.pk),
    "drafts": lambda case: Draft.objects.filter(case_id=case.pk),
    "looks": lambda case: Look.objects.filter(case_id=case.pk),
    "attempts": lambda case: case.attempts,
    "new_facts": lambda case: case.new_facts,
    "open_extensions": lambda case: case.extensions.filter(outcome=""),
    "open_pauses": lambda case: case.pauses.filter(resumed_at=None),
    "promises": lambda case: case.promises,
    "open_surveys": lambda case: case.surveys.filter(answered_at=None),
    "statements": lambda case: case.statements,
    "supplements": lambda case: case.supplement_requests,
}
POINTS = ("received", "claimed", "supplementing", "added", "deciding", "untold", "paused", "closed")


def held(case: Complaint) -> set[str]:
    fresh = Complaint.objects.get(pk=case.pk)
    return {name for name in ROWS if fresh.has(name)}


def stored(case: Complaint) -> set[str]:
    return {name for name, rows in ROWS.items() if rows(case).exists()}


def test_every_holding_is_told_here() -> None:
    assert sorted(holdings._known("complaint")) == sorted(ROWS)


@pytest.mark.parametrize("point", POINTS)
def test_a_holding_says_what_the_rows_say(point: str, cast: Cast) -> None:
    case = factory.complaint(cast, at=point)

    assert held(case) == stored(case)


def test_what_people_add_is_held(cast: Cast) -> None:
    case = factory.complaint(cast, at="claimed")
    before = held(case)
    case = actions.add_note(case, actor=cast.handler.actor, now=RECEIVED, text="已致电商户。")
    factory.attached(case, cast)
    drafts.keep_draft(case, "note", {"text": "未写完"}, actor=cast.handler.actor, now=RECEIVED)
    looks.note_look(case, "", actor=cast.handler.actor, now=RECEIVED)
    case = actions.request_recusal(case, actor=factory.consumer_of(case), now=RECEIVED, reason="亲属。")

    assert held(case) - before >= {"notes", "papers", "drafts", "looks", "recusals"}
    assert held(case) == stored(case)


def test_what_waits_for_the_register_and_what_is_in_it_is_held(cast: Cast) -> None:
    case = factory.complaint(cast, at="claimed")
    for refused in ("refused", "held"):
        factory.examined(case, f"%PDF {refused}".encode(), verdict=refused)
    assert not Complaint.objects.get(pk=case.pk).has("papers_to_register")

    factory.examined(case)
    assert held(case) == stored(case) and Complaint.objects.get(pk=case.pk).has("papers_to_register")

    actions.register_evidence(case, actor=cast.handler.actor, now=RECEIVED)
    actions.lock_evidence(case, actor=cast.handler.actor, now=RECEIVED)
    actions.build_bundle(case, actor=factory.consumer_of(case), now=RECEIVED, profile="consumer")
    assert held(case) == stored(case) >= {"evidence", "evidence_locks", "bundles"}
    assert not Complaint.objects.get(pk=case.pk).has("papers_to_register")


def test_whoever_asks_a_second_person_knows_of_the_request(cast: Cast) -> None:
    case = factory.complaint(cast, at="investigating")
    assert not case.has("open_approvals") and case.open_approvals == []

    approvals.ask(case, "complaints.approve_extension", actor=cast.handler.actor, now=RECEIVED)

    assert [one.verb for one in case.open_approvals] == ["complaints.approve_extension"]
    with pytest.raises(KeyError):
        case.has("nothing of the kind")
