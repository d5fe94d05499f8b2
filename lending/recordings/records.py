"""What a recording consists of, what was found in it, who looked, and what became of it. Rows are added and stay."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from jike.base.ids import uuid7
from jike.privacy.fields import EncryptedTextField
from lending.recordings.models import Contract, Recording
from lending.recordings.states import Answer, Choice


class RecordingConsent(models.Model):
    """The separate answer to whether face and voice may be recorded, before anything was. Source: PIPL art 29, house recording."""

    recording = models.OneToOneField(Recording, on_delete=models.PROTECT, primary_key=True, related_name="consent")
    choice = models.CharField(max_length=14, choices=Choice)
    text_sha256 = models.CharField(max_length=64)
    given_to_kind = models.CharField(max_length=10)
    given_to_id = models.UUIDField(null=True)
    given_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"consent of {self.recording_id}"


class RecordingPart(models.Model):
    """One stretch of a recording without interruption: one file. After an interruption the next part begins.

    Pieces lie sealed under a key of their own while they come; joined, the part lies in `file` under the key of the recording, with its hashes.
    `size` and `sha256` are what was said beforehand of a finished file.
    """

    class Origin(models.TextChoices):
        CAMERA = "camera", pgettext_lazy("recording part", "Recorded in the browser")
        FILE = "file", pgettext_lazy("recording part", "Uploaded")

    class State(models.TextChoices):
        OPEN = "open"
        JOINING = "joining"
        DONE = "done"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    recording = models.ForeignKey(Recording, on_delete=models.PROTECT, related_name="parts")
    number = models.PositiveSmallIntegerField()
    origin = models.CharField(max_length=6, choices=Origin)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    kind = models.CharField(max_length=100, blank=True)
    received = models.PositiveBigIntegerField(default=0)
    size = models.PositiveBigIntegerField(null=True)
    sha256 = models.BinaryField(max_length=32, null=True)
    file = models.ForeignKey("files.StoredFile", on_delete=models.SET_NULL, null=True, related_name="+")
    file_sha256 = models.BinaryField(max_length=32, null=True)
    file_sm3 = models.BinaryField(max_length=32, null=True)
    reason = models.CharField(max_length=60, blank=True)
    began_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    is_swept = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="recordingpart_once", fields=["recording", "number"]),
            models.CheckConstraint(
                name="recordingpart_within_size", condition=Q(size=None) | Q(received__lte=F("size"))
            ),
            models.CheckConstraint(
                name="recordingpart_joined_has_hashes",
                condition=~Q(state="done") | Q(file_sha256__isnull=False, file_sm3__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                name="recordingpart_same_file", fields=["file_sha256"], condition=Q(file_sha256__isnull=False)
            ),
            models.Index(name="recordingpart_to_sweep", fields=["touched_at"], condition=Q(is_swept=False)),
        ]

    def __str__(self) -> str:
        return f"part {self.number} of {self.recording_id}"


class RecordingPiece(models.Model):
    """One piece of a part on its way in, sealed before it is acknowledged."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    part = models.ForeignKey(RecordingPart, on_delete=models.CASCADE, related_name="pieces")
    offset = models.PositiveBigIntegerField()
    size = models.PositiveIntegerField()
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(name="recordingpiece_once", fields=["part", "offset"])]

    def __str__(self) -> str:
        return f"piece {self.offset} of {self.part_id}"


