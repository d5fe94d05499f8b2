"""Rows around a complaint: what was asked of the consumer and answered, new facts, extensions, pauses, a corrected receipt and a new number."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jike.base.ids import uuid7
from jike.privacy.fields import EncryptedTextField


class SupplementRequest(models.Model):
    """The one list of what the consumer is asked to send. All gaps stand on it at once. Source: O2020-3 art 13, art 14."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="supplement_requests")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"asked {self.asked_at:%Y-%m-%d %H:%M}"


class SupplementItem(models.Model):
    """One thing asked for, and why. `code` names a row of `config/materials.yaml`, or is empty for words of the handler's own."""

    key_scope = "case_id"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="supplement_items")
    request = models.ForeignKey(SupplementRequest, on_delete=models.PROTECT, related_name="items")
    seq = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=20, blank=True)
    what = EncryptedTextField()
    why = EncryptedTextField()

    class Meta:
        ordering = ["seq"]
        constraints = [models.UniqueConstraint(name="supplement_item_once", fields=["request", "seq"])]

    def __str__(self) -> str:
        return f"{self.seq}. {self.code}"


class SupplementAnswer(models.Model):
    """What came for one item: words, files (ids of stored files of the case), or "I do not have it", which is an answer too."""

    key_scope = "case_id"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="supplement_answers")
    item = models.OneToOneField(SupplementItem, on_delete=models.PROTECT, related_name="answer")
    text = EncryptedTextField(blank=True)
    files = ArrayField(models.UUIDField(), default=list)
    has_none = models.BooleanField(default=False)
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="supplement_answer_one_way", condition=Q(has_none=False) | Q(files=[]))
        ]

    def __str__(self) -> str:
        return "none" if self.has_none else f"{len(self.files)} files"


class NewFacts(models.Model):
    """Further material on an open complaint. It moves no date by itself: restarting the count needs a supervisor.

    Source: O2020-3 art 18.
    """

    key_scope = "case_id"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="new_facts")
    text = EncryptedTextField()
    files = ArrayField(models.UUIDField(), default=list)
    by_consumer = models.BooleanField()
    received_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "new facts"
        constraints = [
            models.CheckConstraint(name="facts_received_first", condition=Q(recorded_at__gte=F("received_at")))
        ]

    def __str__(self) -> str:
        return f"received {self.received_at:%Y-%m-%d %H:%M}"


class Extension(models.Model):
    """An approved step to a longer limit. It moves the clock when it becomes effective; one whose notice was late stays void.

    Source: O2020-3 art 18.
    """

    class Outcome(models.TextChoices):
        WAITING = "", _("Waits for the notice to be sent")
        EFFECTIVE = "effective", _("Effective")
        VOID = "void", _("Without effect")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="extensions")
    approval = models.OneToOneField("cases.Approval", on_delete=models.PROTECT, related_name="extension")
    code = models.CharField(max_length=20)
    old_due_at = models.DateTimeField(null=True)
    new_due_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True, default="")
    notice = models.ForeignKey("cases.Delivery", on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="extension_one_waits", fields=["case"], condition=Q(outcome="")),
            models.CheckConstraint(
                name="extension_settled_once",
                condition=Q(outcome="", settled_at=None) | (~Q(outcome="") & Q(settled_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.outcome or 'waits'}"


class ClockPause(models.Model):
    """Whole Shanghai days that do not count, first and last included; `last_on` is empty while the pause goes on.

    A mediation needs the consumer's consent (`evidence`); `started_by` is empty where the case of the mediation started it. An appraisal
    stops nothing before the consumer was told: then `notice` is set, and days count as left out from `counts_from` on. Source: O2020-3 art 18, art 23.
    """

    key_scope = "case_id"

    class Kind(models.TextChoices):
        MEDIATION = "mediation", _("Mediation")
        APPRAISAL = "appraisal", _("Outside appraisal")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="pauses")
    kind = models.CharField(max_length=12, choices=Kind)
    first_on = models.DateField()
    last_on = models.DateField(null=True)
    evidence = EncryptedTextField()
    notice = models.ForeignKey("cases.Delivery", on_delete=models.PROTECT, null=True, related_name="+")
    counts_from = models.DateField(null=True)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField()
    resumed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["first_on", "started_at"]
        constraints = [
            models.CheckConstraint(name="pause_in_order", condition=Q(last_on=None) | Q(last_on__gte=F("first_on"))),
            models.CheckConstraint(
                name="pause_counts_when_told",
                condition=Q(kind="mediation") | Q(counts_from=None) | Q(notice__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.first_on} – {self.last_on or ''}"


class ReceiptCorrection(models.Model):
    """The time of receipt was recorded wrongly and two people put it right; what counted from it before and after stays here.

    Reason and evidence lie sealed in the request of `approval`. Without a count from receipt both days are empty, and a day is empty
    where the count stood still. The database lets no other receipt into a complaint. Source: O2020-3 art 18, house four eyes.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="receipt_corrections")
    approval = models.OneToOneField("cases.Approval", on_delete=models.PROTECT, related_name="receipt_correction")
    old_at = models.DateTimeField()
    new_at = models.DateTimeField()
    old_due_at = models.DateTimeField(null=True)
    new_due_at = models.DateTimeField(null=True)
    corrected_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="receipt_correction_moves", condition=~Q(new_at=F("old_at")))]

    def __str__(self) -> str:
        return f"{self.old_at:%Y-%m-%d %H:%M} → {self.new_at:%Y-%m-%d %H:%M}"


class PhoneChange(models.Model):
    """A new telephone number of the complainant: asked for, and settled once. The number itself lies with the parties, sealed.

    Proven by codes to both phones, or by a check of identity that a second person approved. `reason` is what the asker was told.
    `person` is whose cases follow. Source: house contact.
    """

    class Manner(models.TextChoices):
        CODES = "codes", _("Codes to both telephones")
        IDENTITY = "identity", _("Identity checked by two people")
        FOLLOWED = "followed", _("With another case of the same person")

    class Outcome(models.TextChoices):
        OPEN = "", _("Waiting")
        CHANGED = "changed", _("Number changed")
        REFUSED = "refused", pgettext_lazy("change of number", "Refused")

    key_scope = "case_id"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="phone_changes")
    manner = models.CharField(max_length=8, choices=Manner)
    person = models.ForeignKey("lending.Person", on_delete=models.PROTECT, related_name="+")
    applicant = models.ForeignKey("cases.Party", on_delete=models.PROTECT, null=True, related_name="+")
    old_index = models.BinaryField(max_length=32)
    new_index = models.BinaryField(max_length=32)
    old_mask = models.CharField(max_length=20)
    new_mask = models.CharField(max_length=20)
    asked_at = models.DateTimeField()
    approval = models.ForeignKey("cases.Approval", on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True, default="")
    reason = EncryptedTextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="phone_change_one_open", fields=["case"], condition=Q(ended_at=None)),
            models.CheckConstraint(
                name="phone_change_settled_whole",
                condition=Q(ended_at=None, outcome="") | Q(ended_at__isnull=False, outcome__in=["changed", "refused"]),
            ),
            models.CheckConstraint(
                name="phone_change_proven",
                condition=~Q(outcome="changed", manner="identity") | Q(approval__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.old_mask} → {self.new_mask}"
