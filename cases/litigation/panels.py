"""What stands beside the timeline of a litigation: assessment, limitation, papers, court, money."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cases.litigation import papers
from cases.litigation.assessment import PROVINCES, Band
from cases.litigation.counting import limitation_of
from cases.litigation.fees import fee_of, likely_procedure
from cases.litigation.limitation import Fact, Kind
from cases.litigation.models import CourtFee, Draft, Hearing, Litigation, Sum
from cases.litigation.rules.assessing import open_facts
from cases.litigation.rules.preparing import WRITTEN_WHILE, finished_bundle, gaps_of, joined
from cases.litigation.states import Ground, Outcome, PaperKind, Procedure, State
from cases.models import Event
from cases.panels import Item, Panel
from cases.police.models import PoliceReport
from cases.wording import with_time
from jike.base.errors import Text
from jike.privacy import open_sealed

LIM2020 = "LIM2020"
WRITES = {
    PaperKind.STATEMENT.value: "draft_statement",
    PaperKind.EVIDENCE_LIST.value: "draft_list",
    PaperKind.AUTHORITY.value: "draft_authority",
    PaperKind.CONFIRMATION.value: "draft_confirmation",
}


def panels_of(case: Litigation, events: list[Event], *, now: datetime) -> list[Panel]:
    made = (assessment_panel(case), limitation_panel(case), papers_panel(case), court_panel(case), money_panel(case))
    return [panel for panel in made if panel.items or panel.act]


def yuan(amount: Decimal) -> str:
    return f"¥{amount:,.2f}"


def assessment_panel(case: Litigation) -> Panel:
    """The claim, the small-claims test with its figure, and every court that can be chosen."""
    waits = case.state == State.ASSESSING and case.assessed_at is None
    lines = tuple(_assessed(case)) if case.assessed_at else ()
    return Panel("assessment", _("Assessment"), "clipboard-check", lines, int(waits), waits, "record_assessment")


def _assessed(case: Litigation) -> Iterator[Item]:
    assert case.amount_cny is not None
    yield Item(format_lazy(_("Claim: {amount}"), amount=yuan(case.amount_cny)), case.get_dispute_display())
    if test := case.small_claims:
        figure = format_lazy(
            _("{percent} % of {wage}, the average wage of {place} in {year}"),
            percent=test.percent, wage=yuan(test.wage.cny), place=PROVINCES[test.wage.province], year=test.wage.year,
        )  # fmt: skip
        doubt = _("The figure is not that of the province or was not read in its text: check it.")
        notes = (figure, doubt) if test.is_provisional or test.wage.province != case.province else (figure,)
        yield Item(Band(test.band).label, _("To be checked") if test.is_provisional else "", "warn", notes)
    yield _fee(case)
    for one in case.candidates:
        is_chosen = one.ground == case.court_ground
        place = one.place or _("place not known yet")
        state, tone = (_("Chosen"), "good") if is_chosen else ("", "")
        name = (case.court,) if is_chosen else ()
        yield Item(Ground(one.ground).label, state, tone, (place, *name, one.source))


def _fee(case: Litigation) -> Item:
    """What the court will ask for, band by band, in full and halved."""
    assert case.amount_cny is not None
    fee, test = fee_of(case.amount_cny), case.small_claims
    likely = fee.by(case.procedure or likely_procedure(test.band if test else ""))
    lines = [
        format_lazy(_("Up to {top}: {cny}"), top=yuan(fee.rules.first_up_to), cny=yuan(line.cny))
        if line.percent is None
        else format_lazy(
            _("Above {over}: {part} × {percent} % = {cny}"),
            over=yuan(line.over),
            part=yuan(line.part),
            percent=line.percent.normalize(),
            cny=yuan(line.cny),
        )
        for line in fee.lines
    ]
    both = format_lazy(
        _("In full {full}; half of it {half} in the simplified procedure"), full=yuan(fee.full), half=yuan(fee.half)
    )
    since = format_lazy(
        _("{source}, since {day}; the court's notice is what counts"),
        source=fee.rules.source,
        day=fee.rules.effective_from,
    )
    return Item(format_lazy(_("Court fee: {amount}"), amount=yuan(likely)), _("Computed"), "", (*lines, both, since))


def limitation_panel(case: Litigation) -> Panel:
    """Every stretch of limitation, what began it, and the last day that holds."""
    found = limitation_of(case)
    if found is None:
        return Panel("limitation", _("Limitation"), "hourglass-split", ())
    lines = []
    if found.waits_for:
        lines.append(Item(_("Nothing runs while this goes on"), Kind(found.waits_for).label, "good"))
    elif found.lapsed_on:
        lines.append(Item(format_lazy(_("Over since {day}"), day=found.lapsed_on), _("Lapsed"), "bad"))
    else:
        lines.append(Item(format_lazy(_("Last day: {day}"), day=found.last_day), _("Runs"), "warn"))
    for stretch in found.stretches:
        why = Kind(stretch.why).label if stretch.why else _("Harm and who answers for it known")
        words = format_lazy(_("{start} to {end}"), start=stretch.start, end=stretch.due.day)
        read_in = (format_lazy(_("Read in {number}"), number=stretch.of),) if stretch.of else ()
        lines.append(Item(why, "", "", (words, "; ".join(stretch.due.rule.source), *read_in)))
    lines += [_reported(report, fact) for report, fact in case.known_reports]
    lines.append(Item(format_lazy(_("Never after {day}"), day=found.cap.day), "", "", ("CC art 188",)))
    for fact in open_facts(case):
        lines.append(Item(fact.get_kind_display(), _("Goes on"), "warn", (str(fact.happened_on),), "end_interruption", ("fact", str(fact.pk))))  # fmt: skip
    return Panel("limitation", _("Limitation"), "hourglass-split", tuple(lines), act="record_interruption")


def _reported(report: PoliceReport, fact: Fact) -> Item:
    """One police report of the matter: when, by which receipt, and whether it still interrupts."""
    when = format_lazy(
        _("{number}: taken on {day}, receipt {receipt}"), number=report.number, day=fact.on, receipt=report.receipt_no
    )
    if fact.until is None:
        what = _("The criminal case goes on") if report.docket_no else _("The police have not answered yet")
        return Item(Kind.POLICE.label, _("Interrupts"), "good", (when, what, LIM2020))
    how = report.get_case_end_display() if report.case_end else _("No case was filed")
    known = format_lazy(_("{how}; known on {day}, from which it counts anew"), how=how, day=fact.until)
    return Item(Kind.POLICE.label, _("Over"), "", (when, known, LIM2020))


def papers_panel(case: Litigation) -> Panel:
    """Each paper with its version, what is missing in it and its PDF; the consumer's word, the bundle, and what was made final."""
    is_open = case.state in WRITTEN_WHILE
    lines = [_paper(case, kind) for kind in papers.FIELDS if kind in case.known_drafts or kind in papers.NEEDED]
    if case.is_mediated_outside and PaperKind.CONFIRMATION not in case.known_drafts:
        lines.append(Item(PaperKind.CONFIRMATION.label, _("Possible"), "", (), "draft_confirmation"))
    if PaperKind.AUTHORITY not in case.known_drafts:
        lines.append(Item(PaperKind.AUTHORITY.label, _("If somebody acts for the consumer"), "", (), "draft_authority"))
    lines += [
        Item(row.get_what_display(), "", "", (format_lazy(_("Version {n}, SHA-256 {hash}…"), n=row.version, hash=bytes(row.sha256).hex()[:12]),))
        for row in case.known_enclosures
    ]  # fmt: skip
    gaps = gaps_of(case)
    lines += [*_confirmed(case, is_open=is_open and not gaps), *_bundled(case, is_open=is_open), *_sealed(case)]
    bars = case.state == State.COLLECTING and bool(gaps)
    return Panel(
        "papers", _("Papers for the court"), "file-earmark-text", tuple(lines), len(gaps) if is_open else 0, bars
    )


