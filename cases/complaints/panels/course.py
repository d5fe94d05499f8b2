"""While a complaint is worked on: what the consumer was asked and added, and what moved the time limit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cases.complaints import asked, supplements
from cases.complaints.models import ClockPause, Complaint, Extension, NewFacts
from cases.complaints.rules.extending import APPROVE
from cases.complaints.states import State
from cases.models import Approval
from cases.panels import Item, Panel
from jike.base.errors import Text
from jike.privacy import open_sealed
from jike.web.pages import short_date


def asked_panel(case: Complaint, *, now: datetime) -> Panel | None:
    """The checklist of what the consumer was asked for, newest list first, with each answer."""
    items = supplements.items_in(case)
    open_ones = {item.id for item in items if not item.is_answered} if case.state == State.SUPPLEMENTING else set()
    lines = tuple(_asked(item, is_open=item.id in open_ones) for item in items)
    return Panel(
        "asked", _("Asked of the consumer"), "clipboard-check", lines, len(open_ones), bool(open_ones), "supplement"
    )


def _asked(item: supplements.Item, *, is_open: bool) -> Item:
    if not item.is_answered:
        state, tone = (_("Not answered yet"), "warn") if is_open else (_("Never answered"), "")
        return Item(item.what, state, tone, (item.why,))
    state, tone = (_("Does not have it"), "") if item.has_none else (_("Answered"), "good")
    files = format_lazy(_("{n} files, among the papers"), n=len(item.files)) if item.files else ""
    return Item(item.what, state, tone, _kept(item.why, item.text, files, short_date(item.answered_at)))


def facts_panel(case: Complaint, *, now: datetime) -> Panel | None:
    """What the consumer added after filing. It moves no date by itself."""
    rows = NewFacts.objects.filter(case_id=case.pk).order_by("-received_at", "-id")
    return Panel("facts", _("New facts"), "plus-lg", tuple(_facts(row) for row in rows))


def _facts(row: NewFacts) -> Item:
    who = _("From the consumer") if row.by_consumer else _("Recorded by staff")
    files = format_lazy(_("{n} files, among the papers"), n=len(row.files)) if row.files else ""
    return Item(open_sealed(row, "text"), who, "", _kept(short_date(row.received_at), files))


def limits_panel(case: Complaint, *, now: datetime) -> Panel | None:
    """Extensions asked, approved and in force, pauses with their reasons, and a date agreed with the consumer."""
    lines = [*_extensions(case), *_pauses(case)]
    if case.agreed_due_on:
        lines.append(Item(format_lazy(_("Agreed with the consumer: {day}"), day=case.agreed_due_on.isoformat())))
    left = sum(line.tone == "warn" for line in lines)
    return Panel("limits", _("Extensions and pauses"), "calendar-event", tuple(lines), left)


def _extensions(case: Complaint) -> Iterator[Item]:
    votes = Approval.objects.filter(case_id=case.pk, verb=APPROVE).exclude(verdict=Approval.Verdict.VOID)
    for vote in votes.select_related("extension", "voter").order_by("asked_at"):
        lines = dict(asked.lines_of(vote))
        words = tuple(format_lazy("{label}：{text}", label=label, text=text) for label, text in lines.items())
        step = getattr(vote, "extension", None)
        state, tone, act = _extension_state(vote, step)
        voter = (vote.voter.display_name,) if vote.voter else ()
        why_not = (open_sealed(vote, "reason"),) if vote.reason else ()
        yield Item(_("Extension"), state, tone, _kept(*words, *voter, *why_not), act)


def _extension_state(vote: Approval, step: Extension | None) -> tuple[Text, str, str]:
    if step is None:
        return (vote.get_verdict_display(), "", "") if vote.verdict else (_("Waiting for a second person"), "warn", "")
    tone = {"": "warn", "effective": "good", "void": "bad"}[step.outcome]
    return step.get_outcome_display(), tone, "" if step.outcome else "settle_extension"


def _pauses(case: Complaint) -> Iterator[Item]:
    for pause in ClockPause.objects.filter(case_id=case.pk).select_related("started_by"):
        days = format_lazy(
            _("{first} to {last}"), first=pause.first_on, last=pause.last_on.isoformat() if pause.last_on else "…"
        )
        state, tone, act = _pause_state(pause)
        words = _kept(days, open_sealed(pause, "evidence"), pause.started_by.display_name if pause.started_by else "")
        yield Item(pause.get_kind_display(), state, tone, words, act)


def _pause_state(pause: ClockPause) -> tuple[Text, str, str]:
    if pause.counts_from is None:
        return _("Stops nothing before the notice is sent"), "warn", "count_pause"
    if pause.last_on is None:
        return _("The count stands still"), "warn", "resume"
    return _("Left out of the count"), "good", ""


def _kept(*words: Text) -> tuple[Text, ...]:
    return tuple(word for word in words if word)
