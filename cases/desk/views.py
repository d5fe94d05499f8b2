"""The workbench views: fetch by a door, shape by a form, one action, redirect or part."""

from __future__ import annotations

import secrets
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.desk import columns, frozen, page, preview, rails, saved
from cases.desk.listing import Listing
from cases.desk.timeline import View, remember_order
from cases.desk.way import came_from, inbox_of, next_of
from cases.forms import VerbForm, form_of
from cases.models import Case
from cases.queries import case_for, document_for, party_for
from cases.rules import blockers_to_reveal
from cases.writing import drafts
from jike import privacy
from jike.base import htmx
from jike.base.dates import now as current_instant
from jike.base.errors import Refused, refuse_if
from jike.files import store
from jike.privacy.reads import note_read
from jike.verbs import Verb, verbs_of
from jike.web.downloads import SensitiveDownload
from jike.web.pages import render_page_or_part, wants_part
from jike.web.read_only import record_after


@require_GET
def queue_page(request: HttpRequest, rail: str = "mine") -> HttpResponse:
    found = Listing(request.GET, rail, request.actor, now=current_instant())
    if record := saved.opened(request.actor, request.GET.get("view", ""), now=found.now):
        record_after(request, record)
    context = {
        "list": found,
        "page": found.page(),
        "headings": columns.headings_of(found.columns),
        "all_columns": columns.choices_of(found.columns),
        "rails": rails.RAILS,
        "rail": found.rail,
    }
    status = 400 if found.error else 200
    return render_page_or_part(request, "desk/queue.html", "desk/_queue.html", context, status=status)


@require_GET
def queue_count(request: HttpRequest, rail: str) -> HttpResponse:
    return HttpResponse(Listing(request.GET, rail, request.actor, now=current_instant()).count())


@require_GET
def queue_news(request: HttpRequest, rail: str) -> HttpResponse:
    """What came since the list was drawn, as a button: rows never move by themselves."""
    found = Listing(request.GET, rail, request.actor, now=current_instant())
    context = {"list": found, "number": found.news_since(request.GET.get("since", ""))}
    return render(request, "desk/_news.html", context)


@require_GET
def rail_counts(request: HttpRequest) -> HttpResponse:
    now = current_instant()
    counts = rails.counts(request.actor, now=now)
    context = {"rails": rails.RAILS, "counts": counts, "rail_code": request.GET.get("rail", "")}
    return render(request, "desk/_rail.html", context | {"saved": saved.views_with_counts(request.actor, now=now)})


@require_GET
def find_case(request: HttpRequest) -> HttpResponse:
    """The search box: a whole case number opens the case, everything else narrows the list one stands in."""
    text = request.GET.get("q", "").strip()
    try:
        return redirect("staff:case", number=case_for(request.actor, text.upper()).number)
    except Http404:
        pass
    target = reverse("staff:queue_rail", args=[rails.rail_named(request.GET.get("in", "all")).code])
    return redirect(f"{target}?{urlencode({'q': text})}" if text else target)


@require_GET
def case_page(request: HttpRequest, number: str) -> HttpResponse:
    now = current_instant()
    case = case_for(request.actor, number)
    place, record = frozen.place_of(case, request.GET, request.actor, now=now)
    if record:
        record_after(request, record)
    view = View.of(request)
    context = page.case_context(case, request.actor, now=now, view=view) | {"rails": rails.RAILS, "place": place}
    context["key"] = secrets.token_hex(16)
    if context["sees_all"]:
        record_after(request, lambda: note_read(request.actor, case.pk, now=now))
    answer = render(request, "desk/case.html", context)
    return remember_order(answer, request)


@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """Any verb of any kind: its form on GET, the action on POST."""
    case = case_for(request.actor, number)
    chosen = _verb_of(case, verb)
    typed = drafts.drafts_of(case, actor=request.actor).get(verb, {}) if request.method == "GET" else {}
    form = form_of(chosen.name)(request.POST or None, case=case, actor=request.actor, typed=typed | _chosen(request))
    status = 400 if request.method == "POST" else 200
    refused = None
    if request.method == "POST" and form.is_valid():
        try:
            return _done(request, case, chosen, form)
        except Refused as reasons:
            request.refused = refused = reasons  # recorded by the middleware; the form keeps what was typed
            status = reasons.http_status
    case = case_for(request.actor, number) if refused else case
    context = page.verb_context(case, chosen, form, request.actor, now=current_instant(), refused=refused)
    context |= {
        "key": request.POST.get("key") or secrets.token_hex(16),
        "rails": rails.RAILS,
        **came_from(request),
    }
    context["since"] = page.lines_since(case, request.actor, _version(request)) if refused else []
    return render_page_or_part(request, "desk/act.html", "desk/_act.html", context, status=status)


def _chosen(request: HttpRequest) -> dict[str, str]:
    """What a link to the form has chosen already: a task, a promise, a source. Hidden fields are never filled so."""
    known = ("task", "promise", "source", "party", "term", "hearing", "fact", "sum", "material", "loss", "leg")
    return {name: value for name, value in request.GET.items() if name in known}


def _done(request: HttpRequest, case: Case, verb: Verb, form: VerbForm) -> HttpResponse:
    """Do it, forget the draft, and go back to the case."""
    key = request.POST.get("key", "")
    verb.action(case, actor=request.actor, now=current_instant(), key=key, version=_version(request), **form.inputs())
    if form.fields:  # a click alone leaves no draft
        drafts.forget_draft(case, verb.short_name, actor=request.actor)
    messages.success(request, _("Done: %(verb)s") % {"verb": verb.label})
    target = redirect(next_of(request, case))
    return htmx.go_to(target.url) if wants_part(request) else target


def _version(request: HttpRequest) -> int | None:
    """The version of the case that the page was drawn from."""
    return int(request.POST["version"]) if request.POST.get("version", "").isdigit() else None


def _verb_of(case: Case, short_name: str) -> Verb:
    for verb in verbs_of(type(case)):
        if verb.short_name == short_name and verb.by_hand:
            return verb
    raise Http404(short_name)


@require_POST
def preview_verb(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """What this verb would tell the consumer, with what is filled in so far. Writes nothing."""
    now, case = current_instant(), case_for(request.actor, number)
    chosen = _verb_of(case, verb)
    form = form_of(chosen.name)(request.POST, case=case, actor=request.actor)
    shown = preview.preview_context(case, chosen, form, request.actor, now=now)
    if wants_part(request):
        return render(request, "desk/_preview.html", shown)
    context = page.verb_context(case, chosen, form, request.actor, now=now) | shown
    context |= {"key": request.POST.get("key") or secrets.token_hex(16), "rails": rails.RAILS}
    return render(request, "desk/act.html", context)


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
    waiting = page.approval_rows(inbox_of(request.actor)[:100], now=current_instant())
    return render(request, "desk/approvals.html", {"waiting": waiting, "rails": rails.RAILS})
