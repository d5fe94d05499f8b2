"""What stands beside the timeline of a police report: capacity and days, papers, losses, the statement, and packs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cases.clocks import ledger as clocks
from cases.clocks.models import Clock
from cases.models import Event
from cases.panels import Item, Panel
from cases.police import reminders
from cases.police.house_rules import house_rules
from cases.police.materials import label_of, why_of
from cases.police.models import Cooperation, Material, Pack, PoliceReport
from cases.police.rules.reporting import FOLLOW_UPS
from cases.police.states import AT_POLICE, REFUSED, State
from jike.base.dates import cst_date
from jike.base.errors import Text
from jike.privacy import open_sealed
from jike.web.pages import short_date

TONES = {"have": "good", "none": "", "asked": "warn", "open": "bad"}
PACKS: dict[str, tuple[Text, str]] = {
    "making": (_("Being made"), ""),
    "finished": (_("Not released yet"), "warn"),
    "released": (_("Released"), "good"),
}


def panels_of(case: PoliceReport, events: Sequence[Event], *, now: datetime) -> list[Panel]:
    """For whoever sees the whole case; the case page asks that."""
    if case.state == State.REQUESTED:
        return [_capacity(case, now=now), *_requests(case)]
    found = [_capacity(case, now=now), _materials(case), _losses(case), _statement(case), _days(case, now=now)]
    return [panel for panel in [*found, _packs(case), *_requests(case)] if panel.items or panel.act]


def _capacity(case: PoliceReport, *, now: datetime) -> Panel:
    has = _("A refusal may be reconsidered, and then reviewed by the next higher organ: seven days each.")
    none = _("In this capacity the law gives no reconsideration.")
    items = [Item(case.get_capacity_display(), notes=(has if case.is_accuser else none,), act="state_capacity")]
    if case.is_own:
        items.insert(0, Item(_("The house reports for itself"), notes=(open_sealed(case, "wish"),)))
    if case.receipt_no:
        notes = (
            format_lazy(_("Receipt {number} of {day}"), number=case.receipt_no, day=case.accepted_on),
            format_lazy(_("Officer: {officer}"), officer=open_sealed(case, "officer")),
        )
        items.append(Item(case.organ, case.get_reported_by_display(), notes=notes))
    elif case.told_on:
        note = format_lazy(_("Reported on {day}"), day=case.told_on)
        items.append(Item(case.organ, _("No receipt yet"), "bad", (note,), act="record_report"))
    if case.refusal_no:
        note = format_lazy(_("Received on {day}"), day=case.refused_on)
        items.append(Item(format_lazy(_("Notice of refusal {number}"), number=case.refusal_no), notes=(note,)))
    if case.docket_no:
        items.append(Item(format_lazy(_("Filed under {number}"), number=case.docket_no), act="record_end"))
    if case.case_end:
        items.append(Item(case.get_case_end_display(), str(case.case_ended_on)))
    return Panel("capacity", _("Capacity and police"), "person-check", tuple(items))


def _materials(case: PoliceReport) -> Panel:
    items = tuple(
        Item(
            label_of(row),
            row.get_state_display(),
            TONES[row.state],
            _notes(row),
            act="settle_material",
            choice=("material", str(row.pk)),
        )
        for row in case.known_materials
    )
    left = sum(not row.is_settled for row in case.known_materials)
    bars = bool(left) and case.state == State.PREPARING
    return Panel("materials", _("Papers usual in practice"), "clipboard-check", items, left, bars, "ask_materials")


def _notes(row: Material) -> tuple[Text, ...]:
    found: list[Text] = [why_of(row)] if not row.is_settled else []
    if row.paper:
        found.append(format_lazy(_("Paper of the complaint: {name}"), name=open_sealed(row.paper, "name")))
    return tuple(text for text in [*found, open_sealed(row, "note")] if text)


def _losses(case: PoliceReport) -> Panel:
    items = [
        Item(
            format_lazy("{day} · ¥{cny}", day=row.occurred_on, cny=f"{row.amount_cny:,.2f}"),
            row.get_channel_display(),
            notes=(open_sealed(row, "payee"), _voucher(row.paper)),
            act="strike_loss",
            choice=("loss", str(row.pk)),
        )
        for row in case.known_losses
    ]
    if items:
        items.append(Item(format_lazy(_("Sum of {count} rows: ¥{cny}"), count=len(items), cny=f"{case.loss_cny:,.2f}")))
    return Panel("losses", _("Losses"), "cash-coin", tuple(items), act="add_loss")


def _voucher(paper: object) -> Text:
    if paper is None:
        return _("No voucher named")
    return format_lazy(_("Voucher: {name}"), name=open_sealed(paper, "name"))  # type: ignore[arg-type]


def _statement(case: PoliceReport) -> Panel:
    row = case.known_statement
    if row is None:
        return Panel("statement", _("Statement"), "file-earmark-text", (), act="draft_statement")
    is_confirmed = case.is_statement_confirmed
    state = _("Confirmed by the consumer") if is_confirmed else _("Waits for the consumer")
    what = format_lazy(_("Version {n} of {day}"), n=row.version, day=short_date(row.drafted_at))
    items = [Item(what, state, "good" if is_confirmed else "warn", act="confirm_statement")]
    items.append(Item(_("What happened"), notes=(open_sealed(row, "facts"),)))
    if row.suspects and (suspects := open_sealed(row, "suspects")):
        items.append(Item(_("Whom the consumer suspects"), notes=(suspects,)))
    left = 0 if is_confirmed else 1
    bars = bool(left) and case.state == State.PREPARING
    return Panel("statement", _("Statement"), "file-earmark-text", tuple(items), left, bars, "draft_statement")


def _days(case: PoliceReport, *, now: datetime) -> Panel:
    """Days on which we ask the police, and days by which the consumer may ask for a remedy; both readings where they differ."""
    found = [clock for clock in clocks.clocks_of(case) if clock.due_at] if case.receipt_no else []
    items = tuple(_day(clock, now=now) for clock in found)
    left = sum(clock.is_running for clock in found)
    act = "follow_up" if case.state in AT_POLICE else "ask_reconsideration" if case.state in REFUSED else ""
    return Panel("days", _("Days that count"), "calendar-check", items, left, act=act)


def _day(clock: Clock, *, now: datetime) -> Item:
    days, is_follow_up = reminders.days_of(clock), clock.family in FOLLOW_UPS
    notes: list[Text] = (
        [format_lazy(_("Last day without moving it: {day}"), day=days.strict)] if not is_follow_up else []
    )
    if days.is_rolled:
        notes.append(format_lazy(_("With the holiday moved on: {day}; do not rely on it"), day=days.last))
    if not clock.is_running:
        return Item(format_lazy("{what} · {day}", what=clock.label, day=days.strict), _("Done"), "good", tuple(notes))
    is_over = cst_date(now) >= days.strict
    state = (_("Ask today") if is_follow_up else _("Last day reached")) if is_over else _("Runs")
    return Item(
        format_lazy("{what} · {day}", what=clock.label, day=days.strict), state, "bad" if is_over else "", tuple(notes)
    )


def _packs(case: PoliceReport) -> Panel:
    items = tuple(_pack(pack) for pack in case.known_packs)
    act = "build_pack" if case.is_statement_confirmed else ""
    place = ("staff:packs", _("Look at them, hand them over")) if items else None
    return Panel("packs", _("Packs for authorities"), "envelope-paper", items, act=act, place=place)


def _requests(case: PoliceReport) -> list[Panel]:
    """What authorities asked for, and what was given by whom and when. In a report of the house it stands there from the first."""
    if not case.known_requests and not case.is_own:
        return []
    items, left = (
        tuple(_request(row) for row in case.known_requests),
        sum(not row.answer for row in case.known_requests),
    )
    return [Panel("requests", _("Co-operation with the police"), "building", items, left, act="record_request")]


def _request(row: Cooperation) -> Item:
    basis = house_rules().bases[row.basis].label
    notes: list[Text] = [
        format_lazy(_("Asked on {day}: {wanted}"), day=row.asked_on, wanted=open_sealed(row, "wanted")),
        format_lazy(
            _("Legal basis: {basis}"), basis=format_lazy("{a}（{b}）", a=basis, b=open_sealed(row, "reference"))
        ),
    ]
    if not row.answer:
        return Item(
            row.authority, row.get_answer_display(), "warn", tuple(notes), "answer_request", ("request", str(row.pk))
        )
    given = open_sealed(row, "given") if row.given else ""
    pack = format_lazy(_("Pack {n}, code {code}"), n=row.pack.seq, code=row.pack.code) if row.pack else ""
    notes += [part for part in (pack, given) if part]
    notes.append(format_lazy(_("Given by {who} on {day}"), who=str(row.answered_by), day=row.answered_on))
    return Item(row.authority, row.get_answer_display(), "good", tuple(notes))


def _pack(pack: Pack) -> Item:
    state, tone = PACKS[pack.state]
    notes: list[Text] = [
        format_lazy(_("Legal basis: {basis}"), basis=house_rules().bases[pack.basis].label),
        format_lazy(_("Purpose: {purpose}"), purpose=open_sealed(pack, "purpose")),
    ]
    notes += [
        format_lazy(_("Handed to {to}, {at}"), to=open_sealed(one, "given_to"), at=short_date(one.taken_at))
        for one in sorted(pack.takings.all(), key=lambda one: one.taken_at)
    ]
    return Item(format_lazy("{n}. {to}", n=pack.seq, to=pack.recipient), state, tone, tuple(notes))
