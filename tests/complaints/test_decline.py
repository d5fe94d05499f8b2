"""Declining: a ground of the list, a second person, and an end only when the consumer was told. Worked examples 15 and 75."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cases.complaints import actions
from cases.complaints.models import Complaint
from cases.models import Message
from jike.base.errors import Refused
from jike.privacy import open_sealed
from tests.complaints.test_lifecycle import codes
from tests.factories import complaints as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast

LATER = RECEIVED + timedelta(days=1)


@pytest.mark.rule("R15")
def test_15_a_stranger_s_complaint_is_declined_by_two_people_and_told(cast: Cast) -> None:
    case = factory.complaint(cast, at="declining")
    assert case.state == "received"

    case = factory.declined(case, cast, LATER)

    assert (case.state, case.decline_code, case.ended_at) == ("declined", "not_entitled", None)
    assert case.next_due_at is not None, "the clock runs until the consumer was told"
    body = open_sealed(Message.objects.get(case_id=case.pk, purpose="decline", channel="inbox"), "body")
    assert "不是由投诉人本人" in body and "邻居" in body and "诉讼" in body


@pytest.mark.rule("R75")
def test_75_it_ends_with_the_proof_of_telling_and_not_before(cast: Cast) -> None:
    case = factory.complaint(cast, at="declined")

    case = factory.delivered(case, "decline", LATER)

    assert (case.ended_at, case.next_due_at) == (LATER, None)
    assert case.notice is not None and case.clocks.get().stopped_at == case.notice.sent_at


@pytest.mark.rule("R75")
def test_75_post_with_proof_tells_and_without_proof_does_not(cast: Cast) -> None:
    case = factory.complaint(cast, at="declined")
    given = {"actor": cast.handler.actor, "now": LATER, "manner": "post", "sent_at": LATER}

    with pytest.raises(Refused) as refused:
        actions.tell_decline(case, **given, evidence=" ")
    assert codes(refused) == ["evidence.missing"]
    assert actions.tell_decline(case, **given, evidence="EMS 1").ended_at == LATER


def test_nobody_confirms_what_they_asked_for_and_a_ground_comes_from_the_list(cast: Cast) -> None:
    case = factory.complaint(cast, at="declining")
    with pytest.raises(Refused) as refused:
        actions.confirm_decline(case, actor=cast.twin.actor, now=LATER, payload=factory.payload_of(case))
    assert codes(refused) == ["actor.own_work"]
    other = factory.complaint(cast, at="claimed", phone="13900139000")

    with pytest.raises(Refused) as refused:
        actions.decline_complaint(
            other, actor=cast.handler.actor, now=LATER, ground="annoying", explanation=" ", remedies=""
        )

    assert codes(refused) == ["ground.unknown", "explanation.missing", "remedies.missing"]
    assert Complaint.objects.get(pk=other.pk).state == "received"


def test_the_confirmation_is_bound_to_what_was_asked(cast: Cast) -> None:
    case = factory.complaint(cast, at="declining")

    with pytest.raises(Refused) as refused:
        actions.confirm_decline(case, actor=cast.supervisor.actor, now=LATER, payload="00")

    assert codes(refused) == ["approval.changed"]


def test_what_waits_to_be_declined_is_not_accepted(cast: Cast) -> None:
    case = factory.complaint(cast, at="declining")

    with pytest.raises(Refused) as refused:
        actions.accept_complaint(case, actor=cast.handler.actor, now=LATER)

    assert codes(refused) == ["approval.open"]
