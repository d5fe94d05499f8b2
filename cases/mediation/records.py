"""The rows beside a mediation: facts to confirm, offers with their terms, the agreement, its signatures, and the merchant's link."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from cases.mediation.states import Side
from cases.mediation.terms import Term as PlainTerm
from cases.mediation.terms import What
from jike.base.ids import uuid7
from jike.privacy.fields import EncryptedTextField


class Fact(models.Model):
    """One fact the merchant is asked about with the invitation, and the one answer to it."""

    key_scope = "case_id"

    class Answer(models.TextChoices):
        NONE = "", pgettext_lazy("fact", "Not answered")
        YES = "yes", pgettext_lazy("fact", "This is right")
        NO = "no", pgettext_lazy("fact", "This is not right")
        UNKNOWN = "unknown", pgettext_lazy("fact", "Cannot be said")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("mediation.Mediation", on_delete=models.PROTECT, related_name="facts")
    seq = models.PositiveSmallIntegerField()
    statement = EncryptedTextField()
    answer = models.CharField(max_length=10, choices=Answer, blank=True, default="")
    words = EncryptedTextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by_kind = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="fact_dense", fields=["case", "seq"]),
            models.CheckConstraint(
                name="fact_answered_with_a_time",
                condition=Q(answer="", answered_at=None)
                | Q(answer__in=["yes", "no", "unknown"], answered_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seq}. {self.answer}"


class Exhibit(models.Model):
    """A file the merchant handed in, by itself or as evidence of its answer to a fact. Never edited.

    The paper lies with the papers of the case this came from; `name` is what the merchant's device called it, also where the consumer had
    brought the very same content before. `link` is whose link it came by.
    """

    key_scope = "case_id"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("mediation.Mediation", on_delete=models.PROTECT, related_name="exhibits")
    fact = models.ForeignKey(Fact, on_delete=models.PROTECT, null=True, related_name="exhibits")
    attachment = models.ForeignKey("attachments.Attachment", on_delete=models.PROTECT, related_name="+")
    link = models.ForeignKey("mediation.MerchantLink", on_delete=models.PROTECT, related_name="+")
    name = EncryptedTextField()
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="exhibit_once", fields=["case", "attachment", "fact"], nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return f"exhibit {self.pk}"


class Offer(models.Model):
    """What one side would settle for. Answered once: by the other side, by its own counter-offer, or by nobody before it lapsed.

    `seq` counts from 1 per mediation; only the newest may be accepted. `evidence` says where a side said it when staff wrote it down.
    Always without prejudice: shown to the two sides and to whoever mediates, in no bundle. Source: house without prejudice.
    """

    key_scope = "case_id"

    class Answer(models.TextChoices):
        NONE = "", pgettext_lazy("offer", "Open")
        ACCEPTED = "accepted", pgettext_lazy("offer", "Accepted")
        COUNTERED = "countered", pgettext_lazy("offer", "Answered by another offer")
        REJECTED = "rejected", pgettext_lazy("offer", "Rejected")
        LAPSED = "lapsed", pgettext_lazy("offer", "Lapsed")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("mediation.Mediation", on_delete=models.PROTECT, related_name="offers")
    seq = models.PositiveSmallIntegerField()
    side = models.CharField(max_length=10, choices=Side)
    refund_cny = models.DecimalField(max_digits=18, decimal_places=2)
    term_count = models.PositiveSmallIntegerField()
    words = EncryptedTextField(blank=True)
    evidence = EncryptedTextField(blank=True)
    without_prejudice = models.BooleanField(default=True)
    made_by_kind = models.CharField(max_length=10)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answer = models.CharField(max_length=10, choices=Answer, blank=True, default="")
    answered_at = models.DateTimeField(null=True)
    answered_by_kind = models.CharField(max_length=10, blank=True)
    answer_evidence = EncryptedTextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="offer_dense", fields=["case", "seq"]),
            models.UniqueConstraint(name="offer_one_open", fields=["case"], condition=Q(answer="")),
            models.UniqueConstraint(name="offer_one_accepted", fields=["case"], condition=Q(answer="accepted")),
            models.CheckConstraint(name="offer_is_without_prejudice", condition=Q(without_prejudice=True)),
            models.CheckConstraint(
                name="offer_says_something", condition=Q(term_count__gte=1, refund_cny__gte=0, seq__gte=1)
            ),
            models.CheckConstraint(name="offer_side_known", condition=Q(side__in=["consumer", "merchant"])),
            models.CheckConstraint(name="offer_stands_a_while", condition=Q(expires_at__gt=F("made_at"))),
            models.CheckConstraint(
                name="offer_answer_known", condition=Q(answer__in=["", "accepted", "countered", "rejected", "lapsed"])
            ),
            models.CheckConstraint(
                name="offer_answered_with_a_time",
                condition=Q(answer="", answered_at=None) | (~Q(answer="") & Q(answered_at__isnull=False)),
            ),
            # An offer that has lapsed is dead, whoever would like to have said yes.
            models.CheckConstraint(
                name="offer_answered_in_time",
                condition=~Q(answer__in=["accepted", "countered", "rejected"]) | Q(answered_at__lte=F("expires_at")),
            ),
        ]
        indexes = [models.Index(name="offer_lapsing", fields=["expires_at"], condition=Q(answer=""))]

    def __str__(self) -> str:
        return f"{self.seq}. {self.side}"

    @property
    def plain_terms(self) -> list[PlainTerm]:
        """The terms as the pure functions read them."""
        rows = sorted(self.terms.all(), key=lambda row: row.seq)
        return [PlainTerm(row.what, row.due_on, row.amount_cny) for row in rows]

    def has_lapsed(self, at: datetime) -> bool:
        return at > self.expires_at


class Term(models.Model):
    """One thing promised in an offer, and once it is agreed, whether it was kept: reported by the merchant, confirmed by whoever gets it."""

    key_scope = "case_id"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="terms")
    case = models.ForeignKey("mediation.Mediation", on_delete=models.PROTECT, related_name="terms")
    seq = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=10, choices=What)
    amount_cny = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    due_on = models.DateField()
    reported_at = models.DateTimeField(null=True)
    report = EncryptedTextField(blank=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by_kind = models.CharField(max_length=10, blank=True)
    confirmation = EncryptedTextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="term_dense", fields=["offer", "seq"]),
            models.CheckConstraint(
                name="term_has_amount_for_money",
                condition=Q(what__in=["refund", "waive"], amount_cny__gt=0)
                | Q(what__in=["redo", "apology", "credit"], amount_cny=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seq}. {self.what}"


class OfferRelease(models.Model):
    """One side consents that an answered offer may go into evidence bundles of the matter. Only what both released goes in.

    Taken back by the side until a bundle was sealed with it. Source: house without prejudice.
    """

    key_scope = "case_id"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("mediation.Mediation", on_delete=models.PROTECT, related_name="releases")
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="releases")
    side = models.CharField(max_length=10, choices=Side)
    link = models.ForeignKey("mediation.MerchantLink", on_delete=models.PROTECT, null=True, related_name="+")
    said_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)
    evidence = EncryptedTextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="offerrelease_once", fields=["offer", "side"], condition=Q(taken_back_at=None)
            ),
            models.CheckConstraint(name="offerrelease_side_known", condition=Q(side__in=["consumer", "merchant"])),
            # The merchant is whoever holds the link.
            models.CheckConstraint(
                name="offerrelease_of_a_side",
                condition=Q(side="consumer", link=None) | Q(side="merchant", link__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.side} {self.said_at:%Y-%m-%d}"


class Session(models.Model):
    """One meeting of the two with whoever mediates, by video, telephone or in a room: who was there, what was said, its recording by hash.

    Never edited. Without prejudice, as offers are. Source: PML art 27.
    """

    key_scope = "case_id"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("mediation.Mediation", on_delete=models.PROTECT, related_name="sessions")
    held_at = models.DateTimeField()
    minutes_long = models.PositiveSmallIntegerField()
    present = EncryptedTextField()
    minutes = EncryptedTextField()
    recording_sha256 = models.BinaryField(max_length=32, null=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="session_was_held", condition=Q(held_at__lte=F("recorded_at"), minutes_long__gte=1)
            )
        ]

    def __str__(self) -> str:
        return f"{self.held_at:%Y-%m-%d}"


class Agreement(models.Model):
    """One version of the agreement on an accepted offer: who, about what, what is done, how and by when. Never edited.

    `parties` are the names as they were. `sha256` is of everything in it: a signature holds for exactly this. Source: PML art 29.
    """

    key_scope = "case_id"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("mediation.Mediation", on_delete=models.PROTECT, related_name="agreements")
    version = models.PositiveSmallIntegerField()
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="agreements")
    parties = EncryptedTextField()
    facts = EncryptedTextField()
    dispute = EncryptedTextField()
    responsibility = EncryptedTextField()
    manner = EncryptedTextField()
    sha256 = models.BinaryField(max_length=32)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="agreement_dense", fields=["case", "version"])]

    def __str__(self) -> str:
        return f"v{self.version}"


class Signature(models.Model):
    """One side signed one version: a code to its own phone (`challenge`), or the seal of the outside body with what proves it. Never edited.

    `link` is the merchant's, whose holder signed.

    Source: PML art 29, house signature.
    """

    key_scope = "case_id"

    class Side(models.TextChoices):
        CONSUMER = "consumer", pgettext_lazy("mediation", "Consumer")
        MERCHANT = "merchant", pgettext_lazy("mediation", "Merchant")
        BODY = "body", pgettext_lazy("mediation", "Mediation body")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="signatures")
    case = models.ForeignKey("mediation.Mediation", on_delete=models.PROTECT, related_name="signatures")
    side = models.CharField(max_length=10, choices=Side)
    sha256 = models.BinaryField(max_length=32)
    challenge = models.UUIDField(null=True, unique=True)
    phone_mask = models.CharField(max_length=20, blank=True)
    evidence = EncryptedTextField(blank=True)
    link = models.ForeignKey("mediation.MerchantLink", on_delete=models.PROTECT, null=True, related_name="+")
    actor_kind = models.CharField(max_length=10)
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="signature_once", fields=["agreement", "side"]),
            models.CheckConstraint(
                name="signature_by_code_or_seal",
                condition=Q(side__in=["consumer", "merchant"], challenge__isnull=False)
                | Q(side="body", challenge=None, actor_kind="staff"),
            ),
        ]

    def __str__(self) -> str:
        return self.side


class MerchantLink(models.Model):
    """What opens one mediation to its merchant: a token of 128 bits of which only a keyed hash is kept, and a code to the phone named here.

    It opens nothing before `confirmed_at`, after `expires_at`, or once `revoked_at` is set. One is in force at a time, besides those of the
    colleagues that its holder named: `delegated_by` is the link of whoever did, `number` counts the colleagues of a case from 1 (0 is the
    merchant's own), `holder` and `email` say who it is, `may_sign` whether this person signs for the merchant.
    """

    key_scope = "case_id"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("mediation.Mediation", on_delete=models.PROTECT, related_name="merchant_links")
    token_index = models.BinaryField(max_length=32, unique=True)
    phone = EncryptedTextField()
    phone_index = models.BinaryField(max_length=32)
    phone_mask = models.CharField(max_length=20)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    delegated_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="delegates")
    number = models.PositiveSmallIntegerField(default=0)
    holder = EncryptedTextField(blank=True)
    email = EncryptedTextField(blank=True)
    may_sign = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="merchantlink_one", fields=["case"], condition=Q(revoked_at=None, delegated_by=None)
            ),
            models.UniqueConstraint(
                name="merchantlink_one_a_colleague",
                fields=["case", "phone_index"],
                condition=Q(revoked_at=None, delegated_by__isnull=False),
            ),
            models.CheckConstraint(
                name="merchantlink_own_or_numbered",
                condition=Q(delegated_by=None, number=0, may_sign=True) | Q(delegated_by__isnull=False, number__gte=1),
            ),
            models.CheckConstraint(name="merchantlink_ends", condition=Q(expires_at__gt=F("issued_at"))),
            models.CheckConstraint(
                name="merchantlink_confirmed_in_time",
                condition=Q(confirmed_at=None) | Q(confirmed_at__lte=F("expires_at")),
            ),
        ]

    def __str__(self) -> str:
        return self.phone_mask
