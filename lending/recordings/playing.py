"""Playing a part to whoever has written down the look: stretches of the sealed file as the player asks for them, and no download.

Source: house recording.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from jike.base.actors import Actor
from jike.base.errors import Blocker, Refused
from jike.files import store
from jike.files.models import StoredFile
from lending.recordings import queries
from lending.recordings.models import Recording

STRETCH = 4 * 1024 * 1024  # the most of one answer: a player asks again
STEP = 256 * 1024
PLAYERS = {"video", "audio", "empty", ""}
_RANGE = re.compile(r"bytes=(\d{1,15})-(\d{0,15})")


def film_of(
    recording: Recording, number: int, actor: Actor, *, asked: Mapping[str, str], now: datetime
) -> HttpResponseBase:
    """The stretch of a part that was asked for. Raises Refused without an open look, Http404 where there is no such part.

    A browser that asks for it as a page or to save it is refused: it plays in our player alone.
    """
    part = next((one for one in queries.parts_joined(recording) if one.number == number), None)
    if part is None or part.file is None:
        raise Http404
    if not queries.may_play(recording, actor, now=now) or asked.get("Sec-Fetch-Dest", "") not in PLAYERS:
        message = _("Write down first why you look at it; it plays in the page alone.")
        raise Refused([Blocker("actor.no_look", message, "house recording")], verb="recordings.watch")
    return _stretch(part.file, asked.get("Range", ""), media_type=part.kind)


def _stretch(file: StoredFile, wanted: str, *, media_type: str) -> HttpResponseBase:
    found = _RANGE.fullmatch(wanted.strip())
    start = int(found[1]) if found else 0
    if start >= file.size:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{file.size}"})
    last = int(found[2]) if found and found[2] else file.size - 1
    end = min(last, start + STRETCH - 1, file.size - 1)
    if end < start:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{file.size}"})
    answer = StreamingHttpResponse(_read(file, start, end), status=206, content_type=media_type)
    answer.headers["Content-Range"] = f"bytes {start}-{end}/{file.size}"
    answer.headers["Content-Length"] = str(end - start + 1)
    answer.headers["Accept-Ranges"] = "bytes"
    answer.headers["Content-Disposition"] = "inline"
    return answer


def _read(file: StoredFile, start: int, end: int) -> Iterator[bytes]:
    with store.open(file) as content:
        content.seek(start)
        left = end - start + 1
        while left > 0:
            piece = content.read(min(STEP, left))
            if not piece:
                return
            left -= len(piece)
            yield piece
