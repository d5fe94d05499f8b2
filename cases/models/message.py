"""What was said, to whom, through which channel, and the proof that it was sent."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from jike.base.ids import uuid7
from jike.privacy.fields import EncryptedTextField


class Message(models.Model):
    """One text through one channel. The row is never edited; that it was sent is a `Delivery`.

    A letter holds the whole text of the paper and is issued as a `Document`; it has a delivery only where it was posted.
    """

    key_scope = "case_id"

    class Audience(models.TextChoices):
        CONSUMER = "consumer", _("Consumer")
        MERCHANT = "merchant", _("Merchant")
        AUTHORITY = "authority", _("Authority")

    class Channel(models.TextChoices):
        SMS = "sms", _("Text message")
        EMAIL = "email", _("E-mail")
        INBOX = "inbox", _("Portal inbox")
        LETTER = "letter", _("Letter on paper")

    class Purpose(models.TextChoices):
        RECEIPT = "receipt", _("Acknowledgement")
        ACCEPTANCE = "acceptance", _("Acceptance")
        DECISION = "decision", _("Decision notice")
        WITHDRAWAL = "withdrawal", _("Withdrawal confirmed")
        CLOSING = "closing", _("Closing")
        SUPPLEMENT = "supplement", _("Material asked for")
        DECLINE = "decline", _("Complaint declined")
        EXTENSION = "extension", _("Time limit extended")
        PAUSE = "pause", _("Time limit paused or resumed")
        AGREEMENT = "agreement", _("Date agreed")
        RESTART = "restart", _("Time limit counted anew")
        CORRECTION = "correction", _("Time of receipt corrected")
        RECUSAL = "recusal", _("Recusal decided")
        REVIEW = "review", _("Review")
        MERGE = "merge", _("Merged complaints")
        REOPENING = "reopening", _("Reopening")
        SURVEY = "survey", _("Survey")
        STATEMENT = "statement", _("Your word on the decision")
        CONTACT = "contact", _("Telephone number")
        LETTER = "letter", _("Message")
        REPLY = "reply", _("Answer to a question")
        ROUTING = "routing", _("Report passed on")
        ANSWER = "answer", _("From the consumer")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="messages")
    party = models.ForeignKey("cases.Party", on_delete=models.PROTECT, null=True, related_name="messages")
    audience = models.CharField(max_length=12, choices=Audience)
    channel = models.CharField(max_length=8, choices=Channel)
    purpose = models.CharField(max_length=12, choices=Purpose)
    is_incoming = models.BooleanField(default=False)
    template = models.CharField(max_length=80, blank=True)
    subject = EncryptedTextField(blank=True)
    body = EncryptedTextField()
    document = models.ForeignKey("cases.Document", on_delete=models.PROTECT, null=True, related_name="messages")
    decision = models.ForeignKey("cases.Decision", on_delete=models.PROTECT, null=True, related_name="notices")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="message_notice_once",
                fields=["decision", "channel", "party"],
                condition=models.Q(purpose="decision", is_incoming=False),
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose} by {self.channel}"


class Delivery(models.Model):
    """Proof that a message left: accepted by a channel, or recorded by a person with evidence. Never edited.

    `sent_at` is the moment of sending, which stops the statutory clock; arrival does not matter. Source: O2020-3 art 21.
    """

    class Manner(models.TextChoices):
        SMS = "sms", _("Text message")
        EMAIL = "email", _("E-mail")
        INBOX = "inbox", _("Portal inbox")
        POST = "post", _("Post")
        HANDED = "handed", _("Handed over")
        CALL = "call", _("Telephone call")

    key_scope = "case_id"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="deliveries")
    message = models.OneToOneField(Message, on_delete=models.PROTECT, null=True, related_name="delivery")
    manner = models.CharField(max_length=8, choices=Manner)
    sent_at = models.DateTimeField()
    provider = models.CharField(max_length=40, blank=True)
    provider_id = models.CharField(max_length=80, blank=True)
    number_mask = models.CharField(max_length=20, blank=True)
    evidence = EncryptedTextField(blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "deliveries"

    def __str__(self) -> str:
        return f"{self.manner} {self.sent_at:%Y-%m-%d %H:%M}"


class Note(models.Model):
    """An internal note of the staff. Never shown to a party."""

    key_scope = "case_id"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    body = EncryptedTextField()
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"note {self.created_at:%Y-%m-%d %H:%M}"
