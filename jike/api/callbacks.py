"""Callbacks in: HMAC over the raw body, five minutes either way, each event once. Providers register what they say."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from jike.accounts.access import public
from jike.api.models import Callback
from jike.base.dates import now
from jike.base.ids import uuid7
from jike.outbox.bodies import fit_body
from jike.outbox.errors import Unfit
from jike.outbox.signing import SIGNATURE_HEADER, TIMESTAMP_HEADER, is_authentic
from jike.web.problems import problem

logger = logging.getLogger(__name__)

Shape = Callable[[dict[str, Any]], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Provider:
    """Who may call: `secret` reads the shared secret when asked, `shape` keeps the ids and codes of a body and drops the rest.

    `shape` raises KeyError, TypeError or ValueError for a body that is none. `heard` is told of each event once, in the transaction
    that keeps it; it posts work and does none.
    """

    name: str
    secret: Callable[[], str]
    shape: Shape
    heard: Callable[[Callback], None] | None = None


_providers: dict[str, Provider] = {}


def register(provider: Provider) -> None:
    _providers[provider.name] = provider


@public
@csrf_exempt
@require_POST
def callback(request: HttpRequest, provider: str) -> HttpResponse:
    """Take one signed call. The same event again is answered like the first time and kept once."""
    known = _providers.get(provider)
    if known is None or not known.secret():
        raise Http404
    headers = {
        "timestamp": request.headers.get(TIMESTAMP_HEADER, ""),
        "signature": request.headers.get(SIGNATURE_HEADER, ""),
    }
    if not is_authentic(known.secret(), body=request.body, now=time.time(), **headers):
        return problem(401, "signature.wrong", _("The signature is wrong or too old."))
    try:
        content = json.loads(request.body)
        event, body = str(content["event"]), fit_body(known.shape(content))
        fit_body({"event": event})
    except (ValueError, KeyError, TypeError, RecursionError, Unfit):
        return problem(400, "body.malformed", _("The body is none of this provider."))
    is_new = _keep(known, event, body)
    return JsonResponse({"event": event, "new": is_new})


@transaction.atomic
def _keep(provider: Provider, event: str, body: dict[str, Any]) -> bool:
    row = Callback(id=uuid7(), provider=provider.name, event=event[:80], body=body, received_at=now())
    Callback.objects.bulk_create([row], ignore_conflicts=True)
    is_new = Callback.objects.filter(pk=row.pk).exists()
    if is_new and provider.heard:
        provider.heard(row)
    logger.info("callback provider=%s new=%s", provider.name, is_new)
    return is_new


def _sms_secret() -> str:
    return unquote(urlsplit(settings.SMS_URL).password or "")


def _sms_report(content: dict[str, Any]) -> dict[str, Any]:
    """A delivery report: the provider's number of the message and what became of it."""
    if content["status"] not in ("delivered", "failed", "expired"):
        raise ValueError
    return {"id": str(content["id"]), "status": content["status"]}


register(Provider("sms", _sms_secret, _sms_report))
