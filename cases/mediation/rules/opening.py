"""May a mediation be opened, agreed to, refused or withdrawn."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.kinds import kind_named
from cases.mediation.models import Mediation
from cases.mediation.reasons import REASONS
from cases.mediation.rules.sides import blockers_to_speak, may_act, side_of
from cases.mediation.states import FINAL, Form, Side, State
from cases.models import Case
from cases.queries import complainant_of
from cases.rules import PART_LIMIT, ended, missing, no_power, too_long, wrong_state
from jike.base.actors import Actor
from jike.base.errors import UNASKED, Blocker

BODY_LIMIT = 120


def blockers_to_propose(
    case: None, actor: Actor, *, now: datetime, origin: Case, form: Any = UNASKED, body: Any = UNASKED
) -> list[Blocker]:
    """Out of a case that goes on, has somebody to ask and a merchant to invite; one at a time. Source: O2020-3 art 23."""
    return no_power(actor, "mediation.propose") + blockers_to_open(origin, form=form, body=body)


def blockers_to_open(origin: Case, *, form: Any = UNASKED, body: Any = UNASKED) -> list[Blocker]:
    """What must be true of the case that is to be mediated; the verb that opens it asks this too."""
    found = ended(origin)
    if origin.merchant_id is None:
        found.append(Blocker("merchant.none", _("No merchant is known with whom an agreement could be sought.")))
    if complainant_of(origin) is None:
        found.append(Blocker("contact.none", _("Nobody is known who could agree to it.")))
    if not found and goes_on(origin):
        found.append(Blocker("mediation.open", _("Such a case goes on already. End it before another is opened.")))
    if form is not UNASKED and form not in Form.values:
        found.append(Blocker("form.unknown", _("Choose the form: through us, or by an outside body."), field="form"))
    if form == Form.EXTERNAL:
        found += missing(body, "body", _("Name the outside body that mediates."), "CPL art 205")
    return found + too_long(body, "body", BODY_LIMIT)


def goes_on(origin: Case) -> bool:
    """Whether a mediation of this case has neither ended nor come to be broken."""
    return Mediation.objects.filter(origin_id=origin.pk).exclude(state__in=[*FINAL, State.BREACHED]).exists()


def blockers_to_consent(case: Mediation, actor: Actor, *, now: datetime, evidence: Any = UNASKED) -> list[Blocker]:
    """The consumer says so, or staff who can show it. Nobody is mediated against their will. Source: O2020-3 art 23, PML art 17."""
    found = blockers_to_speak(
        case, actor, "mediation.consent", now=now, side=Side.CONSUMER, evidence=evidence, sides=(Side.CONSUMER.value,)
    )
    return found + wrong_state(case, case.mark_consented) + origin_ended(case)


def origin_ended(case: Mediation) -> list[Blocker]:
    """The case this came from has ended meanwhile: there is nothing left to settle."""
    row = Case.objects.only("kind", "state").get(pk=case.origin_id)
    if row.state not in kind_named(row.kind).final:
        return []
    return [Blocker("origin.ended", _("The case it came from has ended. Withdraw it or record that it failed."))]


def blockers_to_refuse(
    case: Mediation,
    actor: Actor,
    *,
    now: datetime,
    side: Any = UNASKED,
    reason: Any = UNASKED,
    evidence: Any = UNASKED,
) -> list[Blocker]:
    """A side that clearly refuses ends it; a merchant who was not asked yet has nothing to refuse. Source: PML art 17, PML art 23."""
    found = blockers_to_speak(case, actor, "mediation.refuse", now=now, side=side, evidence=evidence)
    found += wrong_state(case, case.mark_refused)
    asked_merchant = case.state not in (State.PROPOSED, State.CONSENTED)
    if side_of(actor, "" if side is UNASKED else str(side)) == Side.MERCHANT and not asked_merchant:
        found.append(Blocker("merchant.not_asked", _("The merchant has not been invited yet."), field="side"))
    must_say = actor.kind == Side.MERCHANT.value and reason is not UNASKED
    if (must_say or (reason is not UNASKED and reason)) and reason not in REASONS:
        found.append(Blocker("reason.unknown", _("Choose why you do not take part."), field="reason"))
    return found


def blockers_to_leave(case: Mediation, actor: Actor, *, now: datetime, evidence: Any = UNASKED) -> list[Blocker]:
    """The consumer may take it back until both have signed. Source: PML art 17."""
    found = blockers_to_speak(
        case, actor, "mediation.leave", now=now, side=Side.CONSUMER, evidence=evidence, sides=(Side.CONSUMER.value,)
    )
    return found + wrong_state(case, case.mark_withdrawn)


def blockers_to_fail(case: Mediation, actor: Actor, *, now: datetime, reason: Any = UNASKED) -> list[Blocker]:
    """Whoever mediates sees that there is no agreement to be had. Source: PML art 26."""
    found = may_act(case, actor, "mediation.fail", now=now) + wrong_state(case, case.mark_failed)
    return found + missing(reason, "reason", _("Give the reason.")) + too_long(reason, "reason", PART_LIMIT)
