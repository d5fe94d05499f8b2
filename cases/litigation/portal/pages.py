"""One litigation as the consumer sees it: what happened, what is next, last days, papers, hearings, and what can be done now."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cases.clocks.models import Clock
from cases.ladder import ladder_of
from cases.litigation import papers
from cases.litigation.assessment import Band
from cases.litigation.models import Draft, Hearing, Litigation, Sum
from cases.litigation.panels import text_of
from cases.litigation.queries import papers_shown
from cases.litigation.told import CONSUMER_WORDS, happened, may_confirm, next_for_consumer
from cases.portal.letters import letters_of
from jike.base.actors import Actor
from jike.base.errors import Text
from jike.verbs import verb_named

LAST_DAYS = ("LIM", "EVI", "APPEAL", "ENF")
"""The clocks whose end is a last day of the consumer's."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper to read: its fields as text, and the address of its PDF once that is there."""

    draft: Draft
    title: str
    fields: list[tuple[Text, str]]
    has_file: bool


def page_context(case: Litigation, actor: Actor, *, now: datetime) -> dict[str, Any]:
    """Everything the page prints; nothing in it is for colleagues. The caller has the case from the consumer's door."""
    shown = papers_shown(actor, case)
    confirm = may_confirm(case) and not verb_named("litigation.confirm_papers").why_not(case, actor, now=now)
    test = case.small_claims
    return {
        "case": case,
        "state_word": CONSUMER_WORDS[case.state],
        "happened": happened(case),
        "next": next_for_consumer(case),
        "last_days": _last_days(case),
        "band": Band(test.band).label if test and case.ended_at is None else "",
        "papers": [Paper(d, papers.TITLES[d.kind], text_of(d), d.file_id is not None) for d in shown],
        "enclosures": case.known_enclosures,
        "may_confirm": confirm,
        "is_confirmed": bool(shown) and case.known_confirmation is not None and not may_confirm(case),
        "sha256": papers.set_sha256(case).hex() if confirm else "",
        "hearings": [row for row in case.known_hearings if row.came != Hearing.Came.OFF],
        "may_withdraw": not verb_named("litigation.withdraw").why_not(case, actor, now=now),
        "ladder": ladder_of(case, actor),
        "letters": letters_of(case, actor),
        "may_write": False,  # the shared form goes to the handler of a complaint; counsel has one of their own
        "may_write_counsel": not verb_named("litigation.message").why_not(case, actor, now=now),
        "typed": "",
        "key": secrets.token_urlsafe(16),
    }


def _last_days(case: Litigation) -> list[Clock]:
    """The consumer's own last days, nearest first."""
    own = case.open_fee is not None and case.open_fee.payer == Sum.By.CONSUMER
    families = (*LAST_DAYS, "FEE7") if own else LAST_DAYS
    running = [clock for clock in case.open_clocks if clock.family in families and clock.due_at]
    return sorted(running, key=lambda clock: clock.due_at or clock.started_at)
