"""What is done on a case of any kind, registered under the kind's own name: taking it, notes, keeping somebody from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.handling import acts, recusal, recusal_rules, rules
from cases.models import Case
from jike.base.actors import Actor
from jike.base.errors import Text
from jike.verbs import verb
from jike.verbs.registry import Rule

Action = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Shared:
    """The actions of one kind, each the only way in which its verb happens."""

    claim: Action
    assign: Action
    auto_assign: Action
    note: Action
    recuse: Action
    request_recusal: Action
    decide_recusal: Action
    lift_recusal: Action
    recuse_by_relation: Action


def shared_verbs(model: type[Case], area: str) -> Shared:
    """Register them as `{area}.claim`, `{area}.assign` and so on; called once per kind, while its actions are loaded."""

    def made(
        name: str, label: Text, rule: Rule, body: Action, category: str = "access", *, by_hand: bool = True
    ) -> Action:
        return verb(model, f"{area}.{name}", label=label, blockers=rule, category=category, by_hand=by_hand)(body)

    asks = recusal_rules
    return Shared(
        claim=made("claim", _("Take this case"), rules.blockers_to_claim, acts.claim, "milestone"),
        assign=made("assign", _("Assign to somebody"), rules.blockers_to_assign, acts.assign, "milestone"),
        auto_assign=made("auto_assign", _("Assign to the best handler"), rules.blockers_to_auto_assign, acts.auto_assign, "milestone"),
        note=made("note", _("Add an internal note"), rules.blockers_to_note, acts.add_note, "message"),
        recuse=made("recuse", _("Recuse myself"), asks.blockers_to_recuse, recusal.recuse_oneself),
        request_recusal=made("request_recusal", _("Ask for a recusal"), asks.blockers_to_request_recusal, recusal.request_recusal),
        decide_recusal=made("decide_recusal", _("Decide on a recusal"), asks.blockers_to_decide_recusal, _decide),
        lift_recusal=made("lift_recusal", _("Lift a recusal"), asks.blockers_to_lift_recusal, recusal.lift_recusal),
        recuse_by_relation=made(
            "recuse_by_relation", _("Recused by a known relation"), asks.blockers_to_recuse_by_relation, recusal.recuse_by_relation, by_hand=False
        ),
    )  # fmt: skip


def _decide(case: Case, *, actor: Actor, now: datetime, verdict: str, reason: str) -> None:
    """Grant or refuse the recusal that a colleague asked for. Source: O2020-3 art 17."""
    recusal.decide_recusal(case, actor=actor, now=now, verdict=verdict, reason=reason)
