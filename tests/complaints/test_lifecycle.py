"""The main job from end to end: filed, handled, decided by two people, told with proof, closed."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from cases.complaints import actions
from cases.complaints.models import Complaint
from cases.models import Delivery, Event, Message
from jike import ledger
from jike.base.dates import CST
from jike.base.errors import Refused
from jike.outbox.models import Job
from jike.privacy import open_sealed
from tests.factories import complaints as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [blocker.code for blocker in refused.value.blockers]


def test_filing_starts_the_clock_and_acknowledges(cast: Cast) -> None:
    case = factory.file()

    assert case.number.startswith("TS20260928-")
    assert (case.state, case.version, case.assignee) == ("received", 1, None)
    assert case.next_due_at == datetime(2026, 10, 13, 23, 59, 59, tzinfo=CST)
    assert {m.channel for m in case.messages.all()} == {"sms", "inbox"}
    sms = case.messages.get(channel="sms")
    assert open_sealed(case, "receipt_code") in open_sealed(sms, "body") and case.number in open_sealed(sms, "body")
    assert "2026年10月13日" in open_sealed(sms, "body")
    assert Job.objects.filter(topic="cases.send_message", subject=case.pk, state="ready").count() == 2


@pytest.mark.rule("R17")
def test_filing_lists_every_missing_minimum_at_once_and_stores_nothing(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        factory.file(name=" ", claim="", narrative="")

    assert codes(refused) == ["name.missing", "claim.missing", "narrative.missing"]
    assert Complaint.objects.count() == Event.objects.count() == Job.objects.count() == 0


@pytest.mark.rule("R1")
def test_late_registration_counts_from_first_receipt(cast: Cast) -> None:
    case = factory.file(received_at=RECEIVED, now=RECEIVED + timedelta(days=3))

    assert case.number.startswith("TS20261001-")
    assert case.next_due_at == datetime(2026, 10, 13, 23, 59, 59, tzinfo=CST)


def test_the_whole_path_leaves_one_event_and_one_entry_per_step(cast: Cast) -> None:
    case = factory.complaint(cast, at="closed")

    verbs = [event.verb.partition(".")[2] for event in case.events.order_by("seq")]
    assert verbs == [
        "file",
        "claim",
        "accept",
        "classify",
        "propose_decision",
        "approve_decision",
        "issue_letter",
        "notify",
        "confirm_redress",
        "close",
    ]
    assert case.version == len(verbs)
    assert list(ledger.verify([case.pk])) == []


def test_notice_stops_the_clock_at_the_time_of_sending(cast: Cast) -> None:
    case = factory.complaint(cast, at="notified")
    delivery = Delivery.objects.get(pk=case.notice_id)

    clock = case.clocks.get()
    assert (clock.state, clock.stopped_at) == ("stopped", delivery.sent_at)
    assert (case.notified_at, case.next_due_at) == (delivery.sent_at, None)


def test_portal_inbox_alone_is_no_notice(cast: Cast) -> None:
    from cases.handlers import record_delivery
    from jike.outbox.channels import Receipt

    case = factory.complaint(cast, at="issued")
    inbox = Message.objects.get(case_id=case.pk, purpose="decision", channel="inbox")

    record_delivery(inbox, Receipt("inbox", "1", RECEIVED), now=RECEIVED)

    assert Complaint.objects.get(pk=case.pk).state == "decided"


def test_notices_wait_for_the_letter(cast: Cast) -> None:
    case = factory.complaint(cast, at="decided")
    held = Message.objects.filter(case_id=case.pk, purpose="decision")
    keys = [f"cases.send_message:{message.pk}" for message in held]
    assert held.count() == 2 and not Job.objects.filter(dedupe_key__in=keys).exists()

    factory.issued(case, cast, RECEIVED)

    assert Job.objects.filter(dedupe_key__in=keys).count() == 2


def test_withdrawn_decision_is_not_announced(cast: Cast) -> None:
    case = factory.complaint(cast, at="decided")
    actions.withdraw_complaint(case, actor=factory.consumer_of(case), now=RECEIVED + timedelta(hours=9))

    factory.issued(Complaint.objects.get(pk=case.pk), cast, RECEIVED + timedelta(hours=10))

    keys = [f"cases.send_message:{m.pk}" for m in Message.objects.filter(case_id=case.pk, purpose="decision")]
    assert not Job.objects.filter(dedupe_key__in=keys).exists()


def test_post_with_proof_is_a_notice_and_without_proof_is_none(cast: Cast) -> None:
    case = factory.complaint(cast, at="issued")
    sent = RECEIVED + timedelta(days=1)

    with pytest.raises(Refused) as refused:
        actions.notify_decision(case, actor=cast.handler.actor, now=sent, manner="post", evidence="", sent_at=sent)
    assert codes(refused) == ["evidence.missing"]
    told = actions.notify_decision(
        case, actor=cast.handler.actor, now=sent, manner="post", evidence="EMS 1234567890", sent_at=sent
    )

    assert (told.state, told.notified_at) == ("notified", sent)
    assert open_sealed(told.notice, "evidence") == "EMS 1234567890"


def test_nobody_approves_own_work_not_even_with_a_second_account(cast: Cast) -> None:
    case = factory.complaint(cast, at="deciding")
    payload = factory.payload_of(case)

    with pytest.raises(Refused) as refused:
        actions.approve_decision(case, actor=cast.twin.actor, now=RECEIVED, payload=payload)
    assert codes(refused) == ["actor.own_work"]
    assert actions.approve_decision(case, actor=cast.supervisor.actor, now=RECEIVED, payload=payload).state == "decided"


def test_approval_is_bound_to_the_words(cast: Cast) -> None:
    case = factory.complaint(cast, at="deciding")
    seen = factory.payload_of(case)
    case = actions.return_decision(case, actor=cast.supervisor.actor, now=RECEIVED, reason="Amount?")
    case = actions.propose_decision(
        case, actor=cast.handler.actor, now=RECEIVED, **(factory.DECISION | {"redress_cny": 1})
    )

    with pytest.raises(Refused) as refused:
        actions.approve_decision(case, actor=cast.supervisor.actor, now=RECEIVED, payload=seen)
    assert codes(refused) == ["approval.changed"]
    assert (
        actions.approve_decision(
            case, actor=cast.supervisor.actor, now=RECEIVED, payload=factory.payload_of(case)
        ).decision.version
        == 2
    )


@pytest.mark.rule("R25")
def test_proposal_needs_every_statutory_part_and_the_headings(cast: Cast) -> None:
    case = actions.accept_complaint(factory.complaint(cast, at="claimed"), actor=cast.handler.actor, now=RECEIVED)
    empty = {
        "result": "upheld",
        "findings": "",
        "basis": " ",
        "reasons": "",
        "remedies": "",
        "redress": "",
        "redress_cny": -1,
    }

    with pytest.raises(Refused) as refused:
        actions.propose_decision(case, actor=cast.handler.actor, now=RECEIVED, **empty)

    assert codes(refused) == [
        "case.not_classified", "findings.missing", "basis.missing", "reasons.missing", "remedies.missing", "redress.missing", "redress.negative",
    ]  # fmt: skip


@pytest.mark.rule("R12")
def test_withdrawal_ends_the_case_the_same_moment_and_is_confirmed(cast: Cast) -> None:
    case = factory.complaint(cast, at="deciding")
    wish = RECEIVED + timedelta(days=1)

    gone = actions.withdraw_complaint(case, actor=factory.consumer_of(case), now=wish)

    assert (gone.state, gone.ended_at, gone.next_due_at) == ("withdrawn", wish, None)
    assert case.approvals.get().verdict == "void"
    assert Message.objects.filter(case_id=case.pk, purpose="withdrawal").count() == 3


def test_withdrawal_is_barred_once_told(cast: Cast) -> None:
    case = factory.complaint(cast, at="notified")

    with pytest.raises(Refused) as refused:
        actions.withdraw_complaint(case, actor=factory.consumer_of(case), now=RECEIVED)

    assert codes(refused) == ["case.wrong_state"]


def test_page_older_than_the_row_is_told_so(cast: Cast) -> None:
    case = factory.complaint(cast, at="claimed")

    with pytest.raises(Refused) as refused:
        actions.accept_complaint(case, actor=cast.handler.actor, now=RECEIVED, version=1)

    assert codes(refused) == ["case.changed"]


def test_same_key_gives_the_first_answer_and_one_event(cast: Cast) -> None:
    first = factory.file(key="token")
    again = factory.file(key="token", claim="something else")
    noted = [
        actions.add_note(
            factory.claimed(first, cast, RECEIVED), actor=cast.handler.actor, now=RECEIVED, text="x", key="k"
        )
        for _ in [1]
    ]
    actions.add_note(first, actor=cast.handler.actor, now=RECEIVED, text="y", key="k")

    assert first.pk == again.pk and Complaint.objects.count() == 1
    assert first.notes.count() == 1 and Complaint.objects.get().version == noted[0].version
