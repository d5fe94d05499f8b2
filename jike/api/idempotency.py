"""Every POST is done once: the same key and body again give the stored answer, another body is refused."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from jike.api.errors import Mismatch, malformed
from jike.api.models import Answer
from jike.base.ids import uuid7
from jike.privacy import blind_index, open_sealed

HEADER = "Idempotency-Key"
_KEY = re.compile(r"[\x21-\x7e]{1,128}")
_CLAIM = """
    INSERT INTO api_answer (id, owner, key_digest, fingerprint, location, body, created_at)
    VALUES (%s, %s, %s, %s, '', '', %s) ON CONFLICT (owner, key_digest) DO NOTHING
"""


def once(request: Request, now: datetime, act: Callable[[str], Response], *, content: object = None) -> Response:
    """Answer with `act(key)`, done in one transaction with the row that remembers it, or with what is remembered.

    A request with the same key that comes meanwhile waits for that transaction. What is refused leaves nothing behind and
    may be tried again with the same key. Fetch by the door before: what was answered once is no way around it. `content` stands
    for a body that is no JSON.
    """
    key = _key_of(request)
    owner, digest = request.actor.id, hashlib.sha256(key.encode()).digest()
    fingerprint = _fingerprint(request.path, request.data if content is None else content)
    with transaction.atomic():
        row = Answer(id=uuid7(), owner=owner, key_digest=digest, fingerprint=fingerprint, created_at=now)
        with connection.cursor() as cursor:
            cursor.execute(_CLAIM, [row.id, owner, digest, fingerprint, now])
            is_new = cursor.rowcount == 1
        if not is_new:
            return _again(Answer.objects.get(owner=owner, key_digest=digest), fingerprint)
        response = act(key)
        row.status, row.location = response.status_code, response.headers.get("Location", "")
        row.body = json.dumps(response.data, cls=JSONEncoder, ensure_ascii=False)
        row.save(force_update=True, update_fields=["status", "location", "body"])
    return response


def _key_of(request: Request) -> str:
    key = request.headers.get(HEADER, "")
    if not _KEY.fullmatch(key):
        message = _("Send an Idempotency-Key of 1 to 128 visible ASCII characters with every POST.")
        raise malformed("Idempotency-Key", "missing" if not key else "invalid", message)
    return key


def _fingerprint(path: str, content: object) -> bytes:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return blind_index("request", hashlib.sha256(f"{path} {text}".encode()).hexdigest())


def _again(answer: Answer, fingerprint: bytes) -> Response:
    if bytes(answer.fingerprint) != fingerprint:
        raise Mismatch
    headers = {"Idempotency-Replayed": "true", **({"Location": answer.location} if answer.location else {})}
    return Response(json.loads(open_sealed(answer, "body")), status=answer.status, headers=headers)
