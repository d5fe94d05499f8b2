"""The merchant's own desk: who takes part for it in this case, and its other open cases under the same telephone number."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.mediation.links import address_of
from cases.mediation.models import Mediation, MerchantLink
from cases.mediation.queries import links_of_phone
from cases.mediation.rules.delegating import NAME_LIMIT, colleagues_of
from cases.mediation.rules.inviting import answer_clock
from cases.mediation.states import Side
from cases.portal.fields import PhoneField
from cases.portal.forms import PortalForm
from jike.base.actors import Actor
from jike.base.errors import Text
from jike.privacy import open_sealed
from jike.verbs import verb_named


class ColleagueForm(PortalForm):
    """A colleague for this one case. `key` makes a second click send nothing."""

    name = forms.CharField(label=_("Name"), max_length=NAME_LIMIT, error_messages={"required": _("Say who it is.")})
    phone = PhoneField(label=_("Mobile number"))
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=120)
    may_sign = forms.BooleanField(label=_("May sign the agreement for us"), required=False)
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)


@dataclass(frozen=True, slots=True)
class Colleague:
    """One colleague as the merchant and the staff see them."""

    link: MerchantLink
    name: str
    number: int
    phone_mask: str
    standing: Text
    may_sign: bool


@dataclass(frozen=True, slots=True)
class OpenCase:
    """One open case of this merchant that this number was invited to: its link, where it stands, and by when it must act, if it must."""

    number: str
    state: Text
    address: str
    due_at: datetime | None
    is_here: bool


def people_context(case: Mediation, actor: Actor, form: ColleagueForm | None, *, now: datetime) -> dict[str, Any]:
    """What the page of the people prints."""
    return {
        "case": case,
        "people": colleagues(case, now=now),
        "form": form or ColleagueForm(initial={"key": secrets.token_urlsafe(16)}),
        "key": secrets.token_urlsafe(16),
        "blockers": verb_named("mediation.delegate").why_not(case, actor, now=now),
        "may_end": not verb_named("mediation.end_delegation").why_not(case, actor, now=now),
    }


def colleagues(case: Mediation, *, now: datetime) -> list[Colleague]:
    """Who was named and not taken out again. The caller knows that whoever reads is the merchant or sees the whole case."""
    return [
        Colleague(
            link, open_sealed(link, "holder"), link.number, link.phone_mask, _standing(link, now=now), link.may_sign
        )
        for link in colleagues_of(case)
    ]


def _standing(link: MerchantLink, *, now: datetime) -> Text:
    if now > link.expires_at:
        return _("the link ran out")
    return _("takes part") if link.confirmed_at else _("has not opened the link yet")


def open_cases(actor: Actor, *, now: datetime) -> list[OpenCase]:
    """The open mediations of the same merchant that the number of this link was invited to, the next to act on first."""
    found = []
    for link in links_of_phone(actor, now=now):
        try:
            address = address_of(link)
        except LookupError:  # its key is gone: nobody opens it any more
            continue
        case = link.case
        found.append(OpenCase(case.number, case.state_label, address, _due(case), link.pk == actor.id))
    far = datetime.max.replace(tzinfo=now.tzinfo)
    return sorted(found, key=lambda one: (one.due_at or far, one.number))


def _due(case: Mediation) -> datetime | None:
    """The last moment by which the merchant must say something, if it must."""
    clock = answer_clock(case)
    if clock and clock.due_at and not case.merchant_agreed_at:
        return clock.due_at
    standing = case.standing_offer
    return standing.expires_at if standing and standing.side == Side.CONSUMER else None
