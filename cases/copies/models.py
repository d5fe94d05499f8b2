"""The pages of a paper, what a person looks at to decide about them, and what was decided for whom."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from cases.attachments.models import Attachment
from cases.evidence.models import Item
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


class Preview(models.Model):
    """Pages as a person sees them on the workbench: a picture of each, and areas that should perhaps be covered.

    `file` holds the pictures one after the other, first a small one of page one; `ends` says where each ends. `found` are suggestions,
    rows of an area; `wordless` the pages on which nothing could be suggested. Without `file` the pages cannot be drawn.
    """

    pages = models.OneToOneField(Pages, on_delete=models.PROTECT, primary_key=True, related_name="preview")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    ends = models.JSONField(default=list)
    found = models.JSONField(default=list)
    wordless = models.JSONField(default=list)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"preview of {self.pages_id}"


class Audience(models.TextChoices):
    """Who gets a copy. Staff see the pages as they are; an authority (court, police, regulator) too unless a person covers something."""

    STAFF = "staff", pgettext_lazy("audience", "Staff")
    CONSUMER = "consumer", pgettext_lazy("audience", "Consumer")
    MERCHANT = "merchant", pgettext_lazy("audience", "Merchant")
    AUTHORITY = "authority", pgettext_lazy("audience", "Authority")


class Covering(models.Model):
    """What a person said is covered of a paper for one audience; the last version holds, the earlier ones stay.

    `areas` are rows of page, x, y, width, height, kind: pages from 1, the rest fractions of the page as `pages` shows it. None at all is
    the person's finding that there is nothing to cover.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="coverings")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    audience = models.CharField(max_length=10, choices=Audience)
    version = models.PositiveIntegerField()
    pages = models.ForeignKey(Pages, on_delete=models.PROTECT, related_name="+")
    areas = models.JSONField(default=list)
    decided_by = models.UUIDField()
    decided_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="covering_dense", fields=["item", "audience", "version"]),
            models.CheckConstraint(
                name="covering_for_whom", condition=Q(audience__in=["consumer", "merchant", "authority"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} for {self.audience} v{self.version}"


class CoveredCopy(models.Model):
    """The finished copy of one covering: nothing is left under its areas, which was checked before it was kept."""

    covering = models.OneToOneField(Covering, on_delete=models.PROTECT, primary_key=True, related_name="copy")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    count = models.PositiveIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "covered copies"

    def __str__(self) -> str:
        return f"copy of {self.covering_id}"
