"""The police reports of the demo story: the acts of consumer and staff, by the actions that real ones take."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from cases.models import Approval, Case
from cases.police.models import Material, PoliceReport, Statement
from cases.queries import complainant_of
from jike.accounts.roles import consumer_actor
from jike.base.actors import Actor
from jike.base.dates import cst_date
from jike.base.ids import uuid7
from jike.privacy import open_sealed
from jike.verbs import verb_named

PREFIX = "police."
REST = "settle_rest"

Inputs = dict[str, Any]
Moment = Callable[[str, datetime], datetime]


def report_of(origin: Case) -> PoliceReport:
    """The newest police report of a case of the story."""
    return PoliceReport.objects.filter(origin_id=origin.pk).latest("registered_at")


def actor_for(by: str, case: PoliceReport, staff: Callable[[str], Actor]) -> Actor:
    return consumer_actor(case.consumer_id) if by == "consumer" else staff(by)


def perform(
    case: PoliceReport, act: dict[str, Any], *, actor: Actor, key: str, at: datetime, now: datetime, moment: Moment
) -> None:
    """One act of a police report; raises `Refused` where somebody has moved it on meanwhile. Days are told as moments of the story."""
    given = {name: value for name, value in act.items() if name not in ("verb", "by", "when")}
    given |= {name: cst_date(moment(value, now)) for name, value in given.items() if name.endswith("_on")}
    verb = act["verb"].removeprefix(PREFIX)
    if verb == REST:
        _settle_rest(case, given, actor=actor, key=key, at=at)
        return
    shape = _SHAPES.get(verb)
    inputs = shape(case, given, actor) if shape else given
    verb_named(act["verb"]).action(case, actor=actor, now=at, key=key, **inputs)


def _settle_rest(case: PoliceReport, given: Inputs, *, actor: Actor, key: str, at: datetime) -> None:
    """Every paper of the list that is not settled: there, unless `none` names it with its reason."""
    without = given.get("none", {})
    for row in case.materials.filter(state__in=["open", "asked"]).order_by("seq"):
        state = Material.State.NONE if row.code in without else Material.State.HAVE
        note = without.get(row.code, given["note"])
        said = {"material": row, "state": state, "paper": None, "note": note}
        verb_named("police.settle_material").action(case, actor=actor, now=at, key=f"{key}:{row.code}", **said)


def _statement(case: PoliceReport) -> Statement:
    return case.versions.latest("version")


def _confirm(case: PoliceReport, given: Inputs, actor: Actor) -> Inputs:
    party = complainant_of(case)
    own = {"phone": open_sealed(party, "phone") if party else "", "challenge": uuid7()} if not actor.is_staff else {}
    return given | own | {"sha256": bytes(_statement(case).sha256).hex()}


def _ask(case: PoliceReport, given: Inputs, actor: Actor) -> Inputs:
    return {"materials": list(case.materials.filter(code__in=given["codes"]))}


def _lose(case: PoliceReport, given: Inputs, actor: Actor) -> Inputs:
    return given | {"amount_cny": Decimal(given["amount_cny"])}


def _pack(case: PoliceReport, given: Inputs, actor: Actor) -> Inputs:
    return given | {"pack": case.packs.latest("seq")}


def _vote(case: PoliceReport, given: Inputs, actor: Actor) -> Inputs:
    asked = Approval.objects.filter(case_id=case.pk, verb="police.release_pack").order_by("-asked_at").first()
    return given | {"payload": bytes(asked.payload_sha256).hex() if asked else ""}


_SHAPES: dict[str, Callable[[PoliceReport, Inputs, Actor], Inputs]] = {
    "add_loss": _lose,
    "ask_materials": _ask,
    "ask_pack_release": _pack,
    "confirm_statement": _confirm,
    "hand_out_pack": _pack,
    "release_pack": _vote,
}
