"""Versions of the script: drafted by one, approved by another, in force from a day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from jike import ledger
from jike.base.actors import Actor
from jike.base.dates import cst_date
from jike.base.errors import Blocker, Refused, refuse_if
from jike.base.powers import no_power
from lending.recordings.models import Script
from lending.recordings.policy import policy_on
from lending.recordings.scripts import SOURCE, blockers_in, text_hash

DRAFT, APPROVE = "lending.draft_script", "lending.approve_script"
LEDGER_SOURCE = "lending.script"


def draft_script(
    *,
    code: str,
    effective_on: date,
    sentences: Any,
    consent_text: str,
    alternative_text: str,
    actor: Actor,
    now: datetime,
) -> Script:
    """Keep a draft of a script. Raises Refused with every fault, the required sentences that are missing among them.

    Source: house recording.
    """
    refuse_if(no_power(actor, DRAFT), verb=DRAFT)
    policy = policy_on(effective_on)
    found = blockers_in(sentences, policy.required if policy else ())
    if not code.strip():
        found.append(Blocker("code.missing", _("Please fill in this field."), SOURCE, "code"))
    for name, text in (("consent_text", consent_text), ("alternative_text", alternative_text)):
        if not text.strip():
            found.append(Blocker("text.missing", _("Please fill in this field."), "PIPL art 29", name))
    refuse_if(found, verb=DRAFT)
    script = Script(
        code=code.strip(),
        effective_on=effective_on,
        sentences=sentences,
        consent_text=consent_text.strip(),
        alternative_text=alternative_text.strip(),
        text_sha256=text_hash(sentences, consent_text.strip(), alternative_text.strip()),
        drafted_by=actor.user,
        drafted_person=actor.human,
        drafted_at=now,
    )
    try:
        with transaction.atomic():
            script.save(force_insert=True)
    except IntegrityError:
        taken = Blocker("code.taken", _("There is a script of this name. A changed text is a new version."), SOURCE)
        raise Refused([taken], verb=DRAFT) from None
    return script


@transaction.atomic
def approve_script(pk: UUID, *, actor: Actor, now: datetime) -> Script:
    """Put a draft in force from its day, or from today where that has passed. Approved twice it is the same. Source: house four eyes."""
    script = Script.objects.select_for_update().get(pk=pk)
    refuse_if(blockers_to_approve(script, actor), verb=APPROVE)
    if script.approved_at:
        return script
    script.approved_by, script.approved_person, script.approved_at = actor.user, actor.human, now
    script.effective_on = max(script.effective_on, cst_date(now))
    script.save(update_fields=["approved_by", "approved_person", "approved_at", "effective_on"])
    ledger.append(script.pk, APPROVE, source=LEDGER_SOURCE, source_id=script.pk, facts=facts_of(script), now=now)
    return script


def blockers_to_approve(script: Script, actor: Actor) -> list[Blocker]:
    found = no_power(actor, APPROVE)
    if actor.person == script.drafted_person:
        found.append(Blocker("actor.drafted_it", _("Somebody else approves what you drafted."), "house four eyes"))
    return found


def facts_of(script: Script) -> dict[str, Any]:
    """What the ledger seals of an approved script."""
    return {
        "code": script.code,
        "effective": script.effective_on.isoformat(),
        "text": script.text_sha256,
        "drafted_by": str(script.drafted_by),
        "approved_by": str(script.approved_by),
    }
