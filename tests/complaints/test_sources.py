"""One grievance, many doors: transfers of the supervisor (R22), sources and their answers (R23), the funder's part (R24)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from cases.clocks import ledger as clocks
from cases.clocks.models import Clock
from cases.complaints import actions
from cases.complaints.models import Complaint
from cases.models import Case, Forwarding, Source, SourceReply
from cases.sources import source_counts
from jike.base.errors import Refused
from lending.models import Funder
from tests.factories import complaints as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast

LATER = RECEIVED + timedelta(days=2)
DAY = timedelta(days=1)


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [b.code for b in refused.value.blockers]


def handled(cast: Cast, **given: object) -> Complaint:
    return factory.claimed(factory.file(**given), cast, RECEIVED)


def with_source(case: Complaint, cast: Cast, name: str, number: str = "1", **given: object) -> Complaint:
    words = {"received_at": LATER} | given
    return actions.add_source(case, actor=cast.handler.actor, now=LATER, name=name, external_id=number, **words)


def committed() -> None:
    """What is checked at commit is checked now: in life the two acts are two transactions."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@pytest.mark.rule("R23")
def test_r23_three_sources_are_one_case_with_three_answers(cast: Cast) -> None:
    case, other = handled(cast), handled(cast, claim="另一件")
    for name in ("12378", "黑猫", "热线"):
        case = with_source(case, cast, name)
    assert source_counts([case, other]) == {"cases": 2, "sources": 4}

    first = case.sources.get(name="12378")
    actions.reply_source(case, actor=cast.handler.actor, now=LATER, source=first, text="已告知处理决定")

    assert [s.name for s in case.sources.filter(replies=None).order_by("name")] == ["热线", "黑猫"]
    with pytest.raises(Refused) as refused:
        with_source(other, cast, "12378")
    assert codes(refused) == ["source.known"]
    with pytest.raises(IntegrityError), transaction.atomic():
        SourceReply.objects.all().delete()


@pytest.mark.rule("R22")
def test_r22_transfer_keeps_its_three_times_and_their_order(cast: Cast) -> None:
    times = {"supervisor_received_at": RECEIVED - 9 * DAY, "transferred_at": RECEIVED - DAY, "received_at": RECEIVED}
    case = with_source(handled(cast), cast, "12378", **times)
    row = Source.objects.get(name="12378")
    assert {name: getattr(row, name) for name in times} == times

    with pytest.raises(Refused) as refused:
        with_source(case, cast, "12378", "2", **times | {"transferred_at": RECEIVED - 10 * DAY})
    assert codes(refused) == ["transferred_at.early"]
    with pytest.raises(Refused) as refused:
        with_source(case, cast, "12378", "3", **times | {"transferred_at": RECEIVED + DAY})
    assert codes(refused) == ["received_at.early"]


@pytest.mark.rule("R24")
def test_r24_an_earlier_receipt_moves_the_count_and_keeps_the_old_one(cast: Cast) -> None:
    case = handled(cast)
    committed()
    before = clocks.running(case, family="CMP")
    early = RECEIVED - 3 * DAY
    with pytest.raises(Refused) as refused:
        with_source(case, cast, "资金方", received_at=early)
    assert codes(refused) == ["reason.missing"]

    case = with_source(case, cast, "资金方", received_at=early, reason="资金方先收到")

    now = clocks.running(case, family="CMP")
    assert case.received_at == early and now.started_at == early
    assert now.due_at == before.due_at - 3 * DAY == case.next_due_at
    assert Clock.objects.get(pk=before.pk).state == "replaced"
    assert case.events.get(verb="complaints.add_source").data["was_due"] == before.due_at.isoformat()


@pytest.mark.rule("R24")
@pytest.mark.parametrize("year", [1, 917, 2019])
def test_r24_no_receipt_lies_before_the_rules(cast: Cast, year: int) -> None:
    case = handled(cast)
    with pytest.raises(Refused) as refused:
        with_source(case, cast, "资金方", received_at=RECEIVED.replace(year=year), reason="资金方先收到")
    assert codes(refused) == ["received_at.too_early"]
    assert not Source.objects.exists() and Complaint.objects.get().received_at == RECEIVED


@pytest.mark.rule("R24")
def test_r24_an_earlier_receipt_keeps_the_days_that_were_paused(cast: Cast) -> None:
    case = factory.complaint(cast, at="paused")
    case = actions.resume_clock(case, actor=cast.handler.actor, now=LATER, last_on=LATER.date())
    committed()
    due = case.next_due_at

    case = with_source(case, cast, "资金方", received_at=RECEIVED - 3 * DAY, reason="资金方先收到")

    assert case.next_due_at == due - 2 * DAY  # the first paused day was the day of receipt, which counted for nothing


@pytest.mark.rule("R24")
def test_r24_an_earlier_receipt_moves_a_longer_limit_too(cast: Cast) -> None:
    case = factory.complaint(cast, at="extended")
    committed()
    due = case.next_due_at

    case = with_source(case, cast, "资金方", received_at=RECEIVED - 3 * DAY, reason="资金方先收到")
    committed()

    assert (case.next_due_code, case.next_due_at) == ("CMP30", due - 3 * DAY)


@pytest.mark.rule("R24")
def test_r24_a_later_receipt_moves_nothing(cast: Cast) -> None:
    case = handled(cast)
    due = case.next_due_at
    case = with_source(case, cast, "12315")
    assert (case.received_at, case.next_due_at) == (RECEIVED, due)
    assert Clock.objects.filter(case=case).count() == 1


@pytest.mark.rule("R24")
def test_r24_forwarding_is_due_on_the_third_day_and_the_answer_resets_nothing(cast: Cast) -> None:
    case = handled(cast)
    with pytest.raises(Refused) as refused:
        actions.forward_to_funder(case, actor=cast.handler.actor, now=LATER, words="请核查")
    assert codes(refused) == ["funder.unknown"]
    Case.objects.filter(pk=case.pk).update(funder=Funder.objects.filter(speaks_for_platform=False).first())
    case, due = Complaint.objects.get(pk=case.pk), case.next_due_at

    case = actions.forward_to_funder(case, actor=cast.handler.actor, now=LATER, words="请核查")
    clock = Clock.objects.get(case=case, code="FUNDER")
    assert clock.due_at.astimezone(RECEIVED.tzinfo).date() == RECEIVED.date() + 3 * DAY
    assert (clock.state, clock.breached_at, case.next_due_at) == ("stopped", None, due)
    case = actions.record_funder_reply(case, actor=cast.handler.actor, now=LATER + DAY, text="已核查")

    assert case.next_due_at == due and Forwarding.objects.get().replied_at == LATER + DAY
    late = actions.forward_to_funder(case, actor=cast.handler.actor, now=LATER + 9 * DAY, words="再请核查")
    row = Forwarding.objects.get(case=late, replied_at=None)
    assert row.forwarded_at > row.due_at and late.next_due_at == due
