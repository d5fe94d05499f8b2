"""The one exception handler: whatever goes wrong becomes a problem document, and a fault of ours stays a fault."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response

from jike.base.errors import Blocker, Refused
from jike.web.problems import MEDIA_TYPE, body_of_refusal, not_found_body, problem_body


class Malformed(Exception):
    """The request has not the shape it must have: 400, with every field at fault."""

    def __init__(self, blockers: list[Blocker]) -> None:
        self.blockers = blockers
        super().__init__(", ".join(blocker.code for blocker in blockers))


class Mismatch(Exception):
    """The same idempotency key with another request: 422."""


def malformed(field: str, problem: str, message: Any) -> Malformed:
    return Malformed([Blocker(f"{_code(field)}.{problem}", message, field=field)])


def to_problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """REST framework's EXCEPTION_HANDLER. None lets a fault of ours go on to the log and the 500."""
    if isinstance(error, Refused):
        context["request"]._request.refused = error
        return answer(body_of_refusal(error))
    if isinstance(error, Http404):
        return answer(not_found_body())
    if isinstance(error, Malformed):
        return answer(problem_body(400, "request.malformed", _("The request has not the right shape."), error.blockers))
    if isinstance(error, exceptions.ValidationError):
        return to_problem(Malformed(list(blockers_of(error.detail))), context)
    if isinstance(error, Mismatch):
        return answer(
            problem_body(422, "idempotency_key.reused", _("This Idempotency-Key was used for another request."))
        )
    if isinstance(error, RequestDataTooBig):
        return answer(problem_body(413, "request.too_large", _("The request is too large.")))
    if isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if not isinstance(error, exceptions.APIException):
        return None
    return _of_framework(error, takes_json=context["view"].parser_classes[0].media_type == "application/json")


def answer(body: dict[str, Any], headers: dict[str, str] | None = None) -> Response:
    return Response(body, status=body["status"], content_type=MEDIA_TYPE, headers=headers)


def _of_framework(error: exceptions.APIException, *, takes_json: bool) -> Response:
    if isinstance(error, exceptions.ParseError):
        title = _("The body is no JSON object.") if takes_json else _("The form cannot be read.")
        return answer(problem_body(400, "body.unreadable", title))
    known = {
        401: ("key.missing", _("Send a living key: Authorization: Bearer jk_…")),
        403: ("actor.not_allowed", _("This key or session may not do this.")),
        405: ("method.not_allowed", _("This address does not know the method.")),
        415: ("body.not_json", _("Send application/json."))
        if takes_json
        else ("body.not_form", _("Send multipart/form-data.")),
    }
    code, title = known.get(error.status_code, ("request.refused", _("The request could not be understood.")))
    if error.get_codes() == "csrf.failed":
        code = "actor.csrf"
    headers = {"WWW-Authenticate": "Bearer"} if error.status_code == 401 else {}
    return answer(problem_body(error.status_code, code, title), headers)


def blockers_of(detail: Any, field: str = "") -> Iterator[Blocker]:
    """Serializer errors as blockers that name their field."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from blockers_of(
                inner, field if name == "non_field_errors" else f"{field}.{name}" if field else str(name)
            )
    elif isinstance(detail, list):
        for inner in detail:
            yield from blockers_of(inner, field)
    else:
        yield Blocker(f"{_code(field)}.{getattr(detail, 'code', 'invalid')}", str(detail), field=field)


def _code(field: str) -> str:
    """A field's name as the head of a code; what is no name of ours is not repeated in one."""
    return (
        field if field.replace("_", "").replace(".", "").isalnum() and len(field) <= 40 and field.isascii() else "field"
    )
