"""The demonstration's provider: keeps what would have been sent, for `/demo/`."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction

from jike.base.dates import now
from jike.base.errors import Blocker
from jike.base.ids import uuid7
from jike.outbox.channels.base import Attachment, Receipt
from jike.outbox.models import DemoMessage


class DemoChannel:
    """Stands in for the text message or e-mail provider. Deduplicates by key, as a provider should."""

    def __init__(self, name: str) -> None:
        self._name = name

    def check_config(self) -> list[Blocker]:
        return []

    def send(self, to: str, subject: str, text: str, *, key: str, attachments: Sequence[Attachment] = ()) -> Receipt:
        message = DemoMessage(
            id=uuid7(),
            channel=self._name,
            key=key,
            recipient=to,
            subject=subject,
            text=text,
            attachment_count=len(attachments),
            created_at=now(),
        )
        try:
            with transaction.atomic():
                message.save(force_insert=True)
        except IntegrityError:
            message = DemoMessage.objects.get(channel=self._name, key=key)
        return Receipt("demo", message.pk.hex, message.created_at)
