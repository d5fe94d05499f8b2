"""May a complaint be filed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.complaints.rules.limits import NARRATIVE_LIMIT
from cases.complaints.rules.parties import blockers_to_file_with
from cases.complaints.rules.receiving import wrong_receipt
from cases.inquiries.rules.filing import blockers_to_words
from cases.models import Case
from cases.rules import (
    missing,
    no_power,
    too_long,
)
from jike.base.actors import Actor
from jike.base.errors import UNASKED, Blocker


def blockers_to_file(
    case: None,
    actor: Actor,
    *,
    now: datetime,
    name: Any = UNASKED,
    phone: Any = UNASKED,
    claim: Any = UNASKED,
    narrative: Any = UNASKED,
    received_at: Any = UNASKED,
    others: Any = UNASKED,
    channel: Any = UNASKED,
    **facts: Any,
) -> list[Blocker]:
    """The minimum to file is name, contact, claim and facts; nothing is asked that the house holds. Source: O2020-3 art 13."""
    found = no_power(actor, "complaints.file") + blockers_to_file_with(others, channel)
    return found + _facts_missing(
        now, name=name, phone=phone, claim=claim, narrative=narrative, received_at=received_at
    )


def _facts_missing(
    now: datetime, *, name: Any, phone: Any, claim: Any, narrative: Any, received_at: Any
) -> list[Blocker]:
    found = missing(name, "name", _("Please give your name."), "O2020-3 art 13")
    found += missing(phone, "phone", _("Please give a telephone number where we can reach you."), "O2020-3 art 13")
    found += missing(claim, "claim", _("Please say what you ask for."), "O2020-3 art 13")
    found += missing(narrative, "narrative", _("Please tell what happened."), "O2020-3 art 13")
    found += (
        too_long(narrative, "narrative", NARRATIVE_LIMIT) + too_long(claim, "claim", 2_000) + too_long(name, "name", 60)
    )
    return found + wrong_receipt(received_at, now=now)


STAFF_CHANNELS = (Case.Channel.PHONE, Case.Channel.VISIT, Case.Channel.LETTER, Case.Channel.EMAIL)
CONFIRMED_BY = ("code", "recording", "paper", "present")
BACKDATED_FOR = ("letter_under_way", "closed_hours", "passed_on", "system_down", "other")
LATE_AFTER = timedelta(minutes=30)


def is_backdated(received_at: datetime, now: datetime) -> bool:
    """Whether it is keyed so long after it was received that somebody must say why: a call may last, a day may not."""
    return now - received_at > LATE_AFTER


def blockers_to_take_in(
    case: None,
    actor: Actor,
    *,
    now: datetime,
    name: Any = UNASKED,
    phone: Any = UNASKED,
    claim: Any = UNASKED,
    narrative: Any = UNASKED,
    received_at: Any = UNASKED,
    channel: Any = UNASKED,
    confirmed_by: Any = UNASKED,
    confirmation: Any = "",
    backdated: Any = "",
    backdated_note: Any = "",
    beside: tuple[str, str] | None = None,
    salesperson: Any = "",
    **facts: Any,
) -> list[Blocker]:
    """Only staff take in for somebody else; the facts asked are those of filing and nothing the house holds. Source: O2020-3 art 13."""
    found = no_power(actor, "complaints.take_in")
    found += _facts_missing(now, name=name, phone=phone, claim=claim, narrative=narrative, received_at=received_at)
    if beside:
        found += blockers_to_words(*beside, field="passage")
    if channel is not UNASKED and channel not in STAFF_CHANNELS:
        found.append(Blocker("channel.unfit", _("Choose how it reached us."), field="channel"))
    if confirmed_by is not UNASKED and confirmed_by not in CONFIRMED_BY:
        found.append(
            Blocker("confirmed_by.missing", _("Say how the consumer confirmed it."), "O2020-3 art 22", "confirmed_by")
        )
    if confirmed_by in ("recording", "paper"):
        found += missing(confirmation, "confirmation", _("Give the number of the recorded call or of the paper."))
    if received_at and received_at <= now and is_backdated(received_at, now):
        if backdated not in BACKDATED_FOR:
            found.append(
                Blocker("backdated.missing", _("It is keyed later than received: say why."), field="backdated")
            )
        elif backdated == "other":
            found += missing(backdated_note, "backdated_note", _("Say in words why it is keyed late."))
    found += too_long(confirmation, "confirmation", 200) + too_long(backdated_note, "backdated_note", 500)
    return found + too_long(salesperson, "salesperson", 60)
