"""What the search keeps: tokens of the words of a case, and which cases are to be looked at again."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models


class Piece(models.Model):
    """The tokens of one row that holds words: the case itself, a party, a message, a note, a decision, a paper.

    `id` is the key of that row, `source` its sort. Tokens are keyed hashes; they go when the key of the case is destroyed.
    """

    class Source(models.TextChoices):
        CASE = "case"
        PARTY = "party"
        MESSAGE = "message"
        NOTE = "note"
        DECISION = "decision"
        PAPER = "paper"

    id = models.UUIDField(primary_key=True)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="pieces")
    source = models.CharField(max_length=10, choices=Source)
    audience = models.CharField(max_length=10)
    tokens = ArrayField(models.IntegerField())

    class Meta:
        db_table = "search_text"
        indexes: ClassVar = [GinIndex(name="search_text_tokens", fields=["tokens"])]

    def __str__(self) -> str:
        return f"{self.source} {self.pk}"


class Due(models.Model):
    """A case that something happened to: its words are to be indexed. The database writes the row with the event."""

    case_id = models.UUIDField()

    class Meta:
        db_table = "search_due"
        verbose_name_plural = "due"

    def __str__(self) -> str:
        return str(self.case_id)
