"""The entry, and the tree over all entries: leaves, full subtrees, signed heads, time stamps."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import models

from jike.base.ids import uuid7
from jike.ledger.plain import canonical
from jike.ledger.tree import head_body

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

    def leaf(self) -> bytes:
        """What the tree seals of this entry: every column, the facts by their digest. Ids, codes and hashes; may be shown."""
        content = {name: value for name, value in self.content().items() if name != "facts"}
        return canonical(
            {**content, "previous": bytes(self.previous).hex(), "mac": bytes(self.mac).hex(), "tx": self.txid}
        )

    def mac_under(self, key: bytes) -> bytes:
        return hmac.digest(key, bytes(self.previous) + canonical(self.content()), hashlib.sha256)


class Unsealed(models.Model):
    """The sealer's waiting list. The database puts every new entry on it, whenever its transaction commits."""

    entry = models.UUIDField(primary_key=True)

    def __str__(self) -> str:
        return str(self.entry)


class Leaf(models.Model):
    """The place of an entry in the tree. Positions count from 0 without gaps; only the sealer gives them."""

    position = models.BigIntegerField(primary_key=True)
    entry = models.UUIDField(unique=True)
    hash = models.BinaryField(max_length=32)

    class Meta:
        verbose_name_plural = "leaves"

    def __str__(self) -> str:
        return f"leaf {self.position}"


class Subtree(models.Model):
    """The hash over `1 << level` leaves from `index << level` on. Kept for every eighth level: a proof reads a few hundred hashes."""

    id = models.BigAutoField(primary_key=True)
    level = models.PositiveSmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(name="subtree_once", fields=["level", "index"])]

    def __str__(self) -> str:
        return f"subtree {self.level} {self.index}"


class Head(models.Model):
    """Size and root of the tree at one moment, signed. The signed text is `tree.head_body`."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField(max_length=32)
    at = models.DateTimeField()
    key_version = models.PositiveSmallIntegerField()
    signature = models.BinaryField(max_length=64)

    def __str__(self) -> str:
        return f"head {self.size}"

    def body(self) -> bytes:
        return head_body(self.size, bytes(self.root), self.at.astimezone(UTC).isoformat())


class Keeping(models.Model):
    """A head, with its leaves, lies outside the database since `at`."""

    head = models.OneToOneField(Head, primary_key=True, on_delete=models.PROTECT, related_name="keeping")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"keeping of {self.pk}"


class Stamp(models.Model):
    """The RFC 3161 time stamp of a head: somebody else's word for when it was there. `at` is the moment in the token."""

    head = models.OneToOneField(Head, primary_key=True, on_delete=models.PROTECT, related_name="stamp")
    token = models.BinaryField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"stamp of {self.pk}"