def _paper(case: Litigation, kind: str) -> Item:
    draft, label = case.known_drafts.get(kind), PaperKind(kind).label
    if draft is None:
        return Item(label, _("Not drafted yet"), "warn", (), WRITES[kind])
    version = format_lazy(_("Version {n}"), n=draft.version)
    file = reverse("staff:litigation_paper", args=[case.number, draft.pk]) if draft.file_id else ""
    if case.state in WRITTEN_WHILE and papers.is_stale(case, draft):
        return Item(label, _("To be drafted again"), "bad", (version,), WRITES[kind], file=file)
    if not draft.missing:
        state, tone = (_("Whole"), "good") if draft.file_id else (_("Being printed"), "warn")
        return Item(label, state, tone, (version,), WRITES[kind], file=file)
    lacks = format_lazy(_("Missing: {fields}"), fields=joined(papers.labels_of(kind, draft.missing)))
    return Item(label, _("Incomplete"), "bad", (version, lacks), WRITES[kind], file=file)


def _confirmed(case: Litigation, *, is_open: bool) -> Iterator[Item]:
    row = case.known_confirmation
    if row and bytes(row.sha256) == papers.set_sha256(case):
        yield Item(_("Confirmed by the consumer"), _("Yes"), "good", (with_time(row.confirmed_at),))
    elif is_open:
        yield Item(_("Confirmed by the consumer"), _("Not yet"), "warn", (), "confirm_papers")


def _bundled(case: Litigation, *, is_open: bool) -> Iterator[Item]:
    if not is_open:
        return
    bundle = finished_bundle(case)
    state, tone = (format_lazy(_("Version {n}"), n=bundle.version), "good") if bundle else (_("Not finished"), "warn")
    yield Item(_("Bundle of the evidence"), state, tone, (case.matter.number,))  # fmt: skip


