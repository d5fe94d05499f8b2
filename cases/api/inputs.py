"""A verb's form as JSON: its schema for programs, and a JSON body as the form takes it."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from cases.forms import VerbForm
from jike.api.errors import Malformed
from jike.base.errors import Blocker, Refused

OPEN = r"^[A-Za-z0-9_.:-]{1,80}$"
MOST_CHOICES = 300
MOST_ITEMS = 1_000
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII | re.IGNORECASE)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
VERSION = {
    "type": "integer",
    "minimum": 1,
    "maximum": 2147483647,
    "description": "Refused with case.changed when the case has moved on.",
}


def schema_of(fields: dict[str, forms.Field]) -> dict[str, Any]:
    """JSON Schema of an object with these fields and `version`. Unbound choices of a form without a case are left open."""
    return {
        "type": "object",
        "properties": {**{name: _shape(field) for name, field in fields.items()}, "version": VERSION},
        "required": [name for name, field in fields.items() if field.required and field.initial is None],
        "additionalProperties": False,
    }


def _shape(field: forms.Field) -> dict[str, Any]:
    shape = _kind_of(field)
    label = str(field.label or "")
    help_text = str(field.help_text or "")
    return {**shape, **({"title": label} if label else {}), **({"description": help_text} if help_text else {})}


def _kind_of(field: forms.Field) -> dict[str, Any]:
    """The shape of a field. One that is a list of strings of its own spelling says so by `json_items`, the pattern of each."""
    if pattern := getattr(field, "json_items", ""):
        return {"type": "array", "items": {"type": "string", "pattern": pattern}, "maxItems": MOST_ITEMS}
    match field:
        case forms.BooleanField():
            return {"type": "boolean"}
        case forms.MultipleChoiceField() | forms.ModelMultipleChoiceField():
            least = {"minItems": 1} if field.required else {}
            return {"type": "array", "items": _choice(field), **least, "maxItems": MOST_CHOICES, "uniqueItems": True}
        case forms.ChoiceField() | forms.ModelChoiceField():
            return _choice(field)
        case forms.DecimalField():
            whole = (field.max_digits or 18) - (field.decimal_places or 0)
            return {"type": "string", "pattern": rf"^[0-9]{{1,{whole}}}(\.[0-9]{{1,{field.decimal_places or 2}}})?$"}
        case forms.IntegerField():
            bounds = {"minimum": field.min_value, "maximum": field.max_value}
            return {"type": "integer", **{name: value for name, value in bounds.items() if value is not None}}
        case forms.DateTimeField():
            return {"type": "string", "format": "date-time"}
        case forms.DateField():
            return {"type": "string", "format": "date"}
    longest = {"maxLength": field.max_length} if getattr(field, "max_length", None) else {}
    return {"type": "string", **longest, **({"minLength": 1, "pattern": r"\S"} if field.required else {})}


def _choice(field: Any) -> dict[str, Any]:
    unknown: dict[str, Any] = {"pattern": OPEN}
    if isinstance(field, forms.ModelChoiceField):
        name = field.to_field_name or "pk"
        values = [str(getattr(row, name)) for row in field.queryset[:MOST_CHOICES]]
        if name == "pk":
            unknown = {"format": "uuid"}
    else:
        values = [str(value) for value in _flat(field.choices) if str(value)]
    return {"type": "string", **({"enum": values} if values else unknown)}


def _flat(choices: Any) -> list[Any]:
    found: list[Any] = []
    for value, label in choices:
        found += [inner for inner, _label in label] if isinstance(label, (list, tuple)) else [value]
    return found


def bound(form_class: type[VerbForm], body: dict[str, Any], **given: Any) -> VerbForm:
    """The form filled from a JSON body and judged.

    Raises `Malformed` with every unknown and every malformed field, and `Refused` where all is as the document says and only this
    case does not take it.
    """
    empty = form_class(**given)
    faults = [_not_here(empty, name) for name in sorted(set(body) - set(empty.fields))]
    data: dict[str, Any] = {}
    for name, field in empty.fields.items():
        if body.get(name) is None:
            if name not in body and field.initial is not None:
                data[name] = field.initial
        elif _has_type(field, body[name]):
            data[name] = body[name] if isinstance(body[name], (bool, list)) else str(body[name])
        else:
            faults.append(Blocker(f"{name}.wrong_type", wrong_type(), field=name))
    form = form_class(data=data, **given)
    named = {fault.field for fault in faults}
    faults += [
        Blocker(f"{name}.{error.code or 'invalid'}", message, field=name)
        for name, errors in form.errors.as_data().items()
        if name not in named
        for error in errors
        for message in error.messages
    ]
    if faults and all(_is_refusal(form, fault, body.get(fault.field)) for fault in faults):
        raise Refused(faults, verb="input")
    if faults:
        raise Malformed(faults)
    return form


def _not_here(form: VerbForm, name: str) -> Blocker:
    if name in form.base_fields:
        return Blocker(f"{name}.not_asked", _("This case does not ask for this field. Leave it out."), field=name)
    return Blocker("field.unknown", _("This field is not known here."), field=name[:60])


def _is_refusal(form: VerbForm, fault: Blocker, value: Any) -> bool:
    """Whether the value has the shape the document gives for every case, and only this case or our calendar does not take it."""
    field = form.base_fields.get(fault.field)
    if field is None:
        return False
    match fault.code.rpartition(".")[2]:
        case "out_of_range" | "not_found":
            return True
        case "not_asked":
            return value is None or _has_type(field, value)
        case "required":
            return not field.required
        case "invalid_choice" | "invalid_pk_value":
            return _is_in_document(field, value)
    return False


def _is_in_document(field: forms.Field, value: Any) -> bool:
    shape = _kind_of(field)
    known = shape.get("items", shape).get("enum")
    return known is None or all(one in known for one in (value if isinstance(value, list) else [value]))


def _has_type(field: forms.Field, value: Any) -> bool:
    if pattern := getattr(field, "json_items", ""):
        return isinstance(value, list) and all(isinstance(one, str) and re.fullmatch(pattern, one) for one in value)
    wanted = _kind_of(field)["type"] if not isinstance(field, (forms.ChoiceField, forms.ModelChoiceField)) else "string"
    if isinstance(field, (forms.MultipleChoiceField, forms.ModelMultipleChoiceField)):
        return isinstance(value, list) and all(isinstance(one, str) for one in value) and len(set(value)) == len(value)
    if wanted == "boolean":
        return isinstance(value, bool)
    if wanted == "integer":
        return is_whole(value)
    return isinstance(value, str) and _is_spelled(field, value)


def is_whole(value: Any) -> bool:
    """Whether a JSON number is an integer as JSON Schema means it: 3 and also 3.0, never true."""
    return not isinstance(value, bool) and (isinstance(value, int) or (isinstance(value, float) and value.is_integer()))


def _is_spelled(field: forms.Field, value: str) -> bool:
    """Whether amounts, days and instants are written as the document says; people may write them in more ways."""
    match field:
        case forms.DecimalField():
            return re.search(_kind_of(field)["pattern"], value) is not None
        case forms.DateTimeField():
            return _TIME.fullmatch(value) is not None
        case forms.DateField():
            return _DAY.fullmatch(value) is not None
    return True


def wrong_type() -> str:
    return _("This value has another type than the schema says.")
