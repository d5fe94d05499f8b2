"""One click from a broken agreement to the court."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cases.litigation.actions import Enclosed, request_litigation
from cases.mediation.models import Mediation
from cases.mediation.rules import suing as rules
from jike.base.actors import Actor
from jike.verbs import verb


@verb(
    Mediation,
    "mediation.open_litigation",
    label=_("Carry the broken agreement to court"),
    blockers=rules.blockers_to_open_litigation,
)
def open_litigation(case: Mediation, *, actor: Actor, now: datetime) -> None:
    """Open a litigation about the complaint behind it, with the signed agreement among the papers. Nothing is typed. Source: PML art 31."""
    agreement = case.known_agreement
    assert agreement is not None
    signed = Enclosed("agreement", case.pk, agreement.pk, agreement.version, bytes(agreement.sha256))
    litigation = request_litigation(
        actor=actor,
        now=now,
        origin=case,
        matter=case.origin,
        enclosed=[signed],
        is_mediated_outside=case.is_external,
    )
    case.tell(litigation=str(litigation.pk), agreement=str(agreement.pk))
