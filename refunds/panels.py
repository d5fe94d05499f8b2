"""What stands beside the timeline of a return: what the check found, the legs, and the books with the proof of zero cost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.approvals import request_of
from cases.models import Approval, Event
from cases.panels import Item, Panel
from jike.base.errors import Text
from jike.base.money import from_cents
from jike.web.pages import short_date
from lending.loans.documents import WHOLE_BP
from lending.loans.models import Role
from refunds import facts
from refunds.models import Leg, Refund, Screening
from refunds.proportion import propose
from refunds.queries import consumer_cost, costs_told
from refunds.records import Unit
from refunds.rules.judging import LABELS
from refunds.states import DONE, LegKind, LegState, State

_TONES = {
    LegState.CONFIRMED: "good",
    LegState.VOID: "",
    LegState.FAILED: "bad",
    LegState.UNKNOWN: "bad",
    LegState.WAITING: "warn",
    LegState.REQUESTED: "warn",
    LegState.SENT: "warn",
}
_OUTCOMES = {"eligible": "good", "disputed": "warn", "refused": "bad", "held": "bad"}


def panels_of(case: Refund, events: Sequence[Event], *, now: datetime) -> list[Panel]:
    """Every panel that has something in it. The caller sees the case whole."""
    found = [_screening_panel(case), _proportion_panel(case, now=now), _legs_panel(case), _journal_panel(case)]
    return [panel for panel in found if panel is not None]


def _screening_panel(case: Refund) -> Panel | None:
    """Every check with every reason, the latest first."""
    if not case.known_screenings:
        return None
    lines = tuple(line for row in reversed(case.known_screenings) for line in _screened(row))
    return Panel("screening", _("What the check found"), "clipboard-check", lines, act="propose")


def _screened(row: Screening) -> list[Item]:
    windows = tuple(
        format_lazy(_("Drawdown {id}: last moment {at}"), id=one["drawdown"], at=one["last"][:16].replace("T", " "))
        for one in row.facts.get("windows", [])
    )
    how = _("By itself") if row.is_automatic else _("Two people decide") if row.outcome == "eligible" else ""
    head = Item(row.get_outcome_display(), how, _OUTCOMES[row.outcome], (short_date(row.screened_at), *windows))
    reasons = [Item(one["message"], one["code"], "bad") for one in row.reasons]
    return [head, *reasons, *(Item(one["message"], one["code"], "warn") for one in row.review)]


def _proportion_panel(case: Refund, *, now: datetime) -> Panel | None:
    """For a service given in part: what the merchant would keep and what would go back. It binds nobody."""
    served_bp = case.served_bp or case.merchant_served_bp or (case.loan.served_bp if case.loan else None)
    if (
        case.loan is None
        or not served_bp
        or not 0 < served_bp < WHOLE_BP
        or case.state not in (State.DISPUTED, State.ELIGIBLE)
    ):
        return None
    made = propose(facts.OfLoan(case.loan).document, served_bp, at=now)
    lines = (
        Item(_("Share that was given"), f"{served_bp / 100:.2f} %"),
        Item(_("The merchant keeps of the price"), _yuan(made.kept)),
        Item(_("Principal the consumer still repays"), _yuan(made.remaining)),
        Item(_("Repaid too much, back to the consumer"), _yuan(made.over_repaid)),
    )
    return Panel("proportion", _("Proposal for the part not served"), "circle-half", lines)


def _legs_panel(case: Refund) -> Panel:
    """Each leg with its state, its way and what a person can do about it."""
    lines = tuple(_leg(leg) for leg in case.known_legs)
    left = sum(leg.state not in DONE for leg in case.known_legs)
    is_stuck, place = case.state == State.STUCK, ("staff:case_loan", _("Loan"))
    return Panel("legs", _("Legs of the return"), "cash-coin", lines, left, is_stuck, "carry_on", place)


def _leg(leg: Leg) -> Item:
    act = ""
    if leg.state == LegState.FAILED:
        act = "retry_leg"
    elif leg.by_hand and leg.state == LegState.WAITING:
        act = "confirm_leg"
    elif leg.state in (LegState.SENT, LegState.UNKNOWN):
        act = "ask_leg"
    what = (
        leg.get_kind_display()
        if not leg.cents
        else format_lazy("{what} · {amount}", what=leg.get_kind_display(), amount=_amount(leg))
    )
    return Item(what, leg.get_state_display(), _TONES[LegState(leg.state)], tuple(_way(leg)), act, ("leg", str(leg.pk)))  # fmt: skip


def _way(leg: Leg) -> list[Text]:
    """From whom to whom, to which account, under which number of the core system."""
    notes: list[Text] = []
    if leg.cents:
        notes.append(
            format_lazy(
                pgettext_lazy("money", "{payer} → {receiver}"),
                payer=leg.get_payer_display(),
                receiver=leg.get_receiver_display(),
            )
        )
    if leg.account_mask and leg.is_to_consumer:
        notes.append(leg.account_mask if leg.route == Leg.Route.ORIGINAL else leg.get_route_display())
    if leg.is_awaited and leg.state == LegState.WAITING:
        notes.append(_("Waits for a debit under way"))
    if leg.order and leg.order.external_id:
        notes.append(leg.order.external_id)
    if leg.attempt > 1:
        notes.append(format_lazy(_("Ordered {n} times"), n=leg.attempt))
    if leg.ended_at:
        notes.append(short_date(leg.ended_at))
    return notes


def _journal_panel(case: Refund) -> Panel | None:
    """The double-entry journal: what every party gave and got, and that it closes at zero."""
    lines = list(case.journal.order_by("entry", "cents"))
    if not lines:
        return None
    cost = consumer_cost(case)
    parties = sorted({(line.party, line.unit) for line in lines})
    items = [
        Item(
            _("Cost of this loan to the consumer"),
            f"{cost:,.2f}",
            "good" if not cost else "warn",
            (format_lazy(_("Interest and fees paid before: {amount}"), amount=f"{costs_told(case):,.2f}"),),
        )
    ]
    for party, unit in parties:
        own = [line.cents for line in lines if (line.party, line.unit) == (party, unit)]
        got, gave = sum(c for c in own if c > 0), -sum(c for c in own if c < 0)
        name = (
            Role(party).label
            if unit == "cash"
            else format_lazy("{party} · {unit}", party=Role(party).label, unit=Unit(unit).label)
        )
        note = format_lazy(_("received {got}, gave {gave}"), got=_yuan(got), gave=_yuan(gave))
        items.append(Item(name, _yuan(got - gave), "good" if got == gave else "warn", (note,)))
    entries = format_lazy(_("{n} entries of two lines each; all lines together: {total}"), n=len(lines) // 2, total=_yuan(sum(line.cents for line in lines)))  # fmt: skip
    return Panel("journal", _("Journal"), "journal-text", (*items, Item(entries)))


def event_detail(event: Event) -> Text:
    """Which leg an event is about and what became of it."""
    kind, state = event.data.get("leg_kind"), event.data.get("leg_state")
    if kind not in LegKind.values or state not in LegState.values:
        return ""
    return f"{LegKind(kind).label}：{LegState(state).label}"


def request_lines(approval: Approval) -> list[tuple[Text, str]]:
    """What waits for a second person, in words."""
    from_request = request_of(approval)
    lines: list[tuple[Text, str]] = []
    if outcome := from_request.get("outcome"):
        lines.append((_("Proposed"), str(LABELS[str(outcome)])))
    for name, label in (("code", _("Code")), ("reason", _("Reason")), ("evidence", _("What proves it"))):
        if from_request.get(name):
            lines.append((label, str(from_request[name])))
    if from_request.get("served_bp"):
        lines.append((_("Share that was given"), f"{int(str(from_request['served_bp'])) / 100:.2f} %"))
    if from_request.get("amount"):
        lines.append((_("Amount"), f"{from_request['amount']}"))
    return lines


def _amount(leg: Leg) -> Text:
    if leg.unit == Unit.CASH:
        return f"{leg.amount:,.2f}"
    return format_lazy("{amount} {unit}", amount=f"{leg.amount:,.2f}", unit=leg.get_unit_display())


def _yuan(cents: int) -> str:
    return f"{from_cents(cents):,.2f}"
