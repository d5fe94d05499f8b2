"""Doing what was agreed: each instalment confirmed by whoever gets it, a missed one broken after the days of grace."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest

from cases.mediation import actions, handlers
from cases.mediation.models import Mediation, Term
from cases.models import Message
from jike.base.dates import CST
from jike.base.errors import Refused
from jike.privacy import open_sealed
from tests.factories import mediations as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast

NOW = RECEIVED + timedelta(days=2)
GRACE_ENDS = datetime.combine(factory.DUE[0] + timedelta(days=6), time(0, 0), tzinfo=CST)


def terms_of(case: Mediation) -> list[Term]:
    return list(Term.objects.filter(case=case).order_by("seq"))


def test_the_last_confirmation_and_no_earlier_one_makes_it_performed(cast: Cast) -> None:
    case = factory.mediation(cast, at="performing")
    consumer, states = factory.consumer_of(case), []
    for term in terms_of(case):
        case = actions.confirm_term(case, actor=consumer, now=NOW, term=term)
        states.append(case.state)

    assert states == ["performing", "performing", "performed"] and case.ended_at == NOW


def test_a_promise_is_confirmed_once_and_not_by_the_merchant(cast: Cast) -> None:
    case = factory.mediation(cast, at="performing")
    term = terms_of(case)[0]
    case = actions.issue_link(case, actor=cast.handler.actor, now=NOW)
    case = factory.confirmed(case, cast, NOW)
    case = actions.report_term(case, actor=factory.merchant_of(case), now=NOW, term=term, evidence="银行回单")
    for actor, code in ((factory.merchant_of(case), "actor.no_power"), (factory.consumer_of(case), "")):
        if code:
            with pytest.raises(Refused) as refused:
                actions.confirm_term(case, actor=actor, now=NOW, term=term)
            assert code in [b.code for b in refused.value.blockers]
        else:
            case = actions.confirm_term(case, actor=actor, now=NOW, term=term)
    with pytest.raises(Refused) as refused:
        actions.confirm_term(case, actor=factory.consumer_of(case), now=NOW, term=term)
    assert [b.code for b in refused.value.blockers] == ["term.confirmed"]


def test_what_was_missed_is_broken_when_the_days_of_grace_are_over(cast: Cast) -> None:
    case = factory.mediation(cast, at="performing")

    handlers.watch(GRACE_ENDS - timedelta(seconds=1))
    assert Mediation.objects.get(pk=case.pk).state == "performing"
    handlers.watch(GRACE_ENDS)

    case = Mediation.objects.get(pk=case.pk)
    assert (case.state, case.ended_at) == ("breached", None)
    assert case.events.latest("seq").data["missed"] == 2
    told = Message.objects.filter(case_id=case.pk, template="mediation/messages/broken.2026-11").first()
    assert "起诉" in open_sealed(told, "body") and "申请执行" not in open_sealed(told, "body")


def test_what_the_merchant_reported_is_judged_by_a_person_with_a_reason(cast: Cast) -> None:
    case = factory.mediation(cast, at="performing")
    for term in terms_of(case):
        given = {"actor": cast.handler.actor, "now": NOW, "term": term}
        case = actions.report_term(case, **given, **factory.SAID)

    handlers.watch(GRACE_ENDS)
    case = Mediation.objects.get(pk=case.pk)
    assert case.state == "performing"
    with pytest.raises(Refused) as refused:
        actions.record_breach(case, actor=cast.handler.actor, now=GRACE_ENDS, reason="")
    assert [b.code for b in refused.value.blockers] == ["reason.missing"]
    case = actions.record_breach(case, actor=cast.handler.actor, now=GRACE_ENDS, reason="回单是假的。")
    assert case.state == "breached"
