"""May a matter be carried to court, be taken up, declined, or given up."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.litigation.models import Litigation
from cases.litigation.states import FINAL
from cases.models import Case
from cases.queries import complainant_of
from cases.rules import PART_LIMIT, handler_only, missing, no_power, too_long, wrong_state
from jike.base.actors import Actor
from jike.base.errors import UNASKED, Blocker

EVIDENCE_LIMIT = 2_000


def blockers_to_request(
    case: None, actor: Actor, *, now: datetime, origin: Case, matter: Any = UNASKED, **_given: Any
) -> list[Blocker]:
    """The verb that opens it asks the same of the case it comes from, and of whoever asks. Source: CPL art 15."""
    return no_power(actor, "litigation.request") + blockers_to_open(origin if matter is UNASKED else matter)


def blockers_to_open(matter: Case) -> list[Blocker]:
    """Somebody must be there who would sue, and no other litigation of the matter goes on. Source: CPL art 122."""
    found = []
    if complainant_of(matter) is None:
        found.append(Blocker("contact.none", _("Nobody is known who could bring a claim.")))
    if Litigation.objects.filter(matter_id=matter.pk).exclude(state__in=FINAL).exists():
        found.append(Blocker("litigation.open", _("Such a case goes on already. End it before another is opened.")))
    return found


def blockers_to_assess(case: Litigation, actor: Actor, *, now: datetime) -> list[Blocker]:
    return handler_only(case, actor, "litigation.assess") + wrong_state(case, case.mark_assessing)


def blockers_to_decline(
    case: Litigation, actor: Actor, *, now: datetime, reason: Any = UNASKED, told: Any = UNASKED
) -> list[Blocker]:
    """With a reason for colleagues and one for the consumer, whose own way to the court stays open."""
    found = handler_only(case, actor, "litigation.decline") + wrong_state(case, case.mark_declined)
    found += missing(reason, "reason", _("Give the reason.")) + too_long(reason, "reason", PART_LIMIT)
    return found + missing(told, "told", _("Say what the consumer is told.")) + too_long(told, "told", 500)


def said_by(actor: Actor, evidence: Any) -> list[Blocker]:
    """What staff write down for the consumer names where it was said."""
    found = missing(evidence, "evidence", _("Name the writing or the recorded call in which it was said."))
    return (found if actor.is_staff else []) + too_long(evidence, "evidence", EVIDENCE_LIMIT)


def blockers_to_withdraw(case: Litigation, actor: Actor, *, now: datetime, evidence: Any = UNASKED) -> list[Blocker]:
    """The consumer is the party and may leave it until a court has judged. Source: CPL art 15."""
    found = handler_only(case, actor, "litigation.withdraw") + wrong_state(case, case.mark_withdrawn)
    return found + said_by(actor, evidence)


def blockers_to_settle(
    case: Litigation, actor: Actor, *, now: datetime, terms: Any = UNASKED, evidence: Any = UNASKED
) -> list[Blocker]:
    """The two sides came to terms; the consumer agreed, and it can be shown."""
    found = handler_only(case, actor, "litigation.settle") + wrong_state(case, case.mark_settled)
    found += missing(terms, "terms", _("Say what was agreed.")) + too_long(terms, "terms", PART_LIMIT)
    return found + said_by(actor, evidence)


def blockers_to_close(case: Litigation, actor: Actor, *, now: datetime, summary: Any = UNASKED) -> list[Blocker]:
    """The way through the courts is over; a sentence says with what."""
    found = handler_only(case, actor, "litigation.close") + wrong_state(case, case.mark_closed)
    return found + missing(summary, "summary", _("Say how it ended.")) + too_long(summary, "summary", 500)
