"""The rows of the register: the item, its words, what took its place, the lock of the list, and who had the original."""

from __future__ import annotations

import hashlib
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from cases.attachments.models import Attachment
from jike import ledger
from jike.base.ids import uuid7
from jike.privacy.fields import EncryptedTextField


class Item(models.Model):
    """One paper of the case in its register. Hash, file and circumstances of capture are those of the paper, read there.

    `number` counts from 1 without gaps per case; `late` is 0, or for what came after the list was locked the place after that number:
    12 and 1 is 12A. Never removed: what is no longer relied on is superseded. The number changes only before the lock.
    """

    attachment = models.OneToOneField(Attachment, on_delete=models.PROTECT, primary_key=True, related_name="item")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="evidence")
    number = models.PositiveIntegerField()
    late = models.PositiveIntegerField(default=0)
    registered_by = models.UUIDField()
    registered_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="item_number_once", fields=["case", "number", "late"], deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(name="item_from_one", condition=Q(number__gte=1)),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The number as people and courts read it: 12, 12A, 12B … 12Z, 12AA."""
        letters, left = "", self.late
        while left:
            left, letter = divmod(left - 1, 26)
            letters = chr(ord("A") + letter) + letters
        return f"{self.number}{letters}"


class Description(models.Model):
    """What was said of an item, as often as it was said; the last version holds, the earlier ones stay.

    `proves` is its object of proof (证明对象). Pages are those of the paper that count. Source: CPL art 66, EVID2019 art 19.
    """

    key_scope = "case_id"

    class Class(models.TextChoices):
        STATEMENT = "statement", pgettext_lazy("evidence", "Statement of a party")
        DOCUMENT = "document", pgettext_lazy("evidence", "Documentary evidence")
        OBJECT = "object", pgettext_lazy("evidence", "Physical evidence")
        AUDIOVISUAL = "audiovisual", pgettext_lazy("evidence", "Audio-visual material")
        ELECTRONIC = "electronic", pgettext_lazy("evidence", "Electronic data")
        TESTIMONY = "testimony", pgettext_lazy("evidence", "Witness testimony")
        EXPERT = "expert", pgettext_lazy("evidence", "Expert opinion")
        INSPECTION = "inspection", pgettext_lazy("evidence", "Record of inspection")

    class Form(models.TextChoices):
        ORIGINAL = "original", pgettext_lazy("evidence", "Original")
        COPY = "copy", pgettext_lazy("evidence", "Copy")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="descriptions")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    evidence_class = models.CharField(max_length=12, choices=Class, blank=True)
    title = EncryptedTextField()
    source = EncryptedTextField(blank=True)
    proves = EncryptedTextField(blank=True)
    summary = EncryptedTextField(blank=True)
    page_from = models.PositiveIntegerField(null=True)
    page_to = models.PositiveIntegerField(null=True)
    form = models.CharField(max_length=8, choices=Form, blank=True)
    written_by = models.UUIDField()
    written_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="description_dense", fields=["item", "version"]),
            models.CheckConstraint(
                name="description_class_known",
                condition=Q(
                    evidence_class__in=[
                        "", "statement", "document", "object", "audiovisual", "electronic", "testimony", "expert", "inspection",
                    ]
                ),
            ),
            models.CheckConstraint(name="description_form_known", condition=Q(form__in=["", "original", "copy"])),
            models.CheckConstraint(
                name="description_pages_in_order",
                condition=Q(page_from=None, page_to=None) | Q(page_from__gte=1, page_to__gte=F("page_from")),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.item_id} v{self.version}"


class Supersession(models.Model):
    """An item is relied on no more, perhaps because another took its place. It keeps its number and stays visible, struck out."""

    key_scope = "case_id"

    item = models.OneToOneField(Item, on_delete=models.PROTECT, primary_key=True, related_name="superseded")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, related_name="supersedes")
    reason = EncryptedTextField()
    done_by = models.UUIDField()
    done_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="supersession_by_another", condition=Q(by=None) | ~Q(by=F("item")))
        ]

    def __str__(self) -> str:
        return f"supersession of {self.item_id}"


class ListLock(models.Model):
    """The list went out: its numbers never change again, and what comes later is 12A. Once per case."""

    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, primary_key=True, related_name="evidence_lock")
    items = models.PositiveIntegerField()
    locked_by = models.UUIDField()
    locked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"lock of {self.case_id}"


class Custody(models.Model):
    """Who had the original of a paper in hands, when and why. Only ever added, each row sealed in a chain of the paper's own.

    The first says how it was collected: its time is that of capture, also where it was written later. `seq` counts from 1 without gaps.
    """

    LEDGER_SOURCE = "evidence.custody"
    key_scope = "case_id"

    class Act(models.TextChoices):
        COLLECTED = "collected", pgettext_lazy("custody", "Collected")
        VIEWED = "viewed", pgettext_lazy("custody", "Viewed")
        COPIED = "copied", pgettext_lazy("custody", "Copied")
        EXPORTED = "exported", pgettext_lazy("custody", "Exported")
        TRANSFERRED = "transferred", pgettext_lazy("custody", "Handed over")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="custody")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    seq = models.PositiveIntegerField()
    act = models.CharField(max_length=12, choices=Act)
    reason = EncryptedTextField(blank=True)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.UUIDField(null=True)
    actor_label = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "custody"
        constraints: ClassVar = [
            models.UniqueConstraint(name="custody_dense", fields=["attachment", "seq"]),
            models.CheckConstraint(
                name="custody_begins_with_collection",
                condition=Q(seq=1, act="collected")
                | Q(seq__gt=1, act__in=["viewed", "copied", "exported", "transferred"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attachment_id} {self.seq} {self.act}"

    def facts(self) -> dict[str, Any]:
        """What the ledger seals of it, with both hashes of the original as its row says them now."""
        file = self.attachment.file
        return {
            "seq": self.seq,
            "act": self.act,
            "actor": self.actor_kind,
            "actor_id": str(self.actor_id) if self.actor_id else None,
            "label": hashlib.sha256(self.actor_label.encode()).hexdigest(),
            "at": int(self.at.timestamp() * 1_000_000),
            "case": str(self.case_id),
            "sha256": bytes(file.sha256).hex(),
        }

    def digest(self) -> bytes:
        return hashlib.sha256(ledger.canonical(self.facts())).digest()
