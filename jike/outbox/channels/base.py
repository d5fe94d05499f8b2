"""What every channel offers, and the proof it gives."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from jike.base.errors import Blocker

_PROVIDER_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.^=-]{0,63}")
_PHONE = re.compile(r"(?:\+?86)?1[3-9]\d{9}")


class Attachment(NamedTuple):
    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Receipt:
    """A provider accepted the message: its name, its own number for it, and when. Proof that it was sent, not that it was read."""

    provider: str
    provider_id: str
    accepted_at: datetime


class Channel(Protocol):
    def check_config(self) -> list[Blocker]:
        """What is missing before this channel can send; empty when it can."""

    def send(self, to: str, subject: str, text: str, *, key: str, attachments: Sequence[Attachment] = ()) -> Receipt:
        """Hand the message to the provider, once per `key` where the provider deduplicates.

        Raises `Postpone` without configuration, `ChannelRefused` when it can never be sent, `ChannelUnavailable` when it may
        have to be sent again. Call it outside any transaction.
        """


def provider_id_of(value: object) -> str:
    """A provider's number as it may be stored: as given when it is one, else a hash. A phone number is no number of a message."""
    text = str(value)
    if _PROVIDER_ID.fullmatch(text) and not _PHONE.fullmatch(text):
        return text
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def id_from(key: str) -> str:
    """A number made from the dedupe key, for channels whose provider gives none: the same key has the same number."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]
