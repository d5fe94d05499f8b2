"""Archive, legal hold, and destruction with proof."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from jike.base.actors import Actor
from jike.base.ids import uuid7
from jike.outbox import jobs
from jike.privacy import destroy_key
from jike.verbs import verb
from lending.recordings import queries, retention, rules
from lending.recordings.models import Recording
from lending.recordings.records import DestructionCertificate, DestructionVote, RecordingHold, RecordingPart

FORGET_TOPIC = "recordings.forget"


@verb(Recording, "recordings.archive", label=_("Archived"), blockers=rules.blockers_to_archive, by_hand=False)
def archive_recording(recording: Recording, *, actor: Actor, now: datetime, keep_until: date | None) -> None:
    """Put a judged recording into the archive, with the day until which it is kept where that can be said. Source: house R62."""
    recording.keep_until_on = keep_until
    recording.mark_archived(at=now)


@verb(Recording, "recordings.hold", label=_("Place a legal hold"), blockers=rules.blockers_to_hold)
def hold_recording(recording: Recording, *, actor: Actor, now: datetime, reason: str) -> None:
    """Keep a recording whatever its period, until the hold is lifted. Source: house R62."""
    hold = RecordingHold(id=uuid7(), recording=recording, reason=reason.strip(), placed_by=actor.user, placed_at=now)
    recording.bring(hold)
    recording.tell(hold=str(hold.pk))


@verb(Recording, "recordings.lift_hold", label=_("Lift the legal hold"), blockers=rules.blockers_to_lift_hold)
def lift_hold(recording: Recording, *, actor: Actor, now: datetime) -> None:
    """Let the period count again; by another person than who placed the hold. Source: house R62, house four eyes."""
    hold = queries.hold_on(recording)
    assert hold is not None
    hold.lifted_by, hold.lifted_at = actor.user, now
    hold.save(update_fields=["lifted_by", "lifted_at"])
    recording.tell(hold=str(hold.pk))


@verb(
    Recording,
    "recordings.propose_destruction",
    label=_("Approve the destruction (first person)"),
    blockers=rules.blockers_to_propose_destruction,
)
def propose_destruction(recording: Recording, *, actor: Actor, now: datetime) -> None:
    """The first of two approvals that a recording whose time is over is destroyed. Source: house R62."""
    recording.bring(_vote(recording, actor, now))


@verb(Recording, "recordings.destroy", label=_("Destroy (second person)"), blockers=rules.blockers_to_destroy)
def destroy_recording(recording: Recording, *, actor: Actor, now: datetime) -> None:
    """Destroy the key of a recording: pictures, sound, script, transcript and reasons open to nobody any more, in backups too.

    The certificate keeps what it was by its hashes; a worker removes the bytes and proves that nothing opens. Source: house R62.
    """
    first = DestructionVote.objects.get(recording=recording)
    files = [_told(part) for part in queries.parts_joined(recording)]
    until = retention.keep_until(recording, now=now)
    assert until is not None
    RecordingPart.objects.filter(recording=recording).update(file=None)
    recording.mark_destroyed(at=now)
    recording.bring(
        _vote(recording, actor, now),
        DestructionCertificate(
            recording=recording,
            files=files,
            approved_by=[first.voter, actor.user],
            kept_until_on=until,
            destroyed_at=now,
        ),
    )
    recording.tell(files=len(files), approved_by=[str(first.voter), str(actor.user)])
    destroy_key(recording.pk, now=now)
    jobs.post(FORGET_TOPIC, key=f"{FORGET_TOPIC}:{recording.pk}", body={"recording": recording.pk}, now=now)


@verb(
    Recording,
    "recordings.confirm_destruction",
    label=_("Destruction verified"),
    blockers=rules.blockers_to_confirm_destruction,
    by_hand=False,
)
def confirm_destruction(recording: Recording, *, actor: Actor, now: datetime) -> None:
    """Keep when it was found that nothing opens. Source: house R62."""
    certificate = recording.certificate
    certificate.verified_at = now
    certificate.save(update_fields=["verified_at"])


def _vote(recording: Recording, actor: Actor, now: datetime) -> DestructionVote:
    return DestructionVote(recording=recording, voter=actor.user, voter_person=actor.human, voted_at=now)


def _told(part: RecordingPart) -> dict[str, Any]:
    return {
        "part": part.number,
        "size": part.received,
        "sha256": bytes(part.file_sha256 or b"").hex(),
        "sm3": bytes(part.file_sm3 or b"").hex(),
    }
