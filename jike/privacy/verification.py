"""Opening every sealed value once: bytes that were changed, or moved from another row, column or scope, do not open."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.apps import apps
from django.db import models

from jike.privacy.fields import EncryptedTextField, scope_of
from jike.privacy.keys import prefetch_keys
from jike.privacy.sealed import Destroyed, Unreadable

BATCH = 1_000


def unreadable_values() -> Iterator[tuple[str, Any, str]]:
    """(table, primary key, column) of every sealed value that does not open though its key was not destroyed.

    Reads only, in batches; memory stays flat. A row that was changed meanwhile is asked again.
    """
    for model in apps.get_models():
        fields = [f for f in model._meta.local_concrete_fields if isinstance(f, EncryptedTextField)]
        if fields:
            yield from _of_model(model, fields)


def _of_model(model: type[models.Model], fields: list[EncryptedTextField]) -> Iterator[tuple[str, Any, str]]:
    rows = model._base_manager.order_by("pk").iterator(chunk_size=BATCH)
    while batch := list(islice(rows, BATCH)):
        prefetch_keys(scope_of(row) for row in batch)
        for row in batch:
            for field in fields:
                if not _opens(row, field) and not _opens(model._base_manager.filter(pk=row.pk).first(), field):
                    yield model._meta.db_table, row.pk, str(field.column)


def _opens(row: models.Model | None, field: EncryptedTextField) -> bool:
    if row is None:
        return True
    try:
        field.decrypt(row)
    except Destroyed:
        return True
    except Unreadable:
        return False
    return True
