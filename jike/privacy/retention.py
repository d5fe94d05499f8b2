"""The register of columns: which hold personal data, on what ground, for how long. Kept in `config/data_retention.yaml`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from django.apps import apps
from django.conf import settings
from django.db import models

from jike.privacy.fields import EncryptedTextField

OURS = ("jike", "cases", "lending", "fraud", "refunds", "education", "reports")
CLASSES = ("C1", "C2", "C3", "none")


def register_path() -> Path:
    return Path(settings.BASE_DIR) / "config" / "data_retention.yaml"


def read_register() -> dict[str, Any]:
    """{app.model: {column: {class, basis, keep}}} and `rules`: {keep: sentence}, {basis: sentence}."""
    path = register_path()
    return yaml.safe_load(path.read_text(encoding="utf-8")) or {} if path.exists() else {}


def our_models() -> Iterator[type[models.Model]]:
    """The models of this project with a table of their own, by name."""
    ours = [
        m for m in apps.get_models() if m.__module__.partition(".")[0] in OURS and m._meta.managed and not m._meta.proxy
    ]
    yield from sorted(ours, key=lambda model: model._meta.label_lower)


def columns_of(model: type[models.Model]) -> list[models.Field]:
    """The columns of the model's own table; inherited ones belong to the parent's."""
    return list(model._meta.local_concrete_fields)


def wrong_lines(register: dict[str, Any]) -> tuple[list[str], list[str]]:
    """(problems, lines to paste): columns without a line, lines without a column, lines that say too little."""
    problems: list[str] = []
    paste: list[str] = []
    listed = register.get("columns") or {}
    known = set()
    for model in our_models():
        label = model._meta.label_lower
        known.add(label)
        entries = listed.get(label) or {}
        fields = {field.name: field for field in columns_of(model)}
        missing = [field for name, field in fields.items() if name not in entries]
        if missing:
            problems.append(f"{label}: no line for {', '.join(field.name for field in missing)}")
            paste += [f"  {label}:", *(f"    {line_for(field)}" for field in missing)]
        problems += [f"{label}.{name}: there is no such column" for name in entries if name not in fields]
        problems += [
            f"{label}.{name}: {fault}"
            for name, field in fields.items()
            if (fault := _fault(register, field, entries.get(name)))
        ]
    problems += [f"{label}: there is no such model" for label in listed if label not in known]
    return problems, paste


def line_for(field: models.Field) -> str:
    """A first line for a column, to be judged by a person: sealed columns are taken for C2, all others for none."""
    kind = "C2" if isinstance(field, EncryptedTextField) or field.name.endswith(("_mask", "_index")) else "none"
    return f"{field.name}: {{class: {kind}, basis: {'contract' if kind != 'none' else 'none'}, keep: case}}"


def _fault(register: dict[str, Any], field: models.Field, entry: Any) -> str:
    if entry is None:
        return ""
    if not isinstance(entry, dict) or set(entry) != {"class", "basis", "keep"}:
        return "needs class, basis and keep"
    if entry["class"] not in CLASSES:
        return f"class is one of {', '.join(CLASSES)}"
    for word in ("basis", "keep"):
        if entry[word] not in (register.get(word) or {}):
            return f"{word} {entry[word]} is not explained at the top of the file"
    if isinstance(field, EncryptedTextField) and entry["class"] not in {"C2", "C3"}:
        return "a sealed column is C2 or C3"
    return ""