class RecordingMark(models.Model):
    """When one sentence was shown and when it was read or answered, in milliseconds of its part. Read again, it has another mark."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    recording = models.ForeignKey(Recording, on_delete=models.PROTECT, related_name="marks")
    part = models.ForeignKey(RecordingPart, on_delete=models.PROTECT, related_name="marks")
    number = models.PositiveSmallIntegerField()
    attempt = models.PositiveSmallIntegerField()
    began_ms = models.PositiveIntegerField()
    ended_ms = models.PositiveIntegerField()
    answer = models.CharField(max_length=4, choices=Answer)
    marked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="recordingmark_once", fields=["recording", "number", "attempt"]),
            models.CheckConstraint(name="recordingmark_goes_forward", condition=Q(ended_ms__gte=F("began_ms"))),
        ]

    def __str__(self) -> str:
        return f"sentence {self.number} of {self.recording_id}"


class RecordingCheck(models.Model):
    """What the worker found, once. `facts` are numbers and codes; `coverage` the percentage of each sentence the transcript holds."""

    key_scope = "recording_id"

    recording = models.OneToOneField(Recording, on_delete=models.PROTECT, primary_key=True, related_name="checks")
    facts = models.JSONField()
    flags = ArrayField(models.CharField(max_length=30), default=list)
    failures = ArrayField(models.CharField(max_length=30), default=list)
    transcriber = models.CharField(max_length=40, blank=True)
    transcript = EncryptedTextField(blank=True)
    coverage = models.JSONField(default=dict)
    sample_draw = models.PositiveSmallIntegerField()
    checked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"checks of {self.recording_id}"


class RecordingVerdict(models.Model):
    """What a person decided, once, by somebody who did not record it: every flag answered, with a reason. Source: house R58."""

    key_scope = "recording_id"

    recording = models.OneToOneField(Recording, on_delete=models.PROTECT, primary_key=True, related_name="verdict")
    is_passed = models.BooleanField()
    cleared = ArrayField(models.CharField(max_length=30), default=list)
    faults = ArrayField(models.CharField(max_length=30), default=list)
    reason = EncryptedTextField()
    decided_by = models.UUIDField()
    decided_person = models.UUIDField()
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="recordingverdict_passed_is_clean", condition=Q(is_passed=False) | Q(faults=[]))
        ]

    def __str__(self) -> str:
        return f"verdict on {self.recording_id}"


class RecordingLook(models.Model):
    """Somebody opened a recording to watch it: who, why, until when it plays. Shown to the borrower."""

    key_scope = "recording_id"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    recording = models.ForeignKey(Recording, on_delete=models.PROTECT, related_name="looks")
    actor_id = models.UUIDField()
    reason = EncryptedTextField()
    at = models.DateTimeField()
    until_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(name="recordinglook_open", fields=["recording", "actor_id", "-until_at"])]

    def __str__(self) -> str:
        return f"look at {self.recording_id}"


class RecordingHold(models.Model):
    """A legal hold: while it stands nothing is destroyed. Lifted once, by name."""

    key_scope = "recording_id"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    recording = models.ForeignKey(Recording, on_delete=models.PROTECT, related_name="holds")
    reason = EncryptedTextField()
    placed_by = models.UUIDField()
    placed_at = models.DateTimeField()
    lifted_by = models.UUIDField(null=True)
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="recordinghold_one", fields=["recording"], condition=Q(lifted_at=None))
        ]

    def __str__(self) -> str:
        return f"hold on {self.recording_id}"


class DestructionVote(models.Model):
    """One of the two people who approve that a recording is destroyed. Source: house R62."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    recording = models.ForeignKey(Recording, on_delete=models.PROTECT, related_name="votes")
    voter = models.UUIDField()
    voter_person = models.UUIDField()
    voted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="destructionvote_by_two", fields=["recording", "voter_person"])]

    def __str__(self) -> str:
        return f"vote on {self.recording_id}"


class DestructionCertificate(models.Model):
    """Proof that a recording was destroyed: the hashes of what it was, the two who approved it, and when its key was found to open nothing."""

    recording = models.OneToOneField(Recording, on_delete=models.PROTECT, primary_key=True, related_name="certificate")
    files = models.JSONField()
    approved_by = ArrayField(models.UUIDField(), size=2)
    kept_until_on = models.DateField()
    destroyed_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"certificate of {self.recording_id}"


class Permission(models.Model):
    """Money may leave for this version of a contract: because its recording passed, or because none is asked for. Refusals leave no row."""

    class Basis(models.TextChoices):
        RECORDED = "recorded", pgettext_lazy("permission", "The recording has passed")
        NOT_NEEDED = "not_needed", pgettext_lazy("permission", "No recording is asked for")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="permissions")
    recording = models.ForeignKey(Recording, on_delete=models.PROTECT, null=True, related_name="permissions")
    basis = models.CharField(max_length=10, choices=Basis)
    policy_version = models.CharField(max_length=20)
    given_to = models.UUIDField(null=True)
    given_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="permission_names_its_recording",
                condition=Q(basis="recorded", recording__isnull=False) | Q(basis="not_needed", recording=None),
            )
        ]
        indexes = [models.Index(name="permission_newest", fields=["contract", "-given_at"])]

    def __str__(self) -> str:
        return f"permission for {self.contract_id}"
