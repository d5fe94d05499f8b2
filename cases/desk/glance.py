"""A look into a case from the list, and the command bar: what is one key away."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from cases.desk import page, rails, saved
from cases.kinds import kind_named
from cases.lists import saving
from cases.queries import case_for, sight_of, timeline_of
from cases.search.text import folded
from jike.base.actors import Actor
from jike.base.dates import CST
from jike.base.dates import now as current_instant
from jike.base.errors import Text
from jike.privacy import open_sealed, prefetch_keys
from jike.verbs import verb_named

EVENTS = 3
MOST = 12


@dataclass(frozen=True, slots=True)
class Command:
    """One line of the command bar."""

    label: Text
    address: str
    icon: str
    also: str = ""


@require_GET
def glance(request: HttpRequest, number: str) -> HttpResponse:
    """Last three events, the consumer's own words (only where the whole case is seen), the next step, the two main acts."""
    now = current_instant()
    case = case_for(request.actor, number)
    kind = kind_named(case.kind)
    events = list(timeline_of(case, request.actor).order_by("-seq")[:EVENTS])
    context = {
        "case": case,
        "next_step": kind.next_step(case),
        "events": [
            (e.at.astimezone(CST).strftime("%m-%d %H:%M"), verb_named(e.verb).label, e.actor_label) for e in events
        ],
        "words": page.words_of(case) if sight_of(case, request.actor) == "full" else {},
        "main": page.main_of(kind, case, page.gates_of(case, request.actor, now=now)),
    }
    return render(request, "desk/_glance.html", context)


@require_GET
def palette(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("q", "").strip()
    wanted = folded(asked)
    found = [
        *_case(request.actor, asked),
        *(one for one in _everything(request) if wanted in folded(f"{one.label} {one.also}")),
    ]
    if asked:
        found.append(Command(asked, f"{reverse('staff:find')}?{urlencode({'q': asked})}", "search"))
    return render(request, "desk/_palette.html", {"commands": found[:MOST]})


def _case(actor: Actor, text: str) -> list[Command]:
    try:
        number = case_for(actor, text.upper()).number
    except Http404:
        return []
    return [Command(number, reverse("staff:case", args=[number]), "arrow-right-circle")]


def _everything(request: HttpRequest) -> list[Command]:
    """The open verbs of the case one looks at, then saved views, then the lists."""
    views = list(saving.views_for(request.actor))
    prefetch_keys(view.pk for view in views)
    return [
        *_verbs(request.actor, request.GET.get("case", "")),
        *(Command(open_sealed(v, "name"), saved.address_of(v), "bookmark") for v in views),
        *(
            Command(rail.label, reverse("staff:queue_rail", args=[rail.code]), rail.icon, rail.also)
            for rail in rails.RAILS
        ),
        Command(_("Approvals"), reverse("staff:approvals"), "shield-check"),
    ]


def _verbs(actor: Actor, number: str) -> list[Command]:
    try:
        case = case_for(actor, number)
    except Http404:
        return []
    gates = page.gates_of(case, actor, now=current_instant())
    return [
        Command(g.verb.label, reverse("staff:act", args=[case.number, g.verb.short_name]), "check2-square")
        for g in gates
        if g.is_open
    ]
