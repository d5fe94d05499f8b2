"""What the API keeps: keys, answers given once, how often somebody asked, and calls that came in."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from jike.base.ids import uuid7
from jike.privacy.fields import EncryptedTextField


class ApiKey(models.Model):
    """A key of one program. The key itself is shown once and never stored: `digest` is the SHA-256 of 256 random bits.

    `owner` is a service account: a staff account without a password, with its unit and one role. The key may do what the
    role may, narrowed by `scopes`. Keys are revoked, never deleted. `last_used_at` is coarse (see `keys.NOTE_EVERY`).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=60)
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.BinaryField(max_length=32)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="api_keys")
    scopes = ArrayField(models.CharField(max_length=60))
    created_at = models.DateTimeField()
    created_by = models.UUIDField(null=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.UUIDField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="apikey_expires_after_creation", condition=Q(expires_at__gt=models.F("created_at"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.prefix}"


class Answer(models.Model):
    """The answer to one POST, kept so that the same request sent again is answered the same and done once.

    The row is written first and in the transaction of the act: a second request with its key waits for that transaction.
    `fingerprint` is a keyed hash of method, address and body. The answer may name people and is sealed under the owner's key.
    """

    key_scope = "owner"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.UUIDField()
    key_digest = models.BinaryField(max_length=32)
    fingerprint = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField(null=True)
    location = models.CharField(max_length=200, blank=True)
    body = EncryptedTextField(blank=True)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="answer_once", fields=["owner", "key_digest"])]

    def __str__(self) -> str:
        return f"answer {self.status}"


class Window(models.Model):
    """How often one key, account or address asked within the running minute. An unlogged table: a crash forgets it, harmlessly."""

    subject = models.UUIDField(primary_key=True)
    started_at = models.DateTimeField()
    count = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.subject} {self.count}"


class Callback(models.Model):
    """A signed call from a provider, taken once. `body` holds ids and codes only."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    provider = models.CharField(max_length=20)
    event = models.CharField(max_length=80)
    body = models.JSONField()
    received_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="callback_once", fields=["provider", "event"])]

    def __str__(self) -> str:
        return f"{self.provider} {self.event}"


class Subscription(models.Model):
    """Where events of some types are sent. `owner` is whoever subscribed: only events of cases the owner may list leave."""

    key_scope = "id"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="subscriptions")
    url = models.CharField(max_length=300)
    types = ArrayField(models.CharField(max_length=60))
    secret = EncryptedTextField()
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(name="subscription_living", fields=["created_at"], condition=Q(ended_at=None))]

    def __str__(self) -> str:
        return f"subscription {self.id}"


class Shipment(models.Model):
    """One event on its way to one subscriber. `body` holds ids, codes and states; `status` is the last answer's code, 0 for none.

    `round` counts replays: each is a job of its own with the same message id, so that the receiver can tell it is the same.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, related_name="shipments")
    event = models.UUIDField()
    type = models.CharField(max_length=60)
    body = models.JSONField()
    created_at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=60, blank=True)
    tries = models.PositiveIntegerField(default=0)
    round = models.PositiveSmallIntegerField(default=1)
    last_try_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="shipment_once", fields=["subscription", "event"])]
        indexes = [models.Index(name="shipment_newest", fields=["-created_at"])]

    def __str__(self) -> str:
        return f"{self.type} {self.status}"
