"""Permission to pay out: asked by the core lending system, given only through the gate."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jike import ledger
from jike.base.actors import Actor
from jike.base.errors import Blocker, refuse_if
from jike.base.ids import uuid7
from jike.base.powers import no_power
from lending.models import Person
from lending.recordings import queries
from lending.recordings.gate import SOURCE, standing_of
from lending.recordings.models import Recording
from lending.recordings.policy import versions
from lending.recordings.records import Permission

POWER = "lending.ask_permission"
LEDGER_SOURCE = "lending.permission"


@transaction.atomic
def permit_disbursement(application: str, asked: dict[str, Any], *, actor: Actor, now: datetime) -> Permission:
    """Let money leave for this application, or refuse with every reason. A permission that still holds is given again.

    `asked` is what is about to be paid out, as `Contract.values` names it. Source: house R56, house R58.
    """
    refuse_if(no_power(actor, POWER), verb=POWER)
    contract = queries.newest_contract(application)
    if contract is None:
        unknown = Blocker("contract.unknown", _("No contract was told under this application."), SOURCE, "application")
        refuse_if([unknown], verb=POWER)
    assert contract is not None
    Person.objects.select_for_update().get(pk=contract.person_id)  # as `tell_contract` does: no version comes between
    list(Recording.objects.select_for_update().filter(contract__application=application).order_by("pk"))
    contract = queries.newest_contract(application)
    assert contract is not None
    standing = standing_of(contract, asked, now=now)
    refuse_if(standing.blockers, verb=POWER)
    known = contract.permissions.filter(recording=standing.recording, expires_at__gt=now).first()
    if known is not None:
        return known
    policy = standing.policy or versions()[0]
    row = Permission(
        id=uuid7(),
        contract=contract,
        recording=standing.recording,
        basis=Permission.Basis.NOT_NEEDED if standing.exempt else Permission.Basis.RECORDED,
        policy_version=policy.version,
        given_to=actor.id,
        given_at=now,
        expires_at=now + timedelta(hours=policy.permission_hours),
    )
    row.save(force_insert=True)
    facts = facts_of(row)
    ledger.append(row.pk, POWER, source=LEDGER_SOURCE, source_id=row.pk, facts=facts, now=now)
    return row


def facts_of(row: Permission) -> dict[str, Any]:
    """What the ledger seals of a permission."""
    return {
        "contract": str(row.contract_id),
        "recording": str(row.recording_id),
        "basis": row.basis,
        "given": int(row.given_at.timestamp() * 1_000_000),
        "expires": int(row.expires_at.timestamp() * 1_000_000),
    }
