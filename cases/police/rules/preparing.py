"""May the list of papers, the losses or the statement be changed, and are they complete."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cases.attachments.models import Attachment
from cases.handling.rules import no_vote_waits
from cases.police.house_rules import house_rules
from cases.police.materials import label_of
from cases.police.models import Loss, Material, PoliceReport
from cases.police.rules.opening import EVIDENCE_LIMIT
from cases.police.states import State
from cases.queries import complainant_of, sight_of
from cases.rules import PART_LIMIT, handler_only, missing, only_while, too_long, wrong_state
from jike.base.actors import Actor
from jike.base.dates import cst_date
from jike.base.errors import UNASKED, Blocker
from jike.base.money import CENT
from jike.privacy import blind_index

LARGEST = Decimal("99999999.99")
LABEL_LIMIT, PAYEE_LIMIT = 200, 200
MOST_LOSSES = 200
CONSUMER = "consumer"


def _preparing(case: PoliceReport, actor: Actor, short_name: str) -> list[Blocker]:
    return handler_only(case, actor, f"police.{short_name}") + only_while(case, State.PREPARING)


def blockers_to_ask_materials(
    case: PoliceReport, actor: Actor, *, now: datetime, materials: Any = UNASKED
) -> list[Blocker]:
    """Only what the consumer has and what is not there yet; what we hold ourselves is never asked for. Source: O2020-3 art 13."""
    found = _preparing(case, actor, "ask_materials")
    offered = {row.pk for row in case.known_materials if may_be_asked(row)}
    if not offered:
        found.append(Blocker("materials.none_open", _("Nothing is left that the consumer could be asked for.")))
    elif materials is not UNASKED and (not materials or not {row.pk for row in materials} <= offered):
        message = _("Choose papers that only the consumer has and that are not settled yet.")
        found.append(Blocker("materials.not_offered", message, "O2020-3 art 13", "materials"))
    return found


def may_be_asked(row: Material) -> bool:
    usual = house_rules().materials.get(row.code)
    return row.state == Material.State.OPEN and (usual is None or usual.of == CONSUMER)


def blockers_to_settle_material(
    case: PoliceReport,
    actor: Actor,
    *,
    now: datetime,
    material: Any = UNASKED,
    state: Any = UNASKED,
    paper: Any = UNASKED,
    note: Any = UNASKED,
) -> list[Blocker]:
    """There, with where it lies; or it does not exist, with why. One that was settled may be settled otherwise."""
    found = _preparing(case, actor, "settle_material")
    if not case.known_materials:
        found.append(Blocker("materials.none", _("There is no list of papers yet.")))
    if material is not UNASKED and (material is None or material.case_id != case.pk):
        found.append(Blocker("material.unknown", _("Choose a paper of the list."), field="material"))
    if state is not UNASKED and state not in (Material.State.HAVE, Material.State.NONE):
        found.append(Blocker("state.unknown", _("Say whether it is there or does not exist."), field="state"))
    if paper is not UNASKED and paper is not None:
        found += _of_origin(case, actor, paper)
        if state == Material.State.NONE:
            found.append(Blocker("paper.contradicts", _("A paper that is named does exist."), field="paper"))
    elif state is not UNASKED:
        found += missing(note, "note", _("Say where it lies, or why there is none."))
    return found + too_long(note, "note", EVIDENCE_LIMIT)


def blockers_to_add_material(case: PoliceReport, actor: Actor, *, now: datetime, label: Any = UNASKED) -> list[Blocker]:
    found = _preparing(case, actor, "add_material")
    return found + missing(label, "label", _("Name the paper.")) + too_long(label, "label", LABEL_LIMIT)


def _of_origin(case: PoliceReport, actor: Actor, paper: Any) -> list[Blocker]:
    """A paper of the case it came from, for whoever sees that case whole."""
    if (
        isinstance(paper, Attachment)
        and case.origin
        and paper.subject == case.origin_id
        and sight_of(case.origin, actor) == "full"
    ):
        return []
    return [Blocker("paper.elsewhere", _("Choose a paper of the complaint this came from."), field="paper")]


def blockers_to_add_loss(
    case: PoliceReport,
    actor: Actor,
    *,
    now: datetime,
    occurred_on: Any = UNASKED,
    amount_cny: Any = UNASKED,
    payee: Any = UNASKED,
    channel: Any = UNASKED,
    paper: Any = UNASKED,
) -> list[Blocker]:
    """One payment: a day that has been, an amount exact to the cent, whom it went to and how."""
    found = _preparing(case, actor, "add_loss")
    if occurred_on is not UNASKED and not (isinstance(occurred_on, date) and occurred_on <= cst_date(now)):
        found.append(Blocker("occurred_on.impossible", _("A payment was made today or earlier."), field="occurred_on"))
    if amount_cny is not UNASKED and not _is_amount(amount_cny):
        message = _("An amount is more than nothing and exact to the cent.")
        found.append(Blocker("amount_cny.impossible", message, field="amount_cny"))
    found += missing(payee, "payee", _("Say whom it was paid to, as the voucher names them."))
    found += too_long(payee, "payee", PAYEE_LIMIT)
    if channel is not UNASKED and channel not in Loss.Channel.values:
        found.append(Blocker("channel.unknown", _("Say how it was paid."), field="channel"))
    if paper is not UNASKED and paper is not None:
        found += _of_origin(case, actor, paper)
    if len(case.known_losses) >= MOST_LOSSES:
        message = format_lazy(_("At most {most} rows. Put the rest into a paper of its own."), most=MOST_LOSSES)
        found.append(Blocker("losses.too_many", message))
    return found


def _is_amount(amount: Any) -> bool:
    return (
        isinstance(amount, Decimal) and amount.is_finite() and 0 < amount <= LARGEST and amount == amount.quantize(CENT)
    )


def blockers_to_strike_loss(
    case: PoliceReport, actor: Actor, *, now: datetime, loss: Any = UNASKED, reason: Any = UNASKED
) -> list[Blocker]:
    found = _preparing(case, actor, "strike_loss")
    if not case.known_losses:
        found.append(Blocker("losses.none", _("The table of losses is empty.")))
    elif loss is not UNASKED and (loss is None or loss.pk not in {row.pk for row in case.known_losses}):
        found.append(Blocker("loss.unknown", _("Choose a row of the table."), field="loss"))
    return found + missing(reason, "reason", _("Give the reason.")) + too_long(reason, "reason", PART_LIMIT)


def blockers_to_draft_statement(
    case: PoliceReport, actor: Actor, *, now: datetime, facts: Any = UNASKED, suspects: Any = UNASKED
) -> list[Blocker]:
    found = _preparing(case, actor, "draft_statement") + missing(facts, "facts", _("Say what happened."))
    return found + too_long(facts, "facts", PART_LIMIT) + too_long(suspects, "suspects", EVIDENCE_LIMIT)


def blockers_to_confirm_statement(
    case: PoliceReport,
    actor: Actor,
    *,
    now: datetime,
    sha256: Any = UNASKED,
    evidence: Any = UNASKED,
    phone: Any = UNASKED,
    challenge: Any = UNASKED,
) -> list[Blocker]:
    """The latest version, exactly as it was read; by a code to the phone we know, or by staff who can show it. Source: house signature."""
    found = _preparing(case, actor, "confirm_statement")
    statement = case.known_statement
    if statement is None:
        return [*found, Blocker("statement.none", _("There is no statement yet."))]
    if case.is_statement_confirmed:
        found.append(Blocker("statement.confirmed", _("This version was confirmed already.")))
    elif not case.is_statement_current:
        message = _(
            "The table of losses has changed since this version. Draft the statement again, then it can be confirmed."
        )
        found.append(Blocker("statement.losses_changed", message))
    if sha256 is not UNASKED and sha256 != bytes(statement.sha256).hex():
        message = _("The statement has changed. Read the latest version first.")
        found.append(Blocker("statement.changed", message, field="sha256"))
    if actor.is_staff:
        found += missing(evidence, "evidence", _("Name the writing or the recorded call in which it was said."))
    elif phone is not UNASKED and (not challenge or not _is_own(case, phone)):
        found.append(Blocker("phone.other", _("Confirm with a code to the phone we know."), field="phone"))
    return found + too_long(evidence, "evidence", EVIDENCE_LIMIT)


def _is_own(case: PoliceReport, phone: Any) -> bool:
    party = complainant_of(case)
    return bool(party and phone and bytes(party.phone_index or b"") == blind_index("phone", phone))


def blockers_to_mark_ready(case: PoliceReport, actor: Actor, *, now: datetime) -> list[Blocker]:
    """The statement is confirmed and every paper of the list is there or does not exist. An empty table of losses bars nothing."""
    found = handler_only(case, actor, "police.mark_ready") + wrong_state(case, case.mark_ready)
    return found + incomplete(case)


def unconfirmed(case: PoliceReport) -> Blocker:
    if case.is_own:
        return Blocker("statement.unconfirmed", _("Nobody has confirmed the latest statement for the house."))
    return Blocker("statement.unconfirmed", _("The consumer has not confirmed the latest statement."))


def incomplete(case: PoliceReport) -> list[Blocker]:
    """What is left to be done before the papers are complete, each by name."""
    found = []
    if not case.is_statement_confirmed:
        found.append(unconfirmed(case))
    found += [
        Blocker("material.open", format_lazy(_("“{what}” is neither there nor said not to exist."), what=label_of(row)))
        for row in case.known_materials
        if not row.is_settled
    ]
    return found


def blockers_to_prepare_again(
    case: PoliceReport, actor: Actor, *, now: datetime, reason: Any = UNASKED
) -> list[Blocker]:
    found = handler_only(case, actor, "police.prepare_again") + wrong_state(case, case.mark_prepared_again)
    found += no_vote_waits(case)
    return found + missing(reason, "reason", _("Give the reason.")) + too_long(reason, "reason", PART_LIMIT)
