"""Staff accounts, the units they belong to, and codes sent to the phones of people without an account."""

from __future__ import annotations

from itertools import combinations
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jike.accounts.roles import ADMINISTRATORS, blockers_to_hold, role_labels
from jike.base.errors import Text, refuse_if
from jike.base.ids import uuid7
from jike.base.kept import kept
from jike.privacy.fields import EncryptedTextField


class Unit(models.Model):
    """A part of the group that handles cases. A branch has a superior unit; the head office has none."""

    class Level(models.TextChoices):
        HEAD = "head", _("Head office")
        BRANCH = "branch", _("Branch")
        DEPARTMENT = "department", _("Department")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=60)
    level = models.CharField(max_length=12, choices=Level)
    superior = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="branches")

    def __str__(self) -> str:
        return self.name


@kept
def _name_of_unit(pk: UUID) -> str:
    return Unit.objects.get(pk=pk).name


class UserManager(BaseUserManager["User"]):
    """Makes accounts; a role that its person may not hold is refused before anything is written."""

    def create_user(self, username: str, *, password: str | None = None, **fields: Any) -> User:
        user = self.model(username=username, **fields)
        held = [role for roles in self.filter(person=user.person).values_list("roles", flat=True) for role in roles]
        refuse_if(blockers_to_hold(user.roles, also=held))
        user.set_password(password)
        user.save(force_insert=True)
        return user


class User(AbstractBaseUser):
    """A staff account. `person` is the human behind it: four-eyes rules compare persons, not accounts."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    username = models.CharField(max_length=60, unique=True)
    display_name = models.CharField(max_length=60)
    staff_no = models.CharField(max_length=20, unique=True)
    person = models.UUIDField(default=uuid7)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="members")
    roles = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    is_active = models.BooleanField(default=True)
    is_on_leave = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["display_name", "staff_no"]

    class Meta:
        constraints = [
            models.CheckConstraint(name=f"user_not_{first}_and_{second}", condition=~Q(roles__contains=[first, second]))
            for first, second in combinations(sorted(ADMINISTRATORS), 2)
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def unit_name(self) -> str:
        """What the menu of every page says; nobody's unit is called anything."""
        return _name_of_unit(self.unit_id) if self.unit_id else ""

    @property
    def role_labels(self) -> list[Text]:
        return role_labels(self.roles)


class PhoneChallenge(models.Model):
    """A code sent to a phone: good for one purpose in one browser session, for five minutes and five tries, once.

    The code itself is nowhere stored: it is derived from `id`. A decoy has no code in anybody's hands; it is answered like
    any other, so that nobody learns which phones are known here.
    """

    key_scope = "id"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    phone_index = models.BinaryField(max_length=32)
    phone = EncryptedTextField()
    purpose = models.CharField(max_length=30)
    session_binding = models.BinaryField(max_length=32)
    address_index = models.BinaryField(max_length=32)
    is_decoy = models.BooleanField(default=False)
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(name="challenge_of_phone", fields=["phone_index", "created_at"]),
            models.Index(name="challenge_of_address", fields=["address_index", "created_at"]),
            models.Index(name="challenge_oldest", fields=["created_at"]),
        ]
        constraints = [models.CheckConstraint(name="challenge_few_tries", condition=Q(tries__lte=5))]

    def __str__(self) -> str:
        return f"{self.purpose} {self.id}"
