"""The panel beside a case, and the pages of clusters and mass events."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cases.complaints.actions import form_mass
from cases.complaints.house_rules import house_rules
from cases.desk import rails
from cases.lists import bulk
from cases.queries import case_for
from cases.ties import pages, queries
from cases.ties.actions import JUDGE, judge_cluster
from cases.ties.models import Cluster
from cases.ties.panel import panel_of
from jike.base.dates import now as current_instant
from jike.web.pages import render_page_or_part

ON_MANY = ("send_reply", "leave_mass")


@require_GET
def ties(request: HttpRequest, number: str) -> HttpResponse:
    """Beside the case page as a part of its own; a page by itself without JavaScript."""
    case = case_for(request.actor, number)
    context = panel_of(case, request.actor, now=current_instant()) | {"rails": rails.RAILS}
    return render_page_or_part(request, "ties/ties.html", "ties/_ties.html", context)


@require_GET
def clusters(request: HttpRequest) -> HttpResponse:
    if not queries.may_see_clusters(request.actor):
        raise Http404("clusters")
    asked = request.GET.get("verdict", "")
    verdict = asked if asked in Cluster.Verdict.values else ""
    rows = pages.cluster_rows(request.actor, verdict, now=current_instant())
    context = {"rows": rows, "verdict": verdict, "verdicts": Cluster.Verdict.choices, "rails": rails.RAILS}
    return render(request, "ties/clusters.html", context | {"rule": house_rules().likeness})


@require_GET
def cluster(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = queries.cluster_for(request.actor, pk, now=current_instant())
    context = pages.cluster_context(found, request.actor) | {"rails": rails.RAILS}
    return render(request, "ties/cluster.html", context | {"may_judge": request.actor.can(JUDGE)})


@require_POST
def cluster_judge(request: HttpRequest, pk: UUID) -> HttpResponse:
    now = current_instant()
    found = queries.cluster_for(request.actor, pk, now=now)
    given = {name: request.POST.get(name, "") for name in ("verdict", "was")}
    judged = judge_cluster(found, actor=request.actor, now=now, **given)
    messages.success(request, _("Kept: %(verdict)s") % {"verdict": judged.get_verdict_display()})
    return redirect("staff:cluster", pk=pk)


@require_POST
def cluster_gather(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Choose all its cases for joining a mass event; what happens to each is looked at first."""
    now = current_instant()
    found = queries.cluster_for(request.actor, pk, now=now)
    earliest_first = queries.cluster_cases_for(request.actor, found).order_by("received_at", "id")
    cases = queries.acted_on_by(request.actor, earliest_first, bulk.MOST)
    return redirect("staff:bulk", pk=bulk.draft(request.actor, "join_mass", cases, now=now).pk)


@require_GET
def events(request: HttpRequest) -> HttpResponse:
    rows = pages.event_rows(request.actor)
    return render(request, "ties/events.html", {"rows": rows, "rails": rails.RAILS})


@require_GET
def event(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = queries.event_for(request.actor, pk)
    return render(request, "ties/event.html", pages.event_context(found, request.actor) | {"rails": rails.RAILS})


@require_POST
def event_act(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One act on every case of the event: the cases are frozen now and looked at before anything happens."""
    verb, found = request.POST.get("verb", ""), queries.event_for(request.actor, pk)
    if verb not in ON_MANY:
        raise Http404(verb)
    cases = queries.acted_on_by(request.actor, queries.event_cases_for(request.actor, found), bulk.MOST)
    return redirect("staff:bulk", pk=bulk.draft(request.actor, verb, cases, now=current_instant()).pk)


@require_POST
def event_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Form a mass event around one of the chosen cases; the others of the choice may then join it."""
    found = bulk.bulk_for(request.actor, pk)
    lead = pages.lead_among(found, request.actor, request.POST.get("lead", ""))
    name = request.POST.get("name", "")
    form_mass(lead, actor=request.actor, now=current_instant(), key=request.POST.get("key", ""), name=name)
    made = queries.event_of(request.actor, lead)
    messages.success(request, _("The mass event is formed. Now let the other cases join it."))
    target = redirect("staff:bulk", pk=pk)
    target["Location"] += f"?event={made.pk}" if made else ""
    return target
