"""The row that names a stored file."""

from __future__ import annotations

from django.db import models

from jike.base.ids import uuid7
from jike.privacy.fields import EncryptedTextField


class StoredFile(models.Model):
    """One content in one scope (a case). The same photo in two cases is two files, so that one can be destroyed.

    `sm3` is the national hash beside the international one; rows from before it was kept get it by `hash_files`.
    """

    key_scope = "scope"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    scope = models.UUIDField()
    sha256 = models.BinaryField(max_length=32)
    sm3 = models.BinaryField(max_length=32, null=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    display_name = EncryptedTextField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="file_once_per_scope", fields=["scope", "sha256"])]

    def __str__(self) -> str:
        return f"file {self.pk}"
