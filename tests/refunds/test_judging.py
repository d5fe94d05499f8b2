"""The check by facts, the question to the merchant, its answer and its silence, and the decision of two people."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from cases.clocks.models import Clock
from cases.complaints.models import Complaint
from cases.mediation.models import Mediation
from cases.models import Link
from jike.base.dates import pinned
from jike.base.errors import Refused
from jike.outbox import channels, jobs
from jike.outbox.models import Job
from jike.privacy import open_sealed
from lending.models import Order
from refunds import actions, handlers
from refunds.models import Refund
from tests.factories import returns as factory
from tests.factories.returns import ASKED, LAST, MACHINE
from tests.lending import documents
from tests.mediation.conftest import Gateway
from tests.people import Cast

SECOND = timedelta(seconds=1)


def judged(*, at: Any = ASKED, asked: Any = ASKED, says: str = "none", **changes: Any) -> Refund:
    about = factory.loan(**{"service": {"state": "none"}} | changes)
    case = factory.requested(about, now=max(asked, at), received_at=asked, consumer_says=says)
    return handlers.advance(case, now=max(asked, at))


def codes(case: Refund) -> list[str]:
    last = case.known_screenings[-1]
    return [one["code"] for one in (*last.reasons, *last.review)]


@pytest.mark.rule("R31", "R45")
def test_the_last_second_is_in_time_and_the_next_is_refused_with_goodwill(cast: Cast) -> None:
    assert judged(asked=LAST).state == "reversing"

    case = judged(asked=LAST + SECOND, external_id="JK-2", contract_no="HT-2")

    assert (case.state, case.refusal_code, codes(case)) == ("refused", "return.late", ["return.late"])
    assert case.screenings.get().offers == ["goodwill", "complaint"]
    told = [open_sealed(message, "body") for message in case.messages.filter(template__contains="refused")]
    assert told and all("2026-11-23" in text and "通融" in text for text in told)
    assert [leg.kind for leg in case.known_legs] == ["suppress", "release"]


@pytest.mark.rule("R33")
def test_a_request_registered_late_but_made_in_time_is_in_time(cast: Cast) -> None:
    case = factory.requested(factory.loan(), now=LAST + timedelta(days=5), received_at=LAST, channel="phone")

    case = handlers.advance(case, now=LAST + timedelta(days=5))

    assert (case.state, case.received_at, case.screenings.get().outcome) == ("eligible", LAST, "eligible")
    assert [one["code"] for one in case.screenings.get().review] == ["request.backdated"], "two people look at the word"


@pytest.mark.rule("R35")
def test_a_merchant_nobody_heard_is_asked_and_48_hours_of_silence_count_as_not_served(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway = Gateway()
    monkeypatch.setattr(channels, "get", lambda name: gateway)
    case = judged(service={"state": "unknown"})
    assert (case.state, codes(case)) == ("disputed", ["service.unknown"])
    assert not Mediation.objects.exists()
    Job.objects.exclude(topic="refunds.send_question").delete()
    at = ASKED + SECOND
    with pinned(at):
        jobs.run_due(clock=lambda: at)
    ((_address, text),) = gateway.sent
    assert "2026年11月22日10时00分" in text and case.consumer_mask not in text
    case = factory.fresh(case)
    assert (case.merchant_asked_at, Clock.objects.get(case_id=case.pk).due_at) == (at, at + timedelta(hours=48))

    factory.watched(at + timedelta(hours=48) - SECOND)
    assert factory.fresh(case).state == "disputed"
    factory.watched(ASKED + timedelta(hours=50))

    case = factory.fresh(case)
    assert (case.state, case.screening.is_automatic) == ("reversing", True)
    assert Clock.objects.get(case_id=case.pk).state == "stopped"


@pytest.mark.rule("R35")
def test_silence_means_nothing_where_the_terms_do_not_say_so(cast: Cast) -> None:
    documents.terms("T-OLD", silence_is_unserved=False)
    case = judged(service={"state": "unknown"}, terms="T-OLD")
    case = actions.ask_merchant(case, actor=MACHINE, now=ASKED)

    factory.watched(ASKED + timedelta(days=5))

    assert factory.fresh(case).state == "disputed"


def test_an_answer_that_nothing_was_served_sends_the_money_back(cast: Cast) -> None:
    case = factory.a_return(cast, at="unheard")
    case = actions.ask_merchant(case, actor=cast.handler.actor, now=ASKED + timedelta(hours=1), evidence="去电")

    case = actions.record_merchant(case, actor=cast.handler.actor, now=ASKED + timedelta(hours=2), says="none")
    case = handlers.advance(case, now=ASKED + timedelta(hours=3))

    assert case.state == "reversing" and len(case.known_screenings) == 2


@pytest.mark.rule("R35")
def test_two_who_contradict_one_another_go_to_mediation_and_collection_stays_stopped(cast: Cast) -> None:
    case = judged(service={"state": "served"})

    mediation = Mediation.objects.get()
    assert (case.state, codes(case)) == ("disputed", ["service.contested"])
    assert (mediation.origin_id, mediation.state, mediation.loan_id) == (case.pk, "proposed", case.loan_id)
    assert Link.objects.filter(case_id=case.pk, other_id=mediation.pk, kind="escalated_to").exists()
    assert not Order.objects.filter(kind="release").exists()


@pytest.mark.rule("R35")
def test_a_part_that_was_served_is_proposed_in_proportion_and_returned_in_part_by_two_people(cast: Cast) -> None:
    case = factory.a_return(cast, at="partly")
    assert codes(case) == ["service.partly"]
    now = ASKED + timedelta(hours=2)
    asked = {"outcome": "partly", "share": Decimal(25), "reason": "双方同意", "evidence": "调解协议", "code": ""}
    case = actions.propose(case, actor=cast.handler.actor, now=now, **asked)

    case = factory.voted(case, cast, now=now)
    case = handlers.advance(case, now=now)

    assert (case.state, case.basis, case.served_bp) == ("reversing", "partly", 2_500)
    legs = {leg.kind: leg for leg in factory.fresh(case).known_legs}
    assert (legs["merchant_clawback"].cents, legs["loan_end"].cents, legs["loan_end"].by_hand) == (
        900_000,
        900_000,
        True,
    )
    assert "consumer_repayment" not in legs, "what was repaid counts towards the part that was served"


@pytest.mark.rule("R40")
def test_a_second_return_within_a_year_is_decided_by_people(cast: Cast) -> None:
    earlier = factory.a_return(cast, at="completed")
    assert earlier.state == "completed"

    case = judged(external_id="JK-2", contract_no="HT-2")

    assert (case.state, codes(case), case.screening.is_automatic) == ("eligible", ["return.again"], False)


@pytest.mark.rule("R41")
def test_a_fraud_flag_holds_the_money_and_people_decide(cast: Cast) -> None:
    case = factory.a_return(cast, at="held")
    assert not Order.objects.exclude(kind="suppress").exists()
    assert [open_sealed(m, "body") for m in case.messages.filter(template__contains="held")]
    now = ASKED + timedelta(hours=2)

    with pytest.raises(Refused):
        actions.reverse(case, actor=MACHINE, now=now)
    case = actions.propose(case, actor=cast.handler.actor, now=now, **factory.REFUSING | {"code": "fraud.confirmed"})
    case = factory.voted(case, cast, now=now)

    assert (case.state, case.refusal_code) == ("refused", "fraud.confirmed")


def test_a_large_return_waits_for_two_people_and_then_goes_by_itself(cast: Cast) -> None:
    case = factory.a_return(cast, at="undecided")
    assert (
        codes(case) == ["amount.large"] and handlers.advance(case, now=ASKED + timedelta(hours=1)).state == "eligible"
    )
    now = ASKED + timedelta(hours=2)
    case = actions.propose(case, actor=cast.handler.actor, now=now, **factory.RETURNING)
    assert handlers.advance(case, now=now).state == "eligible"

    returned = factory.voted(case, cast, now=now, verdict="returned")
    assert (returned.state, returned.released) == ("eligible", False)
    case = actions.propose(returned, actor=cast.handler.actor, now=now, **factory.RETURNING)
    case = factory.voted(case, cast, now=now)

    assert handlers.advance(case, now=now).state == "reversing"


@pytest.mark.rule("R44")
def test_a_refusal_has_a_code_and_evidence(cast: Cast) -> None:
    case = factory.a_return(cast, at="disputed")
    for missing in ("code", "evidence"):
        with pytest.raises(Refused) as no:
            actions.propose(
                case, actor=cast.handler.actor, now=ASKED + timedelta(hours=2), **factory.REFUSING | {missing: ""}
            )
        assert f"{missing}.missing" in [b.code for b in no.value.blockers]

    case = actions.propose(case, actor=cast.handler.actor, now=ASKED + timedelta(hours=2), **factory.REFUSING)
    case = factory.voted(case, cast, now=ASKED + timedelta(hours=2))
    case = actions.contest_refusal(
        case, actor=factory.consumer_of(case), now=ASKED + timedelta(hours=3), words="未上课"
    )

    complaint = Complaint.objects.get()
    assert (complaint.state, complaint.loan_id) == ("received", case.loan_id)
    assert [leg.kind for leg in case.known_legs] == ["suppress", "release", "suppress"]
    with pytest.raises(Refused):
        actions.contest_refusal(case, actor=factory.consumer_of(case), now=ASKED + timedelta(hours=4), words="再次")


@pytest.mark.rule("R45")
def test_goodwill_leads_on_from_a_refusal_with_a_second_person(cast: Cast) -> None:
    case = factory.a_return(cast, at="goodwill")
    assert (case.is_goodwill, case.released, case.ended_at) == (True, True, None)

    case = handlers.advance(case, now=LAST + timedelta(hours=5))

    assert case.state == "reversing"
    assert [leg.kind for leg in case.known_legs][:3] == ["suppress", "release", "suppress"]


@pytest.mark.rule("R38")
def test_a_loan_settled_early_within_its_days_is_converted(cast: Cast) -> None:
    paid = documents.repayment("R-1", 1_201_230)
    parts = [("principal", 1_200_000), ("interest", 1_230)]
    paid["parts"] = [{"kind": kind, "receiver": "funder", "amount_cents": cents} for kind, cents in parts]

    case = judged(state="settled", repayments=[paid])

    assert (case.state, case.basis, case.to_consumer_cents) == ("reversing", "conversion", 1_230)
    assert {leg.kind for leg in case.known_legs} == {"suppress", "consumer_cost", "loan_end"}


def test_a_hold_stops_what_waits_for_a_vote(cast: Cast) -> None:
    case = factory.a_return(cast, at="proposed")
    payload = factory.payload_of(case)

    case = actions.hold(case, actor=cast.supervisor.actor, now=ASKED + timedelta(hours=2), reason="疑似诈骗")

    assert case.state == "held" and not factory.fresh(case).open_approvals
    with pytest.raises(Refused) as no:
        actions.approve(
            case, actor=cast.supervisor.actor, now=ASKED + timedelta(hours=3), verdict="approved", payload=payload
        )
    assert "approval.none" in [b.code for b in no.value.blockers]


def test_a_part_that_was_granted_before_a_hold_is_forgotten_when_the_whole_is_granted_after_it(cast: Cast) -> None:
    case, now = factory.a_return(cast, at="partly"), ASKED + timedelta(hours=2)
    asked = {"outcome": "partly", "share": Decimal(50), "reason": "双方同意", "evidence": "调解协议", "code": ""}
    case = actions.propose(case, actor=cast.handler.actor, now=now, **asked)
    case = factory.voted(case, cast, now=now)
    assert (case.state, case.served_bp) == ("eligible", 5_000)

    case = actions.hold(case, actor=cast.supervisor.actor, now=now, reason="疑似诈骗")
    assert case.served_bp is None
    case = actions.propose(case, actor=cast.handler.actor, now=now, **factory.RETURNING)
    case = handlers.advance(factory.voted(case, cast, now=now), now=now)

    assert (case.state, case.basis, case.served_bp) == ("reversing", "full", None)


def test_what_was_proposed_in_a_dispute_is_void_once_the_facts_decide(cast: Cast) -> None:
    case, now = factory.a_return(cast, at="unheard"), ASKED + timedelta(hours=1)
    case = actions.ask_merchant(case, actor=cast.handler.actor, now=now, evidence="去电")
    case = actions.propose(case, actor=cast.handler.actor, now=now, **factory.REFUSING)
    case = actions.record_merchant(case, actor=cast.handler.actor, now=now, says="none")

    case = actions.judge(case, actor=MACHINE, now=now + SECOND)

    assert case.state == "eligible" and not factory.fresh(case).open_approvals


def test_a_hold_ends_the_hours_of_the_merchant_and_its_answer_is_still_taken(cast: Cast) -> None:
    case, now = factory.a_return(cast, at="unheard"), ASKED + timedelta(hours=1)
    case = actions.ask_merchant(case, actor=cast.handler.actor, now=now, evidence="去电")

    case = actions.hold(case, actor=cast.supervisor.actor, now=now, reason="疑似诈骗")
    assert Clock.objects.get(case_id=case.pk).state == "stopped"
    case = actions.record_merchant(case, actor=cast.handler.actor, now=now + SECOND, says="none")

    assert handlers.advance(case, now=now + SECOND).state == "held"


def test_a_refusal_lifts_no_stop_that_a_complaint_about_another_return_of_the_loan_keeps(cast: Cast) -> None:
    first = factory.a_return(cast, at="refused")
    actions.contest_refusal(first, actor=factory.consumer_of(first), now=LAST + timedelta(hours=1), words="可以退")
    complaint = Complaint.objects.get()

    def refused_again() -> list[str]:
        case = factory.requested(first.loan, now=LAST + timedelta(hours=2))
        case = handlers.advance(case, now=LAST + timedelta(hours=2))
        assert case.state == "refused"
        return [leg.kind for leg in case.known_legs]

    assert refused_again() == ["suppress"]
    with transaction.atomic():
        Complaint.objects.filter(pk=complaint.pk).update(ended_at=LAST + timedelta(hours=1))
        assert refused_again() == ["suppress", "release"]
        transaction.set_rollback(True)


def test_whoever_proposed_or_handles_does_not_approve_and_a_twin_account_does_not_help(cast: Cast) -> None:
    case = factory.a_return(cast, at="proposed")
    for actor in (cast.handler.actor, cast.twin.actor):
        with pytest.raises(Refused) as no:
            actions.approve(
                case, actor=actor, now=ASKED + timedelta(hours=2), verdict="approved", payload=factory.payload_of(case)
            )
        assert {b.code for b in no.value.blockers} & {"actor.own_work", "actor.no_power"}
        assert no.value.http_status == 403
    with pytest.raises(Refused) as no:
        actions.approve(
            case, actor=cast.supervisor.actor, now=ASKED + timedelta(hours=2), verdict="approved", payload="0" * 64
        )
    assert [b.code for b in no.value.blockers] == ["approval.changed"]
