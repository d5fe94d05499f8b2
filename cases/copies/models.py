"""The pages of a paper."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from cases.attachments.models import Attachment
from jike.base.ids import uuid7


class Pages(models.Model):
    """A paper as pages that may be shown: a PDF without metadata, without what acts, and of a picture nothing but the picture.

    Made once per `recipe`, which counts up when pages would come out differently; earlier ones stay, for bundles were bound of them.
    Without `file` there is nothing to show page by page, and `outcome` says why.
    """

    class Outcome(models.TextChoices):
        DRAWN = "drawn", pgettext_lazy("pages", "Pages")
        NONE = "none", pgettext_lazy("pages", "No pages by nature")
        FAILED = "failed", pgettext_lazy("pages", "Cannot be shown within the limits")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="pages")
    recipe = models.PositiveIntegerField()
    outcome = models.CharField(max_length=8, choices=Outcome)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    count = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "pages"
        constraints: ClassVar = [
            models.UniqueConstraint(name="pages_once_per_recipe", fields=["attachment", "recipe"]),
            models.CheckConstraint(
                name="pages_with_their_file",
                condition=Q(outcome="drawn", file__isnull=False, count__gte=1)
                | Q(outcome__in=["none", "failed"], file=None, count=0),
            ),
        ]

    def __str__(self) -> str:
        return f"pages of {self.attachment_id}"
