"""Rows with sealed columns, in tables that exist only inside a test."""

from __future__ import annotations

from django.db import models

from jike.base.ids import uuid7
from jike.privacy.fields import EncryptedTextField

CANARY = "张小明龘"
CANARY_ID = "11010519491231002X"


class Holder(models.Model):
    """Its own scope, like a case."""

    key_scope = "id"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = EncryptedTextField()
    phone = EncryptedTextField(blank=True)
    note = EncryptedTextField(blank=True, null=True)
    rank = models.IntegerField(default=0)

    class Meta:
        app_label = "tests_privacy"


class Child(Holder):
    """A multi-table child, like a complaint."""

    story = EncryptedTextField(blank=True)

    class Meta:
        app_label = "tests_privacy"


class Piece(models.Model):
    """A row under another's scope, like a party."""

    key_scope = "holder_id"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    holder = models.ForeignKey(Holder, on_delete=models.CASCADE)
    text = EncryptedTextField()

    class Meta:
        app_label = "tests_privacy"


SAMPLES = (Holder, Child, Piece)
