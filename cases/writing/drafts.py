"""Keeping, finding and forgetting what somebody typed. The caller has the case from a door."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction

from cases.models import Case
from cases.writing.models import Draft
from jike.base.actors import Actor
from jike.base.ids import uuid7
from jike.privacy import open_sealed

# What a form carries besides the words: proof of the form itself, never typed, never brought back.
NOT_TYPED = frozenset({"csrfmiddlewaretoken", "key", "version", "payload"})
LIMIT = 60_000


def keep_draft(case: Case, verb: str, words: Mapping[str, str], *, actor: Actor, now: datetime) -> bool:
    """Keep the typed fields of `verb`, over what was kept before. Nothing typed forgets the draft; False when nothing is kept."""
    typed = {name: value for name, value in words.items() if name not in NOT_TYPED and value.strip()}
    text = json.dumps(typed, ensure_ascii=False, sort_keys=True)
    if not typed or len(text) > LIMIT:
        forget_draft(case, verb, actor=actor)
        return False
    for _attempt in range(2):  # two pages of one person may begin the same draft at once
        draft = Draft.objects.filter(case_id=case.pk, user_id=actor.user, verb=verb).first()
        draft = draft or Draft(id=uuid7(), case_id=case.pk, user_id=actor.user, verb=verb)
        draft.words, draft.updated_at = text, now
        try:
            with transaction.atomic():
                draft.save()
        except IntegrityError:
            continue
        return True
    return False


def drafts_of(case: Case, *, actor: Actor) -> dict[str, dict[str, str]]:
    """The typed fields of every verb this person began on this case, by the verb's short name."""
    rows = Draft.objects.filter(case_id=case.pk, user_id=actor.user)
    return {row.verb: json.loads(open_sealed(row, "words")) for row in rows}


def forget_draft(case: Case, verb: str, *, actor: Actor) -> None:
    Draft.objects.filter(case_id=case.pk, user_id=actor.user, verb=verb).delete()
