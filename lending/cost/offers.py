"""Offering a cost form before anything is signed: the core system asks for it, the borrower reads and confirms it behind a link.

Source: NFRA2026-2, house disclosure.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jike.base.actors import Actor
from jike.base.errors import Blocker, refuse_if
from jike.base.ids import uuid7
from jike.base.powers import no_power
from jike.outbox import jobs
from jike.privacy import blind_index, normalise_id_number, normalise_phone
from lending.actions import register_person
from lending.cost.actions import confirm_disclosure, form_now
from lending.cost.form import SOURCE, Charge, Form, Plan, blockers_to_offer
from lending.loans.models import COSTS, Role
from lending.loans.reading import Reader
from lending.models import CostOffer, Disclosure

OFFER, POWER = "lending.offer_form", "lending.confirm_disclosure"
PAPER_TOPIC = "lending.render_form"
GOOD_FOR = timedelta(days=7)
MONTHS, CHARGES = 600, 60


@transaction.atomic
def offer_form(content: Any, *, actor: Actor, now: datetime) -> tuple[CostOffer, str]:
    """Put the cost form of an application behind a new link and return both; what was offered for it before is replaced.

    `content` is `{application, person: {name, phone, id_number?}, principal: [cents], charges: […], contingent: […]}`. Raises Refused with
    every fault, when the loan costs more than the cap, and when the application belongs to somebody else; then nothing is kept.
    """
    refuse_if(no_power(actor, OFFER), verb=OFFER)
    application, person, plan = read_offer(content)
    refuse_if(blockers_to_offer(form_now(plan, now)), verb=OFFER)
    row = register_person(**person, actor=actor, now=now)
    known = CostOffer.objects.select_for_update().filter(application=application).exclude(person=row)
    taken = known.exists() or Disclosure.objects.filter(application=application).exclude(person=row).exists()
    message = _("This application belongs to somebody else.")
    refuse_if([Blocker("application.taken", message, field="application")] if taken else [], verb=OFFER)
    waiting = CostOffer.objects.filter(application=application, replaced_at=None, disclosure=None)
    waiting.update(replaced_at=now)
    token = secrets.token_urlsafe(16)
    offer = CostOffer(
        id=uuid7(),
        person=row,
        application=application,
        plan=content_of(plan),
        link_index=index_of(token),
        made_by=actor.id,
        made_at=now,
        expires_at=now + GOOD_FOR,
    )
    offer.save(force_insert=True)
    return offer, token


@transaction.atomic
def show_form(offer: CostOffer, *, actor: Actor, now: datetime) -> CostOffer:
    """The form comes in sight of its borrower; the reading time counts from here, anew each time. Raises Refused when it is over."""
    row = _locked(offer)
    refuse_if([*_not_theirs(row, actor), *blockers_to_open(row, now=now)], verb=POWER)
    if row.disclosure_id is None:
        row.shown_at = now
        row.save(update_fields=["shown_at"])
    return row


@transaction.atomic
def confirm_form(offer: CostOffer, *, actor: Actor, now: datetime) -> CostOffer:
    """Keep that the borrower confirmed exactly this form; a second tap changes nothing. A PDF is made of it.

    Raises Refused when it was in sight too short, was replaced, or is too old.
    """
    row = _locked(offer)
    refuse_if([*_not_theirs(row, actor), *blockers_to_open(row, now=now)], verb=POWER)
    if row.disclosure_id is not None:
        return row
    unseen = Blocker("form.unseen", _("Nobody has seen this form yet."), SOURCE)
    refuse_if([unseen] if row.shown_at is None else [], verb=POWER)
    assert row.shown_at is not None
    row.disclosure = confirm_disclosure(
        row.person, plan_from(row.plan), application=row.application, shown_at=row.shown_at, actor=actor, now=now
    )
    row.save(update_fields=["disclosure"])
    body = {"disclosure": str(row.disclosure_id)}
    jobs.post(PAPER_TOPIC, key=f"{PAPER_TOPIC}:{row.disclosure_id}", body=body, now=now)
    return row


def blockers_to_open(offer: CostOffer, *, now: datetime) -> list[Blocker]:
    """Why a form is not to be read here any more; one that was confirmed stays readable."""
    if offer.disclosure_id is not None:
        return []
    found = []
    if offer.replaced_at is not None:
        found.append(Blocker("form.replaced", _("The terms have changed. You were sent a newer form."), SOURCE))
    if now >= offer.expires_at:
        found.append(Blocker("form.expired", _("This link is too old. Ask for a new form."), SOURCE))
    return found


def seconds_left(offer: CostOffer, *, now: datetime) -> int:
    """How long the form stays in sight before it may be confirmed, by the server's own clock."""
    if offer.shown_at is None:
        return 0
    required = form_now(plan_from(offer.plan), now).policy.dwell_seconds
    return max(0, required - int((now - offer.shown_at).total_seconds()))


