"""Looking into one recording: streams, timing, duplicates, transcript, and what is known of the borrower by itself."""

from __future__ import annotations

import json
from datetime import datetime

from jike.files import scanning, store
from jike.files.timings import timing_of
from jike.outbox import jobs
from lending.recordings import checks, queries
from lending.recordings.actions.judging import Found
from lending.recordings.gate import NAMES
from lending.recordings.models import Recording
from lending.recordings.people import flags_of
from lending.recordings.policy import policy_of
from lending.recordings.records import RecordingPart
from lending.recordings.states import Choice
from lending.recordings.transcripts import Sound, transcriber

State, Origin = RecordingPart.State, RecordingPart.Origin
AGAIN_AFTER_SECONDS = 30
UNJUDGED = {"recording.abandoned"}  # there was nothing to be judged


class NotJoined(Exception):
    """A part is still being joined."""


def looked_into(recording: Recording, *, now: datetime) -> Found:
    """Everything the machine can say. Raises NotJoined while a part is on its way, Postpone while scanner or transcriber are away.

    Source: house R56, house R58.
    """
    if recording.parts.filter(state__in=[State.OPEN, State.JOINING]).exists():
        raise NotJoined
    policy, said = policy_of(recording.policy_version), queries.said(recording)
    rows = queries.parts_joined(recording)
    parts = [_timed(row) for row in rows]
    marks = _marks(recording)
    failures = [*_before(recording, rows), *checks.failures_in(parts, recording.consent.choice, policy)]
    if any(said["values"].get(name) != recording.contract.values.get(name) for name in NAMES):
        failures.append("script.differs")
    flags = checks.flags_in(parts, marks, said["sentences"], policy)
    heard = None if failures else _heard(rows, marks, said["sentences"])
    covered, of_voices = checks.judged_transcript(heard, marks, said["sentences"], policy)
    flags += [*of_voices, *flags_of(recording.contract, policy, now=now), *_of_setting(recording)]
    draw = checks.draw_of([bytes(row.file_sha256 or b"") for row in rows], policy.version)
    if checks.is_drawn(draw, policy):
        flags.append("sample.chosen")
    named = transcriber()
    return Found(
        failures=tuple(dict.fromkeys(failures)),
        flags=tuple(dict.fromkeys(flags)),
        facts=checks.facts_of(parts),
        sample_draw=draw,
        transcriber=named.name if named and heard is not None else "",
        transcript=json.dumps(
            [[h.part, h.began_ms, h.ended_ms, h.text, h.speaker] for h in heard or []], ensure_ascii=False
        ),
        coverage=covered,
    )


def _timed(row: RecordingPart) -> checks.Part:
    assert row.file is not None
    timing = timing_of(store.stream(row.file), kind=row.kind)
    return checks.Part(row.number, timing, row.origin == Origin.FILE)


def _marks(recording: Recording) -> list[checks.Mark]:
    return [
        checks.Mark(row.number, row.part.number, row.began_ms, row.ended_ms, row.answer)
        for row in queries.marks_of(recording).values()
    ]


def _before(recording: Recording, rows: list[RecordingPart]) -> list[str]:
    """Damage on the way, a virus, and the same file under another contract."""
    found = []
    if recording.parts.filter(state=State.FAILED, reason="recording.checksum").exists():
        found.append("recording.checksum")
    hashes = [row.file_sha256 for row in rows]
    others = RecordingPart.objects.filter(file_sha256__in=hashes).exclude(
        recording__contract__application=recording.contract.application
    )
    if others.exists():
        found.append("recording.duplicate")
    if scanning.is_wanted():
        found += [code for row in rows if (code := _scanned(row))]
    return found


def _scanned(row: RecordingPart) -> str:
    """What a browser has just recorded is scanned like what was uploaded; the part too large for the scanner is a person's matter."""
    assert row.file is not None
    try:
        name = scanning.finds(store.stream(row.file))
    except scanning.ScannerAway:
        raise jobs.Postpone(AGAIN_AFTER_SECONDS, "scanner.unreachable") from None
    return "virus.found" if name and name != "unscanned" else ""


def _heard(
    rows: list[RecordingPart], marks: list[checks.Mark], sentences: list[dict[str, str]]
) -> list[checks.Heard] | None:
    named = transcriber()
    if named is None:
        return None
    heard: list[checks.Heard] = []
    for row in rows:
        assert row.file is not None
        sound = Sound(row.number, row.kind, row.file.size, bytes(row.file.sha256), store.stream(row.file))
        heard += named.hear(sound, marks, sentences)
    return heard


def _of_setting(recording: Recording) -> list[str]:
    found = {
        "consent.voice_only": recording.consent.choice == Choice.VOICE,
        "recording.retake": recording.replaces is not None and bool(set(recording.replaces.failures) - UNJUDGED),
    }
    return [code for code, holds in found.items() if holds]
