"""Channels carry a text to a person: text messages, e-mail, the portal's inbox. Chosen by the settings, asked by name."""

from __future__ import annotations

from django.conf import settings

from jike.base.errors import Blocker
from jike.outbox.channels.base import Attachment, Channel, Receipt
from jike.outbox.channels.demo import DemoChannel
from jike.outbox.channels.email import EmailChannel
from jike.outbox.channels.inbox import InboxChannel
from jike.outbox.channels.sms import SmsChannel
from jike.outbox.errors import ChannelRefused, ChannelUnavailable

NAMES = ("sms", "email", "inbox")


def get(name: str) -> Channel:
    """The channel `sms`, `email` or `inbox`. In demo mode, what has no provider keeps its messages for `/demo/`."""
    if name == "inbox":
        return InboxChannel()
    if name not in NAMES:
        raise LookupError(f"There is no channel {name!r}.")
    url = settings.SMS_URL if name == "sms" else settings.SMTP_URL
    if not url and settings.DEMO:
        return DemoChannel(name)
    return SmsChannel(url) if name == "sms" else EmailChannel(url)


def check_config() -> dict[str, list[Blocker]]:
    """What each channel still needs before it can send."""
    return {name: get(name).check_config() for name in NAMES}


__all__ = ["NAMES", "Attachment", "Channel", "ChannelRefused", "ChannelUnavailable", "Receipt", "check_config", "get"]
