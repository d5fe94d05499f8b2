"""The stack of clocks: next danger on top, what stands still and what is provisional marked; and the lay version of why."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from cases.clocks import ledger
from cases.clocks.lay import why_of
from cases.desk.danger import danger_of_clock
from tests.clocks.counting import appraisal, at, mediation

NOW = at("2026-10-01")


def codes(case: Any) -> list[str]:
    return [clock["code"] for clock in ledger.explain(case)]


def test_five_clocks_stand_in_the_order_of_danger(case: Any) -> None:
    for code in ("ZX_OBJ", "RET_MERCH", "SFQR30", "RECON"):
        ledger.start(case, code, at=at("2026-09-28"), now=NOW)

    assert codes(case) == ["RET_MERCH", "RECON", "CMP15", "ZX_OBJ", "SFQR30"]
    dues = [clock.due_at for clock in ledger.stack_of(case)]
    assert dues == sorted(dues)


def test_what_stands_still_follows_and_what_has_ended_comes_last(case: Any) -> None:
    ledger.start(case, "PI_REQ", at=at("2026-12-18"), now=NOW)
    ledger.start(case, "XF_OBJ", at=at("2026-09-28"), now=NOW)
    ledger.stop(case, "XF_OBJ", at=NOW, now=NOW)
    ledger.replace(
        case, ledger.running(case, family="CMP"), pauses=[mediation("2026-10-05", None)], now=at("2026-10-05")
    )

    stack = ledger.stack_of(case)
    assert [(c.code, c.state) for c in stack] == [
        ("PI_REQ", "running"), ("CMP15", "suspended"), ("XF_OBJ", "stopped"), ("CMP15", "replaced"),
    ]  # fmt: skip
    with translation.override("zh-hans"):
        dangers = [danger_of_clock(clock, now=at("2027-01-05")) for clock in stack]
    assert (dangers[0].is_provisional, "（暂定）" in dangers[0].text) == (True, True)
    assert (dangers[1].step, dangers[1].text) == ("paused", "停表 · 剩9天")
    assert {danger.step for danger in dangers[2:]} == {"none"}
    assert 'data-provisional="true"' in render_to_string("_parts/danger.html", {"danger": dangers[0]})


def test_merged_pauses_are_one_line_with_both_kinds(case: Any) -> None:
    pauses = [mediation("2026-10-02", "2026-10-06"), appraisal("2026-10-05", "2026-10-09")]
    after = ledger.replace(case, ledger.running(case, family="CMP"), pauses=pauses, now=NOW)

    paused = [line for line in after.lines.all() if line.key == "pause"]
    assert [(line.days, line.values["kinds"], line.day.isoformat()) for line in paused] == [
        (8, ["mediation", "appraisal"], "2026-10-21")
    ]


def test_the_consumer_reads_plain_sentences(case: Any) -> None:
    silent = appraisal("2026-10-12", "2026-10-13", is_noticed=False)
    ledger.replace(
        case,
        ledger.running(case, family="CMP"),
        pauses=[appraisal("2026-10-05", "2026-10-09"), silent],
        now=NOW,
    )
    with translation.override("zh-hans"):
        why = why_of(case)
        assert why
        assert (why.day, why.is_provisional) == (date(2026, 10, 18), False)
        assert [line.label for line in why.lines] == [
            "收到当天，不计入",
            "从次日起算15天，节假日照算",
            "外部鉴定没有告知您，期限照算",
            "因外部鉴定停表5天（10月5日至10月9日）",
        ]
        ((move),) = why.moves
        assert (move.old, move.new) == (date(2026, 10, 13), date(2026, 10, 18))
        assert move.why == "因外部鉴定停表5天（10月5日至10月9日）"
        page = render_to_string("clocks/_why.html", {"why": why})
    assert "2026年10月13日" in page and "2026年10月18日" in page and "house" not in page


def test_a_clock_that_stands_still_is_told_too(case: Any) -> None:
    ledger.replace(case, ledger.running(case, family="CMP"), pauses=[mediation("2026-10-05", None)], now=NOW)
    with translation.override("zh-hans"):
        why = why_of(case)
        assert why and why.day is None
        assert why.lines[-1].label == "因调解，从10月5日起停表；恢复后还剩9天"
        assert [(move.old, move.new) for move in why.moves] == [(date(2026, 10, 13), None)]
        assert "暂停计算" in render_to_string("clocks/_why.html", {"why": why})

    ledger.replace(
        case, ledger.running(case, family="CMP"), pauses=[mediation("2026-10-05", "2026-10-08")], now=at("2026-10-09")
    )
    with translation.override("zh-hans"):
        assert [(m.old, m.new) for m in why_of(case).moves] == [
            (date(2026, 10, 13), None), (None, date(2026, 10, 17)),
        ]  # fmt: skip


def test_a_case_without_a_clock_has_no_why(case: Any) -> None:
    ledger.stop_all(case, at=NOW, now=NOW)
    assert why_of(case) is None
