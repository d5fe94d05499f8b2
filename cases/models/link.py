"""How cases hang together: the same matter again, merged, split off, or carried on as a case of another kind."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jike.base.ids import uuid7


class Link(models.Model):
    """`case` is `kind` `other`: it repeats it, was merged into it, was escalated to it, or was split from it.

    Two cases that only belong together are `related`, whichever is written first. A link is never changed. It ends once
    (`ended_at`), when a merger is undone or a person takes back what a person said; then the pair may be linked anew.
    """

    class Kind(models.TextChoices):
        REPEAT_OF = "repeat_of", _("Same matter as")
        MERGED_INTO = "merged_into", _("Merged into")
        ESCALATED_TO = "escalated_to", _("Carried on as")
        SPLIT_FROM = "split_from", _("Split from")
        RELATED = "related", _("Belongs together with")

    # What the other end of a link reads.
    SEEN_FROM_OTHER = {
        Kind.REPEAT_OF: _("Came again as"),
        Kind.MERGED_INTO: _("Took in"),
        Kind.ESCALATED_TO: _("Carries on"),
        Kind.SPLIT_FROM: _("Split off"),
        Kind.RELATED: Kind.RELATED.label,
    }
    BY_HAND = (Kind.RELATED, Kind.REPEAT_OF)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="links")
    other = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="linked_from")
    kind = models.CharField(max_length=12, choices=Kind)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="link_once", fields=["case", "other", "kind"], condition=Q(ended_at=None)),
            models.CheckConstraint(name="link_between_two", condition=~Q(case=F("other"))),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.other_id}"
