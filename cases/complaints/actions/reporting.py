"""Carrying a complaint to the police: help for the consumer who wants to report a crime."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cases.complaints.models import Complaint
from cases.complaints.rules import reporting as rules
from cases.models import Case
from cases.police.actions import open_house_report as open_own
from cases.police.actions import request_help
from cases.wording import with_time
from jike.base.actors import Actor
from jike.verbs import verb

OWN_WISH = "消费者本人于{at}在门户提出申请。"


@verb(
    Complaint,
    "complaints.open_police_report",
    label=_("Help with a police report"),
    blockers=rules.blockers_to_open_police_report,
)
def open_police_report(case: Complaint, *, actor: Actor, now: datetime, capacity: str, wish: str = "") -> None:
    """Open linked help with a police report, because the consumer wished it, as `wish` shows; a consumer who asks in the portal need
    not say where that was said. The complaint and its count go on.

    Source: GACX2020 art 169, house R21.
    """
    wish = wish.strip() or OWN_WISH.format(at=with_time(now))
    report = request_help(actor=actor, now=now, origin=case, capacity=capacity, wish=wish)
    case.tell(police_report=str(report.pk), capacity=capacity)


@verb(
    Complaint,
    "complaints.open_house_report",
    label=_("Police report of the house"),
    blockers=rules.blockers_to_open_house_report,
)
def open_house_report(
    case: Complaint, *, actor: Actor, now: datetime, capacity: str, about: str, numbers: Sequence[Case] = ()
) -> None:
    """The house reports its own loss that came to light in this complaint, and in others of the same fraud (`numbers`): a police report in
    which no consumer takes part, linked as belonging together. Source: GACX2020 art 169.
    """
    report = open_own(actor=actor, now=now, capacity=capacity, about=about, concerning=[case, *numbers])
    case.tell(police_report=str(report.pk), capacity=capacity)
