"""The OpenAPI document: what REST framework knows of the endpoints, completed with what every operation shares."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

from jike.api.idempotency import HEADER
from jike.web.problems import MEDIA_TYPE

Extension = Callable[[dict[str, Any]], None]

PROBLEM = {
    "type": "object",
    "description": "Why the request was not done: a code for programs, sentences for people, every reason at once.",
    "required": ["type", "title", "status", "code", "blockers"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "blockers": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["code", "message", "source", "field"],
                "properties": {name: {"type": "string"} for name in ("code", "message", "source", "field")},
            },
        },
    },
}
ERRORS = {
    "400": "Malformed or unknown fields, each named.",
    "401": "No living key and no session.",
    "403": "A reason about who asks: no scope, no power, not assigned.",
    "404": "Not there or not yours.",
    "405": "The address does not know this method.",
    "409": "The rules refuse it now; every reason is in `blockers`.",
    "413": "Larger than 256 KiB; a file, than 20 MB; a piece, than 4 MiB.",
    "415": "Not application/json; a file, not multipart/form-data; a piece, not application/octet-stream.",
    "422": "The Idempotency-Key was used for another request.",
    "429": "Too many requests in this minute; Retry-After says how long to wait.",
}
_extensions: list[Extension] = []


def extend(extension: Extension) -> Extension:
    """Register a function that completes the document in place, for what a domain knows better."""
    _extensions.append(extension)
    return extension


class Schema(AutoSchema):
    """An operation: the parameters its endpoint reads, and the key every POST needs."""

    def get_override_parameters(self) -> list[Any]:
        view = self.view
        found: list[Any] = [view.query] if self.method == "GET" and getattr(view, "query", None) else []
        if self.method == "POST" and getattr(view, "is_idempotent", True):
            found.append(
                OpenApiParameter(
                    HEADER,
                    {"type": "string", "pattern": "^[!-~]{1,128}$"},
                    OpenApiParameter.HEADER,
                    required=True,
                    description="A new random value per act; the same value again gives the same answer.",
                )
            )
        return found

    def get_tags(self) -> list[str]:
        return [self.path.removeprefix("/api/v1/").partition("/")[0]]

    def get_operation_id(self) -> str:
        words = [w.strip("{}") for w in self.path.removeprefix("/api/v1/").strip("/").split("/")]
        return "_".join([self.method.lower(), *words])


def complete(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:  # noqa: FBT001 - the signature of drf-spectacular
    """POSTPROCESSING_HOOKS: the problem document on every operation, then what the domains add."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    for path in result["paths"].values():
        for method, operation in path.items():
            if method in ("get", "post", "put", "patch", "delete"):
                _share(operation)
    for name, shape in result["components"]["schemas"].items():
        if name.endswith("Request") and shape.get("type") == "object":
            shape["additionalProperties"] = False
    for extension in _extensions:
        extension(result)
    return result


def problem_response(description: str) -> dict[str, Any]:
    return {
        "description": description,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def _share(operation: dict[str, Any]) -> None:
    for status, description in ERRORS.items():
        operation["responses"].setdefault(status, problem_response(description))


def document() -> dict[str, Any]:
    """The whole document in the language of the reader, made once per process and language."""
    return _document(translation.get_language() or "en")


@functools.cache
def _document(language: str) -> dict[str, Any]:
    with translation.override(language):
        return SchemaGenerator().get_schema(request=None, public=True)
