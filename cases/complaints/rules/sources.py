"""May a source be added or answered, and the complaint be passed on to the funder."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.clocks import ledger as clocks
from cases.complaints.models import Complaint
from cases.complaints.rules.limits import PART_LIMIT
from cases.complaints.rules.receiving import wrong_receipt
from cases.models import Source
from cases.rules import ended, handler_only, missing, too_long
from jike.base.actors import Actor
from jike.base.errors import UNASKED, Blocker


def blockers_to_add_source(
    case: Complaint,
    actor: Actor,
    *,
    now: datetime,
    name: Any = UNASKED,
    external_id: Any = UNASKED,
    received_at: Any = UNASKED,
    supervisor_received_at: Any = UNASKED,
    transferred_at: Any = UNASKED,
    reason: Any = UNASKED,
) -> list[Blocker]:
    found = handler_only(case, actor, "complaints.add_source") + ended(case)
    found += missing(name, "name", _("Name the source.")) + too_long(name, "name", 60)
    found += missing(external_id, "external_id", _("Give its number there.")) + too_long(external_id, "external_id", 80)
    if name and external_id and Source.objects.filter(name=name, external_id=external_id).exists():
        found.append(
            Blocker("source.known", _("This number of this source is registered already."), field="external_id")
        )
    if received_at:
        found += _when(case, received_at, reason, now)
    if supervisor_received_at and transferred_at and transferred_at < supervisor_received_at:
        message = _("The transfer lies before the supervisor's own receipt.")
        found.append(Blocker("transferred_at.early", message, "O2020-3 art 33", "transferred_at"))
    if transferred_at and received_at and received_at < transferred_at:
        message = _("It cannot have reached us before it was transferred.")
        found.append(Blocker("received_at.early", message, "O2020-3 art 33", "received_at"))
    return found


def _when(case: Complaint, received_at: datetime, reason: Any, now: datetime) -> list[Blocker]:
    if found := wrong_receipt(received_at, now=now):
        return found
    if received_at >= case.received_at:
        return []
    found = []
    if not (reason or "").strip():
        message = _("An earlier receipt moves the time limit forward. Give the reason.")
        found.append(Blocker("reason.missing", message, "O2020-3 art 18", "reason"))
    clock = clocks.running(case, family="CMP")
    if clock is not None and clock.due_at is None:
        message = _("The count is paused. Resume it before its start is moved.")
        found.append(Blocker("clock.paused", message, "O2020-3 art 18"))
    return found


def blockers_to_reply_source(
    case: Complaint,
    actor: Actor,
    *,
    now: datetime,
    source: Any = UNASKED,
    text: Any = UNASKED,
    replied_at: Any = UNASKED,
) -> list[Blocker]:
    found = handler_only(case, actor, "complaints.reply_source")
    if source is UNASKED:
        found += [] if case.has("sources") else [Blocker("source.none", _("The case has no source to answer."))]
    elif source is None or source.case_id != case.pk:
        found.append(Blocker("source.unknown", _("Choose a source of this case."), field="source"))
    if replied_at and replied_at > now:
        found.append(Blocker("replied_at.future", _("The answer lies in the future."), field="replied_at"))
    return found + missing(text, "text", _("Say what was answered.")) + too_long(text, "text", PART_LIMIT)


def blockers_to_forward_to_funder(
    case: Complaint, actor: Actor, *, now: datetime, words: Any = UNASKED
) -> list[Blocker]:
    found = handler_only(case, actor, "complaints.forward_to_funder") + ended(case)
    if case.funder_id is None:
        found.append(Blocker("funder.unknown", _("No loan with a funder is known in this case.")))
    if case.has("asked_funder"):
        found.append(Blocker("funder.asked", _("The funder has it and has not answered yet.")))
    return found + missing(words, "words", _("Say what the funder is asked.")) + too_long(words, "words", PART_LIMIT)


def blockers_to_record_funder_reply(
    case: Complaint, actor: Actor, *, now: datetime, text: Any = UNASKED, replied_at: Any = UNASKED
) -> list[Blocker]:
    found = handler_only(case, actor, "complaints.record_funder_reply")
    if not case.has("asked_funder"):
        found.append(Blocker("funder.not_asked", _("Nothing waits for an answer of the funder.")))
    if replied_at and replied_at > now:
        found.append(Blocker("replied_at.future", _("The answer lies in the future."), field="replied_at"))
    return found + missing(text, "text", _("Say what was answered.")) + too_long(text, "text", PART_LIMIT)
