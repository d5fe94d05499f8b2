"""The one place where a refusal becomes an answer: every reason with its source, and a record of it."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from jike.accounts.spaces import space_of
from jike.base.dates import now
from jike.base.errors import Refused
from jike.web.models import RefusalLog
from jike.web.pages import wants_part
from jike.web.problems import MEDIA_TYPE, body_of_refusal, is_for_programs

logger = logging.getLogger(__name__)


class RefusalMiddleware:
    """Answer `Refused` with 403 or 409 (the reasons decide) and record it.

    The answer is made at once; the record is written when the request has left the read-only guard, in a transaction of
    its own, so that it survives the rollback of what was refused.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        refused = getattr(request, "refused", None)
        if refused is not None:
            _record(request, refused)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return answer_refusal(request, exception) if isinstance(exception, Refused) else None


def answer_refusal(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The page, part or problem document for `refused`. Views that show reasons in their own form need not use it."""
    request.refused = refused
    if is_for_programs(request):
        return JsonResponse(body_of_refusal(refused), status=refused.http_status, content_type=MEDIA_TYPE)
    context = {"blockers": refused.blockers, "is_forbidden": refused.http_status == 403, "back": _page_before(request)}
    if not wants_part(request):
        return render(request, "web/refused.html", context, status=refused.http_status)
    response = render(request, "web/_refused.html", context, status=refused.http_status)
    response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#refusals", "innerHTML show:top"
    return response


def _page_before(request: HttpRequest) -> str:
    """The page the form was on, when the browser says so and it is ours; else the front page of the space."""
    before = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(before, {request.get_host()}, require_https=request.is_secure())
    return before if is_ours else space_of(request.path_info).path


def _record(request: HttpRequest, refused: Refused) -> None:
    actor, match = getattr(request, "actor", None), request.resolver_match
    row = RefusalLog(
        at=now(),
        verb=refused.verb,
        route=(match.view_name or "")[:120] if match else "",
        codes=[blocker.code for blocker in refused.blockers],
        status=refused.http_status,
        actor_kind=actor.kind if actor else "",
        actor_id=actor.id if actor else None,
        subject=str(match.kwargs.get("number", ""))[:40] if match else "",
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except DatabaseError:
        logger.exception("refusal.not_recorded %s", refused.verb)
