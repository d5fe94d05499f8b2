"""What is kept of the lists of one person."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import pgettext_lazy

from jike.base.ids import uuid7
from jike.privacy.fields import EncryptedTextField


class FrozenList(models.Model):
    """The order of a list when somebody opened a case from it, so that next and previous keep it. `key` is its address, hashed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.BinaryField(max_length=32)
    cases = ArrayField(models.UUIDField())
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="frozenlist_once", fields=["user", "key"])]

    def __str__(self) -> str:
        return f"{len(self.cases)} cases"


class SavedView(models.Model):
    """A list somebody saved under a name: place, search, order and columns. With a `unit` its colleagues see it too.

    What was searched for may be a name or a number, so it is sealed like one. `seen_at` is when its owner last opened it.
    """

    key_scope = "id"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey("accounts.Unit", on_delete=models.CASCADE, null=True, related_name="+")
    name = EncryptedTextField()
    rail = models.CharField(max_length=20)
    query = EncryptedTextField(blank=True)
    order = models.CharField(max_length=4, default="due")
    columns = models.CharField(max_length=200, blank=True)
    seen_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.pk)


class Bulk(models.Model):
    """One act on many cases: the cases were frozen when they were chosen, and each is done by its verb or skipped with its reasons."""

    key_scope = "id"

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("bulk", "To be confirmed")
        RUNNING = "running", pgettext_lazy("bulk", "Running")
        DONE = "done", pgettext_lazy("bulk", "Finished")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(max_length=40)
    inputs = EncryptedTextField(blank=True)
    reason = EncryptedTextField(blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    undoes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="undone_by")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.verb} {self.state}"


class BulkRow(models.Model):
    """One case of a bulk act. `seq` is the version the case reached by it; `codes` are the reasons why it was skipped."""

    class Outcome(models.TextChoices):
        OPEN = "", pgettext_lazy("bulk row", "Waiting")
        DONE = "done", pgettext_lazy("bulk row", "Done")
        SKIPPED = "skipped", pgettext_lazy("bulk row", "Skipped")

    bulk = models.ForeignKey(Bulk, on_delete=models.CASCADE, related_name="rows")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True, default="")
    codes = ArrayField(models.CharField(max_length=60), default=list)
    seq = models.PositiveIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="bulkrow_once", fields=["bulk", "case"])]

    def __str__(self) -> str:
        return self.outcome
