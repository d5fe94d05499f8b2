"""`/demo/`: how to sign in, which receipts to try, and every message that would have been sent. Not there outside demo mode."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from cases.demo.accounts import accounts
from cases.demo.story import told
from cases.kinds import state_label
from cases.models import Message
from jike.accounts.access import public
from jike.base.errors import Text
from jike.outbox.models import DemoMessage
from jike.privacy import open_sealed

SHOWN = 60


class Sent(TypedDict):
    """A message as the page prints it."""

    channel: Text
    recipient: str
    subject: str
    text: str
    at: datetime


@public
@require_GET
def demo(request: HttpRequest) -> HttpResponse:
    if not settings.DEMO:
        raise Http404
    cases = [
        {**case.as_dict(), "state_label": state_label(case.kind, case.state)} for case in told() if case.receipt_code
    ]
    context = {"accounts": accounts(), "cases": cases, "messages_sent": newest_messages(), "shown": SHOWN}
    context["core"] = core_control()
    return render(request, "demo/demo.html", context)


def core_control() -> str:
    """Where the pretended core lending system is made to refuse or to stay silent; empty where a real one is named."""
    url = urlsplit(settings.LENDING_URL)
    return f"http://127.0.0.1:{url.port}/control/" if url.hostname == "127.0.0.1" and url.port else ""


def newest_messages() -> list[Sent]:
    """The last messages of the pretended providers, newest first, in clear: they left for nobody but this page."""
    labels = {**dict(Message.Channel.choices), "sms": _("Text message")}
    return [
        Sent(
            channel=labels.get(message.channel, message.channel),
            recipient=open_sealed(message, "recipient"),
            subject=open_sealed(message, "subject"),
            text=open_sealed(message, "text"),
            at=message.created_at,
        )
        for message in DemoMessage.objects.order_by("-created_at", "-pk")[:SHOWN]
    ]
