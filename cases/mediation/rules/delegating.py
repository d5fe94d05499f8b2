"""May the merchant name a colleague for this one case, and may that be ended. Source: house delegated link."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cases.mediation.house_rules import house_rules
from cases.mediation.models import Mediation, MerchantLink
from cases.mediation.rules.inviting import OPEN_TO_MERCHANTS
from cases.mediation.rules.sides import may_act
from cases.rules import missing, only_while, too_long
from jike.base.actors import Actor
from jike.base.errors import UNASKED, Blocker
from jike.privacy import blind_index, normalise_phone

NAME_LIMIT, EMAIL_LIMIT = 60, 120
OWN_LINK = "house delegated link"


def colleagues_of(case: Mediation) -> QuerySet[MerchantLink]:
    """The links of colleagues that nobody revoked, also those that ran out; in the order in which they were named."""
    return case.merchant_links.filter(delegated_by__isnull=False, revoked_at=None).order_by("number", "issued_at")


def blockers_to_delegate(
    case: Mediation,
    actor: Actor,
    *,
    now: datetime,
    name: Any = UNASKED,
    phone: Any = UNASKED,
    email: Any = UNASKED,
    may_sign: Any = UNASKED,
) -> list[Blocker]:
    """Only whoever holds the merchant's own link names colleagues: a delegated link cannot be passed on."""
    if found := may_act(case, actor, "mediation.delegate", now=now):
        return found
    found = only_while(case, *OPEN_TO_MERCHANTS) + _not_own(case, actor)
    if colleagues_of(case).count() >= house_rules().most_colleagues or _ever(case) >= house_rules().most_colleagues * 3:
        message = _("As many colleagues as one case may have are named. Take somebody out first, or call us.")
        found.append(Blocker("colleague.too_many", message, OWN_LINK))
    found += missing(name, "name", _("Say who it is.")) + too_long(name, "name", NAME_LIMIT)
    if email is not UNASKED and email and not _is_email(str(email)):
        found.append(
            Blocker("email.malformed", _("This is no e-mail address. Leave it empty if there is none."), field="email")
        )
    return found + ([] if phone is UNASKED else _faults_of_phone(case, phone))


def _not_own(case: Mediation, actor: Actor) -> list[Blocker]:
    if actor.is_staff or case.merchant_links.filter(pk=actor.id, delegated_by=None).exists():
        return []
    message = _("Only whoever was invited names colleagues; your link cannot be passed on.")
    return [Blocker("actor.delegated", message, OWN_LINK)]


def _ever(case: Mediation) -> int:
    return case.merchant_links.filter(delegated_by__isnull=False).values("number").distinct().count()


def _is_email(email: str) -> bool:
    try:
        validate_email(email)
    except ValidationError:
        return False
    return len(email) <= EMAIL_LIMIT


def _faults_of_phone(case: Mediation, phone: Any) -> list[Blocker]:
    try:
        known = blind_index("phone", normalise_phone(str(phone or "")))
    except ValueError:
        message = _("This is no mobile number of the mainland. It has 11 digits, like 138 0013 8000.")
        return [Blocker("phone.malformed", message, field="phone")]
    if case.merchant_links.filter(phone_index=known, revoked_at=None).exists():
        return [
            Blocker("phone.named", _("Somebody with this number takes part for the merchant already."), field="phone")
        ]
    return []


def blockers_to_end_delegation(
    case: Mediation, actor: Actor, *, now: datetime, colleague: Any = UNASKED
) -> list[Blocker]:
    """Whoever named them, or staff, at any time."""
    found = may_act(case, actor, "mediation.end_delegation", now=now) or _not_own(case, actor)
    known = {link.pk for link in colleagues_of(case)}
    if not known:
        found.append(Blocker("colleague.none", _("No colleague of the merchant takes part.")))
    elif colleague is not UNASKED and (colleague is None or colleague.pk not in known):
        found.append(Blocker("colleague.unknown", _("Choose one of the colleagues named."), field="colleague"))
    return found
