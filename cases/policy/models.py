"""One version of one piece of house policy, and what happened to it."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField, FSMModelMixin, transition

from jike import ledger
from jike.base.actors import Actor
from jike.base.errors import Blocker, Text
from jike.base.ids import uuid7
from jike.verbs import Verb, verb_named


class PolicyVersion(FSMModelMixin, models.Model):
    """A version of `code` of one `subject` (reply text, time limit, holiday notice). Holds no personal data.

    `content` is written only while it is a draft; the approval is bound to it by the database. `effective_from` is a Shanghai
    date; the version in force is the newest approved one whose day has come.
    """

    class Subject(models.TextChoices):
        REPLY = "reply", _("Reply texts")
        CLOCK = "clock", _("Time limits")
        CALENDAR = "calendar", _("Holiday notices")

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("policy", "Draft")
        PROPOSED = "proposed", pgettext_lazy("policy", "Waiting for approval")
        APPROVED = "approved", pgettext_lazy("policy", "Approved")
        DROPPED = "dropped", pgettext_lazy("policy", "Dropped")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subject = models.CharField(max_length=10, choices=Subject)
    code = models.CharField(max_length=40)
    title = models.CharField(max_length=120)
    content = models.TextField()
    state = FSMField(max_length=10, choices=State, default=State.DRAFT, protected=True)
    version = models.PositiveIntegerField(default=0, editable=False)
    effective_from = models.DateField(null=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    author_person = models.UUIDField()
    approver = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    approver_person = models.UUIDField(null=True)
    approved_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="policy_four_eyes",
                condition=~Q(state="approved")
                | Q(approver_person__isnull=False, approved_at__isnull=False, effective_from__isnull=False)
                & ~Q(approver_person=F("author_person")),
            ),
            models.UniqueConstraint(
                name="policy_one_pending", fields=["subject", "code"], condition=Q(state__in=["draft", "proposed"])
            ),
        ]
        indexes = [models.Index(name="policy_in_force", fields=["subject", "code", "-effective_from"])]

    def __str__(self) -> str:
        return f"{self.subject} {self.code}"

    @property
    def content_sha256(self) -> str:
        return hashlib.sha256(self.content.encode()).hexdigest()

    @transition(field="state", source=State.DRAFT, target=State.DRAFT)
    def mark_edited(self, *, title: str, content: str, effective_from: Any) -> None:
        self.title, self.content, self.effective_from = title, content, effective_from

    @transition(field="state", source=State.DRAFT, target=State.PROPOSED)
    def mark_proposed(self) -> None:
        pass

    @transition(field="state", source=State.PROPOSED, target=State.DRAFT)
    def mark_returned(self, *, reason: str) -> None:
        self.reason = reason

    @transition(field="state", source=State.PROPOSED, target=State.APPROVED)
    def mark_approved(self, *, approver: UUID, person: UUID, at: datetime) -> None:
        self.approver_id, self.approver_person, self.approved_at = approver, person, at

    @transition(field="state", source=[State.DRAFT, State.PROPOSED], target=State.DROPPED)
    def mark_dropped(self) -> None:
        pass

    # What jike.verbs asks of a subject

    @classmethod
    def locked(cls, pk: UUID) -> Self:
        return cls.objects.select_for_update(of=("self",)).get(pk=pk)

    @classmethod
    def opened_with(cls, verb: str, key: str) -> Self | None:
        return cls.objects.filter(acts__verb=verb, acts__idempotency_key=key, acts__seq=1).first()

    def has_done(self, verb: str, key: str) -> bool:
        return self.acts.filter(verb=verb, idempotency_key=key).exists()

    def has_moved_since(self, version: int) -> bool:
        return version != self.version

    def barred(self, actor: Actor) -> list[Blocker]:
        """Nobody is recused from policy."""
        return []

    def record(self, verb: Verb, *, actor: Actor, now: datetime, key: str) -> None:
        """Save, and append the act and its ledger entry; the version counts up by one."""
        self.version += 1
        self.save(force_insert=self._state.adding)
        act = PolicyAct(
            id=uuid7(),
            policy=self,
            seq=self.version,
            verb=verb.name,
            after_state=self.state,
            content_sha256=self.content_sha256,
            actor_id=actor.user,
            actor_person=actor.human,
            actor_label=actor.label,
            reason=self.reason,
            at=now,
            idempotency_key=key,
        )
        act.save(force_insert=True)
        ledger.append(self.pk, verb.name, source=PolicyAct.LEDGER_SOURCE, source_id=act.pk, facts=act.facts(), now=now)


class PolicyAct(models.Model):
    """One step of a version: who drafted, changed, proposed, returned or approved it, and the hash of what it said then."""

    LEDGER_SOURCE = "policy.act"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    policy = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="acts")
    seq = models.PositiveIntegerField()
    verb = models.CharField(max_length=40)
    after_state = models.CharField(max_length=10)
    content_sha256 = models.CharField(max_length=64)
    actor_id = models.UUIDField()
    actor_person = models.UUIDField()
    actor_label = models.CharField(max_length=60)
    reason = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()
    idempotency_key = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["seq"]
        constraints = [models.UniqueConstraint(name="policyact_dense", fields=["policy", "seq"])]

    def __str__(self) -> str:
        return f"{self.seq} {self.verb}"

    @property
    def verb_label(self) -> Text:
        return verb_named(self.verb).label

    def facts(self) -> dict[str, Any]:
        """What the ledger seals of this act."""
        return {
            "seq": self.seq,
            "verb": self.verb,
            "to": self.after_state,
            "content": self.content_sha256,
            "actor_id": str(self.actor_id),
            "person": str(self.actor_person),
            "at": int(self.at.timestamp() * 1_000_000),
        }

    def digest(self) -> bytes:
        return hashlib.sha256(ledger.canonical(self.facts())).digest()
