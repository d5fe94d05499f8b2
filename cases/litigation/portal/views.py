"""The consumer's page of a litigation, what is done on it, and the papers as files."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from cases.litigation import actions
from cases.litigation.models import Litigation
from cases.litigation.portal.pages import page_context
from cases.litigation.queries import litigation_for, paper_for
from cases.litigation.views import sent
from cases.portal.sessions import own
from jike.accounts.access import public
from jike.base.actors import Actor
from jike.base.dates import now as current_instant
from jike.base.errors import Refused

own_litigation = own(litigation_for)


@own_litigation
def page(request: HttpRequest, case: Litigation, actor: Actor) -> HttpResponse:
    done = {"done_now": request.GET.get("done", "")[:20]}
    return render(request, "litigation/portal/home.html", page_context(case, actor, now=current_instant()) | done)


@public
@require_POST
@own_litigation
def act(request: HttpRequest, case: Litigation, actor: Actor) -> HttpResponse:
    """Confirm the papers that were read, write to counsel, or give it up. A refusal shows every reason and keeps what was typed."""
    now, done, key = current_instant(), request.POST.get("act", ""), request.POST.get("key", "")[:64]
    try:
        if done == "confirm":
            sha256 = request.POST.get("sha256", "")[:64]
            actions.confirm_papers(case, actor=actor, now=now, key=key, sha256=sha256)
        elif done == "message":
            actions.send_message(case, actor=actor, now=now, key=key, text=request.POST.get("text", ""))
        elif done == "withdraw":
            actions.withdraw_litigation(case, actor=actor, now=now, key=key)
        else:
            raise Http404
    except Refused as refused:
        request.refused = refused
        shown = page_context(Litigation.objects.get(pk=case.pk), actor, now=now) | {
            "blockers": refused.blockers,
            "typed": request.POST.get("text", ""),
        }
        return render(request, "litigation/portal/home.html", shown, status=refused.http_status)
    return redirect(f"{reverse('portal:case', args=[case.number])}?done={done}")


@public
@require_safe
@own_litigation
def paper(request: HttpRequest, case: Litigation, actor: Actor, pk: UUID) -> HttpResponse:
    """One of the own papers as a file."""
    return sent(paper_for(actor, case, pk), purpose="own paper")
