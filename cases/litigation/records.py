"""The rows beside a litigation: limitation, papers in versions, what was made final, hearings, served papers, money."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from cases.litigation.limitation import Fact, Kind
from cases.litigation.states import PaperKind
from jike.base.ids import uuid7
from jike.privacy.fields import EncryptedTextField


def _case(name: str) -> models.ForeignKey:
    return models.ForeignKey("litigation.Litigation", on_delete=models.PROTECT, related_name=name)


def _staff() -> models.ForeignKey:
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")


class LimitationFact(models.Model):
    """Something that interrupts or suspends limitation, with where it can be seen. `until` is told once, when it is known.

    Source: CC art 194, CC art 195, LIM2020.
    """

    key_scope = "case_id"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = _case("limitation_facts")
    seq = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=14, choices=Kind)
    happened_on = models.DateField()
    until = models.DateField(null=True)
    evidence = EncryptedTextField()
    recorded_by = _staff()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="limitation_dense", fields=["case", "seq"]),
            models.CheckConstraint(
                name="limitation_in_order", condition=Q(until=None) | Q(until__gte=F("happened_on"))
            ),
            models.CheckConstraint(
                name="limitation_lasting_or_not",
                condition=Q(kind__in=["suit", "payment_order", "mediation", "police", "obstacle"])
                | Q(kind__in=["demand", "promise"], until=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seq}. {self.kind}"

    @property
    def plain(self) -> Fact:
        return Fact(self.kind, self.happened_on, self.until)


class Draft(models.Model):
    """One version of a paper for the court: its fields as JSON, what is missing in it, and its PDF once that is made. Never edited."""

    key_scope = "case_id"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = _case("paper_versions")
    kind = models.CharField(max_length=14, choices=PaperKind)
    version = models.PositiveSmallIntegerField()
    body = EncryptedTextField()
    missing = ArrayField(models.CharField(max_length=24), default=list)
    sha256 = models.BinaryField(max_length=32)
    drafted_by = _staff()
    drafted_at = models.DateTimeField()
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    printed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="draft_dense", fields=["case", "kind", "version"]),
            models.CheckConstraint(
                name="draft_printed_with_a_time",
                condition=Q(file=None, printed_at=None) | Q(file__isnull=False, printed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} v{self.version}"


class Enclosure(models.Model):
    """A paper that goes along and comes from elsewhere, like the signed agreement of a broken mediation: which, and its hash."""

    class What(models.TextChoices):
        AGREEMENT = "agreement", pgettext_lazy("enclosure", "Signed agreement of the mediation")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = _case("enclosures")
    seq = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=12, choices=What)
    of_case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    source_id = models.UUIDField()
    version = models.PositiveSmallIntegerField()
    sha256 = models.BinaryField(max_length=32)
    added_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="enclosure_dense", fields=["case", "seq"])]

    def __str__(self) -> str:
        return f"{self.seq}. {self.what}"


class Confirmation(models.Model):
    """The consumer agreed to exactly these papers: `sha256` is of the latest version of each. Never edited."""

    key_scope = "case_id"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = _case("confirmations")
    sha256 = models.BinaryField(max_length=32)
    evidence = EncryptedTextField(blank=True)
    actor_kind = models.CharField(max_length=10)
    confirmed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"confirmation of {self.case_id}"


class Seal(models.Model):
    """One version of what goes to the court: papers the consumer confirmed, and a finished bundle of the matter's evidence. Never edited."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = _case("seals")
    version = models.PositiveSmallIntegerField()
    papers_sha256 = models.BinaryField(max_length=32)
    confirmation = models.ForeignKey(Confirmation, on_delete=models.PROTECT, related_name="+")
    bundle = models.ForeignKey("bundles.Bundle", on_delete=models.PROTECT, related_name="+")
    sealed_by = _staff()
    sealed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="seal_dense", fields=["case", "version"])]

    def __str__(self) -> str:
        return f"v{self.version}"


