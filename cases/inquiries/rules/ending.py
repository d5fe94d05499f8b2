"""May a question be answered, a report be routed, and may either be closed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.handling.proof_rules import blockers_to_prove
from cases.inquiries.models import Inquiry
from cases.inquiries.states import Nature, State
from cases.rules import PART_LIMIT, handler_only, missing, only_while, too_long, wrong_state
from jike.base.actors import Actor
from jike.base.errors import UNASKED, Blocker

ANSWER_LIMIT = 2_000
ART = "O2020-3 art 32"


def blockers_to_answer(case: Inquiry, actor: Actor, *, now: datetime, text: Any = UNASKED) -> list[Blocker]:
    found = handler_only(case, actor, "inquiries.answer") + wrong_state(case, case.mark_answered)
    if case.is_anonymous:
        found.append(Blocker("contact.none", _("Nobody is known to whom an answer could go.")))
    return found + missing(text, "text", _("The answer is empty.")) + too_long(text, "text", ANSWER_LIMIT)


def blockers_to_route(
    case: Inquiry,
    actor: Actor,
    *,
    now: datetime,
    to: Any = UNASKED,
    outside: Any = UNASKED,
    reason: Any = UNASKED,
) -> list[Blocker]:
    """A report or a clue goes to one place: a unit of the house, or an authority outside. Source: O2020-3 art 32."""
    found = handler_only(case, actor, "inquiries.route") + wrong_state(case, case.mark_routed)
    if case.nature == Nature.QUESTION:
        found.append(Blocker("nature.question", _("A question is answered, not routed.")))
    if (to, outside) != (UNASKED, UNASKED) and bool(to) == bool(str(outside or "").strip()):
        found.append(Blocker("to.missing", _("Name one place: a unit of the house, or an authority."), ART, "to"))
    if to and to.pk == case.unit_id:
        found.append(Blocker("to.same", _("Choose another unit."), field="to"))
    found += too_long(outside, "outside", 120)
    return found + missing(reason, "reason", _("Give the reason.")) + too_long(reason, "reason", PART_LIMIT)


def blockers_to_notify(
    case: Inquiry,
    actor: Actor,
    *,
    now: datetime,
    proof: Any = UNASKED,
    manner: Any = UNASKED,
    evidence: Any = UNASKED,
    sent_at: Any = UNASKED,
) -> list[Blocker]:
    """An answer or a routing is proved once: by the channel that took it, or by a person with evidence."""
    found = handler_only(case, actor, "inquiries.notify") + only_while(case, State.ANSWERED, State.ROUTED)
    if case.is_anonymous:
        found.append(Blocker("contact.none", _("Nobody is known to whom an answer could go.")))
    if case.told_id is not None:
        found.append(Blocker("notice.given", _("The consumer was told already.")))
    since = case.routed_at or case.answered_at
    return found + blockers_to_prove(
        actor, now=now, since=since, proof=proof, manner=manner, evidence=evidence, sent_at=sent_at
    )


def blockers_to_conclude(case: Inquiry, actor: Actor, *, now: datetime, outcome: Any = UNASKED) -> list[Blocker]:
    """Whoever gave a name was answered or told where it went, with proof; what came of it is written down."""
    found = handler_only(case, actor, "inquiries.conclude") + wrong_state(case, case.mark_closed)
    if not found and not case.is_anonymous and case.told_id is None:
        message = _(
            "The person has not been told yet. Answer or route it, and wait until a channel has taken the message."
        )
        found.append(Blocker("notice.none", message))
    if case.state != State.ANSWERED:
        found += missing(outcome, "outcome", _("Say what came of it."))
    return found + too_long(outcome, "outcome", PART_LIMIT)
