"""Events as the world hears them: a type made from the verb, and a body of ids, codes and states."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cases.kinds import all_kinds
from cases.models import Case, Event
from cases.models.case import ANNOUNCE
from cases.queries import cases_listed_for
from jike.accounts.roles import actor_of
from jike.api import webhooks
from jike.base.dates import CST
from jike.base.dates import now as current_instant
from jike.outbox import jobs
from jike.verbs import all_verbs

_IRREGULAR = {"withdraw": "withdrawn", "send": "sent", "split": "split", "refer": "referred", "stop": "stopped"}
_STAYS_FIRST = {"to", "from", "by", "with", "for", "off"}


def event_type(verb: str) -> str:
    """`complaints.accept` is `case.accepted`, `complaints.propose_decision` is `case.decision_proposed`."""
    head, *rest = verb.partition(".")[2].split("_")
    done = _IRREGULAR.get(head) or (
        head[:-1] + "ied"
        if head.endswith("y") and head[-2:-1] not in "aeiou"
        else head + ("d" if head.endswith("e") else "ed")
    )
    is_object = rest and not rest[0].isdigit() and rest[0] not in _STAYS_FIRST
    return "case." + "_".join([*rest, done] if is_object else [done, *rest])


def event_types() -> list[str]:
    """Every type there is, from the registry of verbs."""
    models = {kind.model for kind in all_kinds()}
    return sorted({event_type(verb.name) for verb in all_verbs() if verb.model in models})


def body_of(event: Event, case: Case) -> dict[str, Any]:
    return {
        "event": str(event.pk),
        "at": event.at.astimezone(CST).isoformat(),
        "case": case.number,
        "kind": case.kind,
        "seq": event.seq,
        "verb": event.verb,
        "before": event.before_state,
        "after": event.after_state,
        "actor_kind": event.actor_kind,
    }


@jobs.handler(ANNOUNCE, queue="notify", max_attempts=12)
def announce(job: jobs.ClaimedJob) -> Callable[[], None]:
    """Write a shipment for every subscriber who may list the case."""
    event = Event.objects.select_related("case").get(pk=job.body["event"])
    kind = event_type(event.verb)
    may_hear = [
        one
        for one in webhooks.listeners(kind)
        if cases_listed_for(actor_of(one.owner)).filter(pk=event.case_id).exists()
    ]
    return lambda: webhooks.ship(may_hear, event.pk, kind, body_of(event, event.case), now=current_instant())
