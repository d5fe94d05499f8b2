"""The litigations of the demo story: the acts of consumer and counsel, by the actions that real ones take."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from cases.litigation import papers
from cases.litigation.models import Litigation
from cases.models import Case
from jike.accounts.roles import consumer_actor
from jike.base.actors import Actor
from jike.base.dates import cst_date, start_of_day
from jike.verbs import verb_named

PREFIX = "litigation."
DAYS = (
    "knew_on",
    "harmed_on",
    "last_due_on",
    "on",
    "until",
    "filed_on",
    "docketed_on",
    "served_on",
    "noticed_on",
    "settled_on",
)
"""Inputs that are days, told as days before the story's today; a negative one is to come."""
AMOUNTS = ("claim_cny", "cny")
DRAFTS = {"draft_statement": "statement", "draft_list": "evidence_list", "draft_authority": "authority"}


def litigation_of(matter: Case) -> Litigation:
    """The newest litigation of a matter of the story."""
    return Litigation.objects.filter(matter_id=matter.pk).latest("registered_at")


def actor_for(by: str, case: Litigation, staff: Callable[[str], Actor]) -> Actor:
    return consumer_actor(case.consumer_id) if by == "consumer" else staff(by)


def perform(case: Litigation, act: dict[str, Any], *, actor: Actor, key: str, at: datetime, now: datetime) -> None:
    """One act of a litigation; raises `Refused` where somebody has moved it on meanwhile. A draft begins with what is known."""
    inputs = {name: value for name, value in act.items() if name not in ("verb", "by", "when")}
    verb = act["verb"].removeprefix(PREFIX)
    for name in DAYS:
        if name in inputs:
            inputs[name] = cst_date(now) - timedelta(days=inputs[name])
    if "by_whom" in inputs:
        inputs["by"] = inputs.pop("by_whom")
    for name in AMOUNTS:
        if name in inputs:
            inputs[name] = Decimal(inputs[name])
    if verb in DRAFTS:
        inputs = papers.known_of(case, DRAFTS[verb]) | inputs
    if verb == "confirm_papers":
        inputs["sha256"] = papers.set_sha256(case).hex()
    if verb == "schedule_hearing":
        inputs["at"] = start_of_day(cst_date(now) + timedelta(days=inputs.pop("in_days"))) + timedelta(
            hours=9, minutes=30
        )
    verb_named(act["verb"]).action(case, actor=actor, now=at, key=key, **inputs)