def _sealed(case: Litigation) -> Iterator[Item]:
    for seal in case.seals.order_by("version").select_related("bundle"):
        words = format_lazy(_("Bundle version {n}"), n=seal.bundle.version)
        yield Item(
            format_lazy(_("Made final, version {n}"), n=seal.version), "", "", (with_time(seal.sealed_at), words)
        )


def court_panel(case: Litigation) -> Panel:
    """Court, number and procedure, hearings, what was served, and the judgment."""
    lines = [*_at_court(case), *(_hearing(row) for row in case.known_hearings), *_served(case)]
    left = sum(not row.came for row in case.known_hearings)
    act = "schedule_hearing" if lines else ""
    return Panel("court", _("Court"), "bank", tuple(lines), left, act=act)


def _at_court(case: Litigation) -> Iterator[Item]:
    if case.filed_on:
        number = (case.docket_number,) if case.docket_number else ()
        procedure = Procedure(case.procedure).label if case.procedure else ""
        handed = format_lazy(_("Handed in on {day}"), day=case.filed_on)
        yield Item(case.court, procedure, "", (*number, handed))
    if case.rejection:
        yield Item(case.get_rejection_display(), "", "bad", (str(case.served_on),))
    if case.outcome:
        granted = (format_lazy(_("Granted: {amount}"), amount=yuan(case.awarded_cny)),) if case.awarded_cny else ()
        until = (format_lazy(_("To be performed by {day}"), day=case.perform_by),) if case.perform_by else ()
        yield Item(_("Judgment"), Outcome(case.outcome).label, "", (*granted, *until))
    if case.enforced_on:
        yield Item(_("Enforcement"), str(case.enforced_on), "", (case.enforcement_court,))


def _hearing(row: Hearing) -> Item:
    tone = {"": "warn", "held": "good", "off": ""}[row.came]
    note = (open_sealed(row, "note"),) if row.note else ()
    choice = ("hearing", str(row.pk))
    act = "" if row.came else "hold_hearing"
    return Item(format_lazy(_("Hearing {at}"), at=with_time(row.at)), row.get_came_display(), tone, (row.place, *note), act, choice)  # fmt: skip


def _served(case: Litigation) -> Iterator[Item]:
    for row in case.served_papers.order_by("seq"):
        note = (open_sealed(row, "note"),) if row.note else ()
        yield Item(row.get_what_display(), "", "", (format_lazy(_("Served on {day}"), day=row.served_on), *note))


def money_panel(case: Litigation) -> Panel:
    """What it cost, what came back, and every note of it with who paid."""
    rows = list(case.sums.order_by("seq"))
    fees = tuple(_asked(row) for row in case.known_fees)
    if not rows and not fees:
        return Panel(
            "money", _("Costs and money recovered"), "cash-coin", (), act="record_sum" if case.assessed_at else ""
        )
    costs = sum((row.cny for row in rows if row.what in Sum.COSTS), Decimal(0))
    recovered = sum((row.cny for row in rows if row.what == Sum.What.RECOVERED), Decimal(0))
    back = sum((row.cny for row in rows if row.what == Sum.What.FEE_BACK), Decimal(0))
    undone = {row.undoes_id for row in rows if row.undoes_id}
    lines = [
        Item(format_lazy(_("Costs: {amount}"), amount=yuan(costs))),
        Item(
            format_lazy(_("Fees returned: {back}; costs that remain: {left}"), back=yuan(back), left=yuan(costs - back))
        ),
        Item(format_lazy(_("Recovered: {amount}"), amount=yuan(recovered)), tone="good"),
        *fees,
        *(_sum(row, is_undone=row.pk in undone) for row in rows if row.undoes_id is None),
    ]
    left = int(case.open_fee is not None)
    return Panel("money", _("Costs and money recovered"), "cash-coin", tuple(lines), left, act="record_sum")


def _asked(row: CourtFee) -> Item:
    """A fee the court asked for: who advances it, and how it was settled."""
    who = format_lazy(_("Advanced by: {who}"), who=row.payer_label)
    noticed = format_lazy(_("Notice of {day}"), day=row.noticed_on)
    label = format_lazy(_("Court fee {amount}"), amount=yuan(row.cny))
    notes: list[Text] = [row.get_what_display(), who, noticed]
    if not row.settled:
        return Item(label, row.get_settled_display(), "warn", tuple(notes), "settle_fee")
    notes.append(str(row.settled_on))
    return Item(label, row.get_settled_display(), "good" if row.settled == "paid" else "", tuple(notes))


def _sum(row: Sum, *, is_undone: bool) -> Item:
    note = (open_sealed(row, "note"),) if row.note else ()
    state = _("Undone") if is_undone else yuan(row.cny)
    act = "" if is_undone else "undo_sum"
    words = (row.get_by_display(), str(row.paid_on), *note)
    return Item(row.get_what_display(), state, "", words, act, ("sum", str(row.pk)))


def text_of(draft: Draft) -> list[tuple[Text, str]]:
    """A paper as people read it before it is printed: each field with its label."""
    body = papers.body_of(draft)
    return [(field.label, body.get(field.name, "")) for field in papers.FIELDS[draft.kind]]
