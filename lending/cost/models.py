"""Cost disclosure forms: offered behind a link, confirmed, and printed."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from jike.base.ids import uuid7


class Disclosure(models.Model):
    """One cost form that a borrower confirmed, as it was shown. A changed form is a new version; rows stay for good.

    `application` is the number under which the core system will know the contract. `content` is that of `form.Form.content`.
    On paper the borrower signs, and `paper_sha256` is the scan. Source: NFRA2026-2, house disclosure.
    """

    class Channel(models.TextChoices):
        ONLINE = "online", pgettext_lazy("disclosure", "Online")
        PAPER = "paper", pgettext_lazy("disclosure", "On paper")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey("lending.Person", on_delete=models.PROTECT, related_name="disclosures")
    application = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=6, choices=Channel)
    content = models.JSONField()
    content_sha256 = models.CharField(max_length=64)
    policy_version = models.CharField(max_length=20)
    annual_percent = models.DecimalField(max_digits=12, decimal_places=6)
    cap_percent = models.DecimalField(max_digits=12, decimal_places=6)
    paper_sha256 = models.CharField(max_length=64, blank=True)
    shown_at = models.DateTimeField()
    confirmed_at = models.DateTimeField()
    dwell_seconds = models.PositiveIntegerField()
    required_seconds = models.PositiveIntegerField()
    recorded_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="disclosure_version_once", fields=["application", "version"]),
            models.CheckConstraint(
                name="disclosure_was_read_long_enough",
                condition=Q(confirmed_at__gte=F("shown_at"), dwell_seconds__gte=F("required_seconds")),
            ),
            models.CheckConstraint(
                name="disclosure_within_cap", condition=Q(annual_percent__gte=0, annual_percent__lte=F("cap_percent"))
            ),
            models.CheckConstraint(
                name="disclosure_on_paper_has_a_scan", condition=~Q(channel="paper") | ~Q(paper_sha256="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application} v{self.version}"


class CostOffer(models.Model):
    """A cost form that waits behind a link for its borrower. `plan` is what is about to be signed, `link_index` the keyed hash of the link.

    `shown_at` is when it came in sight last, after a code to the borrower's phone: the reading time counts from there. An offer is
    replaced by a newer one for the same application, or ends in the `disclosure` that was confirmed. Source: NFRA2026-2.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey("lending.Person", on_delete=models.PROTECT, related_name="cost_offers")
    application = models.CharField(max_length=60)
    plan = models.JSONField()
    link_index = models.BinaryField(max_length=32, unique=True, editable=False)
    made_by = models.UUIDField(null=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    shown_at = models.DateTimeField(null=True)
    replaced_at = models.DateTimeField(null=True)
    disclosure = models.ForeignKey(Disclosure, on_delete=models.PROTECT, null=True, related_name="offers")

    class Meta:
        indexes = [models.Index(name="costoffer_of_application", fields=["application", "-made_at"])]
        constraints = [
            models.UniqueConstraint(
                name="costoffer_one_waits",
                fields=["application"],
                condition=Q(replaced_at=None, disclosure=None),
            ),
            models.CheckConstraint(
                name="costoffer_shown_before_confirmed", condition=Q(disclosure=None) | Q(shown_at__isnull=False)
            ),
            models.CheckConstraint(name="costoffer_ends_later", condition=Q(expires_at__gt=F("made_at"))),
        ]

    def __str__(self) -> str:
        return self.application


class DisclosurePaper(models.Model):
    """The confirmed form as a PDF, made once."""

    disclosure = models.OneToOneField(Disclosure, on_delete=models.PROTECT, primary_key=True, related_name="paper")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.pk)
