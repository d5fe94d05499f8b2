"""What timing, marks and transcript say about a recording. Pure: no database, no clock. Source: house R56, house R58, house recording."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from jike.files.timings import Timing, Track
from lending.recordings.policy import Policy
from lending.recordings.scripts import coverage, letters_of
from lending.recordings.states import Choice

DRAWS = 10_000
SLACK_MS = 1_500


@dataclass(frozen=True, slots=True)
class Part:
    """One part as it was timed."""

    number: int
    timing: Timing
    is_uploaded: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """The mark that counts of one sentence: its part, from when to when, and the answer."""

    number: int
    part: int
    began_ms: int
    ended_ms: int
    answer: str


@dataclass(frozen=True, slots=True)
class Heard:
    """One stretch of speech by one speaker, as a transcriber names them."""

    part: int
    began_ms: int
    ended_ms: int
    text: str
    speaker: str


def failures_in(parts: Sequence[Part], choice: str, policy: Policy) -> list[str]:
    """What no person can mend: streams that are missing, parts that cannot be read, a length that cannot be."""
    refused = [part.timing.refused for part in parts if part.timing.refused]
    found = [code if code == "recording.kind" else "recording.damaged" for code in refused]
    sound = [part.timing.of("audio") for part in parts]
    picture = [part.timing.of("video") for part in parts]
    if not parts or not all(sound):
        found.append("recording.no_audio")
    if choice == Choice.FACE and not all(picture):
        found.append("recording.no_video")
    seconds = sum(part.timing.last_ms for part in parts) / 1000
    if seconds < policy.shortest_seconds:
        found.append("recording.short")
    if seconds > policy.longest_seconds:
        found.append("recording.long")
    return list(dict.fromkeys(found))


def flags_in(
    parts: Sequence[Part], marks: Sequence[Mark], sentences: Sequence[dict[str, str]], policy: Policy
) -> list[str]:
    """What a person looks at: interruptions, holes, silence, and marks that do not fit the sentences."""
    found = ["recording.interrupted"] if len(parts) > 1 else []
    for part in parts:
        found += _of_part(part, policy)
    by_number = {mark.number: mark for mark in marks}
    lengths = {part.number: part.timing.last_ms for part in parts}
    for number, sentence in enumerate(sentences):
        mark = by_number.get(number)
        found += ["sentence.unmarked"] if mark is None else _of_mark(mark, sentence, lengths, policy)
    return list(dict.fromkeys(found))


def _of_part(part: Part, policy: Policy) -> Iterator[str]:
    if part.is_uploaded:
        yield "recording.uploaded"
    if part.timing.is_cut and part.is_uploaded:
        yield "recording.cut"
    picture, sound = part.timing.of("video"), part.timing.of("audio")
    if picture and has_hole(picture, part.timing.last_ms, policy.hole_ms):
        yield "picture.hole"
    if sound and has_hole(sound, part.timing.last_ms, policy.hole_ms):
        yield "sound.hole"
    if sound and longest_silence(sound, policy.quiet_bytes) >= policy.quiet_seconds:
        yield "sound.silent"


def has_hole(track: Track, last_ms: int, hole_ms: int) -> bool:
    """Whether the track is missing for longer than allowed: at the beginning, in the middle or at the end."""
    inside = any(end - start > hole_ms for start, end in track.holes)
    return inside or track.first_ms > hole_ms or last_ms - track.last_ms > hole_ms


def longest_silence(track: Track, quiet_bytes: int) -> int:
    """How many whole seconds in a row carry next to no sound. The last second is not whole."""
    longest = run = 0
    for size in track.bytes_by_second[:-1]:
        run = run + 1 if size < quiet_bytes else 0
        longest = max(longest, run)
    return longest


def _of_mark(mark: Mark, sentence: dict[str, str], lengths: dict[int, int], policy: Policy) -> Iterator[str]:
    taken = mark.ended_ms - mark.began_ms
    if sentence["kind"] == "read" and taken * policy.fastest_letters < len(letters_of(sentence["text"])) * 1000:
        yield "sentence.fast"
    if taken > policy.slowest_seconds * 1000:
        yield "sentence.slow"
    if mark.ended_ms > lengths.get(mark.part, 0) + SLACK_MS:
        yield "sentence.outside"
    if mark.answer == "no":
        yield "answer.no"


def judged_transcript(
    heard: Sequence[Heard] | None, marks: Sequence[Mark], sentences: Sequence[dict[str, str]], policy: Policy
) -> tuple[dict[str, int], list[str]]:
    """(how much of each sentence to be read was heard, flags). Without a transcript a person listens.

    A sentence is looked for in what was heard within its mark, or anywhere where it has none.
    """
    if heard is None:
        return {}, ["coverage.unknown"]
    by_number = {mark.number: mark for mark in marks}
    found = {
        one["key"]: coverage(one["text"], _within(heard, by_number.get(number)))
        for number, one in enumerate(sentences)
        if one["kind"] == "read"
    }
    flags = ["coverage.low"] if any(share < policy.coverage_percent for share in found.values()) else []
    if len({one.speaker for one in heard if one.speaker}) > 1:
        flags.append("voice.second")
    return found, flags


def _within(heard: Sequence[Heard], mark: Mark | None) -> str:
    return "".join(
        one.text
        for one in heard
        if mark is None
        or (
            one.part == mark.part
            and one.ended_ms >= mark.began_ms - SLACK_MS
            and one.began_ms <= mark.ended_ms + SLACK_MS
        )
    )


def draw_of(sha256s: Sequence[bytes], version: str) -> int:
    """0 to 9,999, from the hashes of the recording alone: nobody chooses, and anybody can repeat the choice."""
    digest = hashlib.sha256(version.encode() + b"|" + b"".join(sha256s)).digest()
    return int.from_bytes(digest[:8], "big") % DRAWS


def is_drawn(draw: int, policy: Policy) -> bool:
    return draw * 100 < policy.sample_percent * DRAWS


def facts_of(parts: Sequence[Part]) -> dict[str, Any]:
    """The numbers that were judged, as they are kept."""
    return {
        "parts": [
            {
                "part": part.number,
                "ms": part.timing.last_ms,
                "is_cut": part.timing.is_cut,
                "tracks": [
                    {
                        "kind": track.kind,
                        "codec": track.codec,
                        "first_ms": track.first_ms,
                        "last_ms": track.last_ms,
                        "holes": [list(hole) for hole in track.holes[:50]],
                        "quietest": min(track.bytes_by_second[:-1], default=0),
                    }
                    for track in part.timing.tracks
                ],
            }
            for part in parts
        ]
    }
