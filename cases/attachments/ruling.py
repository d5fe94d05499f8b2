"""Papers that wait for a person: what is decided about them, and why it may not be."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cases.attachments.models import Attachment, Examination, Ruling
from cases.attachments.receiving import post_work
from cases.models import Case
from jike.base.actors import Actor
from jike.base.dates import now as current_instant
from jike.base.errors import UNASKED, Blocker
from jike.verbs import verbs_of

MOST_REASON = 500
RULE = "rule_on_paper"


def may_rule(case: Case, actor: Actor) -> bool:
    """Whether this actor decides about held papers of this case at all."""
    verb = next((verb for verb in verbs_of(type(case)) if verb.short_name == RULE), None)
    return verb is not None and not verb.why_not(case, actor, now=current_instant())


def is_held(paper: Attachment) -> bool:
    """Whether a worker held it and nobody has decided yet."""
    found = Examination.objects.filter(pk=paper.pk, verdict=Examination.Verdict.HELD)
    return found.exists() and not Ruling.objects.filter(pk=paper.pk).exists()


def blockers_to_rule(subject: UUID, actor: Actor, *, paper: Any = UNASKED, reason: Any = UNASKED) -> list[Blocker]:
    """Only what is held is decided about, once, by somebody who did not add it, and with a reason."""
    found = []
    if paper is not UNASKED and (paper.subject != subject or not is_held(paper)):
        found.append(
            Blocker("paper.not_held", _("This paper waits for nobody: it was decided about already."), field="paper")
        )
    if paper is not UNASKED and paper.added_by_id is not None and paper.added_by_id == actor.id:
        found.append(
            Blocker("actor.added_it", _("You added this paper. A colleague decides whether it is used."), field="paper")
        )
    if reason is not UNASKED and not str(reason).strip():
        found.append(Blocker("reason.missing", _("Say why."), field="reason"))
    if reason is not UNASKED and len(str(reason)) > MOST_REASON:
        found.append(Blocker("reason.too_long", _("Say it in fewer words."), field="reason"))
    return found


def rule(paper: Attachment, *, is_released: bool, reason: str, actor: Actor, now: datetime) -> None:
    """Write the decision; a released paper is drawn or read like any other."""
    assert actor.id is not None
    Ruling(
        attachment=paper,
        subject=paper.subject,
        is_released=is_released,
        reason=reason.strip(),
        ruled_by=actor.id,
        ruled_at=now,
    ).save(force_insert=True)
    if is_released:
        post_work(paper, Examination.objects.get(pk=paper.pk).kind, now=now)
