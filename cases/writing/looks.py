"""Who else has a case open, and what is new since a person last looked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from cases.models import Case
from cases.writing.models import Look
from jike.base.actors import Actor

# A page asks every 20 seconds; who missed two turns has left.
PRESENT_FOR = timedelta(seconds=50)


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody else at the case; `verb` is what they have open, empty when they read."""

    name: str
    verb: str


def note_look(case: Case, verb: str, *, actor: Actor, now: datetime) -> None:
    """This person has the case open now, with everything up to its present version in view."""
    Look.objects.bulk_create(
        [Look(case_id=case.pk, user_id=actor.user, verb=verb[:40], seen_at=now, seq=case.version)],
        update_conflicts=True,
        unique_fields=["case", "user"],
        update_fields=["verb", "seen_at", "seq"],
    )


def others_at(case: Case, *, actor: Actor, now: datetime) -> list[Other]:
    rows = Look.objects.filter(case_id=case.pk, seen_at__gte=now - PRESENT_FOR).exclude(user_id=actor.user)
    return [
        Other(row.user.display_name, row.verb) for row in rows.select_related("user").order_by("user__display_name")
    ]


def last_seen_seq(case: Case, *, actor: Actor) -> int | None:
    """The last event this person had in view, or None for somebody who never opened the case."""
    return Look.objects.filter(case_id=case.pk, user_id=actor.user).values_list("seq", flat=True).first()
