"""What a change of rules or holidays would move, computed without a trace; and provisional clocks counted again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.apps import apps
from django.core.management import CommandError, call_command
from django.utils import translation

from cases.clocks import dates, ledger, rules
from cases.clocks.models import Clock
from cases.clocks.recounting import order_recount, recount_all
from cases.clocks.rehearsal import recount, rehearse_calendar, rehearse_rules
from cases.clocks.rules import TABLE, load
from cases.invariants import breaches
from cases.models import Case, Event, Message
from jike import calendars
from jike.base.dates import pinned
from jike.calendars.notices import Notice
from jike.calendars.store import calendar_with
from jike.outbox.models import Job
from jike.privacy import open_sealed
from tests.clocks.counting import CALENDAR, appraisal, at, mediation, step
from tests.factories.complaints import file

NOW = at("2026-09-30")
LATER = at("2026-12-20")
OFF_2027 = [f"2027-01-{day:02}" for day in (1, 2, 3)] + [f"2027-02-{day:02}" for day in range(5, 13)]
NOTICE = Notice(2027, "国办发明电", tuple({"name": "放假", "date": day, "isOffDay": True} for day in OFF_2027))


def candidate(tmp_path: Path, **changed: Any) -> Path:
    """The table of the product, with the newest version of CMP15 changed."""
    table = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    next(clock for clock in table["clocks"] if clock["code"] == "CMP15")["versions"][-1] |= changed
    path = tmp_path / "clocks.yaml"
    path.write_text(yaml.safe_dump(table, allow_unicode=True), encoding="utf-8")
    return path


@pytest.fixture
def untouched(case: Any) -> Iterator[None]:
    """Whatever runs inside changes no row of any table."""
    call_command("due", "--received", "2026-09-28", "--rule", "CMP15")
    before = rows()
    yield
    assert rows() == before


def rows() -> dict[str, Any]:
    found: dict[str, Any] = {model._meta.label: model._base_manager.count() for model in apps.get_models()}
    stamps = Clock.objects.values_list("id", "due_at", "state", "rule_version").order_by("id")
    return found | {"clocks": list(stamps), "versions": list(Case.objects.values_list("id", "version", "next_due_at"))}


def test_a_shorter_limit_would_have_moved_open_and_recent_cases(case: Any, untouched: None, tmp_path: Path) -> None:
    table = load(candidate(tmp_path, length=10), overlay=())

    found = rehearse_rules(table, calendar=CALENDAR, now=NOW)

    assert (found.looked_at, found.settled) == (1, 0)
    assert [(m.number, m.code, m.old, m.new) for m in found.moved] == [
        (case.number, "CMP15", date(2026, 10, 13), date(2026, 10, 8))
    ]
    assert rehearse_rules(load(TABLE, overlay=()), calendar=CALENDAR, now=NOW).moved == []


def test_what_ended_long_ago_is_not_looked_at(case: Any, tmp_path: Path) -> None:
    ledger.stop(case, "CMP", at=NOW, now=NOW)
    table = load(candidate(tmp_path, length=10), overlay=())

    looked = [rehearse_rules(table, calendar=CALENDAR, now=at(day)).looked_at for day in ("2026-10-28", "2026-10-29")]
    assert looked == [1, 0]


def test_pauses_and_steps_are_counted_again_as_they_were(case: Any) -> None:
    """From the lines alone: every pause and step, void ones too, and the open one."""
    merged = [mediation("2026-10-02", "2026-10-06"), appraisal("2026-10-05", "2026-10-09")]
    void = appraisal("2026-10-11", "2026-10-12", is_noticed=False)
    first, second = step("CMP30", "2026-10-01"), step("CMP60", "2026-10-01", approved="2026-10-02")
    tries: list[dict[str, Any]] = [
        {},
        {"pauses": merged},
        {"pauses": [*merged, void]},
        {"pauses": [mediation("2026-10-02", None)]},
        {"pauses": [void], "extensions": [first]},
        {"pauses": merged, "extensions": [first, second]},
    ]
    for given in tries:
        rule = rules.rule("CMP15", on=date(2026, 9, 28))
        due = dates.due(rule, at("2026-09-28"), calendar=CALENDAR, **given)
        clock = Clock(code=due.rule.code, rule_version=due.rule.version, started_at=due.started_at, due_at=due.at)
        clock._prefetched_objects_cache = {"lines": Lines(ledger.lines_of(clock, due))}  # type: ignore[attr-defined]
        again = recount(clock, calendar=CALENDAR)
        assert (again.at, again.left, again.rule) == (due.at, due.left, due.rule), given
        assert [line.key for line in again.lines] == [line.key for line in due.lines]


class Lines(list[Any]):
    """Lines that were never stored, as a prefetched relation has them."""

    def all(self) -> Lines:
        return self


def test_the_command_says_it_in_json_and_in_words(
    case: Any, untouched: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = candidate(tmp_path, length=10)
    with pinned(NOW), translation.override("zh-hans"):
        capsys.readouterr()
        call_command("rehearse", "--rules", str(path), "--json")
        found = json.loads(capsys.readouterr().out.splitlines()[-1])
        call_command("rehearse", "--rules", str(path))
        words = capsys.readouterr().out
    assert found == {
        "looked_at": 1,
        "settled": 0,
        "moved": [
            {
                "number": case.number, "code": "CMP15", "old": "2026-10-13", "new": "2026-10-08",
                "was_provisional": False, "is_provisional": False,
            }
        ],
    }  # fmt: skip
    assert "2026-10-13 → 2026-10-08" in words and "共1个期限，1个会变动" in words


@pytest.mark.parametrize(
    ("option", "text"),
    [("--rules", "clocks: [{code: X}]"), ("--rules", "["), ("--calendar", "{}"), ("--calendar", None)],
)
def test_a_file_that_cannot_be_used_is_said(db: None, tmp_path: Path, option: str, text: str | None) -> None:
    path = tmp_path / "file"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("rehearse", option, str(path))


@pytest.mark.rule("R74")
def test_a_change_of_rules_never_moves_an_old_date(case: Any, tmp_path: Path, monkeypatch: Any) -> None:
    """R74: a case keeps the version of the day it was received, whatever is done to its clock later."""
    new = {**yaml.safe_load("{length: 10, unit: calendar_day, end_rule: strict, duty: ours, source: [house test]}"),
           "version": "house-9", "effective_from": date(2026, 10, 1), "pausable": ["mediation"], "warn": [50]}  # fmt: skip
    monkeypatch.setattr(rules, "_overlay", lambda: (("CMP15", yaml.safe_dump(new)),))
    later = file(now=at("2026-10-02"))

    after = ledger.replace(
        case, ledger.running(case, family="CMP"), pauses=[mediation("2026-10-02", "2026-10-03")], now=at("2026-10-03")
    )

    assert (after.rule_version, after.due_at) == ("2020-03", at("2026-10-15T23:59:59"))
    assert ledger.start(case, "ZX_OBJ", at=NOW, now=NOW).rule_version == "2013"
    assert ledger.running(later, family="CMP").rule_version == "house-9"
    assert later.next_due_at == at("2026-10-12T23:59:59")


def test_a_holiday_notice_is_rehearsed_then_applied_and_told(
    case: Any, django_capture_on_commit_callbacks: Any
) -> None:
    case.refresh_from_db()
    clock = ledger.start(case, "PI_REQ", at=at("2026-12-18"), now=NOW)
    Case.objects.filter(pk=case.pk).update(next_due_at=case.next_due_at, next_due_code=case.next_due_code)
    assert (clock.due_at, clock.provisional) == (at("2027-01-11T23:59:59"), True)

    found = rehearse_calendar(calendar_with(NOTICE), now=NOW)
    assert [(m.code, m.old, m.new) for m in found.moved] == []
    assert found.settled == 1
    longer = Notice(2027, "", (*NOTICE.days, {"name": "元旦", "date": "2027-01-04", "isOffDay": True}))
    moved = rehearse_calendar(calendar_with(longer), now=NOW).moved
    assert [(m.code, m.old, m.new, m.is_provisional) for m in moved] == [
        ("PI_REQ", date(2027, 1, 11), date(2027, 1, 12), False)
    ]

    assert recount_all(now=LATER) == 0
    with django_capture_on_commit_callbacks(execute=True):
        calendars.import_notice(longer, now=NOW)
    messages = Message.objects.filter(case_id=case.pk).count()
    assert recount_all(now=LATER) == 1
    assert recount_all(now=LATER) == 0

    before, after = Clock.objects.filter(case_id=case.pk, family="PI_REQ").order_by("created_at", "id")
    assert (before.state, before.due_at) == ("replaced", at("2027-01-11T23:59:59"))
    assert (after.state, after.due_at, after.provisional) == ("running", at("2027-01-12T23:59:59"), False)
    event = Event.objects.get(verb="clocks.recount")
    assert event.data == {"clock": "PI_REQ", "old": "2027-01-11", "new": "2027-01-12", "provisional": False}
    told = Message.objects.filter(template="clocks/messages/moved.2026-11")
    assert Message.objects.filter(case_id=case.pk).count() == messages + told.count() and told.count() == 2
    text = open_sealed(told.first(), "body")
    assert "2027年1月11日" in text and "2027年1月12日" in text and case.number in text
    assert list(breaches()) == []


def test_a_notice_that_only_makes_sure_is_not_told(case: Any, django_capture_on_commit_callbacks: Any) -> None:
    ledger.start(case, "PI_REQ", at=at("2026-12-18"), now=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        calendars.import_notice(NOTICE, now=NOW)

    assert recount_all(now=LATER) == 1
    assert ledger.running(case, family="PI_REQ").provisional is False
    assert not Message.objects.filter(template__startswith="clocks").exists()


def test_a_new_notice_orders_one_recount(case: Any, settings: Any) -> None:
    settings.OUTBOX_DOORBELL = False
    order_recount(NOW)
    order_recount(NOW)
    calendars.import_notice(NOTICE, now=at("2030-01-01"))
    order_recount(NOW)

    assert Job.objects.filter(topic="clocks.recount").count() == 2