class Hearing(models.Model):
    """A date before the court. It is held or called off once; another date is another row."""

    key_scope = "case_id"

    class Came(models.TextChoices):
        OPEN = "", pgettext_lazy("hearing", "To come")
        HELD = "held", pgettext_lazy("hearing", "Held")
        OFF = "off", pgettext_lazy("hearing", "Called off")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = _case("hearings")
    seq = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    place = models.CharField(max_length=120)
    came = models.CharField(max_length=6, choices=Came, blank=True, default="")
    note = EncryptedTextField(blank=True)
    scheduled_by = _staff()
    scheduled_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="hearing_dense", fields=["case", "seq"]),
            models.CheckConstraint(
                name="hearing_ended_with_a_time",
                condition=Q(came="", ended_at=None) | Q(came__in=["held", "off"], ended_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seq}. {self.at:%Y-%m-%d}"


class Served(models.Model):
    """A paper the court served, and the day it arrived, from which periods run. Never edited."""

    key_scope = "case_id"

    class What(models.TextChoices):
        ACCEPTANCE = "acceptance", pgettext_lazy("served", "Notice of acceptance")
        EVIDENCE = "evidence", pgettext_lazy("served", "Notice of evidence")
        SUMMONS = "summons", pgettext_lazy("served", "Summons")
        DEFENCE = "defence", pgettext_lazy("served", "Defence of the other side")
        JUDGMENT = "judgment", pgettext_lazy("served", "Judgment")
        RULING = "ruling", pgettext_lazy("served", "Ruling")
        OTHER = "other", pgettext_lazy("served", "Other paper")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = _case("served_papers")
    seq = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=12, choices=What)
    served_on = models.DateField()
    note = EncryptedTextField(blank=True)
    recorded_by = _staff()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="served_dense", fields=["case", "seq"])]

    def __str__(self) -> str:
        return f"{self.seq}. {self.what}"


class CourtFee(models.Model):
    """A fee the court asks for: how much by which notice, who advances it, and how it was settled, which is told once.

    Source: FEE2006 art 20, FEE2006 art 22, FEE2006 art 44.
    """

    key_scope = "case_id"

    class What(models.TextChoices):
        CLAIM = "claim", pgettext_lazy("court fee", "For the claim")
        APPEAL = "appeal", pgettext_lazy("court fee", "For the appeal")

    class Settled(models.TextChoices):
        OPEN = "", pgettext_lazy("court fee", "To be paid")
        PAID = "paid", pgettext_lazy("court fee", "Paid")
        WAIVED = "waived", pgettext_lazy("court fee", "Waived by the court (免交)")
        DEFERRED = "deferred", pgettext_lazy("court fee", "Deferred by the court (缓交)")

    ADVANCES = ("house", "consumer")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = _case("court_fees")
    seq = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=8, choices=What)
    cny = models.DecimalField(max_digits=18, decimal_places=2)
    payer = models.CharField(max_length=10)
    noticed_on = models.DateField()
    recorded_by = _staff()
    recorded_at = models.DateTimeField()
    settled = models.CharField(max_length=8, choices=Settled, blank=True, default="")
    settled_on = models.DateField(null=True)
    evidence = EncryptedTextField(blank=True)
    paid = models.OneToOneField("litigation.Sum", on_delete=models.PROTECT, null=True, related_name="fee")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="courtfee_dense", fields=["case", "seq"]),
            models.CheckConstraint(
                name="courtfee_of_somebody", condition=Q(cny__gt=0, payer__in=["house", "consumer"])
            ),
            models.CheckConstraint(
                name="courtfee_settled_whole",
                condition=Q(settled="", settled_on=None, paid=None)
                | Q(settled="paid", settled_on__isnull=False, paid__isnull=False)
                | Q(settled__in=["waived", "deferred"], settled_on__isnull=False, paid=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seq}. {self.what}"

    @property
    def payer_label(self) -> str:
        return Sum.By(self.payer).label


class Sum(models.Model):
    """A cost that was paid, or money that came in: a note for whoever looks back, not a movement. A slip is undone by its negative twin
    (`undoes`). Never edited."""

    key_scope = "case_id"

    class What(models.TextChoices):
        COURT_FEE = "court_fee", pgettext_lazy("sum", "Court fee")
        LAWYER = "lawyer", pgettext_lazy("sum", "Lawyer")
        PRESERVATION = "preservation", pgettext_lazy("sum", "Preservation of assets")
        APPRAISAL = "appraisal", pgettext_lazy("sum", "Appraisal")
        OTHER = "other", pgettext_lazy("sum", "Other cost")
        FEE_BACK = "fee_back", pgettext_lazy("sum", "Court fee returned")
        RECOVERED = "recovered", pgettext_lazy("sum", "Recovered for the consumer")

    class By(models.TextChoices):
        HOUSE = "house", pgettext_lazy("paid by", "The house")
        CONSUMER = "consumer", pgettext_lazy("paid by", "The consumer")
        OPPONENT = "opponent", pgettext_lazy("paid by", "The other side")
        COURT = "court", pgettext_lazy("paid by", "The court")

    COSTS = ("court_fee", "lawyer", "preservation", "appraisal", "other")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = _case("sums")
    seq = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=12, choices=What)
    by = models.CharField(max_length=10, choices=By)
    cny = models.DecimalField(max_digits=18, decimal_places=2)
    paid_on = models.DateField()
    note = EncryptedTextField(blank=True)
    undoes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="undone_by")
    recorded_by = _staff()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="sum_dense", fields=["case", "seq"]),
            models.CheckConstraint(
                name="sum_positive_but_to_undo",
                condition=Q(undoes=None, cny__gt=0) | Q(undoes__isnull=False, cny__lt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seq}. {self.what}"
