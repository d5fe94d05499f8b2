"""Reasons every kind of case shares why a verb may not happen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django_fsm import can_proceed

from cases.kinds import kind_named
from cases.models import Case
from jike.base.actors import Actor
from jike.base.errors import UNASKED, Blocker, Text
from jike.base.powers import no_power as no_power  # every rule of a case asks it here

PART_LIMIT = 8_000
"""How long one text of a case may be, in characters."""


def power_of(case: Case, verb: str) -> str:
    """The power that the kind of this case asks for `verb`, like `complaints.claim`."""
    return f"{kind_named(case.kind).area}.{verb}"


def wrong_state(case: Case, mark: Callable[..., Any]) -> list[Blocker]:
    """The machine has no such transition from the state the case is in. Names the state and the states it is possible from."""
    if can_proceed(mark):
        return []
    return _wrong(case, _sources_of(type(case), mark.__name__))


@cache
def _sources_of(model: type[Case], mark: str) -> tuple[str, ...]:
    """The states from which the machine has this transition. The machine is the code: it never changes while it runs."""
    return tuple(t.source for t in model().get_all_state_transitions() if t.name == mark)


def only_while(case: Case, *states: str) -> list[Blocker]:
    """As `wrong_state`, for what changes no state."""
    if case.state in states:
        return []
    return _wrong(case, states)


def _wrong(case: Case, possible: Iterable[str]) -> list[Blocker]:
    known = kind_named(case.kind).states
    message = format_lazy(
        _("The case is “{state}”; this is possible only while it is “{possible}”."),
        state=case.state_label,
        possible="、".join(str(known[state]) for state in possible if state in known),
    )
    return [Blocker("case.wrong_state", message)]


def historical(case: Case) -> list[Blocker]:
    """The case is only the record of an earlier register."""
    if not case.is_historical:
        return []
    message = _("This is a record taken over from an earlier register; nothing more happens to it.")
    return [Blocker("case.historical", message)]


def ended(case: Case) -> list[Blocker]:
    """The case has ended, or is only the record of an earlier register: nothing more is added to it."""
    if record := historical(case):
        return record
    if case.state not in kind_named(case.kind).final:
        return []
    return [Blocker("case.ended", format_lazy(_("The case has ended (“{state}”)."), state=case.state_label))]


def request_waits(case: Case) -> list[Blocker]:
    """Something on this case waits for a second person, who answers first."""
    if not case.open_approvals:
        return []
    return [Blocker("approval.open", _("A request on this case waits for a second person."))]


def not_assigned(case: Case, actor: Actor) -> list[Blocker]:
    """Staff act only on cases assigned to them; machines and consumers are judged by their power alone."""
    if not actor.is_staff or (case.assignee_id is not None and case.assignee_id == actor.id):
        return []
    if case.assignee_id is None:
        return [Blocker("actor.not_assigned", _("Nobody handles this case yet. Claim it first."))]
    return [Blocker("actor.not_assigned", _("This case is assigned to somebody else."))]


def other_unit(case: Case, actor: Actor) -> list[Blocker]:
    if not actor.is_staff or actor.unit == case.unit_id:
        return []
    return [Blocker("actor.other_unit", _("This case belongs to another unit."))]


def not_own_case(case: Case, actor: Actor) -> list[Blocker]:
    """A consumer acts only on the consumer's own case."""
    if actor.kind != "consumer" or (actor.id is not None and actor.id == case.consumer_id):
        return []
    return [Blocker("actor.other_person", _("This is not your case."))]


def handler_only(case: Case, actor: Actor, power: str) -> list[Blocker]:
    """The power, and for staff also the assignment."""
    return no_power(actor, power) or [*not_assigned(case, actor), *not_own_case(case, actor)]


def handler_or_supervisor(case: Case, actor: Actor, power: str) -> list[Blocker]:
    """The power, and the assignment; supervisors, who distribute the cases of their unit, act on all of these."""
    found = no_power(actor, power)
    return found or (other_unit(case, actor) if actor.can("complaints.assign") else not_assigned(case, actor))


def blockers_to_reveal(case: Case, actor: Actor, *, field: str, reason: str) -> list[Blocker]:
    """The phone of one's own case is one click; everything else is asked a reason, which is kept with the name."""
    own_phone = field == "phone" and case.assignee_id == actor.id
    asked = [] if own_phone or reason.strip() else [
        Blocker("reason.missing", _("Say why you need to see this. The reason is kept with your name."), field="reason")
    ]  # fmt: skip
    return [*no_power(actor, "cases.reveal"), *asked]


def missing(value: Any, field: str, message: Text, source: str = "") -> list[Blocker]:
    """An input that was asked for and left empty; nothing when it has not been asked for yet."""
    if value is UNASKED or (str(value).strip() if value is not None else ""):
        return []
    return [Blocker(f"{field}.missing", message, source, field)]


def too_long(value: Any, field: str, limit: int) -> list[Blocker]:
    if value is UNASKED or value is None or len(str(value)) <= limit:
        return []
    return [
        Blocker(f"{field}.too_long", format_lazy(_("At most {limit} characters, please."), limit=limit), field=field)
    ]
