"""An upload in pieces over HTTP, the same for portal and workbench: begin, ask where to go on, send a piece, say that it is whole.

`POST …/` begins, `GET …/<id>/` tells the place, `PATCH …/<id>/` brings a piece (`Upload-Offset`, `Upload-Checksum: sha256 <base64>`),
`POST …/<id>/` completes, `DELETE …/<id>/` gives up. Answers are JSON; a refusal names its reasons.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse

from cases.attachments import uploading
from cases.attachments.models import Upload
from cases.attachments.verdicts import words_for_code
from cases.queries import NotVisible
from jike.base.actors import Actor
from jike.base.dates import now as current_instant
from jike.base.errors import Refused
from jike.files.receiving import PIECE_BYTES

CHECKSUM = "sha256 "


def upload_of(subject: UUID, actor: Actor, pk: UUID) -> Upload:
    """An upload for this case or draft that the actor began. Raises `NotVisible`."""
    found = Upload.objects.filter(pk=pk, subject=subject, added_by_kind=actor.kind, added_by_id=actor.id).first()
    if found is None:
        raise NotVisible(str(pk))
    return found


def told(upload: Upload) -> dict[str, Any]:
    """Where an upload stands; `reason` says in words why it ended without a paper."""
    return {
        "id": str(upload.pk),
        "state": upload.state,
        "offset": upload.received,
        "size": upload.size,
        "piece": PIECE_BYTES,
        "evidence": str(upload.attachment_id) if upload.attachment_id else None,
        "reason": str(words_for_code(upload.reason)) if upload.reason else "",
    }


def begun(request: HttpRequest, subject: UUID, actor: Actor, *, captured: str = "") -> HttpResponse:
    """Answer to the first request of an upload, whose body says name and size."""

    def act() -> HttpResponse:
        try:
            given = json.loads(request.body)
            name, size = str(given["name"]), int(given["size"])
        except (ValueError, KeyError, TypeError, RequestDataTooBig):
            return JsonResponse({"blockers": []}, status=400)
        words = {
            "about": str(given.get("about", "")),
            "captured": captured or str(given.get("captured", "")),
            "device": request.headers.get("User-Agent", ""),
        }
        upload = uploading.begin(subject, name=name, size=size, actor=actor, now=current_instant(), **words)
        return JsonResponse(told(upload), status=201)

    return _answered(act)


def continued(request: HttpRequest, upload: Upload) -> HttpResponse:
    """Answer to everything that is asked of an upload once it has begun."""
    now = current_instant()
    acts: dict[str, Callable[[], HttpResponse]] = {
        "GET": lambda: JsonResponse(told(upload)),
        "PATCH": lambda: JsonResponse(told(appended(request, upload))),
        "POST": lambda: JsonResponse(told(uploading.complete(upload, now=now)), status=202),
        "DELETE": lambda: uploading.drop(upload, now=now) or HttpResponse(status=204),
    }
    return _answered(acts[request.method or "GET"])


def appended(request: HttpRequest, upload: Upload) -> Upload:
    """The piece of this request, sealed. Reads no more of a body than a piece may have."""
    offset = request.headers.get("Upload-Offset", "")
    checksum = request.headers.get("Upload-Checksum", "")
    sha256 = None
    if checksum:
        try:
            sha256 = base64.b64decode(checksum.removeprefix(CHECKSUM), validate=True)
        except binascii.Error:
            sha256 = b""
    piece = request.read(PIECE_BYTES + 1)
    place = int(offset) if offset.isdigit() and len(offset) < 16 else -1
    return uploading.append(upload, offset=place, piece=piece, sha256=sha256, now=current_instant())


def _answered(act: Callable[[], HttpResponse]) -> HttpResponse:
    try:
        return act()
    except Refused as no:
        reasons = [{"code": blocker.code, "message": str(blocker.message)} for blocker in no.blockers]
        return JsonResponse({"blockers": reasons}, status=no.http_status)
