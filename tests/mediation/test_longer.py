"""The thirty days of an outside body: warned of, lengthened only by the yes of both, and their end."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from cases.clocks import ledger as clocks
from cases.clocks import rules as clock_rules
from cases.complaints.models import ClockPause
from cases.mediation import actions, handlers
from cases.mediation.models import LongerPeriod, Mediation, PeriodAnswer
from cases.models import Message
from jike.accounts.roles import machine_actor
from jike.base.dates import CST, cst_date, pinned
from jike.base.errors import Refused
from jike.base.ids import uuid7
from jike.privacy import open_sealed
from tests.accounts.signing_in import sign_in
from tests.factories import mediations as factory
from tests.factories.complaints import PHONE, RECEIVED
from tests.mediation.conftest import Gateway, do_own_jobs
from tests.mediation.test_talks import click, consumer_in, merchant_in, newest_code
from tests.people import Cast

NOW = RECEIVED + timedelta(hours=12)
END = datetime(2026, 10, 28, 23, 59, 59, tzinfo=CST)
LATER = date(2026, 11, 20)
ASK: dict[str, Any] = {"until": LATER, "reason": "等待鉴定意见。"}


def fresh(case: Mediation) -> Mediation:
    return Mediation.objects.get(pk=case.pk)


def due(case: Mediation) -> date:
    clock = clocks.running(fresh(case), family="MED30")
    assert clock is not None and clock.due_at is not None
    return cst_date(clock.due_at)


def asked(cast: Cast, *, now: datetime = NOW) -> Mediation:
    case = factory.mediation(cast, at="before_body")
    return actions.propose_longer(case, actor=cast.handler.actor, now=now, **ASK)


def said(case: Mediation, side: str, *, yes: bool = True, now: datetime = NOW) -> Mediation:
    """A side answers itself."""
    actor = factory.consumer_of(case) if side == "consumer" else factory.merchant_of(case)
    phone = PHONE if side == "consumer" else factory.MERCHANT_PHONE
    proof = {"phone": phone, "challenge": uuid7()} if yes else {}
    return actions.answer_longer(fresh(case), actor=actor, now=now, says_yes=yes, **proof)


def refusal(action: Any, **given: Any) -> list[str]:
    with pytest.raises(Refused) as refused:
        action(**given)
    return [blocker.code for blocker in refused.value.blockers]


def test_the_period_runs_from_the_acceptance_is_warned_of_and_only_of_an_outside_body(cast: Cast) -> None:
    case = factory.mediation(cast, at="before_body")
    clock = clocks.running(case, family="MED30")

    assert clock is not None and (clock.due_at, len(clock.warnings)) == (END, 3)
    assert clock_rules.rule("MED30_LONGER", on=NOW.date()).warn == (50, 75, 90)
    ours = factory.mediation(cast, at="negotiating", origin=factory.complaint(cast, phone="13900139000"))
    found = refusal(actions.propose_longer, case=ours, actor=cast.handler.actor, now=NOW, **ASK)
    assert found == ["period.none"]


def test_it_is_longer_with_the_second_yes_and_counted_from_the_first_day(cast: Cast) -> None:
    case = asked(cast)
    assert due(said(case, "consumer")) == END.date() and fresh(case).longer_periods.get().outcome == ""

    case = said(case, "merchant")

    clock = clocks.running(fresh(case), family="MED30")
    assert clock is not None and (clock.code, due(case)) == ("MED30_LONGER", LATER)
    assert cst_date(clock.started_at) == date(2026, 9, 28) and len(clock.warnings) == 3
    row = case.longer_periods.get()
    assert (row.outcome, {answer.side for answer in row.answers.all()}) == ("agreed", {"consumer", "merchant"})
    again = actions.propose_longer(
        fresh(case), actor=cast.handler.actor, now=NOW, until=LATER + timedelta(days=10), reason="仍在核对。"
    )
    again = said(said(again, "merchant"), "consumer")
    assert due(again) == LATER + timedelta(days=10)


def test_a_no_leaves_everything_as_it_was(cast: Cast) -> None:
    case = said(said(asked(cast), "merchant"), "consumer", yes=False)

    assert due(case) == END.date() and case.longer_periods.get().outcome == "refused"
    assert refusal(said, case=case, side="merchant") == ["longer.none"]


def test_a_yes_needs_the_code_of_the_own_phone_or_what_staff_can_show(cast: Cast) -> None:
    case = asked(cast)
    consumer, given = factory.consumer_of(case), {"now": NOW, "says_yes": True}
    answer = actions.answer_longer

    assert refusal(answer, case=case, actor=consumer, **given) == ["phone_code.missing"]
    proof = {"phone": factory.MERCHANT_PHONE, "challenge": uuid7()}
    assert refusal(answer, case=case, actor=consumer, **given, **proof) == ["actor.other_phone"]
    staff = {"actor": cast.handler.actor, "side": "consumer"} | given
    assert refusal(answer, case=case, evidence="", **staff) == ["evidence.missing"]
    case = answer(case, evidence="2026-09-29 电话录音", **staff)
    assert refusal(answer, case=case, evidence="录音", **staff) == ["longer.answered"]
    used = {"phone": factory.MERCHANT_PHONE, "challenge": uuid7()}
    with transaction.atomic():
        answer(case, actor=factory.merchant_of(case), **given, **used)
        transaction.set_rollback(True)
    assert open_sealed(PeriodAnswer.objects.get(), "evidence") == "2026-09-29 电话录音"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"until": END.date()}, "until.impossible"),
        ({"until": END.date() + timedelta(days=61)}, "until.impossible"),
        ({"reason": " "}, "reason.missing"),
        ({"reason": "王小明住院了"}, "reason.personal"),
        ({"reason": "请打13800138000"}, "reason.personal"),
    ],
)
def test_what_is_put_to_both_is_possible_and_names_nobody(changed: dict[str, Any], code: str, cast: Cast) -> None:
    case = factory.mediation(cast, at="before_body")
    given = {"actor": cast.handler.actor, "now": NOW} | ASK | changed
    assert refusal(actions.propose_longer, case=case, **given) == [code]


def test_the_end_closes_the_attempt_at_its_day_however_late_the_timer_comes(cast: Cast) -> None:
    case = said(asked(cast), "consumer")
    handlers.watch(END)
    assert fresh(case).state == "negotiating"
    late = END + timedelta(hours=26)
    offer = {"side": "merchant", "expires_at": late + timedelta(days=1)} | factory.OFFER | factory.SAID
    found = refusal(actions.make_offer, case=fresh(case), actor=cast.handler.actor, now=late, **offer)
    assert "period.over" in found and "period.over" in refusal(said, case=case, side="merchant", now=late)

    handlers.watch(late)

    case = fresh(case)
    assert (case.state, case.ended_at, case.longer_periods.get().outcome) == ("failed", END, "lapsed")
    assert case.events.latest("seq").data["effective"] == END.isoformat()
    assert ClockPause.objects.get(case_id=case.origin_id).last_on == END.date()
    told = Message.objects.filter(case_id=case.pk, template="mediation/messages/ended.2026-11", channel="inbox").get()
    assert "调解期限届满" in open_sealed(told, "body") and "仲裁" in open_sealed(told, "body")


def test_what_both_have_signed_waits_for_its_seal_and_for_no_date(cast: Cast) -> None:
    case = factory.mediation(cast, at="signed_external")
    late = END + timedelta(hours=26)

    handlers.watch(late)

    assert fresh(case).state == "negotiating"
    found = refusal(actions.end_period, case=fresh(case), actor=machine_actor("clock"), now=late)
    assert found == ["signature.both"]
    assert factory.STEPS["seal"](fresh(case), cast, late).state == "agreed"


def test_both_sides_answer_on_their_pages(cast: Cast, client: Client, gateway: Gateway) -> None:
    case = factory.mediation(cast, at="before_body")
    sign_in(client, cast.handler.user)
    act = f"/staff/cases/{case.number}/propose_longer/"
    with pinned(NOW):
        typed = {"until": LATER.isoformat(), "reason": ASK["reason"], "key": "g1"}
        assert client.post(act, typed).status_code == 302
        do_own_jobs()
        assert [a for a, body in gateway.sent if "新进展" in body] == [factory.MERCHANT_PHONE]
        body = open_sealed(
            Message.objects.get(case=case, template__startswith="mediation/messages/longer", channel="inbox"), "body"
        )
        assert "2026年11月20日" in body and "双方都同意才延长" in body
        merchant, shop = merchant_in(case)
        consumer, own = consumer_in(case)
        for minutes, browser, page in ((5, consumer, own), (7, merchant, shop)):
            longer = f"{page}longer/"
            assert "等待鉴定意见" in browser.get(page).content.decode()
            with pinned(NOW + timedelta(minutes=minutes)):
                assert browser.post(longer, {"send": "1"}).status_code == 302
                wrong = f"{(int(newest_code()) + 1) % 1_000_000:06}"
                assert browser.post(longer, {"code": wrong}).status_code == 400
                assert browser.post(longer, {"code": newest_code()})["Location"] == f"{page}?done=longer"
        assert due(case) == LATER and consumer.get(f"{own}longer/").status_code == 404
        actions.propose_longer(
            fresh(case), actor=cast.handler.actor, now=NOW, until=LATER + timedelta(days=1), reason="再等"
        )
        row = str(LongerPeriod.objects.get(outcome="").pk)
        assert click(merchant, f"{shop}act/", "no_longer", longer=row).status_code == 302
        assert LongerPeriod.objects.filter(outcome="refused").count() == 1
        assert "一方不同意" in client.get(f"/staff/cases/{case.number}/").content.decode()


def test_the_database_lengthens_nothing_without_the_yes_of_both(cast: Cast) -> None:
    case = said(asked(cast), "consumer")
    for sql in (
        "UPDATE mediation_longerperiod SET outcome = 'agreed', ended_at = now()",
        "UPDATE mediation_longerperiod SET until = until + 9",
        "UPDATE mediation_periodanswer SET says_yes = false",
        "DELETE FROM mediation_periodanswer",
        "UPDATE clocks_clock SET code = code; INSERT INTO clocks_clock (id, case_id, code, family, rule_version, duty, started_at, due_at, "
        "provisional, state, warnings, stage, stopped_at, created_at) SELECT gen_random_uuid(), case_id, 'MED30_LONGER', family, rule_version, duty, "
        "started_at, due_at + interval '9 days', false, 'stopped', '{}', 0, now(), now() FROM clocks_clock WHERE code = 'MED30'; "
        "SET CONSTRAINTS ALL IMMEDIATE",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    with pytest.raises(IntegrityError), transaction.atomic():
        row = PeriodAnswer.objects.get()
        row.pk, row.side, row.challenge, row.actor_kind = uuid7(), "merchant", None, "merchant"
        row.save(force_insert=True)
    assert due(case) == END.date()
