"""A bundle, how far its making has come, what came of it, and who let it out."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from jike.base.ids import uuid7
from jike.privacy.fields import EncryptedTextField


class Bundle(models.Model):
    """What a bundle is made of, for good. Other inputs make the next version; earlier ones stay.

    `manifest` is canonical JSON of everything that goes in, `manifest_sha256` its hash: per case and profile there is one bundle of the
    same inputs. `beside` are the ids of what both sides of a talk released for it. `code` is random and printed on it, for anyone to check it by.
    """

    key_scope = "case_id"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="bundles")
    profile = models.CharField(max_length=12)
    version = models.PositiveIntegerField()
    manifest = EncryptedTextField()
    manifest_sha256 = models.BinaryField()
    items = models.PositiveIntegerField()
    beside = ArrayField(models.UUIDField(), default=list)
    code = models.CharField(max_length=24, unique=True)
    asked_by_kind = models.CharField(max_length=10)
    asked_by_id = models.UUIDField(null=True)
    asked_by_person = models.UUIDField(null=True)
    asked_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="bundle_version_once", fields=["case", "profile", "version"]),
            models.UniqueConstraint(name="bundle_of_the_same_once", fields=["case", "profile", "manifest_sha256"]),
            models.CheckConstraint(name="bundle_holds_something", condition=Q(items__gte=1, version__gte=1)),
        ]

    def __str__(self) -> str:
        return f"bundle {self.profile} v{self.version} of {self.case_id}"


class Stage(models.Model):
    """One step of making a bundle: how much of it is done. A worker that takes over goes on where the last one was."""

    class Name(models.TextChoices):
        PAGES = "pages", pgettext_lazy("bundle", "Pages of every item")
        SHEETS = "sheets", pgettext_lazy("bundle", "Cover, index and lists")
        BIND = "bind", pgettext_lazy("bundle", "Bound and numbered")
        SIGN = "sign", pgettext_lazy("bundle", "Signed and checked")
        PACKAGE = "package", pgettext_lazy("bundle", "Packed with proofs")

    bundle = models.ForeignKey(Bundle, on_delete=models.CASCADE, related_name="stages")
    name = models.CharField(max_length=8, choices=Name)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=1)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="stage_once", fields=["bundle", "name"]),
            models.CheckConstraint(name="stage_done_at_most_all", condition=Q(done__lte=F("total"))),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.done}/{self.total}"


class Halt(models.Model):
    """Making a bundle stopped and a person must look: an original is not what was sealed, or the pages cannot be bound."""

    bundle = models.ForeignKey(Bundle, on_delete=models.CASCADE, related_name="halts")
    code = models.CharField(max_length=40)
    label = models.CharField(max_length=20, blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.code} {self.label}"


class Binding(models.Model):
    """The finished bundle: the document and the package around it. Never changed."""

    bundle = models.OneToOneField(Bundle, on_delete=models.PROTECT, primary_key=True, related_name="binding")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    package = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    pages = models.PositiveIntegerField()
    is_signed = models.BooleanField()
    notes = models.JSONField(default=list)
    bound_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"binding of {self.bundle_id}"


class Release(models.Model):
    """A second person let a bundle out of the house, to whom it was made for. Before that it is only looked at. One vote, one bundle."""

    bundle = models.OneToOneField(Bundle, on_delete=models.PROTECT, primary_key=True, related_name="release")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    approval = models.OneToOneField("cases.Approval", on_delete=models.PROTECT, related_name="+")
    asked_by_person = models.UUIDField()
    released_by_person = models.UUIDField()
    released_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="release_by_another_person", condition=~Q(asked_by_person=F("released_by_person"))
            )
        ]

    def __str__(self) -> str:
        return f"release of {self.bundle_id}"
