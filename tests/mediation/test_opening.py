"""Opening a mediation, that nothing is copied, and what it does to the count of the complaint."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cases.attachments.models import Attachment
from cases.clocks import ledger as clocks
from cases.complaints import actions as complaints
from cases.complaints.models import ClockPause, Complaint
from cases.mediation import actions
from cases.mediation.models import Mediation
from cases.mediation.queries import mediation_for
from cases.models import Link, Message, Party
from cases.queries import NotVisible
from jike.base.dates import cst_date
from jike.base.errors import Refused
from jike.privacy import open_sealed
from tests.factories import complaints as complaint_factory
from tests.factories import mediations as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast

NOW = RECEIVED + timedelta(hours=12)


def refusal(act: object, **given: object) -> list[str]:
    with pytest.raises(Refused) as refused:
        act(**given)  # type: ignore[operator]
    return [blocker.code for blocker in refused.value.blockers]


def test_it_is_opened_by_one_verb_linked_and_nothing_is_copied(cast: Cast) -> None:
    origin = factory.complaint(cast)
    paper = complaint_factory.examined(origin)
    case = factory.opened(cast, origin=origin)

    assert case.number.startswith("TJ") and case.state == "proposed" and case.assignee_id == cast.handler.user.pk
    assert Link.objects.filter(case_id=origin.pk, other_id=case.pk, kind="escalated_to").count() == 1
    assert (case.consumer_id, case.loan_id, case.merchant_id) == (
        origin.consumer_id,
        origin.loan_id,
        origin.merchant_id,
    )
    assert not Party.objects.filter(case_id=case.pk).exists() and not case.notes.exists()
    assert not Attachment.objects.filter(subject=case.pk).exists() and Attachment.objects.get().pk == paper.pk
    assert not Message.objects.filter(case_id=case.pk).exclude(template="mediation/messages/proposal.2026-11").exists()


def test_the_consumer_sees_the_own_case_and_a_stranger_none(cast: Cast) -> None:
    case = factory.opened(cast)

    assert mediation_for(factory.consumer_of(case), case.number).pk == case.pk
    for actor in (cast.stranger.actor, factory.merchant_of(case)):
        with pytest.raises(NotVisible):
            mediation_for(actor, case.number)


def test_whoever_is_recused_from_the_complaint_is_recused_from_the_mediation(cast: Cast) -> None:
    origin = factory.complaint(cast)
    complaints.recuse_oneself(origin, actor=cast.colleague.actor, now=NOW, ground="other", reason="Friend.")
    case = factory.opened(cast, origin=Complaint.objects.get(pk=origin.pk))

    assert case.recused_people == {cast.colleague.user.person}


def test_it_needs_a_merchant_a_body_where_one_mediates_and_is_one_at_a_time(cast: Cast) -> None:
    nobody = complaint_factory.complaint(cast, at="investigating")
    origin = factory.complaint(cast, phone="13900139000")
    by = {"actor": cast.handler.actor, "now": NOW}

    assert refusal(complaints.open_mediation, case=nobody, form="internal", **by) == ["merchant.none"]
    assert refusal(complaints.open_mediation, case=origin, form="external", **by) == ["body.missing"]
    assert refusal(complaints.open_mediation, case=origin, form="court", **by) == ["form.unknown"]
    case = factory.opened(cast, origin=origin)
    assert refusal(complaints.open_mediation, case=origin, form="internal", **by) == ["mediation.open"]
    actions.refuse(case, actor=factory.consumer_of(case), now=NOW)
    complaints.open_mediation(origin, form="internal", **by)
    assert Mediation.objects.filter(origin=origin).count() == 2


@pytest.mark.parametrize("at", ["proposed", "refused", "withdrawn"])
def test_nobody_is_invited_before_the_consumer_agreed(at: str, cast: Cast) -> None:
    case = factory.mediation(cast, at=at)

    assert "case.wrong_state" in refusal(actions.invite_merchant, case=case, actor=cast.handler.actor, now=NOW)


def test_negotiation_through_us_never_stops_the_count(cast: Cast) -> None:
    case = factory.mediation(cast, at="negotiating")

    assert not ClockPause.objects.filter(case_id=case.origin_id).exists() and not case.stopped_count
    assert {clock.code for clock in clocks.clocks_of(case)} == {"MED_ANSWER"}
    given = {"actor": cast.handler.actor, "now": NOW, "accepted_on": cst_date(NOW), "reference": "1号"}
    assert "form.internal" in refusal(actions.record_acceptance, case=case, **given)


@pytest.mark.parametrize("ends", ["seal", "fail", "leave", "refuse"])
def test_an_outside_body_stops_the_count_from_its_acceptance_and_every_end_resumes_it(ends: str, cast: Cast) -> None:
    origin = factory.complaint(cast)
    due = cst_date(clocks.running(origin, family="CMP").due_at)
    before_end = "signed_external" if ends == "seal" else "before_body"
    case = factory.mediation(cast, at=before_end, origin=origin)

    row = Complaint.objects.get(pk=origin.pk)
    assert case.stopped_count and row.next_due_at is None
    assert clocks.running(row, family="CMP").state == "suspended"
    pause = ClockPause.objects.get(case_id=origin.pk)
    assert (pause.kind, pause.first_on, pause.last_on, pause.started_by) == ("mediation", date(2026, 9, 28), None, None)
    assert {clock.code for clock in case.open_clocks} == {"MED30"}

    case = factory.STEPS[ends](case, cast, RECEIVED + timedelta(days=4))
    row = Complaint.objects.get(pk=origin.pk)
    assert not case.stopped_count and cst_date(row.next_due_at) == due + timedelta(
        days=4
    )  # the day of receipt is no day of the count
    assert {clock.code for clock in Mediation.objects.get(pk=case.pk).open_clocks} == (
        {"SFQR30"} if ends == "seal" else set()
    )


def test_a_count_that_cannot_be_paused_any_more_runs_on_and_the_event_says_so(cast: Cast) -> None:
    origin = factory.complaint(cast)
    case = factory.mediation(cast, at="waiting_for_body", origin=origin)
    by = {"actor": cast.handler.actor, "now": NOW}
    complaints.propose_decision(Complaint.objects.get(pk=origin.pk), **by, **complaint_factory.DECISION)

    case = actions.record_acceptance(case, **by, accepted_on=cst_date(NOW), reference="1号")

    assert case.state == "negotiating" and not case.stopped_count
    assert case.events.latest("seq").data["stopped_count"] is False
    assert not ClockPause.objects.filter(case_id=origin.pk).exists()


def test_an_appraisal_goes_on_when_the_mediation_ends(cast: Cast) -> None:
    origin = factory.complaint(cast)
    case = factory.mediation(cast, at="before_body", origin=origin)
    by = {"actor": cast.handler.actor, "now": NOW}
    complaints.pause_clock(
        Complaint.objects.get(pk=origin.pk), **by, kind="appraisal", first_on=cst_date(NOW), evidence="鉴定"
    )
    factory.STEPS["fail"](case, cast, NOW)

    open_kinds = ClockPause.objects.filter(case_id=origin.pk, resumed_at=None).values_list("kind", flat=True)
    assert list(open_kinds) == ["appraisal"]


@pytest.mark.rule("R47")
@pytest.mark.parametrize(("ends", "words"), [("refuse", "不同意"), ("fail", "未能达成协议"), ("leave", "退出")])
def test_r47_every_end_without_agreement_tells_the_other_remedies(ends: str, words: str, cast: Cast) -> None:
    case = factory.STEPS[ends](factory.mediation(cast, at="negotiating"), cast, NOW)

    told = Message.objects.filter(case_id=case.pk, template="mediation/messages/ended.2026-11")
    bodies = [open_sealed(message, "body") for message in told]
    assert case.ended_at == NOW and bodies
    assert all(words in body and "仲裁" in body and "起诉" in body for body in bodies)
    assert not case.merchant_links.filter(revoked_at=None).exists()
