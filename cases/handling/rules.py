"""May somebody take a case, be given it, or write on it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.kinds import kind_named
from cases.models import Case, Message
from cases.policy.variables import blanks_of, open_blanks
from cases.queries import reachable_channels
from cases.recusals import unfit_people
from cases.rules import (
    PART_LIMIT,
    ended,
    handler_only,
    missing,
    no_power,
    other_unit,
    power_of,
    too_long,
)
from cases.staffing import candidates_for, is_away
from jike.accounts.models import User
from jike.base.actors import Actor
from jike.base.dates import cst_date
from jike.base.errors import UNASKED, Blocker


def blockers_to_claim(case: Case, actor: Actor, *, now: datetime) -> list[Blocker]:
    found = no_power(actor, power_of(case, "claim")) + other_unit(case, actor) + ended(case)
    if case.assignee_id is not None:
        found.append(Blocker("case.claimed", _("Somebody handles this case already.")))
    return found


def blockers_to_assign(case: Case, actor: Actor, *, now: datetime, to: Any = UNASKED) -> list[Blocker]:
    found = no_power(actor, power_of(case, "assign")) + other_unit(case, actor) + ended(case)
    if to is None:
        found.append(Blocker("assignee.missing", _("Choose who is to handle the case."), field="to"))
    elif to is not UNASKED:
        if not to.is_active or to.is_on_leave or to.unit_id != case.unit_id or not may_work(case, to):
            found.append(Blocker("assignee.unfit", _("Choose a handler of this unit who is on duty."), field="to"))
        if to.person in unfit_people(case):
            message = _("This person is recused from the case, or made the decision under review.")
            found.append(Blocker("assignee.recused", message, "O2020-3 art 17", "to"))
        if to.pk == case.assignee_id:
            found.append(Blocker("assignee.same", _("This person handles the case already."), field="to"))
        if case.open_approvals:
            found.append(Blocker("approval.open", _("A decision waits for approval. Return it first.")))
    return found


def may_work(case: Case, user: User) -> bool:
    """Whether somebody has a role that handles cases of this kind."""
    return bool(set(kind_named(case.kind).worked_by) & set(user.roles))


def blockers_to_auto_assign(case: Case, actor: Actor, *, now: datetime) -> list[Blocker]:
    found = no_power(actor, power_of(case, "auto_assign")) + other_unit(case, actor) + ended(case) + no_vote_waits(case)
    absent = case.assignee if case.assignee_id and case.has("assignee_leaves") else None
    if case.assignee_id is not None and not (absent and is_away(absent, on=cst_date(now))):
        found.append(Blocker("case.claimed", _("Somebody handles this case already.")))
    if not found and not candidates_for(case, now=now):
        message = _("Nobody of the unit is on duty and free to handle this case. Transfer it to another unit.")
        found.append(Blocker("pool.empty", message, "O2020-3 art 17"))
    return found


def blockers_to_note(case: Case, actor: Actor, *, now: datetime, text: Any = UNASKED) -> list[Blocker]:
    found = handler_only(case, actor, power_of(case, "note"))
    return found + missing(text, "text", _("The note is empty.")) + too_long(text, "text", PART_LIMIT)


def blockers_to_message(
    case: Case, actor: Actor, *, now: datetime, text: Any = UNASKED, channel: Any = UNASKED
) -> list[Blocker]:
    found = handler_only(case, actor, power_of(case, "message")) + ended(case)
    found += missing(text, "text", _("The message is empty.")) + too_long(
        text, "text", 500 if channel == "sms" else PART_LIMIT
    )
    if actor.is_staff and text is not UNASKED and (words := blanks_of(text or "")):
        found.append(Blocker("message.blanks", open_blanks(words), field="text"))
    return found + ([] if channel is UNASKED else blockers_to_channel(case, actor, channel))


def blockers_to_channel(case: Case, actor: Actor, channel: str) -> list[Blocker]:
    """Whether the consumer of this case can be written to like this."""
    if channel not in Message.Channel.values:
        return [Blocker("channel.unknown", _("Choose a channel."), field="channel")]
    if channel in ("sms", "email") and actor.is_staff and channel not in reachable_channels(case):
        message = _("No address is known for this channel. Choose the portal inbox.")
        return [Blocker("channel.no_address", message, field="channel")]
    return []


def no_vote_waits(case: Case) -> list[Blocker]:
    if not case.open_approvals:
        return []
    return [Blocker("approval.open", _("Something waits for approval. Have it answered first."))]
