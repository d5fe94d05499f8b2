"""Supervisors hear of a salesperson or merchant with many open complaints: once per crossing, by what their own lists show."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils.translation import override

from cases.complaints import actions
from cases.complaints.house_rules import house_rules
from cases.complaints.models import Complaint
from cases.models import Case
from cases.notices.labels import sentence_of
from cases.notices.models import Notice
from cases.notices.queries import shown_to
from cases.ties.alarms import raise_alarms
from cases.ties.models import Alarm, Round
from tests.factories import complaints as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast, staff
from tests.ties.planted import filed, merchant, ring

NOW = RECEIVED + timedelta(days=2)
RULE = house_rules().alarms


def later(minutes: int):
    return NOW + timedelta(minutes=minutes)


def told() -> dict[str, int]:
    found = Notice.objects.filter(code__startswith="alarm").select_related("user")
    return {f"{notice.user.username} {notice.code}": notice.facts["count"] for notice in found}


def withdrawn(cases: list[Complaint]) -> None:
    for case in cases:
        actions.withdraw_complaint(case, actor=factory.consumer_of(case), now=NOW)


def test_a_planted_ring_is_found_and_a_shared_merchant_alone_is_not(cast: Cast) -> None:
    cases = ring(12)
    for n in range(12):
        filed(100 + n, merchant=merchant(1))
    assert RULE.salesperson <= 12 < RULE.merchant

    assert raise_alarms(NOW) == 1

    assert Alarm.objects.get().salesperson_id == Complaint.objects.get(pk=cases[0].pk).salesperson_id
    assert told() == {"supervisor alarm.salesperson": 12, "twin alarm.salesperson": 12}
    notice = Notice.objects.filter(user=cast.supervisor.user).get()
    assert notice.facts == {"count": 12} and notice.case_id == cases[-1].pk
    with override("zh-hans"):
        assert sentence_of(notice) == f"同一销售人员名下有12件未结投诉，最近一件是 {cases[-1].number}。"
    assert notice in shown_to(cast.supervisor.actor)


def test_one_below_the_number_is_not_told(cast: Cast) -> None:
    ring(RULE.salesperson - 1)
    assert raise_alarms(NOW) == 0 and told() == {}


def test_once_per_crossing(cast: Cast) -> None:
    cases = ring(10)
    assert raise_alarms(NOW) == 1
    ring(2, first=30)
    assert raise_alarms(later(2)) == 0, "it has been told"

    withdrawn(cases[:5])
    assert raise_alarms(later(4)) == 0
    assert Alarm.objects.get().ended_at == later(4)
    ring(5, first=50)
    assert raise_alarms(later(6)) == 1, "it is many again"
    assert Notice.objects.filter(user=cast.supervisor.user).count() == 2


def test_the_timer_goes_round_once_a_minute(cast: Cast) -> None:
    assert raise_alarms(NOW) == 0
    ring(10)
    assert raise_alarms(NOW + timedelta(seconds=30)) == 0
    assert raise_alarms(later(1)) == 1


def test_only_open_and_recent_complaints_count(cast: Cast) -> None:
    cases = ring(11)
    withdrawn(cases[:2])
    assert raise_alarms(NOW) == 0, "nine are open"
    ring(1, first=40)
    assert raise_alarms(RECEIVED + timedelta(days=RULE.days + 1)) == 0, "received long ago"
    Round.objects.all().delete()
    assert raise_alarms(NOW) == 1


def test_a_merchant_over_its_number_is_told(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cases.ties.alarms.house_rules", lambda: _rules(merchant_from=3))
    for n in range(3):
        filed(n, merchant=merchant(1))

    assert raise_alarms(NOW) == 1
    assert told() == {"supervisor alarm.merchant": 3, "twin alarm.merchant": 3}


def _rules(*, merchant_from: int):
    from dataclasses import replace

    rules = house_rules()
    return replace(rules, alarms=replace(rules.alarms, merchant=merchant_from))


def test_whoever_is_recused_counts_without_those_cases(cast: Cast) -> None:
    """Eleven of twelve for one; nine of twelve are too few, and that person hears nothing at all."""
    cases = ring(12)
    second = staff("second", "supervisor", unit=cast.unit)
    for case in cases[:1]:
        actions.recuse_oneself(case, actor=cast.supervisor.actor, now=NOW, ground="interest", reason="亲属。")
    for case in cases[-3:]:
        actions.recuse_oneself(case, actor=second.actor, now=NOW, ground="interest", reason="亲属。")

    raise_alarms(NOW)

    assert told() == {"supervisor alarm.salesperson": 11, "twin alarm.salesperson": 12}
    assert Notice.objects.get(user=cast.supervisor.user).case_id == cases[-1].pk


def test_a_ring_spread_over_units_is_for_the_executives(cast: Cast) -> None:
    cases = ring(12)
    staff("branch-boss", "supervisor", unit=cast.other_unit)
    Case.objects.filter(pk__in=[case.pk for case in cases[:6]]).update(unit=cast.other_unit)

    raise_alarms(NOW)

    assert told() == {"executive alarm.salesperson": 12}


def test_two_salespeople_are_two_subjects(cast: Cast) -> None:
    ring(9, seller="钱顾问")
    ring(9, first=40, seller="孙顾问")
    ring(9, first=80, seller="钱顾问", shop=3)
    assert raise_alarms(NOW) == 0
