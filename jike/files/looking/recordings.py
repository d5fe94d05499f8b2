"""Sound and video: how long, sound or picture, whole or cut off. Read once from beginning to end; nothing is decoded."""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO

from jike.files import kinds
from jike.files.looking import boxes, frames
from jike.files.looking.look import Look, Refuse
from jike.files.looking.source import Source

LONGEST_SECONDS = 100 * 3600
_READERS: dict[str, Callable[[Source, Look], None]] = {
    kinds.MP3: frames.read_mp3,
    kinds.AAC: frames.read_adts,
    kinds.AMR: frames.read_amr,
    kinds.SILK: frames.read_silk,
    kinds.OGG: frames.read_ogg,
    "video/ogg": frames.read_ogg,
    kinds.FLAC: frames.read_flac,
    kinds.FLV: frames.read_flv,
    kinds.WAV: boxes.read_riff,
    kinds.AVI: boxes.read_riff,
    kinds.AIFF: boxes.read_aiff,
    kinds.EBML: boxes.read_ebml,
    kinds.ASF: boxes.read_asf,
    **dict.fromkeys(kinds.BOXED, boxes.read_mp4),
}


def look(stream: BinaryIO, kind: str) -> Look:
    found, source = Look(kind), Source(stream)
    reader = _READERS.get(kind)
    if reader is not None:
        reader(source, found)
    seconds = found.facts.get("seconds")
    if seconds is not None:
        if not 0 <= seconds < LONGEST_SECONDS:
            raise Refuse("recording.damaged")
        found.facts["seconds"] = round(seconds, 1)
    return found
