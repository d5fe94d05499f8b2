"""May something happen to a recording, and if not, every reason why not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django_fsm import can_proceed

from jike.base.actors import Actor
from jike.base.dates import cst_date
from jike.base.errors import UNASKED, Blocker, Text
from jike.base.powers import no_power
from lending.recordings import queries, retention
from lending.recordings.models import Contract, Recording, RecordingEvent
from lending.recordings.policy import policy_of
from lending.recordings.records import DestructionVote, RecordingPart
from lending.recordings.states import FLAGS, Answer, Choice, State

SOURCE = "house recording"
LEAST_REASON = 2
RECORDERS = ("recordings.schedule", "recordings.begin", "recordings.finish")


def blockers_to_schedule(
    _none: None, actor: Actor, *, now: datetime, contract: Contract = UNASKED, way: str = UNASKED, unit: Any = None
) -> list[Blocker]:
    found = no_power(actor, "recordings.schedule")
    if contract is UNASKED:
        return found
    if queries.script_in_force(cst_date(now)) is None:
        found.append(_no("script.missing", _("No approved script is in force.")))
    if way not in Recording.Way.values:
        found.append(_no("way.unknown", _("Choose one of the known values."), "way"))
    newest = queries.newest_contract(contract.application)
    if newest and newest.pk != contract.pk:
        found.append(_no("contract.older", _("A newer version of this contract was told.")))
    if contract.recordings.filter(state__in=queries.UNDER_WAY).exists():
        found.append(_no("recording.under_way", _("A recording of this contract is under way.")))
    if any(one.has_passed for one in contract.recordings.all()):
        found.append(_no("recording.passed", _("This contract has a passed recording already.")))
    return found


def blockers_to_issue_link(recording: Recording, actor: Actor, *, now: datetime) -> list[Blocker]:
    found = [*no_power(actor, "recordings.issue_link"), *_elsewhere(recording, actor)]
    if recording.state not in (State.SCHEDULED, State.RECORDING) or recording.way != Recording.Way.LINK:
        found.append(_state(_("Only a recording that waits for its borrower has a link.")))
    return found


def blockers_to_begin(
    recording: Recording, actor: Actor, *, now: datetime, choice: str = UNASKED, text_sha256: str = UNASKED
) -> list[Blocker]:
    """Consent comes first: no piece is taken before it. Source: PIPL art 29, house recording."""
    found = [*no_power(actor, "recordings.begin"), *_whose(recording, actor), *_wrong(recording.mark_begun)]
    if choice is UNASKED:
        return found
    if choice not in (Choice.FACE, Choice.VOICE):
        message = _("Say whether face and voice may be recorded, or the voice alone.")
        found.append(_no("consent.missing", message, "choice"))
    if choice == Choice.VOICE and recording.contract.signing not in policy_of(recording.policy_version).voice_only:
        message = _("Face-to-face signing is recorded with picture and sound. Another way is offered below.")
        found.append(Blocker("consent.voice_only", message, "PLM2024 art 26", "choice"))
    return [*found, *_other_text(recording, text_sha256)]


def blockers_to_decline(
    recording: Recording, actor: Actor, *, now: datetime, text_sha256: str = UNASKED
) -> list[Blocker]:
    found = [*no_power(actor, "recordings.decline"), *_whose(recording, actor), *_wrong(recording.mark_begun)]
    return [*found, *_other_text(recording, text_sha256)] if text_sha256 is not UNASKED else found


def blockers_to_finish(recording: Recording, actor: Actor, *, now: datetime) -> list[Blocker]:
    found = [*no_power(actor, "recordings.finish"), *_whose(recording, actor), *_wrong(recording.mark_finished)]
    if found:
        return found
    states = set(recording.parts.values_list("state", flat=True))
    if not states - {RecordingPart.State.FAILED}:
        found.append(_no("recording.empty", _("Nothing was recorded yet.")))
    if RecordingPart.State.OPEN in states:
        found.append(_no("recording.incomplete", _("A part of the recording is still on its way.")))
    if recording.way != Recording.Way.UPLOAD and queries.next_sentence(recording) is not None:
        found.append(_no("sentence.unread", _("A sentence has not been read yet.")))
    return found


def blockers_to_judge(recording: Recording, actor: Actor, *, now: datetime, **found: Any) -> list[Blocker]:
    refused = [*no_power(actor, "recordings.judge"), *_wrong(recording.mark_passed)]
    if hasattr(recording, "checks"):
        refused.append(_state(_("It was checked before.")))
    return refused


def blockers_to_decide(
    recording: Recording,
    actor: Actor,
    *,
    now: datetime,
    passed: bool = UNASKED,
    cleared: Sequence[str] = UNASKED,
    faults: Sequence[str] = UNASKED,
    reason: str = UNASKED,
) -> list[Blocker]:
    """Somebody else than who recorded it, every flag answered, and a look at it before. Source: house recording, house R58."""
    found = [*no_power(actor, "recordings.decide"), *_elsewhere(recording, actor), *_wrong(recording.mark_passed)]
    if not recording.waits_for_person and not found:
        found.append(_state(_("The check by the machine has not ended yet.")))
    if actor.person and RecordingEvent.objects.filter(
        recording=recording, verb__in=RECORDERS, actor_person=actor.person
    ):
        found.append(Blocker("actor.recorded_it", _("Somebody else judges what you recorded."), "house four eyes"))
    if passed is UNASKED:
        return found
    if not queries.has_looked(recording, actor):
        found.append(_no("recording.unseen", _("Watch the recording before you judge it.")))
    open_flags = set(recording.flags) - set(cleared) - set(faults)
    if passed and (open_flags or faults):
        found.append(_no("flag.open", _("It passes only when every point is answered and none is a fault."), "flags"))
    if (set(cleared) | set(faults)) - set(FLAGS) or set(cleared) & set(faults):
        found.append(_no("flag.unknown", _("Answer each point once."), "flags"))
    if len(reason.strip()) < LEAST_REASON:
        found.append(_no("reason.missing", _("Please give the reason."), "reason"))
    return found


def blockers_to_expire(recording: Recording, actor: Actor, *, now: datetime) -> list[Blocker]:
    """The machine ends what is abandoned; staff what cannot go on, so that it is set up in another way."""
    found = [*no_power(actor, "recordings.expire"), *_elsewhere(recording, actor)]
    is_over = actor.is_staff or queries.is_abandoned(recording, now)
    if recording.state not in (State.SCHEDULED, State.RECORDING) or not is_over:
        found.append(_state(_("It goes on, or has ended.")))
    return found


def blockers_to_watch(recording: Recording, actor: Actor, *, now: datetime, reason: str = UNASKED) -> list[Blocker]:
    found = [*no_power(actor, "recordings.watch"), *_elsewhere(recording, actor)]
    if recording.state in (State.SCHEDULED, State.RECORDING, State.DESTROYED):
        found.append(_state(_("There is nothing to be watched.")))
    if reason is not UNASKED and len(reason.strip()) < LEAST_REASON:
        found.append(_no("reason.missing", _("Please give the reason."), "reason"))
    return found


def blockers_to_archive(recording: Recording, actor: Actor, *, now: datetime, **given: Any) -> list[Blocker]:
    return [*no_power(actor, "recordings.archive"), *_wrong(recording.mark_archived)]


def blockers_to_hold(recording: Recording, actor: Actor, *, now: datetime, reason: str = UNASKED) -> list[Blocker]:
    found = [*no_power(actor, "recordings.hold"), *_elsewhere(recording, actor)]
    if recording.state == State.DESTROYED or queries.hold_on(recording):
        found.append(_state(_("It is held already, or destroyed.")))
    if reason is not UNASKED and len(reason.strip()) < LEAST_REASON:
        found.append(_no("reason.missing", _("Please give the reason."), "reason"))
    return found


def blockers_to_lift_hold(recording: Recording, actor: Actor, *, now: datetime) -> list[Blocker]:
    found = [*no_power(actor, "recordings.lift_hold"), *_elsewhere(recording, actor)]
    hold = queries.hold_on(recording)
    if hold is None:
        found.append(_state(_("No hold stands.")))
    elif hold.placed_by == actor.id:
        message = _("Somebody else lifts the hold that you placed.")
        found.append(Blocker("actor.placed_it", message, "house four eyes"))
    return found


def blockers_to_propose_destruction(recording: Recording, actor: Actor, *, now: datetime) -> list[Blocker]:
    found = [*no_power(actor, "recordings.propose_destruction"), *_elsewhere(recording, actor)]
    found += [*_wrong(recording.mark_destroyed), *retention.blockers_to_destroy(recording, now=now)]
    if recording.votes.exists():
        found.append(_state(_("The first of two people has approved it already.")))
    return found


def blockers_to_destroy(recording: Recording, actor: Actor, *, now: datetime) -> list[Blocker]:
    """The second of two people. Source: house R62."""
    found = [*no_power(actor, "recordings.destroy"), *_elsewhere(recording, actor)]
    found += [*_wrong(recording.mark_destroyed), *retention.blockers_to_destroy(recording, now=now)]
    first = DestructionVote.objects.filter(recording=recording).first()
    if first is None:
        found.append(_no("destruction.not_proposed", _("One person approves it first, then another.")))
    elif first.voter_person == actor.person:
        found.append(Blocker("actor.voted", _("The second approval comes from another person."), "house four eyes"))
    return found


def blockers_to_confirm_destruction(recording: Recording, actor: Actor, *, now: datetime) -> list[Blocker]:
    found = no_power(actor, "recordings.confirm_destruction")
    certificate = getattr(recording, "certificate", None)
    if recording.state != State.DESTROYED or certificate is None or certificate.verified_at:
        found.append(_state(_("There is nothing to be confirmed.")))
    return found


def blockers_to_mark(
    recording: Recording, actor: Actor, *, number: int, began_ms: int, ended_ms: int, answer: str
) -> list[Blocker]:
    """One sentence at a time, in the order of the script; the sentence before may be read again."""
    found = [*no_power(actor, "recordings.finish"), *_whose(recording, actor), *_going(recording)]
    sentences = queries.said(recording)["sentences"]
    following = queries.next_sentence(recording)
    last = len(sentences) - 1 if following is None else following
    if not 0 <= number <= last:
        found.append(_no("sentence.order", _("The sentences are read one after the other."), "number"))
    elif answer not in _answers(sentences[number]["kind"]):
        found.append(_no("answer.unknown", _("Choose one of the known values."), "answer"))
    if not 0 <= began_ms <= ended_ms <= policy_of(recording.policy_version).longest_seconds * 1000:
        found.append(_no("mark.impossible", _("This time mark cannot be."), "ended_ms"))
    return found


def _answers(kind: str) -> tuple[str, ...]:
    return (Answer.READ,) if kind == "read" else (Answer.YES, Answer.NO)


def blockers_to_take_part(recording: Recording, actor: Actor) -> list[Blocker]:
    """Why no piece of a recording is taken from this actor now."""
    return [*no_power(actor, "recordings.finish"), *_whose(recording, actor), *_going(recording)]


def _going(recording: Recording) -> list[Blocker]:
    if recording.state == State.RECORDING:
        return []
    message = _("Nothing is recorded before consent, nor after the end.")
    return [Blocker("recording.not_going", message, "PIPL art 29")]


def _whose(recording: Recording, actor: Actor) -> list[Blocker]:
    """A borrower records on the own phone and for oneself; staff and programs of the unit at the counter or by upload, and nothing else."""
    is_link = recording.way == Recording.Way.LINK
    if actor.kind == "consumer" and (not is_link or recording.contract.person_id != actor.id):
        return [Blocker("actor.not_own", _("This is somebody else’s recording."))]
    if actor.kind != "consumer" and is_link:
        return [Blocker("actor.other_way", _("The borrower records this on the own phone."), SOURCE)]
    return _elsewhere(recording, actor)


def _elsewhere(recording: Recording, actor: Actor) -> list[Blocker]:
    if actor.kind == "staff" and actor.unit != recording.unit_id:
        return [Blocker("actor.other_unit", _("This recording belongs to another unit."))]
    return []


def _wrong(mark: Callable[..., None]) -> list[Blocker]:
    return [] if can_proceed(mark) else [_state(_("This does not fit the state of the recording."))]


def _other_text(recording: Recording, sha256: str) -> list[Blocker]:
    if sha256 == recording.script.text_sha256:
        return []
    return [_no("consent.other_text", _("The question was changed meanwhile. Please read it again."), "text_sha256")]


def _state(message: Text) -> Blocker:
    return Blocker("recording.wrong_state", message)


def _no(code: str, message: Text, field: str = "") -> Blocker:
    return Blocker(code, message, SOURCE, field)
