"""Files from the merchant: they become papers of the case this came from."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cases.attachments.adding import add_sealed
from cases.handling import acts
from cases.mediation.models import Exhibit, Fact, Mediation
from cases.mediation.rules import exhibits as rules
from jike.base.actors import Actor
from jike.base.ids import uuid7
from jike.files import clean_display_name
from jike.files.models import StoredFile
from jike.verbs import verb


@verb(
    Mediation,
    "mediation.hand_in",
    label=_("File handed in by the merchant"),
    blockers=rules.blockers_to_hand_in,
    category="document",
    by_hand=False,
)
def hand_in(
    case: Mediation,
    *,
    actor: Actor,
    now: datetime,
    file: StoredFile,
    name: str,
    fact: Fact | None = None,
    captured: str = "file",
    device: str = "",
) -> None:
    """Add a file of the merchant, sealed under the key of the case this came from, to its papers, where it is examined like every other.

    `fact` is the fact it is evidence for. The consumer sees nothing of it before staff release a copy. Source: house intake.
    """
    origin: Any = rules.paper_case(case)
    key = f"paper:{bytes(file.sha256).hex()[:40]}"
    paper = add_sealed(
        origin, file, name=name, about="evidence", captured=captured, actor=actor, now=now, key=key, device=device
    )
    shown = clean_display_name(name)
    known = case.exhibits.filter(attachment=paper, fact=fact)
    if not known.exists():
        row = Exhibit(
            id=uuid7(), case=case, fact=fact, attachment=paper, link_id=cast(UUID, actor.id), name=shown, added_at=now
        )
        row.save(force_insert=True)
    case.tell(attachment=str(paper.pk), sha256=bytes(file.sha256).hex(), fact=fact.seq if fact else None)
    acts.tell_handler(case, "case.side_spoke", key=f"exhibit:{paper.pk}:{case.version}", now=now)
