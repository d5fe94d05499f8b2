"""Several people on the merchant's side: each with a link of their own to this one case. Source: house delegated link."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from cases.handling import acts
from cases.mediation import links
from cases.mediation.actions.inviting import send_link
from cases.mediation.models import Mediation, MerchantLink
from cases.mediation.rules import delegating as rules
from jike.base.actors import Actor
from jike.verbs import verb


@verb(
    Mediation,
    "mediation.delegate",
    label=_("Colleague named by the merchant"),
    blockers=rules.blockers_to_delegate,
    category="access",
    by_hand=False,
)
def delegate(
    case: Mediation, *, actor: Actor, now: datetime, name: str, phone: str, email: str = "", may_sign: bool = False
) -> None:
    """Send somebody of the merchant a link of their own to this case, opened by a code to their own phone. What they do says who did it.

    They sign only where `may_sign` says so, and name nobody themselves. Source: house delegated link.
    """
    by = MerchantLink.objects.get(pk=cast(UUID, actor.id))
    last: dict[str, Any] = case.merchant_links.aggregate(last=Max("number"))
    colleague = links.Colleague(by, (last["last"] or 0) + 1, name.strip(), email.strip(), may_sign)
    link = links.new_link(case, phone=phone, actor=actor, now=now, colleague=colleague)
    send_link(case, link, now=now)
    case.tell(colleague=link.number, may_sign=may_sign)
    acts.tell_handler(case, "case.side_spoke", key=f"delegated:{link.pk}", now=now)


@verb(
    Mediation,
    "mediation.end_delegation",
    label=_("End the part of a colleague of the merchant"),
    blockers=rules.blockers_to_end_delegation,
    category="access",
)
def end_delegation(case: Mediation, *, actor: Actor, now: datetime, colleague: MerchantLink) -> None:
    """Their link opens nothing from now on; what they did stays."""
    links.revoke_one(colleague, now=now)
    case.tell(link=str(colleague.pk), colleague=colleague.number)
