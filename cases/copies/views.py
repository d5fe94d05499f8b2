"""The pages of a paper in a sandboxed frame, and the tool with which parts of them are covered for an audience."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cases.copies import page, previews
from cases.copies.forms import with_measures
from cases.copies.looking import open_pages
from cases.copies.models import Audience
from cases.copies.paging import made
from cases.copies.queries import LOOK_LASTS, copy_for, has_looked, item_for
from cases.copies.rules import VERBS
from cases.desk import rails
from cases.desk.performing import perform, verb_among
from cases.evidence.models import Item
from cases.forms import VerbForm, form_of
from cases.models import Case
from cases.queries import NotVisible, case_for
from jike.base.dates import now as current_instant
from jike.base.errors import Refused
from jike.files import store
from jike.privacy import open_sealed
from jike.web.downloads import SensitiveDownload

FRAMED = "default-src 'none'; img-src 'self'; style-src 'self'; frame-ancestors 'self'; sandbox allow-same-origin"
STILL_LOADS = 2 * LOOK_LASTS
"""A page that was opened within the hour goes on loading its pictures as it is scrolled."""


def _item(request: HttpRequest, number: str, paper: UUID) -> tuple[Case, Item]:
    case = case_for(request.actor, number)
    return case, item_for(case, request.actor, paper)


@require_POST
def look(request: HttpRequest, number: str, paper: UUID) -> HttpResponse:
    """Open the pages: that this person looks at them becomes part of the custody of the paper first."""
    _case, item = _item(request, number, paper)
    open_pages(item, actor=request.actor, now=current_instant())
    audience = request.POST.get("audience", "")
    if audience in Audience.values and audience != Audience.STAFF:
        return redirect("staff:copies", number=number, paper=paper, audience=audience)
    return redirect("staff:pages", number=number, paper=paper)


@require_GET
def pages(request: HttpRequest, number: str, paper: UUID) -> HttpResponse:
    case, item = _item(request, number, paper)
    context = page.paper_context(case, request.actor, item, now=current_instant(), audience=Audience.STAFF.value)
    return render(request, "copies/pages.html", context | {"rails": rails.RAILS})


@require_GET
def sheets(request: HttpRequest, number: str, paper: UUID) -> HttpResponse:
    """What stands in the frame: pictures alone. Nothing in it may run, ask or lead elsewhere."""
    case, item = _seen(request, number, paper)
    context = page.paper_context(case, request.actor, item, now=current_instant())
    answer = render(request, "copies/sheets.html", context)
    answer.headers["Content-Security-Policy"] = FRAMED
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer


def _seen(request: HttpRequest, number: str, paper: UUID) -> tuple[Case, Item]:
    """The item, if its custody says that this person is looking at it."""
    case, item = _item(request, number, paper)
    if not has_looked(item.pk, request.actor, now=current_instant(), within=STILL_LOADS):
        raise NotVisible(str(paper))
    return case, item


@require_GET
def picture(request: HttpRequest, number: str, paper: UUID, page: int) -> HttpResponse:
    case, item = _seen(request, number, paper)
    return _picture(case, item, page)


@require_GET
def thumbnail(request: HttpRequest, number: str, paper: UUID) -> HttpResponse:
    """The first page, too small to read: for the list, and no look at the paper."""
    case, item = _item(request, number, paper)
    return _picture(case, item, 0)


def _picture(case: Case, item: Item, page: int) -> HttpResponse:
    found = made(item.attachment)
    preview = previews.preview_of(found) if found else None
    try:
        content = previews.picture(preview, page) if preview else b""
    except IndexError:
        content = b""
    if not content:
        raise Http404(str(page))
    return SensitiveDownload(
        content, media_type="image/jpeg", name=f"{page}.jpg", subject=case.pk, purpose="staff.page"
    )


@require_GET
def cover(request: HttpRequest, number: str, paper: UUID, audience: str) -> HttpResponse:
    case, item = _item(request, number, paper)
    return _tool(request, case, item, audience)


@require_GET
def download(request: HttpRequest, number: str, paper: UUID, audience: str) -> HttpResponse:
    """The finished copy, as the audience gets it."""
    case, item = _seen(request, number, paper)
    found = copy_for(item.attachment, audience) if audience in Audience.values else None
    if found is None:
        raise Http404(audience)
    name = f"{item.label} {open_sealed(item.attachment, 'name')}.{audience}.pdf"
    content = store.read(found.file)
    return SensitiveDownload(
        content, media_type="application/pdf", name=name, subject=case.pk, purpose=f"copy.{audience}"
    )


@require_POST
def act(request: HttpRequest, number: str, paper: UUID, audience: str, verb: str) -> HttpResponse:
    """Say what is covered for an audience, or that nothing is; the tool comes back with the reasons where it was refused."""
    case, item = _item(request, number, paper)
    chosen = verb_among(case, verb, VERBS)
    typed = with_measures(request.POST.copy())
    typed["item"], typed["audience"] = str(item.pk), audience
    form = form_of(chosen.name)(typed, case=case, actor=request.actor)
    if not form.is_valid():
        return _tool(request, case, item, audience, form=form, status=400)
    try:
        perform(request, case, chosen, form.inputs())
    except Refused as no:
        request.refused = no
        fresh = case_for(request.actor, number)
        return _tool(request, fresh, item, audience, form=form, refused=no, status=no.http_status)
    messages.success(request, _("Done: %(verb)s") % {"verb": chosen.label})
    return redirect("staff:copies", number=number, paper=paper, audience=audience)


def _tool(
    request: HttpRequest,
    case: Case,
    item: Item,
    audience: str,
    *,
    form: VerbForm | None = None,
    refused: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    if audience not in Audience.values or audience == Audience.STAFF:
        raise Http404(audience)
    now = current_instant()
    context = page.cover_context(case, request.actor, item, audience, now=now, form=form, refused=refused)
    return render(request, "copies/cover.html", context | {"rails": rails.RAILS}, status=status)
