"""May an agreement be drafted, signed and sealed, and be taken to a court together."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.mediation.models import Mediation, Signature
from cases.mediation.rules.period import period_over
from cases.mediation.rules.sides import may_act
from cases.mediation.states import BOUND, Confirmation, Side, State
from cases.models import Document
from cases.queries import complainant_of
from cases.rules import PART_LIMIT, missing, no_power, only_while, too_long, wrong_state
from jike.base.actors import Actor
from jike.base.dates import cst_date
from jike.base.errors import UNASKED, Blocker
from jike.privacy import blind_index

ART = "PML art 29"


def blockers_to_draft_agreement(
    case: Mediation,
    actor: Actor,
    *,
    now: datetime,
    facts: Any = UNASKED,
    dispute: Any = UNASKED,
    responsibility: Any = UNASKED,
    manner: Any = UNASKED,
) -> list[Blocker]:
    """On an accepted offer, with everything the law lists; parties and terms are known. Source: PML art 29, house R47."""
    found = may_act(case, actor, "mediation.draft_agreement", now=now) + only_while(case, State.NEGOTIATING)
    if case.accepted_offer is None:
        found.append(Blocker("offer.not_agreed", _("No offer has been accepted yet.")))
    given = {"facts": facts, "dispute": dispute, "responsibility": responsibility, "manner": manner}
    for field, message in CONTENTS.items():
        found += missing(given[field], field, message, ART) + too_long(given[field], field, PART_LIMIT)
    return found


CONTENTS = {
    "facts": _("Say what happened, in the main."),
    "dispute": _("Say what the two sides disagree about."),
    "responsibility": _("Say who answers for what."),
    "manner": _("Say how it is done, to which account or where."),
}


def blockers_to_sign(
    case: Mediation,
    actor: Actor,
    *,
    now: datetime,
    sha256: Any = UNASKED,
    phone: Any = UNASKED,
    challenge: Any = UNASKED,
) -> list[Blocker]:
    """Each side itself, once, by a code to its own phone, and exactly the version it was shown. Source: house signature."""
    found = may_act(case, actor, "mediation.sign", now=now) + wrong_state(case, case.mark_signed)
    found += period_over(case, now=now)
    agreement = case.known_agreement
    if agreement is None:
        return [*found, Blocker("agreement.none", _("There is no agreement to sign yet."), ART)]
    if actor.kind not in Side.values:
        found.append(Blocker("actor.no_side", _("Only the consumer and the merchant sign, each for themselves.")))
    if actor.kind in case.signed_by:
        found.append(Blocker("signature.given", _("You have signed this version already.")))
    if sha256 is not UNASKED and sha256 != bytes(agreement.sha256):
        message = _("The agreement was changed since you read it. Read the new version before you sign.")
        found.append(Blocker("agreement.changed", message, field="sha256"))
    if actor.kind == Side.MERCHANT and not case.merchant_links.filter(pk=actor.id, may_sign=True).exists():
        message = _("You may act for the merchant but not sign. Whoever named you signs, or names somebody who may.")
        found.append(Blocker("actor.may_not_sign", message, "house delegated link"))
    if phone is not UNASKED and not is_own_phone(case, actor, str(phone)):
        message = _("Sign with a code to the phone that we know as yours.")
        found.append(Blocker("actor.other_phone", message))
    if challenge is not UNASKED and Signature.objects.filter(challenge=challenge).exists():
        found.append(Blocker("phone_code.used", _("This code was used for a signature already."), field="challenge"))
    return found


def is_own_phone(case: Mediation, actor: Actor, phone: str) -> bool:
    """Whether this number, proven by a code, is the one we know as that of the consumer or of the merchant's link."""
    if actor.kind == Side.MERCHANT:
        known = case.merchant_links.filter(pk=actor.id).values_list("phone_index", flat=True).first()
    else:
        party = complainant_of(case)
        known = party.phone_index if party else None
    return known is not None and bytes(known) == blind_index("phone", phone)


def blockers_to_seal(case: Mediation, actor: Actor, *, now: datetime, evidence: Any = UNASKED) -> list[Blocker]:
    """The mediator signed and the body put its seal, after both sides: only now does it bind. Source: PML art 29."""
    found = may_act(case, actor, "mediation.seal", now=now) + wrong_state(case, case.mark_sealed)
    if not case.is_external:
        found.append(Blocker("form.internal", _("No outside body mediates here.")))
    if not set(Side.values) <= case.signed_by:
        found.append(Blocker("signature.missing", _("Both sides sign before the body puts its seal."), ART))
    found += missing(evidence, "evidence", _("Name the paper with the mediator's signature and the body's seal."), ART)
    return found + too_long(evidence, "evidence", 2_000)


def blockers_to_issue_agreement(case: Mediation, actor: Actor, *, now: datetime, **paper: Any) -> list[Blocker]:
    found = no_power(actor, "mediation.issue_agreement") + only_while(case, *BOUND)
    if case.documents.filter(kind=Document.Kind.AGREEMENT).exists():
        found.append(Blocker("agreement.issued", _("The paper of this agreement exists already.")))
    return found


def blockers_to_apply_confirmation(
    case: Mediation, actor: Actor, *, now: datetime, applied_on: Any = UNASKED, evidence: Any = UNASKED
) -> list[Blocker]:
    """Both together, after an outside body's mediation, within thirty days. Source: CPL art 205, PML art 33."""
    found = may_act(case, actor, "mediation.apply_confirmation", now=now) + only_while(case, *BOUND)
    if not case.is_external:
        message = _("A negotiation through us ends in a civil contract: no court confirms it.")
        found.append(Blocker("form.internal", message, "CPL art 205"))
    elif case.confirmation:
        found.append(Blocker("confirmation.applied", _("Both have applied already.")))
    elif applied_on is not UNASKED and not _in_time(case, applied_on, now=now):
        message = _("The application lies between the day of the agreement and the last day of thirty.")
        found.append(Blocker("applied_on.impossible", message, "CPL art 205", "applied_on"))
    return found + missing(evidence, "evidence", _("Name the court and its receipt."))


def _in_time(case: Mediation, on: date | None, *, now: datetime) -> bool:
    clock = next((row for row in case.open_clocks if row.family == "SFQR30"), None)
    if on is None or case.effective_at is None or clock is None or clock.due_at is None:
        return False
    return cst_date(case.effective_at) <= on <= min(cst_date(now), cst_date(clock.due_at))


def blockers_to_decide_confirmation(
    case: Mediation, actor: Actor, *, now: datetime, outcome: Any = UNASKED, evidence: Any = UNASKED
) -> list[Blocker]:
    found = may_act(case, actor, "mediation.decide_confirmation", now=now) + only_while(case, *BOUND)
    if case.confirmation != Confirmation.APPLIED:
        found.append(Blocker("confirmation.none", _("No application waits for the court.")))
    if outcome is not UNASKED and outcome not in (Confirmation.CONFIRMED, Confirmation.REJECTED):
        found.append(Blocker("outcome.unknown", _("Say whether the court confirmed it."), field="outcome"))
    return found + missing(evidence, "evidence", _("Name the court's ruling."))


def blockers_to_perform(case: Mediation, actor: Actor, *, now: datetime) -> list[Blocker]:
    return no_power(actor, "mediation.perform") + wrong_state(case, case.mark_performing)
