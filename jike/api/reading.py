"""The OpenAPI document as rows a template prints: operations by subject, with their parameters, bodies and answers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Operation:
    method: str
    path: str
    anchor: str
    summary: str
    description: str
    inputs: list[dict[str, Any]]
    body: str
    answers: list[dict[str, str]]


def sections(document: dict[str, Any]) -> list[dict[str, Any]]:
    """[{tag, operations}] in the order of the document."""
    found: dict[str, list[Operation]] = {}
    for path, methods in document["paths"].items():
        for method, content in methods.items():
            if method in ("get", "post", "delete"):
                found.setdefault(content["tags"][0], []).append(_operation(document, path, method, content))
    return [{"tag": tag, "operations": operations} for tag, operations in found.items()]


def _operation(document: dict[str, Any], path: str, method: str, content: dict[str, Any]) -> Operation:
    summary, _sep, more = content.get("description", "").partition("\n")
    return Operation(
        method=method.upper(),
        path=path,
        anchor=content["operationId"],
        summary=content.get("summary") or summary,
        description=more.strip(),
        inputs=[_input(p) for p in content.get("parameters", [])],
        body=_body(document, content),
        answers=[
            {"status": status, "text": answer.get("description", "")} for status, answer in content["responses"].items()
        ],
    )


def _input(parameter: dict[str, Any]) -> dict[str, Any]:
    shape = parameter.get("schema", {})
    return {
        "name": parameter["name"],
        "place": parameter["in"],
        "required": parameter.get("required", False),
        "shape": shape.get("format") or shape.get("type", ""),
        "text": parameter.get("description", ""),
    }


def _body(document: dict[str, Any], content: dict[str, Any]) -> str:
    shape = content.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    if shape is None:
        return ""
    if "$ref" in shape:
        shape = document["components"]["schemas"][shape["$ref"].rpartition("/")[2]]
    return json.dumps(shape, indent=2, ensure_ascii=False)
