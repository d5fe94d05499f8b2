"""What was said, by a transcriber outside: an adapter, chosen by `TRANSCRIPT_URL`. Without one a person listens.

The service is `https://key:secret@host/path`. A recording leaves as the body of one POST with its media type, signed over its SHA-256 (`Jike-Timestamp`,
`Jike-Signature`), and never stays: the contract with whoever runs it must say so. It answers `{"speech": [{"from": ms, "to": ms, "text":
"…", "speaker": "1"}]}`; speakers are told apart within one recording and named by nothing but a number. `pretend:` is the demonstration's: it
"hears" exactly the script, by one voice, or, `pretend:second`, a second voice.
"""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from django.conf import settings

from jike.base.errors import Blocker
from jike.outbox.errors import Failed, Postpone
from jike.outbox.signing import KEY_HEADER, SIGNATURE_HEADER, TIMESTAMP_HEADER, sign
from lending.recordings.checks import Heard, Mark

TIMEOUT_SECONDS = 300
LARGEST_ANSWER = 4 * 1024 * 1024
MOST_STRETCHES = 5_000
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
UNCONFIGURED_PAUSE = 300


@dataclass(frozen=True, slots=True)
class Sound:
    """One part to be transcribed: its number, media type, size, hash and content."""

    part: int
    media_type: str
    size: int
    sha256: bytes
    chunks: Iterable[bytes]


class Transcriber(Protocol):
    name: str

    def hear(self, sound: Sound, marks: Sequence[Mark], sentences: Sequence[dict[str, str]]) -> list[Heard]:
        """What is said in one part. Raises Failed when the service gave no plain answer, Postpone while it is not set up."""


class HttpTranscriber:
    """The service at `TRANSCRIPT_URL`. It is not told what the script says."""

    name = "http"

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)

    def check_config(self) -> list[Blocker]:
        if self._url.scheme != "https" and self._url.hostname not in LOOPBACK:
            return [Blocker("transcript.not_https", "TRANSCRIPT_URL must begin with https://")]
        if not self._url.username or not self._url.password:
            return [Blocker("transcript.no_secret", "TRANSCRIPT_URL must hold the key id and the secret")]
        return []

    def hear(self, sound: Sound, marks: Sequence[Mark], sentences: Sequence[dict[str, str]]) -> list[Heard]:
        if blockers := self.check_config():
            raise Postpone(UNCONFIGURED_PAUSE, blockers[0].code)
        timestamp = int(time.time())
        headers = {
            "Content-Type": sound.media_type,
            "Content-Length": str(sound.size),
            KEY_HEADER: unquote(self._url.username or ""),
            TIMESTAMP_HEADER: str(timestamp),
            SIGNATURE_HEADER: sign(unquote(self._url.password or ""), timestamp, sound.sha256.hex().encode()),
        }
        make = http.client.HTTPSConnection if self._url.scheme == "https" else http.client.HTTPConnection
        connection = make(self._url.hostname or "", self._url.port, timeout=TIMEOUT_SECONDS)
        try:
            connection.request("POST", self._url.path or "/", body=sound.chunks, headers=headers)
            response = connection.getresponse()
            if response.status != 200:
                raise Failed("transcript.failed")
            return read_answer(response.read(LARGEST_ANSWER), part=sound.part)
        except (OSError, http.client.HTTPException):
            raise Failed("transcript.unreachable") from None
        finally:
            connection.close()


class PretendedTranscriber:
    """The demonstration's. It listens to nothing."""

    name = "pretended"

    def __init__(self, way: str) -> None:
        self._way = way

    def hear(self, sound: Sound, marks: Sequence[Mark], sentences: Sequence[dict[str, str]]) -> list[Heard]:
        here = [mark for mark in marks if mark.part == sound.part]
        found = [Heard(sound.part, m.began_ms, m.ended_ms, sentences[m.number]["text"], "1") for m in here]
        if self._way == "second" and here:
            found.append(Heard(sound.part, here[0].began_ms, here[0].began_ms + 900, "就说不是学生", "2"))
        return found


def transcriber() -> Transcriber | None:
    """The one that is set up, or None."""
    url = settings.TRANSCRIPT_URL
    if not url:
        return None
    return PretendedTranscriber(url.partition(":")[2]) if url.startswith("pretend:") else HttpTranscriber(url)


def read_answer(body: bytes, *, part: int) -> list[Heard]:
    """What the service said, in the shape agreed upon. Raises Failed for anything else."""
    try:
        told = json.loads(body)["speech"]
        if not isinstance(told, list) or len(told) > MOST_STRETCHES:
            raise ValueError
        return [_heard(part, one) for one in told]
    except (ValueError, KeyError, TypeError):
        raise Failed("transcript.bad_answer") from None


def _heard(part: int, one: dict[str, Any]) -> Heard:
    return Heard(part, int(one["from"]), int(one["to"]), str(one["text"])[:2_000], str(one.get("speaker", ""))[:20])
