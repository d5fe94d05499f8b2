"""What the machine found, what a person decides, who looked, and what was given up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from jike import calendars
from jike.base.actors import Actor
from jike.base.dates import cst_date
from jike.base.ids import uuid7
from jike.verbs import verb
from lending.recordings import rules
from lending.recordings.models import Recording
from lending.recordings.policy import policy_of
from lending.recordings.records import RecordingCheck, RecordingLook, RecordingVerdict

LOOK_MINUTES = 60


@dataclass(frozen=True, slots=True)
class Found:
    """What was found: codes of `states.FLAGS` and `states.FAILURES`, and the facts they were judged by."""

    failures: tuple[str, ...]
    flags: tuple[str, ...]
    facts: dict[str, Any]
    sample_draw: int
    transcriber: str = ""
    transcript: str = ""
    coverage: dict[str, int] = field(default_factory=dict)


@verb(Recording, "recordings.judge", label=_("Checked by the machine"), blockers=rules.blockers_to_judge, by_hand=False)
def judge_recording(recording: Recording, *, actor: Actor, now: datetime, found: Found) -> None:
    """Keep what the checks found. What cannot be mended fails, what nobody has to look at passes, everything else waits for a person.

    Source: house R56, house R58.
    """
    recording.bring(
        RecordingCheck(
            recording=recording,
            facts=found.facts,
            flags=list(found.flags),
            failures=list(found.failures),
            transcriber=found.transcriber,
            transcript=found.transcript,
            coverage=found.coverage,
            sample_draw=found.sample_draw,
            checked_at=now,
        )
    )
    recording.flags = list(found.flags)
    recording.tell(failures=list(found.failures), flags=list(found.flags))
    if found.failures:
        recording.mark_failed(failures=list(found.failures), mend_by=_mend_by(recording, now), at=now)
    elif found.flags:
        recording.waits_for_person = True
    else:
        recording.mark_passed(at=now)


@verb(Recording, "recordings.decide", label=_("Judge the recording"), blockers=rules.blockers_to_decide)
def decide_recording(
    recording: Recording,
    *,
    actor: Actor,
    now: datetime,
    passed: bool,
    cleared: Sequence[str],
    faults: Sequence[str],
    reason: str,
) -> None:
    """Keep a person's verdict: passed with every point answered, or not passed, to be mended by a new recording in the days of the rule.

    Source: house recording, house R58.
    """
    recording.bring(
        RecordingVerdict(
            recording=recording,
            is_passed=passed,
            cleared=sorted(cleared),
            faults=sorted(faults),
            reason=reason.strip(),
            decided_by=actor.user,
            decided_person=actor.human,
            decided_at=now,
        )
    )
    recording.tell(passed=passed, cleared=sorted(cleared), faults=sorted(faults))
    if passed:
        recording.mark_passed(at=now)
    else:
        recording.mark_failed(failures=["verdict.failed"], mend_by=_mend_by(recording, now), at=now)


@verb(Recording, "recordings.expire", label=_("Give it up"), blockers=rules.blockers_to_expire)
def expire_recording(recording: Recording, *, actor: Actor, now: datetime) -> None:
    """End what nobody went on with, or what is set up in another way. Source: house recording."""
    recording.mark_failed(failures=["recording.abandoned"], mend_by=None, at=now)


@verb(Recording, "recordings.watch", label=_("Watch"), blockers=rules.blockers_to_watch, category="access")
def watch_recording(recording: Recording, *, actor: Actor, now: datetime, reason: str) -> None:
    """Write down who looks and why; for an hour it plays to this person and to nobody else. Source: house recording."""
    look = RecordingLook(
        id=uuid7(),
        recording=recording,
        actor_id=actor.user,
        reason=reason.strip(),
        at=now,
        until_at=now + timedelta(minutes=LOOK_MINUTES),
    )
    recording.bring(look)
    recording.tell(look=str(look.pk))


def _mend_by(recording: Recording, now: datetime) -> Any:
    days = policy_of(recording.policy_version).mend_working_days
    return calendars.current().add_working_days(cst_date(now), days)[0]
