"""Refusals for one reason alone: where everything else is in order, so that no other rule hides a missing one."""

from __future__ import annotations

import pytest

from cases.complaints import actions
from cases.complaints.models import Complaint
from cases.models import Delivery
from cases.starter import ensure_starter_data
from jike.accounts.roles import machine_actor
from jike.base.errors import Refused
from tests.factories import complaints as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast
from tests.people import cast as make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    ensure_starter_data(RECEIVED)
    return make_cast()


def test_worker_without_proof_is_refused_and_with_a_delivery_is_not(cast: Cast) -> None:
    case = factory.complaint(cast, at="issued")
    worker = machine_actor("outbox-worker")

    with pytest.raises(Refused) as refused:
        actions.notify_decision(case, actor=worker, now=RECEIVED, proof=None)

    assert [blocker.code for blocker in refused.value.blockers] == ["notice.no_proof"]
    assert not Delivery.objects.filter(case=case).exists()
    assert Complaint.objects.get(pk=case.pk).state == "decided"
    assert factory.notified(case, cast, RECEIVED).state == "notified"


def test_classified_complaint_is_proposed_only_after_it_was_accepted(cast: Cast) -> None:
    case = factory.classified(factory.complaint(cast, at="claimed"), cast, RECEIVED)

    with pytest.raises(Refused) as refused:
        factory.deciding(case, cast, RECEIVED)

    assert [blocker.code for blocker in refused.value.blockers] == ["case.wrong_state"]
    accepted = actions.accept_complaint(case, actor=cast.handler.actor, now=RECEIVED)
    assert factory.deciding(accepted, cast, RECEIVED).state == "deciding"


def test_same_key_with_the_version_of_today_is_still_the_same_act(cast: Cast) -> None:
    """A client that heard no answer looks at the case again and repeats the act: the key decides, not the version."""
    case = factory.complaint(cast, at="claimed")
    note = {"actor": cast.handler.actor, "now": RECEIVED, "text": "note", "key": "n1"}
    first = actions.add_note(case, **note, version=case.version)

    again = actions.add_note(first, **note, version=first.version)

    assert again.version == first.version
    assert case.notes.count() == 1
