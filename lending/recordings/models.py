"""Contracts about to be signed, scripts, and the recording. Methods set fields in memory and nothing else."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField, FSMModelMixin, transition

from jike import ledger
from jike.base.actors import Actor
from jike.base.errors import Blocker
from jike.base.ids import uuid7
from jike.privacy.fields import EncryptedTextField
from jike.verbs import Verb
from lending.recordings.states import State


class Contract(models.Model):
    """A contract that is about to be signed, as the core lending system told it. What changes is a new version; rows stay.

    `application` is the number under which the core system will know the loan's contract. `student_hit` is what the core system found about
    the person by itself, whatever is read on camera. Source: house recording.
    """

    class Signing(models.TextChoices):
        REMOTE = "remote", pgettext_lazy("signing", "Remotely")
        IN_PERSON = "in_person", pgettext_lazy("signing", "Face to face")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    application = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField()
    person = models.ForeignKey("lending.Person", on_delete=models.PROTECT, related_name="contracts")
    merchant = models.ForeignKey("lending.Merchant", on_delete=models.PROTECT, null=True, related_name="+")
    funder = models.ForeignKey("lending.Funder", on_delete=models.PROTECT, related_name="+")
    terms = models.ForeignKey("lending.Terms", on_delete=models.PROTECT, null=True, related_name="+")
    principal_cents = models.BigIntegerField()
    term_months = models.PositiveSmallIntegerField()
    annual_percent = models.DecimalField(max_digits=12, decimal_places=6)
    signing = models.CharField(max_length=10, choices=Signing, default=Signing.REMOTE)
    student_hit = models.BooleanField(default=False)
    told_by = models.UUIDField(null=True)
    told_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="contract_version_once", fields=["application", "version"]),
            models.CheckConstraint(
                name="contract_is_a_loan",
                condition=Q(principal_cents__gt=0, term_months__gt=0, annual_percent__gte=0) & ~Q(application=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application} v{self.version}"

    @property
    def values(self) -> dict[str, Any]:
        """What a script says of it, and a permission asks about."""
        return {
            "principal_cents": self.principal_cents,
            "term_months": self.term_months,
            "annual_percent": f"{self.annual_percent:.6f}",
            "merchant": self.merchant.uscc if self.merchant else "",
            "funder": self.funder.name,
        }


class Script(models.Model):
    """One version of what is read: sentences with blanks, the question for consent, what is offered to who declines.

    Drafted by one person, approved by another, in force from a day. `sentences` is a list of {key, kind: read|ask, text}. Never changed after
    its approval. Source: house recording.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=40, unique=True)
    effective_on = models.DateField()
    sentences = models.JSONField()
    consent_text = models.TextField()
    alternative_text = models.TextField()
    text_sha256 = models.CharField(max_length=64)
    drafted_by = models.UUIDField()
    drafted_person = models.UUIDField()
    drafted_at = models.DateTimeField()
    approved_by = models.UUIDField(null=True)
    approved_person = models.UUIDField(null=True)
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="script_approved_by_another",
                condition=Q(approved_at=None, approved_by=None, approved_person=None)
                | (Q(approved_at__isnull=False, approved_by__isnull=False) & ~Q(approved_person=F("drafted_person"))),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Recording(FSMModelMixin, models.Model):
    """One attempt at recording one version of a contract with one script.

    `said` is, sealed, what the script says once its blanks are filled: {values, sentences}. `link_index` is the keyed hash of the token that
    opens it to the borrower. `flags` wait for a person, `failures` say why it did not pass. Everything recorded lies under the key of this
    row's id, whose destruction ends it. Source: house recording.
    """

    class Way(models.TextChoices):
        LINK = "link", pgettext_lazy("way of recording", "On the borrower’s phone")
        COUNTER = "counter", pgettext_lazy("way of recording", "At the counter")
        UPLOAD = "upload", pgettext_lazy("way of recording", "A finished file")

    key_scope = "id"
    EVENTS = "lending.recording"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="recordings")
    script = models.ForeignKey(Script, on_delete=models.PROTECT, related_name="recordings")
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, related_name="+")
    way = models.CharField(max_length=8, choices=Way)
    state = FSMField(max_length=10, choices=State.choices, default=State.SCHEDULED, protected=True)
    version = models.PositiveIntegerField(default=0)
    policy_version = models.CharField(max_length=20)
    said = EncryptedTextField()
    link_index = models.BinaryField(max_length=32, null=True, unique=True)
    link_number = models.PositiveSmallIntegerField(default=0)
    link_expires_at = models.DateTimeField(null=True)
    flags = ArrayField(models.CharField(max_length=30), default=list)
    failures = ArrayField(models.CharField(max_length=30), default=list)
    waits_for_person = models.BooleanField(default=False)
    scheduled_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    judged_at = models.DateTimeField(null=True)
    mend_by_on = models.DateField(null=True)
    archived_at = models.DateTimeField(null=True)
    keep_until_on = models.DateField(null=True)
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="recording_one_under_way",
                fields=["contract"],
                condition=Q(state__in=["scheduled", "recording", "checking"]),
            ),
            models.CheckConstraint(
                name="recording_state_known",
                condition=Q(
                    state__in=["scheduled", "recording", "checking", "passed", "failed", "archived", "destroyed"]
                ),
            ),
            models.CheckConstraint(
                name="recording_state_fits_moments",
                condition=Q(state__in=["scheduled", "recording"], finished_at=None, judged_at=None)
                | Q(state="checking", finished_at__isnull=False, judged_at=None)
                | Q(state="passed", finished_at__isnull=False, judged_at__isnull=False, failures=[])
                | (Q(state="failed", judged_at__isnull=False) & ~Q(failures=[]))
                | Q(state="archived", archived_at__isnull=False, destroyed_at=None)
                | Q(state="destroyed", archived_at__isnull=False, destroyed_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="recording_waits", fields=["unit", "finished_at"], condition=Q(waits_for_person=True)),
            models.Index(name="recording_under_way", fields=["state", "touched_at"]),
            models.Index(name="recording_newest", fields=["unit", "-scheduled_at", "-id"]),
        ]

    def __str__(self) -> str:
        return f"recording {self.pk}"

    @property
    def has_passed(self) -> bool:
        """Whether it passed, also when it lies in the archive since."""
        return self.judged_at is not None and not self.failures and self.state != State.DESTROYED

    @transition(field="state", source=State.SCHEDULED, target=State.RECORDING)
    def mark_begun(self, *, at: datetime) -> None:
        self.touched_at = at

    @transition(field="state", source=State.RECORDING, target=State.CHECKING)
    def mark_finished(self, *, at: datetime) -> None:
        self.finished_at = self.touched_at = at
        self.link_index = self.link_expires_at = None

    @transition(field="state", source=State.CHECKING, target=State.PASSED)
    def mark_passed(self, *, at: datetime) -> None:
        self.judged_at, self.waits_for_person = at, False

    @transition(field="state", source=[State.SCHEDULED, State.RECORDING, State.CHECKING], target=State.FAILED)
    def mark_failed(self, *, failures: list[str], mend_by: date | None, at: datetime) -> None:
        self.failures, self.mend_by_on = failures, mend_by
        self.judged_at, self.waits_for_person = at, False
        self.link_index = self.link_expires_at = None

    @transition(field="state", source=[State.PASSED, State.FAILED], target=State.ARCHIVED)
    def mark_archived(self, *, at: datetime) -> None:
        self.archived_at = at

    @transition(field="state", source=State.ARCHIVED, target=State.DESTROYED)
    def mark_destroyed(self, *, at: datetime) -> None:
        self.destroyed_at = at

    @classmethod
    def locked(cls, pk: UUID) -> Self:
        related = ("contract__person", "contract__merchant", "contract__funder", "script")
        row = cls.objects.select_for_update(of=("self",)).select_related(*related).get(pk=pk)
        row._came_from = row.state
        return row

    @classmethod
    def opened_with(cls, verb: str, key: str) -> Self | None:
        found = RecordingEvent.objects.filter(seq=1, verb=verb, idempotency_key=key).select_related("recording").first()
        return found.recording if found else None  # type: ignore[return-value]

    def barred(self, actor: Actor) -> list[Blocker]:
        return []

    def has_done(self, verb: str, key: str) -> bool:
        return RecordingEvent.objects.filter(recording_id=self.pk, verb=verb, idempotency_key=key).exists()

    def has_moved_since(self, version: int) -> bool:
        return version != self.version

    def record(self, verb: Verb, *, actor: Actor, now: datetime, key: str) -> None:
        """Save the row and append the event and its ledger entry; the version counts up by one."""
        self.version += 1
        before = "" if self._state.adding else getattr(self, "_came_from", self.state)
        event = RecordingEvent(
            recording=self,
            seq=self.version,
            verb=verb.name,
            before_state=before,
            after_state=self.state,
            actor_kind=actor.kind,
            actor_id=actor.id,
            actor_person=actor.person,
            actor_label=actor.label[:60],
            data=getattr(self, "told", {}),
            at=now,
            idempotency_key=key,
        )
        self.save(force_insert=self._state.adding)
        for row in getattr(self, "brought", ()):
            row.save(force_insert=True)
        event.save(force_insert=True)
        facts = event.facts()
        ledger.append(self.pk, verb.name, source=self.EVENTS, source_id=event.pk, facts=facts, now=now)
        self.told, self.brought, self._came_from = {}, (), self.state

    def tell(self, **data: Any) -> None:
        """Ids, codes and numbers for the event that is being made."""
        self.told = {**getattr(self, "told", {}), **data}

    def bring(self, *rows: models.Model) -> None:
        """Rows that are written with the event that is being made."""
        self.brought = (*getattr(self, "brought", ()), *rows)


