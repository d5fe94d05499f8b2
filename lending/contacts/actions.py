"""Asking whether a number may be called, and keeping that it was."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jike.base.actors import Actor
from jike.base.errors import Blocker, refuse_if
from jike.base.ids import uuid7
from jike.base.powers import no_power
from jike.privacy import blind_index, mask_phone, normalise_phone
from lending.contacts import rules
from lending.contacts.rules import Call
from lending.models import Contact, Person

POWER = "lending.record_contact"


def may_call(
    person: Person, *, actor: Actor, now: datetime, kind: str, to: str, phone: str, script: str = ""
) -> list[Blocker]:
    """Every reason why this number may not be called now on account of `person`; none when it may.

    Raises ValueError for no phone number. Source: GBT45251, CBA2026.
    """
    return _blockers(person, actor, Call(kind, to, _index(phone), now), script=script)


@transaction.atomic
def record_contact(
    person: Person,
    *,
    actor: Actor,
    now: datetime,
    kind: str,
    to: str,
    phone: str,
    outcome: str,
    caller: str = "",
    script: str = "",
    disbursement: str = "",
    made_at: datetime | None = None,
) -> Contact:
    """Keep one call with its number sealed; refused with every reason when it may not be made.

    With `made_at` it was made elsewhere, by an agent perhaps: it is kept whatever rule it broke, and `broke` names the rules.
    `caller` is empty for ourselves, else the agent. `disbursement` names the order that waits; anti-fraud calls need one.
    Calls for one person are judged one after the other. Raises ValueError for no phone number, and then nothing is kept.
    """
    Person.objects.select_for_update().get(pk=person.pk)
    call = Call(kind, to, _index(phone), made_at or now, outcome)
    refuse_if(_misfits(actor, call, disbursement=disbursement, now=now), verb=POWER)
    broken = rules.blockers_to_call(call, _earlier(person, call), rule=rules.limits(), script=script)
    if made_at is None:
        refuse_if(broken, verb=POWER)
    contact = Contact(
        id=uuid7(),
        person=person,
        kind=kind,
        to=to,
        phone=normalise_phone(phone),
        phone_mask=mask_phone(phone),
        phone_index=call.number,
        outcome=outcome,
        caller=caller.strip(),
        disbursement=disbursement.strip(),
        made_at=call.at,
        broke=[blocker.code for blocker in broken],
        recorded_by=actor.id,
        recorded_at=now,
    )
    contact.save(force_insert=True)
    return contact


def _blockers(person: Person, actor: Actor, call: Call, *, script: str) -> list[Blocker]:
    return [
        *no_power(actor, POWER),
        *rules.blockers_to_call(call, _earlier(person, call), rule=rules.limits(), script=script),
    ]


def _earlier(person: Person, call: Call) -> Sequence[Call]:
    """What was dialled before for this person or to this number."""
    rows = Contact.objects.filter(Q(person=person) | Q(phone_index=call.number), made_at__lte=call.at)
    found = rows.values_list("kind", "to", "phone_index", "made_at", "outcome").order_by("made_at")
    return [Call(kind, to, bytes(number), at, outcome) for kind, to, number, at, outcome in found]


def _misfits(actor: Actor, call: Call, *, disbursement: str, now: datetime) -> list[Blocker]:
    found = no_power(actor, POWER)
    for field, value, known in (
        ("kind", call.kind, Contact.Kind.values),
        ("to", call.to, Contact.To.values),
        ("outcome", call.outcome, Contact.Outcome.values),
    ):
        if value not in known:
            found.append(Blocker(f"{field}.unknown", _("Choose one of the known values."), field=field))
    if call.at > now:
        found.append(Blocker("made_at.future", _("The call lies in the future."), field="made_at"))
    if call.kind == rules.ANTIFRAUD and (call.to != rules.DEBTOR or not disbursement.strip()):
        message = _("An anti-fraud call goes to the borrower and names the disbursement that waits.")
        found.append(Blocker("disbursement.missing", message, "house antifraud calls", "disbursement"))
    return found


def _index(phone: str) -> bytes:
    return blind_index("phone", phone)
