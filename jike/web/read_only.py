"""A page that is only looked at changes nothing: GET and HEAD may not write to the database."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponseBase

logger = logging.getLogger(__name__)

_READS = re.compile(
    r"\s*(\(?\s*SELECT|SHOW|EXPLAIN|SAVEPOINT|RELEASE|ROLLBACK|DECLARE|FETCH|CLOSE|SET|WITH)\b", re.IGNORECASE
)
_WRITES_INSIDE = re.compile(r"\b(INSERT\s+INTO|UPDATE\s+\S+\s+SET|DELETE\s+FROM|MERGE\s+INTO)\b", re.IGNORECASE)

_WRITING = ("INSERT", "UPDATE", "DELETE", "MERGE")


class WriteInGet(Exception):
    """A GET or HEAD request tried to write."""


def is_read(sql: str) -> bool:
    said = sql.upper()  # most statements hold none of these words: four looks cost less than the expression
    return bool(_READS.match(sql)) and not (any(word in said for word in _WRITING) and _WRITES_INSIDE.search(sql))


def _guard(execute: Callable[..., Any], sql: Any, params: Any, many: Any, context: dict[str, Any]) -> Any:
    if not is_read(str(sql)):
        verb = str(sql).split(maxsplit=1)[0]
        if getattr(settings, "STRICT_GETS", settings.DEBUG or settings.DEMO):
            raise WriteInGet(f"A GET request may not run {verb}.")
        logger.error("get.wrote %s", verb)
    return execute(sql, params, many, context)


class ReadOnlyGetMiddleware:
    """Stands right around the view: the session and what is recorded about the request are written further out.

    What a view asks for by `record_after` is written when the guard is open again. With `STRICT_GETS` (the default in debug and demo mode, and in tests) a writing GET fails; in production it is logged.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in {"GET", "HEAD"}:
            return self.get_response(request)
        with connection.execute_wrapper(_guard):
            response = self.get_response(request)
        for record in getattr(request, "records", ()):
            record()
        return response


def record_after(request: HttpRequest, record: Callable[[], object]) -> None:
    """Note, after the page is made, what somebody looked at (which list, how far). Never a fact of the business."""
    request.records = [*getattr(request, "records", ()), record]
