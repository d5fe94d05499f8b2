"""The encrypted text column."""

from __future__ import annotations

import importlib
from functools import cache
from types import ModuleType
from typing import Any
from uuid import UUID

from django import forms
from django.core import checks
from django.db import models
from django.db.models.query_utils import DeferredAttribute
from django.utils.functional import Promise

from jike.privacy import sealed
from jike.privacy.sealed import Sealed


@cache
def keys() -> ModuleType:
    """`jike.privacy.keys`, imported on first use: its models have encrypted columns themselves."""
    return importlib.import_module("jike.privacy.keys")


class _SealedAttribute(DeferredAttribute):
    """Wraps text at assignment, so that an instance never carries a plain string that a template or log could print."""

    def __set__(self, instance: models.Model, value: Any) -> None:
        if isinstance(value, str | Promise):
            value = Sealed(None, str(value))
        elif isinstance(value, bytes | bytearray | memoryview):
            raise TypeError(f"{self.field}: assign text, not bytes")
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(models.Field):
    """Text under AES-256-GCM with the key of the row's scope, bound to table, column, row and scope.

    The model names its scope: `key_scope = "case_id"`. Assign `str` to write; reading gives `Sealed`. Works with save,
    update_fields and bulk_create; `QuerySet.update`, bulk_update and lookups (but isnull) are refused, since they have no
    row to bind to. `asks_reason=False` lets people reveal it without giving one; the default asks for all but `phone`.
    """

    descriptor_class = _SealedAttribute
    empty_strings_allowed = True

    def __init__(self, *args: Any, asks_reason: bool | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("editable", True)
        self._asks_reason = asks_reason
        super().__init__(*args, **kwargs)

    @property
    def asks_reason(self) -> bool:
        return self.name != "phone" if self._asks_reason is None else self._asks_reason

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if self._asks_reason is not None:
            kwargs["asks_reason"] = self._asks_reason
        return name, path, args, kwargs

    def get_internal_type(self) -> str:
        return "BinaryField"

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        found = super().check(**kwargs)
        model = self.model
        if not hasattr(model, "key_scope"):
            found.append(
                checks.Error(f"{model.__name__} has encrypted columns and no key_scope.", obj=self, id="privacy.E001")
            )
        pk: Any = model._meta.pk
        while isinstance(pk, models.ForeignKey):
            pk = pk.target_field
        if not isinstance(pk, models.UUIDField):
            found.append(
                checks.Error(
                    "Encrypted columns need a UUID primary key made before INSERT.", obj=self, id="privacy.E002"
                )
            )
        return found

    # Writing

    def pre_save(self, instance: models.Model, add: bool) -> Any:  # noqa: FBT001 - the signature of Django
        value = getattr(instance, self.attname)
        if not isinstance(value, Sealed):
            return value
        if value._clear is not None:
            value.ciphertext = self._encrypt(instance, value._clear)
        elif add and value:
            open_sealed(instance, self.attname)  # a value copied from another row would never open again
        return value

    def _encrypt(self, instance: models.Model, text: str) -> bytes:
        if not text and self.blank:
            return b""
        scope, place = self._scope_and_place(instance)
        is_new = instance._state.adding and scope == getattr(instance, self.model._meta.pk.attname)
        return sealed.seal(keys().cipher_for(scope, create=True, is_new=is_new), text, place)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:  # noqa: FBT001, FBT002 - the signature of Django
        if value is None or hasattr(value, "as_sql"):
            return value
        if value == b"" and self.blank:
            return value  # what a new column holds in rows that are older than it
        if not isinstance(value, Sealed) or value.ciphertext is None:
            raise TypeError(f"{self}: encrypted columns are written through save() or bulk_create(), never by update()")
        return connection.Database.Binary(value.ciphertext)

    def get_prep_value(self, value: Any) -> Any:
        return value

    # Reading

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Sealed | None:
        return None if value is None else Sealed(bytes(value))

    def open(self, value: Sealed, *, pk: UUID, scope: UUID) -> str:
        """The text of a value that was read without its row, for callers that open many."""
        if not value.ciphertext and self.blank:
            return ""
        place = sealed.place_of(self.model._meta.db_table, str(self.column), pk, scope)
        return sealed.unseal(keys().cipher_for(scope), value.ciphertext or b"", place, name=str(self))

    def decrypt(self, instance: models.Model) -> str:
        value = getattr(instance, self.attname)
        if value is None:
            return ""
        if value._clear is not None:
            return str(value._clear)
        if not value.ciphertext and self.blank:
            return ""
        scope, place = self._scope_and_place(instance)
        return sealed.unseal(keys().cipher_for(scope), value.ciphertext, place, name=str(self))

    def _scope_and_place(self, instance: models.Model) -> tuple[UUID, bytes]:
        scope = scope_of(instance)
        pk = getattr(instance, self.model._meta.pk.attname)
        if not isinstance(pk, UUID):
            pk = UUID(str(pk))
        return scope, sealed.place_of(self.model._meta.db_table, str(self.column), pk, scope)

    def get_lookup(self, lookup_name: str) -> Any:
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    # Forms and serialisers

    def to_python(self, value: Any) -> Any:
        return value

    def clean(self, value: Any, instance: models.Model | None) -> Any:
        text = value._clear if isinstance(value, Sealed) and value._clear is not None else value
        self.validate("" if isinstance(value, Sealed) and not value else text, instance)
        if isinstance(text, str):
            self.run_validators(text)
        return value

    def value_from_object(self, obj: models.Model) -> Any:
        return ""  # a form or serialiser starts empty; clear text is put into it on purpose

    def value_to_string(self, obj: models.Model) -> str:
        return str(getattr(obj, self.attname))

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": forms.CharField, "widget": forms.Textarea, **kwargs})


def scope_of(instance: models.Model) -> UUID:
    """The key scope of a row, as its model names it."""
    name = type(instance).key_scope  # type: ignore[attr-defined]
    scope = getattr(instance, name)
    if scope is None:
        raise ValueError(
            f"{instance._meta.label}.{name} must be set before its encrypted columns can be written or read"
        )
    return scope if isinstance(scope, UUID) else UUID(str(scope))


def encrypted_field(obj: models.Model, name: str) -> EncryptedTextField:
    field = obj._meta.get_field(name)
    if not isinstance(field, EncryptedTextField):
        raise TypeError(f"{field} is not encrypted")
    return field


def open_sealed(obj: models.Model, field: str) -> str:
    """The clear text of one value, for machines and for rendering where the right to see it was judged. Not logged.

    Raises `Tampered`, `Destroyed` or `KeyMissing`.
    """
    return encrypted_field(obj, field).decrypt(obj)
