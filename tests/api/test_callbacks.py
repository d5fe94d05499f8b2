"""Callbacks in: only signed, only fresh, each event once."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from django.test import Client

from jike.api.models import Callback
from jike.outbox.signing import SIGNATURE_HEADER, TIMESTAMP_HEADER, sign

SMS = "/api/v1/callbacks/sms/"
REPORT = {"event": "evt-1", "id": "sms-0123", "status": "delivered", "to": "13800138000", "text": "密码"}
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def provider(settings: Any) -> None:
    settings.SMS_URL = "https://jike:top%20secret@sms.example/send"


def call(
    body: bytes | dict[str, Any], *, at: int = 0, secret: str = "top secret", path: str = SMS, signature: str = ""
) -> Any:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    moment = int(time.time()) + at
    headers = {TIMESTAMP_HEADER: str(moment), SIGNATURE_HEADER: signature or sign(secret, moment, raw)}
    return Client(enforce_csrf_checks=True).post(path, raw, content_type="application/json", headers=headers)


def test_a_report_is_kept_once_without_the_person() -> None:
    first, again = call(REPORT), call(REPORT)

    assert (first.status_code, first.json()) == (200, {"event": "evt-1", "new": True})
    assert again.json() == {"event": "evt-1", "new": False}
    row = Callback.objects.get()
    assert (row.provider, row.event, row.body) == ("sms", "evt-1", {"id": "sms-0123", "status": "delivered"})


@pytest.mark.parametrize("at", [-310, 310])
def test_old_and_future_calls_are_refused(at: int) -> None:
    assert call(REPORT, at=at).status_code == 401
    assert call(REPORT, at=at // 2).status_code == 200


def test_only_the_secret_opens() -> None:
    assert call(REPORT, secret="other").status_code == 401
    assert call(REPORT, signature="v1=00").status_code == 401
    assert call(REPORT, signature="é").status_code == 401
    assert Client().post(SMS, REPORT, content_type="application/json").status_code == 401
    assert not Callback.objects.exists()


def test_the_raw_body_is_what_is_signed() -> None:
    raw = json.dumps(REPORT).encode()
    signature = sign("top secret", int(time.time()), raw)

    assert call(raw + b" ", signature=signature).status_code == 401


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{}", b"\xff", b"[" * 100_000, {**REPORT, "status": "read"}, {**REPORT, "event": "x y"}, {**REPORT, "id": "13800138000"},
     {**REPORT, "event": None, "id": {}}],
    ids=range(9),
)  # fmt: skip
def test_what_is_no_report_is_refused(body: Any) -> None:
    assert call(body).status_code == 400
    assert not Callback.objects.exists()


def test_unknown_and_unconfigured_providers_are_not_there(settings: Any) -> None:
    assert call(REPORT, path="/api/v1/callbacks/nobody/").status_code == 404
    settings.SMS_URL = ""
    assert call(REPORT).status_code == 404
