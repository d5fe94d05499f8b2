"""The register on the workbench: the list with its acts, the custody of a paper, and its original for whoever says why."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cases.attachments.queries import paper_for
from cases.attachments.ruling import is_held
from cases.attachments.standing import standing_of
from cases.desk import rails
from cases.desk.performing import perform, verb_among
from cases.evidence import custody, page
from cases.evidence.queries import custody_for
from cases.evidence.rules import VERBS
from cases.forms import VerbForm, form_of
from cases.models import Case
from cases.queries import NotVisible, case_for, sight_of
from jike import privacy
from jike.base.dates import now as current_instant
from jike.base.errors import Refused
from jike.files import store
from jike.files.receiving import LIMIT_BYTES
from jike.web.downloads import SensitiveDownload, SensitiveStream
from jike.web.pages import render_page_or_part, wants_part

ORIGINAL = "staff.original"


def _case(request: HttpRequest, number: str) -> Case:
    case = case_for(request.actor, number)
    if sight_of(case, request.actor) != "full":
        raise NotVisible(number)
    return case


@require_GET
def register(request: HttpRequest, number: str) -> HttpResponse:
    """The register beside the case page as a part of its own; a page by itself without JavaScript."""
    return _shown(request, _case(request, number))


@require_POST
def act(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """One act on the register; the list comes back as it is afterwards, with the reasons where it was refused."""
    case = _case(request, number)
    chosen = verb_among(case, verb, VERBS)
    form = form_of(chosen.name)(_typed(request), case=case, actor=request.actor)
    if not form.is_valid():
        return _shown(request, case, form=form, status=400)
    try:
        perform(request, case, chosen, form.inputs())
    except Refused as no:
        request.refused = no
        return _shown(request, case_for(request.actor, number), refused=no, form=form, status=no.http_status)
    if wants_part(request):
        return _shown(request, case_for(request.actor, number))
    messages.success(request, _("Done: %(verb)s") % {"verb": chosen.label})
    return redirect("staff:evidence", number=number)


def _typed(request: HttpRequest) -> QueryDict:
    """What was sent; a button that moves one item by a place says so beside the order it stands in."""
    typed = request.POST.copy()
    if "move" in typed:
        typed.setlist("order", page.moved(typed.getlist("order"), typed["move"]))
    return typed


def _shown(
    request: HttpRequest, case: Case, *, form: VerbForm | None = None, refused: Refused | None = None, status: int = 200
) -> HttpResponse:
    context = page.register_context(case, request.actor, now=current_instant(), form=form, refused=refused)
    context |= {"rails": rails.RAILS}
    return render_page_or_part(request, "evidence/evidence.html", "evidence/_register.html", context, status=status)


@require_GET
def history(request: HttpRequest, number: str, paper: UUID) -> HttpResponse:
    """Who had the original of a paper in hands, and everything that was said of it."""
    case = _case(request, number)
    found, rows = custody_for(case, request.actor, paper)
    context = page.history_context(case, found, rows) | {"rails": rails.RAILS}
    return render(request, "evidence/custody.html", context)


@require_POST
def original(request: HttpRequest, number: str, paper: UUID) -> HttpResponseBase:
    """The file as it came, with everything a camera wrote into it. A reason is asked and kept with the name; the consumer sees it,
    and it is part of the paper's custody before the first byte leaves.

    What was not released leaves only with whoever decides about it, who was warned."""
    case, now = case_for(request.actor, number), current_instant()
    found = paper_for(case, request.actor, paper)
    if not standing_of(found).is_usable and (not is_held(found) or not request.actor.can("complaints.rule_on_paper")):
        raise NotVisible(str(paper))
    reason = request.POST.get("reason", "")[:200]
    name = privacy.reveal(request.actor, found, "name", reason=reason, now=now)
    file, fits = found.file, found.file.size <= LIMIT_BYTES
    content = store.read(file) if fits else b""  # where it fits, damage is told before anything leaves
    custody.record(found, custody.Act.COPIED, actor=request.actor, reason=reason, now=now)
    if fits:
        return SensitiveDownload(content, media_type=file.media_type, name=name, subject=case.pk, purpose=ORIGINAL)
    return SensitiveStream(
        store.stream(file), size=file.size, media_type=file.media_type, name=name, subject=case.pk, purpose=ORIGINAL
    )
