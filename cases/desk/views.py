"""The workbench views: fetch by a door, shape by a form, one action, redirect or part."""

from __future__ import annotations

import secrets

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from cases.desk import page, preview, queue, rails
from cases.forms import form_of
from cases.models import Case
from cases.queries import approvals_waiting_for, case_for, document_for, party_for
from cases.rules import blockers_to_reveal
from jike import privacy
from jike.base.dates import now as current_instant
from jike.base.errors import refuse_if
from jike.files import store
from jike.verbs import Verb, verbs_of
from jike.web.downloads import SensitiveDownload
from jike.web.pages import render_page_or_part, wants_part


@require_GET
def queue_page(request: HttpRequest, rail: str = "mine") -> HttpResponse:
    now = current_instant()
    chosen = rails.rail_named(rail)
    cases = rails.open_cases(request.actor, chosen, now=now)
    listed = queue.page_of(cases, request.actor, cursor=request.GET.get("after", ""), now=now)
    context = {"page": listed, "rails": rails.RAILS, "rail": chosen}
    return render_page_or_part(request, "desk/queue.html", "desk/_queue.html", context)


@require_GET
def rail_counts(request: HttpRequest) -> HttpResponse:
    counts = rails.counts(request.actor, now=current_instant())
    return render(
        request, "desk/_rail.html", {"rails": rails.RAILS, "counts": counts, "rail_code": request.GET.get("rail", "")}
    )


@require_GET
def find_case(request: HttpRequest) -> HttpResponse:
    number = request.GET.get("q", "").strip().upper()
    try:
        return redirect("staff:case", number=case_for(request.actor, number).number)
    except Http404:
        messages.error(request, _("No case of yours has this number."))
        return redirect("staff:queue")


@require_GET
def case_page(request: HttpRequest, number: str) -> HttpResponse:
    case = case_for(request.actor, number)
    context = page.case_context(case, request.actor, now=current_instant()) | {"rails": rails.RAILS}
    return render(request, "desk/case.html", context)


@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """Any verb of any kind: its form on GET, the action on POST."""
    case = case_for(request.actor, number)
    chosen = _verb_of(case, verb)
    form = form_of(chosen.name)(request.POST or None, case=case, actor=request.actor)
    now = current_instant()
    if request.method == "POST" and form.is_valid():
        version = int(request.POST["version"]) if request.POST.get("version", "").isdigit() else None
        chosen.action(
            case, actor=request.actor, now=now, key=request.POST.get("key", ""), version=version, **form.inputs()
        )
        messages.success(request, _("Done: %(verb)s") % {"verb": chosen.label})
        target = redirect("staff:case", number=number)
        return HttpResponseClientRedirect(target.url) if wants_part(request) else target
    context = page.verb_context(case, chosen, form, request.actor, now=now) | {
        "key": request.POST.get("key") or secrets.token_hex(16),
        "rails": rails.RAILS,
    }
    status = 400 if request.method == "POST" else 200
    return render_page_or_part(request, "desk/act.html", "desk/_act.html", context, status=status)


def _verb_of(case: Case, short_name: str) -> Verb:
    for verb in verbs_of(type(case)):
        if verb.short_name == short_name and verb.by_hand:
            return verb
    raise Http404(short_name)


@require_POST
def preview_message(request: HttpRequest, number: str) -> HttpResponse:
    case = case_for(request.actor, number)
    return render(request, "desk/_preview.html", preview.message_context(case, request.POST.get("text", "")))


@require_POST
def reveal(request: HttpRequest, number: str, party: str, field: str) -> HttpResponse:
    """Show one masked field of one party. The phone of one's own case needs no reason; every reveal is logged."""
    case = case_for(request.actor, number)
    row = party_for(request.actor, case, party)
    if field not in page.REVEALABLE:
        raise Http404(field)
    reason = request.POST.get("reason", "")[:200]
    refuse_if(blockers_to_reveal(case, request.actor, field=field, reason=reason), verb="cases.reveal")
    clear = privacy.reveal(request.actor, row, field, reason=reason, now=current_instant())
    return render(request, "desk/_revealed.html", {"value": clear, "field": field})


@require_GET
def document(request: HttpRequest, number: str, code: str) -> HttpResponse:
    case = case_for(request.actor, number)
    found = document_for(request.actor, case, code)
    return SensitiveDownload(
        store.read(found.file),
        media_type=found.file.media_type,
        name=f"{case.number}.pdf",
        subject=case.pk,
        purpose="case work",
    )


@require_GET
def approvals(request: HttpRequest) -> HttpResponse:
    waiting = page.approval_rows(approvals_waiting_for(request.actor)[:100], now=current_instant())
    return render(request, "desk/approvals.html", {"waiting": waiting, "rails": rails.RAILS})
