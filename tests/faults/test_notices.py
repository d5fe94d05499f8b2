"""A machine that has no proof of sending records no notice."""

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
from tests.people import cast as make_cast


@pytest.mark.django_db
def test_worker_without_proof_is_refused_and_with_a_delivery_is_not() -> None:
    ensure_starter_data(RECEIVED)
    cast = make_cast()
    case = factory.complaint(cast, at="issued")
    worker = machine_actor("outbox-worker")

    with pytest.raises(Refused) as refused:
        actions.notify_decision(case, actor=worker, now=RECEIVED, proof=None)

    assert [blocker.code for blocker in refused.value.blockers] == ["notice.no_proof"]
    assert not Delivery.objects.filter(case=case).exists()
    assert Complaint.objects.get(pk=case.pk).state == "decided"
    assert factory.notified(case, cast, RECEIVED).state == "notified"
