"""May the merchant be invited, take part, be told again, and when does silence end the attempt."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.clocks import ledger as clocks
from cases.clocks.models import Clock
from cases.clocks.steps import is_late
from cases.mediation.models import Mediation, MerchantLink
from cases.mediation.rules.facts import faults_of_telling
from cases.mediation.rules.opening import origin_ended
from cases.mediation.rules.sides import blockers_to_speak, may_act
from cases.mediation.states import BOUND, Side, State
from cases.rules import missing, no_power, only_while, too_long, wrong_state
from jike.base.actors import Actor
from jike.base.dates import cst_date
from jike.base.errors import UNASKED, Blocker
from jike.privacy import blind_index, normalise_phone

ANSWER = "MED_ANSWER"
"""The clock of the merchant's answer to the invitation."""
OPEN_TO_MERCHANTS = (State.INVITED, State.NEGOTIATING, *BOUND)


def blockers_to_invite(
    case: Mediation,
    actor: Actor,
    *,
    now: datetime,
    allegation: Any = UNASKED,
    facts: Any = UNASKED,
    phone: Any = UNASKED,
) -> list[Blocker]:
    """Only after the consumer agreed, and only in words that name nobody. Source: O2020-3 art 23."""
    found = may_act(case, actor, "mediation.invite", now=now) + wrong_state(case, case.mark_invited)
    return found + origin_ended(case) + faults_of_telling(case, allegation, facts) + bad_phone(case, phone)


def bad_phone(case: Mediation, phone: Any) -> list[Blocker]:
    """Empty is the number in the merchant's own entry, if there is one."""
    if phone is UNASKED or (not phone and case.merchant and case.merchant.contact_phone):
        return []
    try:
        normalise_phone(str(phone or ""))
    except ValueError:
        message = _("Give the mobile number of whoever answers for the merchant; its entry holds none.")
        return [Blocker("phone.malformed", message, field="phone")]
    return []


def answer_clock(case: Mediation) -> Clock | None:
    return clocks.running(case, family=ANSWER)


def blockers_to_take_part(case: Mediation, actor: Actor, *, now: datetime, evidence: Any = UNASKED) -> list[Blocker]:
    """The merchant says yes in time; an outside body must then accept. Silence has its own consequence, at its minute."""
    found = blockers_to_speak(
        case, actor, "mediation.take_part", now=now, side=Side.MERCHANT, evidence=evidence, sides=(Side.MERCHANT.value,)
    )
    found += wrong_state(case, case.mark_taken_part)
    if case.merchant_agreed_at:
        found.append(Blocker("merchant.agreed", _("The merchant agreed already; the outside body has to accept.")))
    clock = answer_clock(case)
    if clock and clock.due_at and is_late(now, clock.due_at):
        message = _("The time to answer is over; the attempt has ended without an agreement.")
        found.append(Blocker("answer.too_late", message, "house MED_ANSWER"))
    return found


def blockers_to_record_acceptance(
    case: Mediation, actor: Actor, *, now: datetime, accepted_on: Any = UNASKED, reference: Any = UNASKED
) -> list[Blocker]:
    """An outside body took the matter on, both sides having asked it. Source: O2020-3 art 23, OM2021 art 24."""
    found = may_act(case, actor, "mediation.record_acceptance", now=now) + wrong_state(case, case.mark_accepted_by_body)
    if not case.is_external:
        found.append(Blocker("form.internal", _("No outside body mediates here.")))
    elif case.merchant_agreed_at is None:
        found.append(Blocker("merchant.not_agreed", _("The merchant has not agreed to it yet."), "PML art 17"))
    if accepted_on is not UNASKED and not _possible(case, accepted_on, now=now):
        message = _("The body accepted between the merchant's word and today.")
        found.append(Blocker("accepted_on.impossible", message, field="accepted_on"))
    found += missing(reference, "reference", _("Give the number or the paper by which the body accepted."))
    return found + too_long(reference, "reference", 80)


def _possible(case: Mediation, on: date | None, *, now: datetime) -> bool:
    since = case.merchant_agreed_at or now
    return on is not None and cst_date(since) <= on <= cst_date(now)


