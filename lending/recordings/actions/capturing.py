"""Consent, the sentences one by one, and the end of a recording."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jike.base.actors import Actor
from jike.base.errors import refuse_if
from jike.outbox import jobs
from jike.verbs import verb
from lending.recordings import rules
from lending.recordings.models import Recording
from lending.recordings.records import RecordingConsent, RecordingMark, RecordingPart
from lending.recordings.states import Choice

JOIN_TOPIC, CHECK_TOPIC = "recordings.join", "recordings.check"


@verb(Recording, "recordings.begin", label=_("Agree and begin"), blockers=rules.blockers_to_begin)
def begin_recording(recording: Recording, *, actor: Actor, now: datetime, choice: str, text_sha256: str) -> None:
    """Keep the separate consent to being recorded; from now on pieces are taken. Source: PIPL art 29, house recording."""
    recording.mark_begun(at=now)
    recording.bring(_consent(recording, actor, choice, now))
    recording.tell(choice=choice)


@verb(Recording, "recordings.decline", label=_("Do not agree"), blockers=rules.blockers_to_decline)
def decline_recording(recording: Recording, *, actor: Actor, now: datetime, text_sha256: str) -> None:
    """Keep that nothing may be recorded. The page has said which other way there is; no money leaves by this one. Source: PIPL art 29."""
    recording.mark_failed(failures=["consent.declined"], mend_by=None, at=now)
    recording.bring(_consent(recording, actor, Choice.DECLINED, now))
    recording.tell(choice=Choice.DECLINED.value)


@verb(Recording, "recordings.finish", label=_("End the recording"), blockers=rules.blockers_to_finish)
def finish_recording(recording: Recording, *, actor: Actor, now: datetime) -> None:
    """End a recording: nothing can be added, and a worker looks into it once every part is joined. Source: house recording."""
    recording.mark_finished(at=now)
    recording.tell(parts=recording.parts.filter(state__in=["joining", "done"]).count())
    jobs.post(CHECK_TOPIC, key=f"{CHECK_TOPIC}:{recording.pk}", body={"recording": recording.pk}, now=now)


@transaction.atomic
def keep_mark(
    recording: Recording,
    part: RecordingPart,
    *,
    number: int,
    began_ms: int,
    ended_ms: int,
    answer: str,
    actor: Actor,
    now: datetime,
) -> RecordingMark:
    """Keep when a sentence was shown and when it was read or answered, in milliseconds of its part. The same again is the same mark.

    A sentence read anew gets another mark. Raises Refused for a sentence out of order or a time that cannot be. Source: house recording.
    """
    row = Recording.locked(recording.pk)
    known = RecordingMark.objects.filter(recording=row, number=number).order_by("-attempt").first()
    if known and (known.part_id, known.began_ms, known.ended_ms, known.answer) == (part.pk, began_ms, ended_ms, answer):
        return known
    given = {"number": number, "began_ms": began_ms, "ended_ms": ended_ms, "answer": answer}
    refuse_if(rules.blockers_to_mark(row, actor, **given), verb="recordings.finish")  # type: ignore[arg-type]
    mark = RecordingMark(recording=row, part=part, attempt=known.attempt + 1 if known else 1, marked_at=now, **given)
    mark.save(force_insert=True)
    Recording.objects.filter(pk=row.pk).update(touched_at=now)
    return mark


def _consent(recording: Recording, actor: Actor, choice: str, now: datetime) -> RecordingConsent:
    return RecordingConsent(
        recording=recording,
        choice=choice,
        text_sha256=recording.script.text_sha256,
        given_to_kind=actor.kind,
        given_to_id=actor.id,
        given_at=now,
    )
