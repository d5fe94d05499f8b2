"""The ways open to the consumer beside or after a decision, and what each brings with it: versioned texts."""

from __future__ import annotations

from datetime import datetime

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from cases.clocks.steps import is_late
from cases.complaints.models import Complaint, Statement
from cases.complaints.rules.parts import review_body_of
from cases.complaints.rules.reviewing import can_be_reviewed, last_moment
from cases.wording import speaks_as
from jike.base.dates import CST
from jike.web.institution import institution

WAYS = "complaints/messages/ways.2026-11"
EFFECTS = {
    Statement.Kind.ACCEPTED.value: "complaints/messages/effect_accepted.2026-11",
    Statement.Kind.CONTESTED.value: "complaints/messages/effect_contested.2026-11",
    "facts": "complaints/messages/effect_facts.2026-11",
    "agent": "complaints/messages/effect_agent.2026-11",
    "recusal": "complaints/messages/effect_recusal.2026-11",
    "court": "complaints/messages/effect_court.2026-11",
    "police": "complaints/messages/effect_police.2026-11",
}


def review_last(case: Complaint, *, now: datetime) -> datetime | None:
    """The last moment to ask for the review of the decision that was told; None when there is no such way, or no more."""
    last = last_moment(case) if can_be_reviewed(case) else None
    return last if last and not is_late(now, last) else None


def ways_of(case: Complaint, *, now: datetime) -> list[str]:
    """The ways that are really open, one paragraph a line: a review only while it can be asked for. Source: O2020-3 art 20."""
    is_told = case.notified_at is not None
    superior = review_body_of(case) if not is_told or review_last(case, now=now) else None
    words = {"superior": superior, "institution": speaks_as(case), "regulator_hotline": institution().regulator_hotline}
    return _lines(WAYS, words)


def effect_of(case: Complaint, kind: str, *, now: datetime) -> list[str]:
    """What it means to accept, to contest, to add facts and so on, one paragraph a line. Source: house statement."""
    return _lines(EFFECTS[kind], {"ways": ways_of(case, now=now), "review_last": review_last(case, now=now)})


def _lines(template: str, words: dict[str, object]) -> list[str]:
    with override("zh-hans"), timezone.override(CST):
        text = render_to_string(f"{template}.txt", words)
    return [line.strip() for line in text.splitlines() if line.strip()]
