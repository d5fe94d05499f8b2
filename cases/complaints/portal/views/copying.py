"""The consumer's own papers as one document that checks itself: asked for here, made by the worker, taken away here."""

from __future__ import annotations

import secrets
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from cases.bundles import page
from cases.bundles.queries import OWN, finished_for
from cases.bundles.taking import taken
from cases.complaints.actions import build_bundle
from cases.complaints.models import Complaint
from cases.complaints.portal.own import own_case
from cases.queries import NotVisible
from jike.accounts.access import public
from jike.base.actors import Actor
from jike.base.dates import now as current_instant
from jike.base.errors import Refused
from jike.web.pages import render_page_or_part


@public
@require_http_methods(["GET", "HEAD", "POST"])
@own_case
def copies(request: HttpRequest, case: Complaint, actor: Actor) -> HttpResponse:
    """What there is of copies, how far one is that is being made, and a button for the next one."""
    refused: Refused | None = None
    if request.method == "POST":
        try:
            key = request.POST.get("key", "")[:64]
            build_bundle(case, actor=actor, now=current_instant(), key=key, profile=OWN[0])
        except Refused as no:
            refused = request.refused = no
        else:
            return redirect("portal:case_copies", case.number)
    shown = page.bundles_context(case, actor, now=current_instant(), profile=OWN[0], refused=refused)
    is_newest = bool(shown["shelves"]) and [one.code for one in shown["blockers"]] == ["bundle.same"]
    shown |= {"key": secrets.token_urlsafe(16), "is_newest": is_newest and not refused}
    if refused:
        return render(request, "complaints/portal/copies.html", shown, status=refused.http_status)
    return render_page_or_part(request, "complaints/portal/copies.html", "complaints/portal/_copies.html", shown)


@public
@require_safe
@own_case
def copy(request: HttpRequest, case: Complaint, actor: Actor, bundle: UUID, what: str) -> HttpResponseBase:
    """A finished copy as a file: the document, or the package with the originals and the proofs."""
    try:
        found = finished_for(case, actor, bundle)
    except NotVisible:
        raise Http404 from None
    file = found.package if what == "package" else found.document
    return taken(case, file, purpose="portal.own_copy")
