"""Recording over HTTP, the same on the borrower's phone and at the counter: parts, pieces, marks, the end. Answers are JSON with reasons.

`POST …/parts/` begins a part, `GET …/parts/<id>/` tells the place, `PATCH …/parts/<id>/` brings a piece (`Upload-Offset`, `Upload-Checksum: sha256
<base64>`), `POST …/parts/<id>/` ends it; `POST …/marks/` keeps when a sentence was read, `POST …/finish/` ends the recording.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse

from jike.base.actors import Actor
from jike.base.dates import now as current_instant
from jike.base.errors import Blocker, Refused
from jike.files.receiving import PIECE_BYTES
from lending.recordings import actions, pieces, queries
from lending.recordings.models import Recording
from lending.recordings.records import RecordingPart
from lending.recordings.states import words_of

CHECKSUM = "sha256 "


class Malformed(ValueError):
    """The body is not of the shape that was asked for; the text names the field."""


def told(part: RecordingPart) -> dict[str, Any]:
    """Where a part stands."""
    return {
        "id": str(part.pk),
        "number": part.number,
        "state": part.state,
        "offset": part.received,
        "size": part.size,
        "piece": PIECE_BYTES,
        "reason": str(words_of(part.reason)) if part.reason else "",
    }


def part_begun(request: HttpRequest, recording: Recording, actor: Actor) -> HttpResponse:
    """The next part; a finished file says its size beforehand."""

    def act() -> HttpResponse:
        given = _body(request)
        size = _whole(given, "size") if "size" in given else None
        part = pieces.begin_part(recording, actor=actor, now=current_instant(), size=size)
        return JsonResponse(told(part), status=201)

    return answered(act)


def part_continued(request: HttpRequest, recording: Recording, actor: Actor, pk: UUID) -> HttpResponse:
    """Everything that is asked of a part once it has begun."""
    part = queries.part_for(recording, pk)
    part.recording = recording
    acts: dict[str, Callable[[], RecordingPart]] = {
        "GET": lambda: part,
        "PATCH": lambda: appended(request, part, actor),
        "POST": lambda: pieces.end_part(part, actor=actor, now=current_instant()),
    }
    return answered(lambda: JsonResponse(told(acts[request.method or "GET"]())))


def appended(request: HttpRequest, part: RecordingPart, actor: Actor) -> RecordingPart:
    """The piece of this request, sealed. Reads no more of a body than a piece may have."""
    offset, checksum = request.headers.get("Upload-Offset", ""), request.headers.get("Upload-Checksum", "")
    sha256 = None
    if checksum:
        try:
            sha256 = base64.b64decode(checksum.removeprefix(CHECKSUM), validate=True)
        except ValueError:
            sha256 = b""
    piece = request.read(PIECE_BYTES + 1)
    place = int(offset) if offset.isdigit() and len(offset) < 16 else -1
    return pieces.append(part, offset=place, piece=piece, sha256=sha256, actor=actor, now=current_instant())


def marked(request: HttpRequest, recording: Recording, actor: Actor) -> HttpResponse:
    """A sentence was read or answered; answers which comes next, or none."""

    def act() -> HttpResponse:
        given = _body(request)
        part = queries.part_for(recording, _id(given))
        numbers = {name: _whole(given, name) for name in ("number", "began_ms", "ended_ms")}
        words = {"answer": str(given.get("answer", "")), "actor": actor, "now": current_instant()}
        actions.keep_mark(recording, part, **numbers, **words)
        return JsonResponse({"next": queries.next_sentence(recording)}, status=201)

    return answered(act)


def finished(recording: Recording, actor: Actor) -> HttpResponse:
    """The end, once."""

    def act() -> HttpResponse:
        actions.finish_recording(recording, actor=actor, now=current_instant(), key=f"finish:{recording.pk}")
        return JsonResponse({"state": "checking"}, status=202)

    return answered(act)


def answered(act: Callable[[], HttpResponse]) -> HttpResponse:
    try:
        return act()
    except Refused as no:
        return JsonResponse({"blockers": [blocker.as_dict() for blocker in no.blockers]}, status=no.http_status)
    except Malformed as bad:
        reason = Blocker("field.malformed", f"“{bad}” is missing or has the wrong shape.", field=str(bad))
        return JsonResponse({"blockers": [reason.as_dict()]}, status=400)
    except queries.NotThere:
        return JsonResponse({"blockers": []}, status=404)


def _body(request: HttpRequest) -> dict[str, Any]:
    try:
        given = json.loads(request.body or b"{}")
    except (ValueError, RequestDataTooBig):
        raise Malformed("body") from None
    if not isinstance(given, dict):
        raise Malformed("body")
    return given


def _whole(given: dict[str, Any], name: str) -> int:
    value = given.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > 1 << 45:
        raise Malformed(name)
    return value


def _id(given: dict[str, Any]) -> UUID:
    try:
        return UUID(str(given.get("part")))
    except ValueError:
        raise Malformed("part") from None
