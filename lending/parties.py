"""How merchants and institutions come to be known from the core lending system. Persons come with their loans.

Source: house loan records.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from jike.base.actors import Actor
from jike.base.errors import Blocker, refuse_if
from jike.base.ids import uuid7
from jike.base.powers import no_power
from jike.privacy import create_keys, normalise_phone, open_sealed
from lending.loans.actions import register_terms
from lending.loans.reading import Reader
from lending.models import Funder, Merchant, Terms
from lending.uscc import validate_uscc

POWER = "lending.register_party"
SOURCE = "house loan records"
Outcome = Literal["created", "updated", "unchanged"]
SHA256 = 64


@transaction.atomic
def register_merchant(content: Any, *, actor: Actor, now: datetime) -> tuple[Merchant, Outcome]:
    """Keep a merchant, `{uscc, name, scene, city, contact_phone?}`, found by its unified social credit code. The same twice changes nothing.

    Name, city and contact follow what is told; a scene that differs is a contradiction. Raises Refused with every reason.
    """
    refuse_if(no_power(actor, POWER), verb=POWER)
    reader = _reader(content)
    said = {
        "name": reader.text("name")[:120],
        "scene": reader.choice("scene", Merchant.Scene.values),
        "city": reader.text("city")[:40],
    }
    uscc, phone = _uscc(reader, optional=False), _phone(reader, "contact_phone")
    reader.end()
    refuse_if(reader.faults, verb=POWER)
    row = Merchant.objects.select_for_update().filter(uscc=uscc).first()
    if row is None:
        row = Merchant(id=uuid7(), uscc=uscc, contact_phone=phone, created_at=now, **said)
        create_keys([row.pk])
        row.save(force_insert=True)
        return row, "created"
    if row.scene != said["scene"]:
        message = _("This merchant is registered with another scene.")
        refuse_if([Blocker("merchant.contradicted", message, SOURCE, "scene")], verb=POWER)
    said["contact_phone"] = phone or (open_sealed(row, "contact_phone") if row.contact_phone else "")
    was = {"name": row.name, "scene": row.scene, "city": row.city}
    was["contact_phone"] = open_sealed(row, "contact_phone") if row.contact_phone else ""
    return row, _kept(row, said, was)


@transaction.atomic
def register_funder(content: Any, *, actor: Actor, now: datetime) -> tuple[Funder, Outcome]:
    """Keep an institution, `{name, letter_name?, uscc?, hotline, address, level?}`, found by its name. The same twice changes nothing.

    Another code for a known name, or another level, is a contradiction; hotline and address follow what is told. Raises Refused.
    """
    refuse_if(no_power(actor, POWER), verb=POWER)
    reader = _reader(content)
    name = reader.text("name")[:120]
    said = {
        "letter_name": (reader.text("letter_name", optional=True) or name)[:120],
        "hotline": reader.text("hotline")[:40],
        "address": reader.text("address"),
    }
    fixed = {
        "uscc": _uscc(reader, optional=True),
        "level": reader.choice("level", Funder.Level.values) if reader.has("level") else Funder.Level.HEAD.value,
    }
    reader.end()
    refuse_if(reader.faults, verb=POWER)
    row = Funder.objects.select_for_update().filter(name=name).first()
    if row is None:
        row = Funder(id=uuid7(), name=name, created_at=now, **said, **fixed)
        row.save(force_insert=True)
        return row, "created"
    message = _("This institution is registered with another value.")
    wrong = [field for field, value in fixed.items() if getattr(row, field) not in ("", value)]
    refuse_if([Blocker("funder.contradicted", message, SOURCE, field) for field in wrong], verb=POWER)
    said |= {"uscc": fixed["uscc"] or row.uscc}
    return row, _kept(row, said, {field: getattr(row, field) for field in said})


def register_terms_of(content: Any, *, actor: Actor, now: datetime) -> tuple[Terms, Outcome]:
    """Keep a version of contract terms, `{code, effective_on, free_return, first_loan_only, silence_is_unserved, text_sha256}`. Source: house RET7."""
    reader = _reader(content)
    code, day = reader.text("code")[:40], reader.day("effective_on")
    flags = {name: reader.flag(name) for name in ("free_return", "first_loan_only", "silence_is_unserved")}
    for name in flags:
        if not reader.has(name):
            reader.fault(name, _("Say yes or no: true or false."))
    digest = reader.text("text_sha256")
    if len(digest) != SHA256 or set(digest) - set("0123456789abcdef"):
        reader.fault("text_sha256", _("Give the SHA-256 of the text as 64 hexadecimal digits."))
    reader.end()
    refuse_if(reader.faults, verb="lending.register_terms")
    is_known = Terms.objects.filter(code=code).exists()
    given: dict[str, Any] = {"code": code, "effective_on": date.fromordinal(day.toordinal()), "text_sha256": digest}
    row = register_terms(**given, **flags, actor=actor, now=now)
    return row, "unchanged" if is_known else "created"


def _kept(row: Any, said: dict[str, Any], was: dict[str, Any]) -> Outcome:
    changed = [field for field, value in said.items() if was[field] != value]
    for field in changed:
        setattr(row, field, said[field])
    if changed:
        row.save(update_fields=changed)
    return "updated" if changed else "unchanged"


def _reader(content: Any) -> Reader:
    reader = Reader(content)
    if not isinstance(content, dict):
        reader.fault("", _("Give an object."))
    return reader


def _uscc(reader: Reader, *, optional: bool) -> str:
    value = reader.text("uscc", optional=optional)
    try:
        validate_uscc(value) if value else None
    except ValidationError:
        reader.fault("uscc", format_lazy(_("“{value}” is no unified social credit code."), value=value))
    return value


def _phone(reader: Reader, name: str) -> str:
    value = reader.text(name, optional=True)
    try:
        return normalise_phone(value) if value else ""
    except ValueError:
        reader.fault(name, _("This number cannot exist. Check the digits."))
        return ""
