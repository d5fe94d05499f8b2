"""A matter is carried to court: read by reference, recusals carried, one at a time; who sees what of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import Http404

from cases.complaints import actions as complaints
from cases.ladder import ladder_of
from cases.litigation import actions
from cases.litigation.models import Litigation
from cases.litigation.queries import litigation_for, paper_for
from cases.mediation import actions as mediations
from cases.models import Link, Message
from cases.notices.models import Notice
from cases.queries import case_for, seen_by, sight_of
from jike.accounts.roles import consumer_actor
from jike.base.errors import Refused
from jike.base.ids import uuid7
from tests.factories import complaints as complaint_factory
from tests.factories import litigations as factory
from tests.factories import mediations as mediation_factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast

NOW = RECEIVED + timedelta(days=3)


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [b.code for b in refused.value.blockers]


def test_a_complaint_is_carried_to_court_and_nothing_is_copied(cast: Cast) -> None:
    case = factory.opened(cast)
    origin = factory.complaint_of(case)

    assert (case.number[:2], case.state, case.unit.code, case.assignee) == ("SS", "requested", "HQ-LEGAL", None)
    assert (case.matter_id, case.consumer_id, case.merchant_id) == (origin.pk, origin.consumer_id, origin.merchant_id)
    assert case.amount_cny == origin.amount_cny and not case.parties.exists()
    assert [party.case_id for party in case.known_parties] == [origin.pk]
    assert Link.objects.get(other=case).kind == Link.Kind.ESCALATED_TO
    assert origin.state == "investigating" and origin.events.filter(verb="complaints.open_litigation").exists()
    told = Message.objects.filter(case_id=case.pk, template="litigation/messages/requested.2026-11")
    assert {message.channel for message in told} == {"inbox", "sms"}


def test_one_litigation_of_a_matter_goes_on_at_a_time_whoever_asks(cast: Cast) -> None:
    case = factory.opened(cast)
    origin = factory.complaint_of(case)
    for actor in (cast.handler.actor, factory.consumer_of(case)):
        with pytest.raises(Refused) as refused:
            complaints.open_litigation(origin, actor=actor, now=NOW)
        assert codes(refused) == ["litigation.open"]

    actions.withdraw_litigation(case, actor=factory.consumer_of(case), now=NOW)
    complaints.open_litigation(origin, actor=factory.consumer_of(case), now=NOW)

    assert Litigation.objects.filter(matter=origin).count() == 2


def test_an_ended_complaint_and_strangers_open_none(cast: Cast) -> None:
    origin = complaint_factory.complaint(cast, at="withdrawn")
    with pytest.raises(Refused) as refused:
        complaints.open_litigation(origin, actor=complaint_factory.consumer_of(origin), now=NOW)
    assert codes(refused) == ["case.ended"]

    other = complaint_factory.complaint(cast, at="investigating", phone="13900139000")
    for actor, code in ((consumer_actor(uuid7()), "actor.other_person"), (cast.colleague.actor, "actor.not_assigned")):
        with pytest.raises(Refused) as refused:
            complaints.open_litigation(other, actor=actor, now=NOW)
        assert code in codes(refused)


def test_a_broken_mediation_goes_to_court_by_one_click_with_its_agreement(cast: Cast) -> None:
    mediation = mediation_factory.mediation(cast, at="breached")
    agreement = mediation.known_agreement
    assert agreement is not None

    mediations.open_litigation(
        mediation, actor=mediation_factory.consumer_of(mediation), now=RECEIVED + timedelta(days=41)
    )

    case = Litigation.objects.get(origin=mediation)
    assert (case.matter_id, case.is_mediated_outside) == (mediation.origin_id, False)
    enclosed = case.enclosures.get()
    assert (enclosed.what, enclosed.source_id, bytes(enclosed.sha256)) == (
        "agreement",
        agreement.pk,
        bytes(agreement.sha256),
    )
    ladder = ladder_of(case, factory.consumer_of(case))
    assert [(rung.number[:2], rung.depth) for rung in ladder] == [("TS", 0), ("TJ", 1), ("SS", 2)]


def test_only_a_broken_mediation_is_carried_on(cast: Cast) -> None:
    mediation = mediation_factory.mediation(cast, at="performing")
    with pytest.raises(Refused) as refused:
        mediations.open_litigation(mediation, actor=cast.handler.actor, now=NOW)
    assert codes(refused) == ["case.wrong_state"]


def test_whoever_is_recused_from_the_matter_or_the_mediation_is_recused_here(cast: Cast) -> None:
    counsel = factory.counsel("colleague-at-law")
    origin = mediation_factory.complaint(cast)
    complaints.recuse_oneself(origin, actor=counsel.actor, now=NOW, ground="other", reason="亲属")

    case = factory.opened(cast, origin=origin)

    assert counsel.user.person in case.recused_people
    with pytest.raises(Refused) as refused:
        actions.claim_litigation(case, actor=counsel.actor, now=NOW)
    assert codes(refused) == ["actor.recused"]
    with pytest.raises(Http404):
        case_for(counsel.actor, case.number)


def test_counsel_reads_the_matter_while_handling_it_and_nobody_else_of_the_unit_does(cast: Cast) -> None:
    case = factory.litigation(cast, at="claimed")
    counsel, colleague = factory.counsel().actor, factory.counsel("colleague-at-law").actor
    matter = factory.complaint_of(case)

    assert sight_of(case, counsel) == sight_of(matter, counsel) == "full"
    assert sight_of(case, colleague) is None and sight_of(matter, colleague) is None

    complaints.recuse_oneself(matter, actor=counsel, now=NOW, ground="other", reason="亲属")
    matter = factory.complaint_of(case)
    assert sight_of(matter, counsel) is None


def test_counsel_of_a_broken_mediation_reads_mediation_and_complaint(cast: Cast) -> None:
    case = factory.of_mediation(cast)
    counsel = factory.counsel().actor
    assert sight_of(factory.complaint_of(case), counsel) is None
    case = actions.claim_litigation(case, actor=counsel, now=RECEIVED + timedelta(days=42))

    assert case_for(counsel, case.origin.number).pk == case.origin_id
    assert case_for(counsel, case.matter.number).pk == case.matter_id


def test_counsel_reads_the_complaint_no_more_once_the_litigation_has_ended(cast: Cast) -> None:
    case = factory.litigation(cast, at="claimed")
    counsel = factory.counsel().actor
    assert seen_by(counsel).filter(pk=case.matter_id).exists()

    given = {"reason": "缺少证据。", "told": "现有材料不足。"}
    case = actions.decline_litigation(case, actor=counsel, now=NOW + timedelta(days=2), **given)

    matter = factory.complaint_of(case)
    assert sight_of(matter, counsel) is None and not seen_by(counsel).filter(pk=matter.pk).exists()


def test_what_lies_behind_the_complaint_stays_shut_to_counsel(cast: Cast) -> None:
    case = factory.litigation(cast, at="claimed")
    inquiry = complaint_factory.complaint(cast)
    Link.objects.create(case_id=inquiry.pk, other_id=case.matter_id, kind=Link.Kind.ESCALATED_TO, created_at=NOW)

    assert sight_of(inquiry, factory.counsel().actor) is None
    assert not seen_by(factory.counsel().actor).filter(pk=inquiry.pk).exists()


def test_papers_and_case_are_the_own_consumers_and_counsels_alone(cast: Cast) -> None:
    case = factory.litigation(cast, at="drafted")
    draft = case.known_drafts["statement"]
    for actor in (factory.counsel().actor, factory.consumer_of(case)):
        assert paper_for(actor, case, draft.pk) == draft
    strangers = (consumer_actor(uuid7()), cast.colleague.actor, cast.stranger.actor, cast.supervisor.actor)
    for actor in strangers:
        with pytest.raises(Http404):
            litigation_for(actor, case.number)
        with pytest.raises(Http404):
            paper_for(actor, case, draft.pk)


def test_the_handler_of_the_complaint_follows_where_it_stands_and_reads_no_word_of_it(cast: Cast) -> None:
    case = factory.litigation(cast, at="drafted")
    handler = cast.handler.actor

    assert sight_of(case, handler) == "masked" and sight_of(case, cast.colleague.actor) is None
    assert [rung.number[:2] for rung in ladder_of(factory.complaint_of(case), handler)] == ["TS", "SS"]
    with pytest.raises(Http404):
        paper_for(handler, case, case.known_drafts["statement"].pk)


def test_counsel_on_duty_hear_of_a_new_litigation(cast: Cast) -> None:
    counsel = factory.counsel()
    case = factory.opened(cast)

    told = Notice.objects.get(case=case)
    assert (told.user, told.code) == (counsel.user, "court.asked")


def test_the_consumer_sees_no_paper_that_is_still_incomplete(cast: Cast) -> None:
    case = factory.litigation(cast, at="drafted")
    now = factory.moment_of("drafted")
    given = factory.STATEMENT | {"plaintiff_sex": ""}
    case = actions.draft_statement(case, actor=factory.counsel().actor, now=now, **given)
    factory.printed(case, cast, now)
    case = Litigation.objects.get(pk=case.pk)

    for draft in case.known_drafts.values():
        with pytest.raises(Http404):
            paper_for(factory.consumer_of(case), case, draft.pk)
        assert paper_for(factory.counsel().actor, case, draft.pk) == draft
