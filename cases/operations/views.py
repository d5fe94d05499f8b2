"""The operations page, and putting back what was given up."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cases.desk import rails
from cases.operations import gauges
from jike.base.dates import now as current_instant
from jike.outbox import jobs
from jike.web.health import parts
from jike.web.pages import render_page_or_part


def _may_look(request: HttpRequest) -> None:
    if not request.actor.can("operations.view"):
        raise Http404("operations")


@require_GET
def operations(request: HttpRequest) -> HttpResponse:
    _may_look(request)
    now = current_instant()
    context = {
        "parts": parts(),
        "queues": gauges.queues(now=now),
        "gauges": gauges.gauges(now=now),
        "dead": jobs.dead_letters()[:50],
        "may_retry": request.actor.can("operations.retry"),
        "rails": rails.RAILS,
    }
    return render_page_or_part(request, "operations/operations.html", "operations/_operations.html", context)


@require_POST
def retry(request: HttpRequest, pk: UUID) -> HttpResponse:
    _may_look(request)
    job = get_object_or_404(jobs.dead_letters(), pk=pk)
    jobs.retry_dead(job, actor=request.actor, now=current_instant())
    messages.success(request, _("The job was put back; the workers take it now."))
    return redirect("staff:operations")
