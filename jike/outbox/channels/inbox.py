"""The portal's inbox: the message row is the delivery."""

from __future__ import annotations

from collections.abc import Sequence

from jike.base.dates import now
from jike.base.errors import Blocker
from jike.outbox.channels.base import Attachment, Receipt, id_from


class InboxChannel:
    """Accepts at once: the consumer sees the message when next signing in."""

    def check_config(self) -> list[Blocker]:
        return []

    def send(self, to: str, subject: str, text: str, *, key: str, attachments: Sequence[Attachment] = ()) -> Receipt:
        return Receipt("inbox", id_from(key), now())
