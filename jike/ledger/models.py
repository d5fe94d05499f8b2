"""The entry."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import models

from jike.base.ids import uuid7
from jike.ledger.plain import canonical

GENESIS = bytes(32)


@lru_cache(maxsize=1_000)
def _quoted(name: str) -> str:
    """A topic or source as JSON: names of the code, so there are few."""
    return canonical(name).decode()


class Entry(models.Model):
    """The seal of one fact. `seq` counts from 1 without gaps per subject; `previous` is the mac of the entry before.

    `mac` covers every column but `txid`, which the database sets and which binds the entry to the transaction of its fact.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subject = models.UUIDField()
    seq = models.PositiveIntegerField()
    topic = models.CharField(max_length=60)
    source = models.CharField(max_length=40)
    source_id = models.UUIDField()
    digest = models.BinaryField(max_length=32)
    facts = models.JSONField()
    previous = models.BinaryField(max_length=32)
    mac = models.BinaryField(max_length=32)
    key_version = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    txid = models.BigIntegerField(db_default=0)

    class Meta:
        verbose_name_plural = "entries"
        constraints = [
            models.UniqueConstraint(name="entry_dense", fields=["subject", "seq"]),
            models.UniqueConstraint(name="entry_once", fields=["source", "source_id"]),
            models.CheckConstraint(name="entry_from_one", condition=models.Q(seq__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.seq} {self.topic}"

    def content(self) -> dict[str, Any]:
        """Every column the mac covers, in the form it is signed in."""
        return {
            "id": str(self.id),
            "subject": str(self.subject),
            "seq": self.seq,
            "topic": self.topic,
            "source": self.source,
            "source_id": str(self.source_id),
            "digest": bytes(self.digest).hex(),
            "facts": self.facts,
            "key": self.key_version,
            "at": int(self.at.timestamp()) * 1_000_000 + self.at.microsecond,
        }

    @staticmethod
    def signed_form(
        *, pk: UUID, subject: UUID, seq: int, topic: str, source: str, source_id: UUID, digest: bytes, facts: bytes, key: int, at: datetime
    ) -> bytes:  # fmt: skip
        """The canonical bytes of `content()`, put together from `facts` that are canonical already."""
        micros = int(at.timestamp()) * 1_000_000 + at.microsecond
        head = f'{{"at":{micros},"digest":"{digest.hex()}","facts":'
        tail = (
            f',"id":"{pk}","key":{key},"seq":{seq},"source":{_quoted(source)},"source_id":"{source_id}"'
            f',"subject":"{subject}","topic":{_quoted(topic)}}}'
        )
        return head.encode() + facts + tail.encode()

    def mac_under(self, key: bytes) -> bytes:
        return hmac.digest(key, bytes(self.previous) + canonical(self.content()), hashlib.sha256)
