"""A contract is told, a recording of it is set up, and its borrower gets the link."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from jike.accounts.models import Unit
from jike.base.actors import Actor
from jike.base.dates import cst_date
from jike.base.errors import Blocker, refuse_if
from jike.base.ids import uuid7
from jike.base.powers import no_power
from jike.outbox import jobs
from jike.verbs import verb
from jike.verbs.decorators import opener
from lending.actions import register_person
from lending.models import Funder, Merchant, Person, Terms
from lending.recordings import links, queries, rules, scripts
from lending.recordings.models import Contract, Recording
from lending.recordings.policy import policy_on, versions

TELL = "lending.tell_contract"
FIELDS = (
    "person_id", "merchant_id", "funder_id", "terms_id", "principal_cents", "term_months", "annual_percent", "signing", "student_hit",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """A contract as it is told: party names as `import_loan` takes them, cents, a year's percentage."""

    application: str
    name: str
    phone: str
    id_number: str
    merchant: str
    funder: str
    terms: str
    principal_cents: int
    term_months: int
    annual_percent: Decimal
    signing: str = Contract.Signing.REMOTE
    student_hit: bool = False


@transaction.atomic
def tell_contract(told: Told, *, actor: Actor, now: datetime) -> Contract:
    """Keep what is about to be signed. The same again is the same row; anything else is the next version of the contract.

    Raises Refused for unknown parties, or when the application belongs to somebody else. Source: house recording.
    """
    refuse_if(no_power(actor, TELL), verb=TELL)
    parties = {
        "merchant": (told.merchant, Merchant.objects.filter(uscc=told.merchant).first()),
        "funder": (told.funder, Funder.objects.filter(name=told.funder).first()),
        "terms": (told.terms, Terms.objects.filter(code=told.terms).first()),
    }
    refuse_if(
        [
            Blocker(f"{name}.unknown", format_lazy(_("“{name}” is not registered."), name=said), field=name)
            for name, (said, row) in parties.items()
            if said and row is None
        ],
        verb=TELL,
    )
    person = register_person(name=told.name, phone=told.phone, id_number=told.id_number, actor=actor, now=now)
    Person.objects.select_for_update().get(pk=person.pk)
    new = Contract(
        application=told.application,
        version=1,
        person=person,
        **{name: row for name, (_said, row) in parties.items()},
        principal_cents=told.principal_cents,
        term_months=told.term_months,
        annual_percent=told.annual_percent.quantize(Decimal("0.000001")),
        signing=told.signing,
        student_hit=told.student_hit,
        told_by=actor.id,
        told_at=now,
    )
    return _kept(new, queries.newest_contract(told.application))


def _kept(new: Contract, newest: Contract | None) -> Contract:
    if newest is not None:
        if newest.person_id != new.person_id:
            message = _("This application belongs to somebody else.")
            refuse_if([Blocker("application.taken", message, field="application")], verb=TELL)
        if all(getattr(newest, name) == getattr(new, name) for name in FIELDS):
            return newest
        new.version = newest.version + 1
    new.save(force_insert=True)
    return new


@opener(Recording, "recordings.schedule", label=_("Set up a recording"), blockers=rules.blockers_to_schedule)
def schedule_recording(
    *, actor: Actor, now: datetime, contract: Contract, way: str, unit: Unit | None = None
) -> Recording:
    """Set up a recording of a contract with the script in force; on the borrower's phone the link leaves at once.

    The blanks are filled here, from the contract alone. What comes after a recording that did not pass replaces it.
    Source: house recording.
    """
    script = queries.script_in_force(cst_date(now))
    assert script is not None
    policy = policy_on(cst_date(contract.told_at)) or versions()[0]
    merchant = contract.merchant.name if contract.merchant else contract.funder.name
    said = {
        "values": contract.values,
        "sentences": scripts.filled(script.sentences, contract.values, merchant=merchant),
    }
    earlier = Recording.objects.filter(contract__application=contract.application, replaced_by=None)
    recording = Recording(
        id=uuid7(),
        contract=contract,
        script=script,
        replaces=earlier.order_by("-scheduled_at", "-pk").first(),
        unit_id=unit.pk if unit else actor.unit,
        way=way,
        policy_version=policy.version,
        said=json.dumps(said, ensure_ascii=False),
        scheduled_at=now,
        touched_at=now,
    )
    recording.tell(contract=str(contract.pk), script=script.code, way=way)
    if way == Recording.Way.LINK:
        _send_link(recording, now=now)
    return recording


@verb(Recording, "recordings.issue_link", label=_("Send a new link"), blockers=rules.blockers_to_issue_link)
def issue_link(recording: Recording, *, actor: Actor, now: datetime) -> None:
    """Send the borrower a new link; the one before opens nothing any more. Source: house recording link."""
    _send_link(recording, now=now)


def _send_link(recording: Recording, *, now: datetime) -> None:
    links.renew(recording, now=now)
    body: dict[str, Any] = {"recording": recording.pk, "number": recording.link_number}
    jobs.post(links.TOPIC, key=f"{links.TOPIC}:{recording.pk}:{recording.link_number}", body=body, now=now)
    recording.tell(link=recording.link_number)