class RecordingEvent(models.Model):
    """One act on a recording: who, what, when, from which state to which. Looks at it too. Appended with the change, never edited."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    recording = models.ForeignKey(Recording, on_delete=models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    verb = models.CharField(max_length=40)
    before_state = models.CharField(max_length=10, blank=True)
    after_state = models.CharField(max_length=10)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.UUIDField(null=True)
    actor_person = models.UUIDField(null=True)
    actor_label = models.CharField(max_length=60)
    data = models.JSONField(default=dict)
    at = models.DateTimeField()
    idempotency_key = models.CharField(max_length=64, blank=True)
    txid = models.BigIntegerField(db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="recordingevent_dense", fields=["recording", "seq"]),
            models.UniqueConstraint(
                name="recordingevent_opened_once",
                fields=["verb", "idempotency_key"],
                condition=Q(seq=1) & ~Q(idempotency_key=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.verb}"

    def facts(self) -> dict[str, Any]:
        """What the ledger seals of it."""
        return {
            "recording": str(self.recording_id),
            "seq": self.seq,
            "verb": self.verb,
            "before": self.before_state,
            "after": self.after_state,
            "actor": f"{self.actor_kind}:{self.actor_id}",
            "data": self.data,
            "at": int(self.at.timestamp() * 1_000_000),
        }
