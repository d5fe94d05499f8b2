"""What happened to a complaint beside its timeline, as panels of the case page.

A panel is read only when the events say that there is something in it: an ordinary case costs no statement more.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from cases.complaints.models import Complaint
from cases.complaints.panels import course, outcome, people
from cases.models import Event
from cases.panels import Panel


class Builder(Protocol):
    def __call__(self, case: Complaint, *, now: datetime) -> Panel | None: ...


_OPENERS_WITH_MORE = frozenset({"complaints.file", "complaints.take_in"})
_PANELS: tuple[tuple[frozenset[str], Builder], ...] = (
    (frozenset({"complaints.ask_supplement"}), course.asked_panel),
    (frozenset({"complaints.add_facts"}), course.facts_panel),
    (
        frozenset({"complaints.extend_30", "complaints.extend_60", "complaints.pause", "complaints.agree_deadline"}),
        course.limits_panel,
    ),
    (frozenset({"complaints.approve_decision", "complaints.decide_review"}), outcome.telling_panel),
    (frozenset({"complaints.approve_decision", "complaints.decide_review"}), outcome.promises_panel),
    (frozenset({"complaints.request_review"}), outcome.review_panel),
    (frozenset({"complaints.add_party"}) | _OPENERS_WITH_MORE, people.people_panel),
    (frozenset({"complaints.add_source"}), people.sources_panel),
    (frozenset({"complaints.forward_to_funder"}), people.funder_panel),
)


def panels_of(case: Complaint, events: Sequence[Event], *, now: datetime) -> list[Panel]:
    """Every panel that has something in it. The caller sees the case whole; `events` are its own."""
    happened = {event.verb for event in events}
    if case.source_channel in (case.Channel.REGULATOR, case.Channel.PLATFORM, case.Channel.IMPORT):
        happened.add("complaints.add_source")  # such a case came with a source of its own
    return [panel for verbs, build in _PANELS if verbs & happened and (panel := build(case, now=now))]
