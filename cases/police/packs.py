"""What goes to an authority: for whom, on what legal basis and for what purpose, what was made of it, who let it out, who took it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from jike.base.ids import uuid7
from jike.privacy.fields import EncryptedTextField


class Pack(models.Model):
    """Statement, losses and list of papers for one authority. Never edited: what is to go elsewhere, or otherwise, is another pack.

    `manifest` is canonical JSON of everything printed, `manifest_sha256` its hash; `basis` a code of `config/rules/police.yaml` and
    `reference` where the consent or the request of the authority is found. Source: PIPL art 23, PIPL art 29, house R55.
    """

    key_scope = "case_id"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("police.PoliceReport", on_delete=models.PROTECT, related_name="packs")
    seq = models.PositiveSmallIntegerField()
    recipient = models.CharField(max_length=120)
    basis = models.CharField(max_length=20)
    reference = EncryptedTextField()
    purpose = EncryptedTextField()
    statement = models.ForeignKey("police.Statement", on_delete=models.PROTECT, related_name="packs")
    manifest = EncryptedTextField()
    manifest_sha256 = models.BinaryField(max_length=32)
    items = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=24, unique=True)
    asked_by = models.UUIDField()
    asked_by_person = models.UUIDField()
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="pack_dense", fields=["case", "seq"])]

    def __str__(self) -> str:
        return f"pack {self.seq}"

    @property
    def state(self) -> str:
        """making, finished or released."""
        if not hasattr(self, "made"):
            return "making"
        return "released" if hasattr(self, "release") else "finished"


class PackFile(models.Model):
    """The finished document of a pack."""

    pack = models.OneToOneField(Pack, on_delete=models.PROTECT, primary_key=True, related_name="made")
    case = models.ForeignKey("police.PoliceReport", on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    pages = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"file of {self.pack_id}"


class PackRelease(models.Model):
    """A second person let a pack out, to the authority it was made for. One vote, one pack. Source: house four eyes."""

    pack = models.OneToOneField(Pack, on_delete=models.PROTECT, primary_key=True, related_name="release")
    case = models.ForeignKey("police.PoliceReport", on_delete=models.PROTECT, related_name="+")
    approval = models.OneToOneField("cases.Approval", on_delete=models.PROTECT, related_name="+")
    asked_by_person = models.UUIDField()
    released_by_person = models.UUIDField()
    released_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="packrelease_by_another_person", condition=~Q(asked_by_person=F("released_by_person"))
            )
        ]

    def __str__(self) -> str:
        return f"release of {self.pack_id}"


class PackTaking(models.Model):
    """A pack left the house: by whom, to whom it was given, when. Written before the first byte. Source: house R55."""

    key_scope = "case_id"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    pack = models.ForeignKey(Pack, on_delete=models.PROTECT, related_name="takings")
    case = models.ForeignKey("police.PoliceReport", on_delete=models.PROTECT, related_name="+")
    given_to = EncryptedTextField()
    taken_by = models.UUIDField()
    taken_by_label = models.CharField(max_length=60)
    taken_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"taking of {self.pack_id}"
