"""Bundles on the workbench: what would go in and what is missing, making one, letting it out, handing it out."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cases.bundles import page
from cases.bundles.queries import finished_for
from cases.bundles.rules import VERBS
from cases.bundles.taking import look as look_at
from cases.bundles.taking import taken
from cases.desk import rails
from cases.desk.performing import perform, verb_among
from cases.forms import VerbForm, form_of
from cases.models import Case
from cases.queries import NotVisible, case_for, sight_of
from jike.base.dates import now as current_instant
from jike.base.errors import Refused
from jike.web.pages import render_page_or_part


def _case(request: HttpRequest, number: str) -> Case:
    case = case_for(request.actor, number)
    if sight_of(case, request.actor) != "full":
        raise NotVisible(number)
    return case


@require_GET
def bundles(request: HttpRequest, number: str) -> HttpResponse:
    """Every bundle of a case, and what the next one for `profile` would hold; the part alone while something is being made."""
    case = _case(request, number)
    context = page.bundles_context(
        case,
        request.actor,
        now=current_instant(),
        profile=request.GET.get("profile", ""),
        without=_ids(request.GET.getlist("without")),
    )
    return render_page_or_part(
        request, "bundles/bundles.html", "bundles/_shelves.html", context | {"rails": rails.RAILS}
    )


@require_POST
def act(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """One act on a bundle; where it is refused the page comes back with every reason."""
    case = _case(request, number)
    chosen = verb_among(case, verb, VERBS)
    form = form_of(chosen.name)(request.POST, case=case, actor=request.actor)
    if form.is_valid():
        try:
            perform(request, case, chosen, form.inputs())
        except Refused as no:
            return _again(request, number, refused=no, status=no.http_status)
        messages.success(request, _("Done: %(verb)s") % {"verb": chosen.label})
        return redirect("staff:bundles", number=number)
    return _again(request, number, form=form, status=400)


def _again(
    request: HttpRequest, number: str, *, status: int, form: VerbForm | None = None, refused: Refused | None = None
) -> HttpResponse:
    """The page as it is now, with every reason and what was ticked."""
    if refused:
        request.refused = refused
    context = page.bundles_context(
        case_for(request.actor, number),
        request.actor,
        now=current_instant(),
        profile=request.POST.get("profile", ""),
        without=_ids(request.POST.getlist("without")),
        form=form,
        refused=refused,
    )
    return render(request, "bundles/bundles.html", context | {"rails": rails.RAILS}, status=status)


@require_POST
def look(request: HttpRequest, number: str, bundle: UUID) -> HttpResponseBase:
    """The document as it is, for whoever asks for its release or votes on it; part of the custody of every paper in it."""
    case = _case(request, number)
    found = finished_for(case, request.actor, bundle)
    look_at(found.bundle, actor=request.actor, now=current_instant())
    return taken(case, found.document, purpose="staff.bundle_look")


@require_POST
def hand_out(request: HttpRequest, number: str, bundle: UUID) -> HttpResponseBase:
    """The document or the package for somebody who is named: written into the custody of every paper in it before the first byte leaves."""
    case = _case(request, number)
    found = finished_for(case, request.actor, bundle)
    verb = verb_among(case, "hand_out_bundle", VERBS)
    form = form_of(verb.name)(_about(request, bundle), case=case, actor=request.actor)
    if not form.is_valid():
        return _again(request, number, form=form, status=400)
    try:
        perform(request, case, verb, form.inputs())
    except Refused as no:
        return _again(request, number, refused=no, status=no.http_status)
    file = found.package if request.POST.get("what") == "package" else found.document
    return taken(case, file, purpose="staff.bundle")


def _about(request: HttpRequest, bundle: UUID) -> QueryDict:
    typed = request.POST.copy()
    typed["bundle"] = str(bundle)
    return typed


def _ids(given: list[str]) -> list[str]:
    """What of it has the shape of an id."""
    found = []
    for text in given[:1_000]:
        try:
            found.append(str(UUID(text)))
        except ValueError:
            continue
    return found
