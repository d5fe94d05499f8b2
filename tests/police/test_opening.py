"""Opening help with a police report, what is carried over, who sees it, and how it ends before anything was reported."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cases.complaints import actions as complaints
from cases.complaints.models import Complaint
from cases.models import Approval, Link, Message, Party
from cases.police import actions
from cases.police.models import PoliceReport
from cases.police.queries import report_for, whole_report_for
from cases.queries import NotVisible
from jike.accounts.roles import consumer_actor, merchant_actor
from jike.base.errors import Refused
from jike.base.ids import uuid7
from jike.privacy import open_sealed
from tests.factories import complaints as complaint_factory
from tests.factories import police as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast

NOW = RECEIVED + timedelta(hours=12)


def refusal(act: object, **given: object) -> list[str]:
    with pytest.raises(Refused) as refused:
        act(**given)  # type: ignore[operator]
    return [blocker.code for blocker in refused.value.blockers]


def test_it_is_opened_by_one_verb_linked_and_nothing_is_copied(cast: Cast) -> None:
    origin = factory.complaint(cast)
    complaint_factory.examined(origin)
    case = factory.opened(cast, origin=origin)

    assert case.number.startswith("XS") and case.state == "requested" and case.assignee_id == cast.handler.user.pk
    assert Link.objects.filter(case_id=origin.pk, other_id=case.pk, kind="escalated_to").count() == 1
    assert (case.consumer_id, case.loan_id, case.merchant_id) == (
        origin.consumer_id,
        origin.loan_id,
        origin.merchant_id,
    )
    assert not Party.objects.filter(case_id=case.pk).exists() and not case.notes.exists()
    assert open_sealed(case, "wish") == factory.WISH
    assert case.origin_id == origin.pk and [open_sealed(party, "name") for party in case.known_parties] == ["王小明"]
    told = Message.objects.filter(case_id=case.pk)
    assert {message.template for message in told} == {"police/messages/opened.2026-11"}
    assert all("立即接受" in open_sealed(message, "body") for message in told)


def test_it_needs_a_wish_a_capacity_and_a_case_that_goes_on_and_is_one_at_a_time(cast: Cast) -> None:
    origin = factory.complaint(cast)
    ended = factory.complaint(cast, at="withdrawn", phone="13900139000")
    by = {"actor": cast.handler.actor, "now": NOW}
    good = {"capacity": "accuser", "wish": factory.WISH}
    act = complaints.open_police_report

    assert refusal(act, case=origin, **by, capacity="victim", wish=" ") == ["capacity.unknown", "wish.missing"]
    assert "case.ended" in refusal(act, case=ended, **by, **good)
    assert refusal(act, case=origin, actor=cast.colleague.actor, now=NOW, **good) == ["actor.not_assigned"]
    case = factory.opened(cast, origin=origin)
    assert refusal(act, case=origin, **by, **good) == ["police.open"]
    actions.withdraw(case, actor=factory.consumer_of(case), now=NOW)
    act(Complaint.objects.get(pk=origin.pk), **by, **good)
    assert PoliceReport.objects.filter(origin=origin).count() == 2


def test_the_complaint_goes_on_and_its_count_too(cast: Cast) -> None:
    origin = factory.complaint(cast)
    due = origin.next_due_at
    factory.opened(cast, origin=origin)

    row = Complaint.objects.get(pk=origin.pk)
    assert (row.state, row.next_due_at) == ("investigating", due)
    assert row.events.latest("seq").data["police_report"]


def test_whoever_is_recused_from_the_complaint_is_recused_from_the_report(cast: Cast) -> None:
    origin = factory.complaint(cast)
    complaints.recuse_oneself(origin, actor=cast.colleague.actor, now=NOW, ground="other", reason="Friend.")
    case = factory.opened(cast, origin=Complaint.objects.get(pk=origin.pk))

    assert case.recused_people == {cast.colleague.user.person}
    assert "actor.recused" in [b.code for b in case.barred(cast.colleague.actor)]


def test_whoever_is_recused_from_the_complaint_later_is_kept_from_the_report_too(cast: Cast) -> None:
    case = factory.report(cast, at="stated")
    complaints.recuse_oneself(
        Complaint.objects.get(pk=case.origin_id), actor=cast.supervisor.actor, now=NOW, ground="other", reason="Friend."
    )

    with pytest.raises(NotVisible):
        whole_report_for(cast.supervisor.actor, case.number)
    row = PoliceReport.objects.get(pk=case.pk)
    assert "actor.recused" in refusal(actions.decline, case=row, actor=cast.supervisor.actor, now=NOW, reason="Reason")


def test_a_consumer_sees_the_own_report_and_others_merchants_and_colleagues_see_none(cast: Cast) -> None:
    case = factory.report(cast, at="stated")

    assert report_for(factory.consumer_of(case), case.number).pk == case.pk
    for actor in (cast.stranger.actor, consumer_actor(uuid7()), merchant_actor(uuid7())):
        with pytest.raises(NotVisible):
            report_for(actor, case.number)
    for actor in (factory.consumer_of(case), cast.colleague.actor):
        with pytest.raises(NotVisible):
            whole_report_for(actor, case.number)
    assert whole_report_for(cast.supervisor.actor, case.number).pk == case.pk


def test_help_is_declined_by_another_person_with_a_reason_the_consumer_reads(cast: Cast) -> None:
    case = factory.opened(cast)
    given = {"now": NOW, "reason": "属于合同纠纷。"}

    own = ["actor.no_power", "actor.own_work"]
    assert refusal(actions.decline, case=case, actor=cast.handler.actor, **given) == own
    case = actions.decline(case, actor=cast.supervisor.actor, **given)

    bodies = [open_sealed(m, "body") for m in Message.objects.filter(case_id=case.pk, template__contains="declined")]
    assert case.state == "declined" and bodies
    assert all("自行" in body and "报案" in body for body in bodies)
    assert {
        m.channel: "属于合同纠纷。" in open_sealed(m, "body")
        for m in Message.objects.filter(case_id=case.pk, template__contains="declined")
    } == {"inbox": True, "sms": False}  # a phone's screen shows no reason


def test_help_does_not_end_while_something_waits_for_a_vote(cast: Cast) -> None:
    case = factory.report(cast, at="asked")
    case = actions.record_report(case, actor=cast.handler.actor, now=NOW, accepted_on=NOW.date(), **factory.REPORT)
    close = {"case": case, "actor": cast.handler.actor, "now": NOW, "reason": "Reason"}

    assert refusal(actions.close_report, **close) == ["approval.open"]
    assert Approval.objects.get(case_id=case.pk).verdict == ""


def test_the_capacity_is_corrected_until_there_is_a_receipt(cast: Cast) -> None:
    case = factory.report(cast, at="ready")
    given = {"actor": cast.handler.actor, "now": NOW, "reason": "Reason"}

    assert refusal(actions.state_capacity, case=case, capacity="accuser", **given) == ["capacity.same"]
    case = actions.state_capacity(case, capacity="reporter", **given)
    assert (case.capacity, case.is_accuser) == ("reporter", False)
    assert case.events.latest("seq").data["was"] == "accuser"
    case = factory.STEPS["report"](case, cast, NOW)
    assert refusal(actions.state_capacity, case=case, capacity="accuser", **given) == ["case.wrong_state"]
