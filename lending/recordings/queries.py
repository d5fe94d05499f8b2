"""Doors to recordings, scripts and contracts. Not yours is the same as not there."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Max, Q, QuerySet
from django.http import Http404

from jike.base.actors import Actor
from jike.privacy import open_sealed
from lending.models import Person
from lending.recordings.links import index_of
from lending.recordings.models import Contract, Recording, Script
from lending.recordings.policy import policy_of, versions
from lending.recordings.records import RecordingHold, RecordingLook, RecordingMark, RecordingPart
from lending.recordings.states import State

READ = "lending.read_recordings"
UNDER_WAY = (State.SCHEDULED, State.RECORDING, State.CHECKING)
_RELATED = ("contract__person", "contract__merchant", "contract__funder", "contract__terms", "script", "unit")


class NotThere(Http404):
    """No such recording, or none for this actor."""


def recordings_visible_to(actor: Actor) -> QuerySet[Recording]:
    """Recordings of the own unit for staff and programs with the power, newest first."""
    if not actor.is_staff or not actor.can(READ) or actor.unit is None:
        return Recording.objects.none()
    return Recording.objects.filter(unit_id=actor.unit).select_related(*_RELATED).order_by("-scheduled_at", "-pk")


def recording_for(actor: Actor, pk: UUID) -> Recording:
    """One recording: of the own unit, or the borrower's own. Raises NotThere."""
    rows = recordings_visible_to(actor) if actor.is_staff else own_recordings(actor)
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotThere(str(pk))
    return found


def own_recordings(actor: Actor) -> QuerySet[Recording]:
    """Every recording of a borrower, newest first."""
    if actor.kind != "consumer" or actor.id is None:
        return Recording.objects.none()
    return Recording.objects.filter(contract__person_id=actor.id).select_related(*_RELATED).order_by("-scheduled_at")


def recording_by_token(token: str, *, now: datetime) -> Recording:
    """The recording that this link opens while it holds; reading it changes nothing. Raises NotThere."""
    found = Recording.objects.filter(link_index=index_of(token), link_expires_at__gte=now)
    row = found.select_related(*_RELATED).first()
    if row is None:
        raise NotThere("link")
    return row


def waiting_for(actor: Actor) -> QuerySet[Recording]:
    """What waits for a person's verdict in the own unit, the oldest first."""
    return recordings_visible_to(actor).filter(waits_for_person=True).order_by("finished_at", "pk")


def to_mend(actor: Actor) -> QuerySet[Recording]:
    """What did not pass and has no passed recording after it yet, by the day until which it is mended."""
    rows = recordings_visible_to(actor).filter(mend_by_on__isnull=False)
    mended = Recording.objects.filter(replaces__isnull=False, judged_at__isnull=False, failures=[])
    return rows.exclude(pk__in=mended.values("replaces_id")).order_by("mend_by_on", "pk")


def due_for_destruction(actor: Actor, today: date) -> QuerySet[Recording]:
    rows = recordings_visible_to(actor).filter(state=State.ARCHIVED, keep_until_on__lt=today)
    return rows.order_by("keep_until_on", "pk")


def newest_contract(application: str) -> Contract | None:
    found = Contract.objects.filter(application=application).select_related("person", "merchant", "funder", "terms")
    return found.order_by("-version").first()


def script_in_force(day: date) -> Script | None:
    found = Script.objects.filter(approved_at__isnull=False, effective_on__lte=day)
    return found.order_by("-effective_on", "-approved_at").first()


def said(recording: Recording) -> dict[str, Any]:
    """What the script says, blanks filled: {values, sentences}. Raises `Unreadable` when it was destroyed."""
    content: dict[str, Any] = json.loads(open_sealed(recording, "said"))
    return content


def next_sentence(recording: Recording) -> int | None:
    """The number of the sentence that is read next; None when all have been."""
    last = RecordingMark.objects.filter(recording=recording).aggregate(last=Max("number"))["last"]
    following = 0 if last is None else last + 1
    return following if following < len(said(recording)["sentences"]) else None


def marks_of(recording: Recording) -> dict[int, RecordingMark]:
    """The mark that counts of each sentence: the last."""
    rows = RecordingMark.objects.filter(recording=recording).select_related("part").order_by("number", "attempt")
    return {row.number: row for row in rows}


def part_for(recording: Recording, pk: UUID) -> RecordingPart:
    found = RecordingPart.objects.filter(recording=recording, pk=pk).first()
    if found is None:
        raise NotThere(str(pk))
    return found


def parts_joined(recording: Recording) -> list[RecordingPart]:
    rows = RecordingPart.objects.filter(recording=recording, state=RecordingPart.State.DONE)
    return list(rows.select_related("file").order_by("number"))


def hold_on(recording: Recording) -> RecordingHold | None:
    return RecordingHold.objects.filter(recording=recording, lifted_at=None).first()


def has_looked(recording: Recording, actor: Actor) -> bool:
    return RecordingLook.objects.filter(recording=recording, actor_id=actor.id).exists()


def may_play(recording: Recording, actor: Actor, *, now: datetime) -> bool:
    """Whether a look that was written down is still open."""
    return RecordingLook.objects.filter(recording=recording, actor_id=actor.id, until_at__gte=now).exists()


def is_abandoned(recording: Recording, now: datetime) -> bool:
    """Nobody goes on with it: its link ran out before it was begun, or it has been lying for too long."""
    policy = policy_of(recording.policy_version)
    if recording.state == State.SCHEDULED:
        until = recording.link_expires_at or recording.scheduled_at + timedelta(hours=policy.link_hours)
        return until < now
    return recording.state == State.RECORDING and now - recording.touched_at > timedelta(hours=policy.idle_hours)


def perhaps_abandoned(now: datetime) -> QuerySet[Recording]:
    """What `is_abandoned` may be true of: few enough to be looked at one by one."""
    link = min(policy.link_hours for policy in versions())
    idle = min(policy.idle_hours for policy in versions())
    over = Q(link_expires_at__lt=now) | Q(link_expires_at=None, scheduled_at__lt=now - timedelta(hours=link))
    waiting = Q(state=State.SCHEDULED) & over
    left = Q(state=State.RECORDING, touched_at__lt=now - timedelta(hours=idle))
    return Recording.objects.filter(waiting | left).order_by("touched_at", "pk")


def phone_of(person: Person) -> str:
    return open_sealed(person, "phone")
