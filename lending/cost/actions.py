"""Keeping the cost form that a borrower confirmed."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from jike.base.actors import Actor
from jike.base.dates import cst_date
from jike.base.errors import Blocker, refuse_if
from jike.base.powers import no_power
from jike.ledger.plain import canonical
from lending.cost.form import SOURCE, Confirmed, Form, Plan, blockers_to_offer, form_of
from lending.cost.models import Disclosure
from lending.cost.policy import policy_on
from lending.cost.rate import NoRate
from lending.models import Person
from lending.sealing import seal_disclosure

POWER = "lending.confirm_disclosure"
ONLINE, PAPER = Disclosure.Channel.ONLINE, Disclosure.Channel.PAPER


@transaction.atomic
def confirm_disclosure(
    person: Person,
    plan: Plan,
    *,
    application: str,
    shown_at: datetime,
    actor: Actor,
    now: datetime,
    channel: str = ONLINE,
    paper_sha256: str = "",
) -> Disclosure:
    """Keep that this person confirmed the cost form of `plan`, shown at `shown_at`, at `now`. The form is computed here.

    The newest form confirmed again is the same row; another form for the same application is its next version. Raises Refused
    when it was in sight too short, costs more than the cap, or comes on paper without the scan's hash; nothing is kept then.
    Source: NFRA2026-2, NFRA2025-9, house disclosure.
    """
    refuse_if(_not_theirs(person, actor), verb=POWER)
    Person.objects.select_for_update().get(pk=person.pk)
    form = form_now(plan, now)
    content = form.content()
    digest = hashlib.sha256(canonical(content)).hexdigest()
    newest = Disclosure.objects.filter(application=application).order_by("-version").first()
    if newest and (newest.person_id, newest.content_sha256) == (person.pk, digest):
        return newest
    required = 0 if channel == PAPER else form.policy.dwell_seconds
    found = [*blockers_to_offer(form), *_unread(shown_at, now, required), *_misfits(application, channel, paper_sha256)]
    if newest and newest.person_id != person.pk:
        found.append(Blocker("application.taken", _("This application belongs to somebody else."), field="application"))
    refuse_if(found, verb=POWER)
    row = Disclosure(
        person=person,
        application=application,
        version=newest.version + 1 if newest else 1,
        channel=channel,
        content=content,
        content_sha256=digest,
        policy_version=form.policy.version,
        annual_percent=form.annual_percent,
        cap_percent=form.policy.cap_percent,
        paper_sha256=paper_sha256,
        shown_at=shown_at,
        confirmed_at=now,
        dwell_seconds=int((now - shown_at).total_seconds()),
        required_seconds=required,
        recorded_by=actor.id,
    )
    row.save(force_insert=True)
    seal_disclosure(row, now=now)
    return row


def confirmed_form(application: str) -> Confirmed | None:
    """The newest form confirmed for an application, as `form.blockers_to_disburse` asks for it."""
    row = Disclosure.objects.filter(application=application).order_by("-version").first()
    return Confirmed(row.content, row.confirmed_at) if row else None


def form_now(plan: Plan, now: datetime) -> Form:
    """The form of a plan under the rules of today. Raises Refused when none is asked for, or it has no rate."""
    policy = policy_on(cst_date(now))
    if policy is None or not policy.needs_form:
        message = _("No cost form is asked for on this day.")
        refuse_if([Blocker("form.not_needed", message, SOURCE)], verb=POWER)
    assert policy is not None
    try:
        return form_of(plan, policy)
    except NoRate:
        message = _("More is taken at the start than is lent.")
        refuse_if([Blocker("cost.no_rate", message, SOURCE)], verb=POWER)
        raise


def _unread(shown_at: datetime, now: datetime, required: int) -> list[Blocker]:
    if (now - shown_at).total_seconds() >= required:
        return []
    message = format_lazy(_("The form stays in sight for {seconds} seconds before it is confirmed."), seconds=required)
    return [Blocker("form.too_fast", message, SOURCE, "shown_at")]


def _misfits(application: str, channel: str, paper_sha256: str) -> list[Blocker]:
    found = []
    if not application.strip():
        found.append(Blocker("application.missing", _("Name the application."), field="application"))
    if channel not in Disclosure.Channel.values:
        found.append(Blocker("channel.unknown", _("Choose one of the known values."), field="channel"))
    if channel == PAPER and not re.fullmatch(r"[0-9a-f]{64}", paper_sha256):
        message = _("On paper the borrower signs: give the SHA-256 of the scan.")
        found.append(Blocker("form.unsigned", message, SOURCE, "paper_sha256"))
    return found


def _not_theirs(person: Person, actor: Actor) -> list[Blocker]:
    if actor.kind != "consumer" or actor.id == person.pk:
        return no_power(actor, POWER)
    return [Blocker("actor.not_own", _("You confirm the form of your own loan only."))]