def offer_by_token(token: str) -> CostOffer | None:
    """The offer behind a link."""
    found = CostOffer.objects.select_related("person", "disclosure").filter(link_index=index_of(token))
    return found.first()


def newest_offer(application: str) -> CostOffer | None:
    """The offer made last for an application."""
    return (
        CostOffer.objects.filter(application=application)
        .select_related("disclosure")
        .order_by("-made_at", "-pk")
        .first()
    )


def form_shown(offer: CostOffer, *, now: datetime) -> Form:
    """The form of an offer under today's rules: what a confirmation would keep."""
    return form_now(plan_from(offer.plan), now)


def index_of(token: str) -> bytes:
    return blind_index("cost form link", token)


def read_offer(content: Any) -> tuple[str, dict[str, str], Plan]:
    """Application, person and plan in `content`. Raises Refused with one `document.malformed` per fault, each naming its field."""
    reader = Reader(content)
    if not isinstance(content, dict):
        reader.fault("", _("Give an object."))
    application = reader.text("application")
    if len(application) > 60:
        reader.fault("application", _("Give a text of at most 60 characters."))
    person = reader.one("person", _person)
    principal = reader.wholes("principal")
    if not 1 <= len(principal) <= MONTHS or sum(principal) < 1:
        reader.fault("principal", _("Give the cents of principal of every instalment."))
    charges, contingent = reader.rows("charges", _charge), reader.rows("contingent", _contingent)
    for name, rows in (("charges", charges), ("contingent", contingent)):
        if len(rows) > CHARGES:
            reader.fault(name, _("Give at most 60 lines."))
    for n, charge in enumerate(charges):
        if charge.monthly and len(charge.monthly) != len(principal):
            reader.fault(f"charges.{n}.monthly", _("Give one part for each instalment, or none."))
    reader.end()
    refuse_if(reader.faults, verb=OFFER)
    return application, person, Plan(tuple(principal), charges, contingent)


def _person(reader: Reader) -> dict[str, str]:
    phone, id_number = reader.text("phone"), reader.text("id_number", optional=True)
    for name, value, normal in (("phone", phone, normalise_phone), ("id_number", id_number, normalise_id_number)):
        try:
            normal(value) if value else None
        except ValueError:
            reader.fault(name, _("This number cannot exist. Check the digits."))
    return {"name": reader.text("name"), "phone": phone, "id_number": id_number}


def _charge(reader: Reader) -> Charge:
    return Charge(
        reader.choice("kind", COSTS),
        reader.choice("collector", set(Role.values) - {Role.CONSUMER}),
        reader.text("collector_name", optional=True),
        reader.text("method", optional=True),
        reader.text("standard", optional=True),
        reader.whole_or_none("upfront") or 0,
        reader.wholes("monthly"),
    )


def _contingent(reader: Reader) -> Charge:
    """What a default would cost: a standard and who collects it, no amount."""
    return Charge(
        reader.choice("kind", COSTS),
        reader.choice("collector", set(Role.values) - {Role.CONSUMER}),
        reader.text("collector_name", optional=True),
        reader.text("method", optional=True),
        reader.text("standard"),
    )


def content_of(plan: Plan) -> dict[str, Any]:
    """A plan as plain values, for keeping."""
    return {
        "principal": list(plan.principal),
        "charges": [_plain(charge) for charge in plan.charges],
        "contingent": [_plain(charge) for charge in plan.contingent],
    }


def plan_from(content: dict[str, Any]) -> Plan:
    """The plan that was kept."""
    charges, contingent = (
        tuple(Charge(**row | {"monthly": tuple(row["monthly"])}) for row in content[name])
        for name in ("charges", "contingent")
    )
    return Plan(tuple(content["principal"]), charges, contingent)


def _plain(charge: Charge) -> dict[str, Any]:
    values = {name: getattr(charge, name) for name in Charge.__slots__}
    return values | {"kind": str(charge.kind), "collector": str(charge.collector), "monthly": list(charge.monthly)}


def _locked(offer: CostOffer) -> CostOffer:
    return CostOffer.objects.select_for_update(of=("self",)).select_related("person").get(pk=offer.pk)


def _not_theirs(offer: CostOffer, actor: Actor) -> list[Blocker]:
    if actor.kind == "consumer" and actor.id == offer.person_id:
        return []
    return [Blocker("actor.not_own", _("You confirm the form of your own loan only."))]