def blockers_to_record_silence(case: Mediation, actor: Actor, *, now: datetime) -> list[Blocker]:
    """The time to answer is over and nobody answered. Source: house MED_ANSWER."""
    found = no_power(actor, "mediation.record_silence") + wrong_state(case, case.mark_silent)
    clock = answer_clock(case)
    if clock is None or clock.due_at is None or not is_late(now, clock.due_at):
        found.append(Blocker("answer.in_time", _("The merchant still has time to answer, or has answered.")))
    return found


def blockers_to_remind(
    case: Mediation, actor: Actor, *, now: datetime, hours: Any = UNASKED, is_sent: Any = UNASKED
) -> list[Blocker]:
    found = no_power(actor, "mediation.remind") + only_while(case, State.INVITED)
    if answer_clock(case) is None:
        found.append(Blocker("answer.in_time", _("The merchant still has time to answer, or has answered.")))
    return found


def blockers_to_issue_link(case: Mediation, actor: Actor, *, now: datetime, phone: Any = UNASKED) -> list[Blocker]:
    """A new link takes the place of the one before."""
    found = may_act(case, actor, "mediation.issue_link", now=now) + only_while(case, *OPEN_TO_MERCHANTS)
    return found + bad_phone(case, phone)


def latest_link(case: Mediation) -> MerchantLink | None:
    """The merchant's own newest link; those of colleagues are beside it."""
    return case.merchant_links.filter(delegated_by=None).order_by("-issued_at", "-id").first()


def own_latest_link(case: Mediation, actor: Actor) -> MerchantLink | None:
    """The newest link of the person whose link the actor holds: the merchant's own, or that colleague's."""
    held = case.merchant_links.filter(pk=actor.id).first()
    same = case.merchant_links.filter(number=held.number) if held else case.merchant_links.none()
    return same.order_by("-issued_at", "-id").first()


def blockers_to_renew_link(case: Mediation, actor: Actor, *, now: datetime) -> list[Blocker]:
    """Whoever holds their latest link may have it sent anew, once it has run out by itself; a revoked one stays shut."""
    found = no_power(actor, "mediation.renew_link") + only_while(case, *OPEN_TO_MERCHANTS)
    link = own_latest_link(case, actor)
    if link is None or link.revoked_at is not None or actor.id != link.pk:
        message = _("This link has ended, was revoked, or opens another case. Ask us for a new one.")
        return [*found, Blocker("actor.no_link", message)]
    if now <= link.expires_at:
        found.append(Blocker("link.in_force", _("This link is still good.")))
    return found


def blockers_to_revoke_link(case: Mediation, actor: Actor, *, now: datetime) -> list[Blocker]:
    found = may_act(case, actor, "mediation.revoke_link", now=now)
    if not MerchantLink.objects.filter(case_id=case.pk, revoked_at=None).exists():
        found.append(Blocker("link.none", _("No link is in force.")))
    return found


def blockers_to_confirm_link(
    case: Mediation, actor: Actor, *, now: datetime, link: Any = UNASKED, phone: Any = UNASKED
) -> list[Blocker]:
    """The code went to the phone that the link was issued for, while the link holds; the case has not ended before anything came of it."""
    found = no_power(actor, "mediation.confirm_link") + only_while(case, *OPEN_TO_MERCHANTS)
    if link is UNASKED:
        return found
    if link.case_id != case.pk or link.pk != actor.id or link.revoked_at is not None or now > link.expires_at:
        message = _("This link has ended, was revoked, or opens another case. Ask us for a new one.")
        found.append(Blocker("actor.no_link", message))
    elif blind_index("phone", phone) != bytes(link.phone_index):
        message = _("The code went to another phone than the one this link was sent to.")
        found.append(Blocker("actor.other_phone", message))
    return found


def blockers_to_record_link_sent(case: Mediation, actor: Actor, *, now: datetime, link: Any = UNASKED) -> list[Blocker]:
    found = no_power(actor, "mediation.record_link_sent")
    if link is None or (link and link.case_id != case.pk):
        found.append(Blocker("link.none", _("No link is in force.")))
    return found
