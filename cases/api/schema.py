"""What the registry of verbs adds to the OpenAPI document: one address per verb, with its form as the body."""

from __future__ import annotations

import copy
from typing import Any

from cases.api import inputs
from cases.forms import form_of
from cases.kinds import all_kinds
from jike.api.schema import extend
from jike.verbs import Verb, all_verbs

GENERIC = "/api/v1/cases/{number}/verbs/{verb}/"
NUMBER = {"type": "string", "pattern": "^[A-Z]{2}[0-9]{8}-[0-9]{5,12}$"}


@extend
def one_address_per_verb(document: dict[str, Any]) -> None:
    """Replace the address with `{verb}` by one for each verb, so that each body is exactly described."""
    generic = document["paths"].pop(GENERIC)["post"]
    found: dict[str, list[Verb]] = {}
    models = {kind.model for kind in all_kinds()}
    for verb in all_verbs():
        if verb.by_hand and not verb.opens and verb.model in models:
            found.setdefault(verb.short_name, []).append(verb)
    for short_name, verbs in sorted(found.items()):
        document["paths"][GENERIC.format(number="{number}", verb=short_name)] = {"post": _operation(generic, verbs)}
    for path in document["paths"].values():
        for operation in path.values():
            for parameter in operation.get("parameters", []):
                if parameter["name"] == "number" and parameter["in"] == "path":
                    parameter["schema"] = NUMBER


def _by_kind(verbs: list[Verb], bodies: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each kind's own body under its verb's name. Not for oneOf: what one may leave out makes a body that suits another too."""
    prefixes = {kind.model: kind.prefix for kind in all_kinds()}
    said = [f"The body for numbers that begin with {prefixes[verb.model]}." for verb in verbs]
    return [
        {"title": verb.name, "description": text, **body} for verb, text, body in zip(verbs, said, bodies, strict=True)
    ]


def _operation(generic: dict[str, Any], verbs: list[Verb]) -> dict[str, Any]:
    operation = copy.deepcopy(generic)
    short_name = verbs[0].short_name
    operation["operationId"] = f"do_{short_name}"
    operation["tags"] = ["verbs"]
    operation["summary"] = f"{verbs[0].label} ({' | '.join(verb.name for verb in verbs)})"
    operation["parameters"] = [p for p in operation["parameters"] if p["name"] != "verb"]
    bodies = [inputs.schema_of(form_of(verb.name).base_fields) for verb in verbs]
    body = bodies[0] if all(one == bodies[0] for one in bodies) else {"anyOf": _by_kind(verbs, bodies)}
    operation["requestBody"] = {
        "required": any(one["required"] for one in bodies),
        "content": {"application/json": {"schema": body}},
    }
    return operation
