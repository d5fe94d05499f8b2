"""Two small doors of the case page: keep what is being typed, and say who else is here."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from cases.models import Case
from cases.queries import NotVisible, case_for, sight_of
from cases.writing import drafts, looks
from jike.base.dates import now as current_instant
from jike.verbs import verbs_of


def _whole_case(request: HttpRequest, number: str) -> Case:
    """A case this person sees whole: with masked sight nobody works on it."""
    case = case_for(request.actor, number)
    if sight_of(case, request.actor) != "full":
        raise NotVisible(number)
    return case


@require_POST
def keep(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """Keep a draft of `verb`; answers the line below the form."""
    case = _whole_case(request, number)
    now = current_instant()
    kept = drafts.keep_draft(case, verb[:40], request.POST.dict(), actor=request.actor, now=now)
    return render(request, "writing/_kept.html", {"kept_at": now if kept else None})


@require_POST
def present(request: HttpRequest, number: str) -> HttpResponse:
    """Note that this person has the case open, and name the others."""
    case, now = _whole_case(request, number), current_instant()
    labels = {verb.short_name: verb.label for verb in verbs_of(type(case))}
    doing = request.POST.get("doing", "")
    looks.note_look(case, doing if doing in labels else "", actor=request.actor, now=now)
    others = [(other.name, labels.get(other.verb, "")) for other in looks.others_at(case, actor=request.actor, now=now)]
    return render(request, "writing/_others.html", {"others": others})
