"""Errors as programs read them: `application/problem+json` with a code and every reason."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _

from jike.base.errors import Blocker, Refused, Text

MEDIA_TYPE = "application/problem+json"


def is_for_programs(request: HttpRequest) -> bool:
    """Whether whoever asks reads JSON and no pages."""
    return request.path_info.startswith("/api/")


def problem_body(status: int, code: str, title: Text, blockers: Iterable[Blocker] = ()) -> dict[str, Any]:
    """The document. It never repeats what was asked for: what is hidden and what is not there answer alike."""
    return {
        "type": "about:blank",
        "title": str(title),
        "status": status,
        "code": code,
        "blockers": [blocker.as_dict() for blocker in blockers],
    }


def problem(status: int, code: str, title: Text, blockers: Iterable[Blocker] = ()) -> JsonResponse:
    return JsonResponse(problem_body(status, code, title, blockers), status=status, content_type=MEDIA_TYPE)


def body_of_refusal(refused: Refused) -> dict[str, Any]:
    code = refused.blockers[0].code if refused.blockers else "refused"
    return problem_body(refused.http_status, code, _("This cannot be done now."), refused.blockers)


def not_found_body() -> dict[str, Any]:
    return problem_body(404, "not_found", _("There is nothing here, or it is not yours."))
