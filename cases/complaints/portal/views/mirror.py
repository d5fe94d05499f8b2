"""What the consumer sees of a case, for staff who see it whole: to look at, never to act."""

from __future__ import annotations

from csp.constants import NONE
from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases.complaints.portal import pages
from cases.complaints.portal.queries import complaint_for
from cases.portal.forms import WordsForm
from cases.queries import sight_of
from jike.accounts.roles import consumer_actor
from jike.base.dates import now as current_instant
from jike.privacy.reads import note_read
from jike.web.read_only import record_after


@require_safe
@csp_replace({"form-action": [NONE]})
def as_consumer(request: HttpRequest, number: str) -> HttpResponse:
    """The tracking page as its owner would get it now. The look is logged like every look at the case."""
    now, case = current_instant(), complaint_for(request.actor, number)
    if sight_of(case, request.actor) != "full":
        raise Http404(number)
    record_after(request, lambda: note_read(request.actor, case.pk, now=now))
    shown = pages.case_page(case, consumer_actor(case.consumer_id), now=now)
    return render(request, "complaints/portal/mirror.html", {**shown, "form": WordsForm()})
