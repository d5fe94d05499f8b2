"""The post: letters on paper for consumers whom nothing else reaches."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cases.complaints import letters, printing
from cases.complaints.posting import waiting_for_post
from jike.base.dates import now as current_instant
from jike.base.errors import Blocker, Refused
from jike.files import pdf
from jike.privacy.reads import note_read
from jike.web.downloads import SensitiveDownload
from jike.web.read_only import record_after

POST_LIST = "complaints/letters/post_list.2026-11"


@require_GET
def post(request: HttpRequest) -> HttpResponse:
    """Letters that wait for the post, oldest first, each with the way to record its postal number."""
    now = current_instant()
    waiting = waiting_for_post(request.actor, now=now)
    for letter in waiting:
        record_after(request, partial(note_read, request.actor, letter.case.pk, now=now))
    return render(request, "complaints/post.html", {"waiting": waiting})


@require_POST
def post_batch(request: HttpRequest) -> HttpResponse:
    """All of them in one file to print, with the list for the post office in front."""
    now = current_instant()
    waiting = waiting_for_post(request.actor, now=now)
    if not waiting:
        return redirect("staff:post")
    available, remedy = pdf.is_available()
    if not available:
        raise Refused([Blocker("pango.missing", remedy)], verb="complaints.record_post")
    cover = letters.page(render_to_string(f"{POST_LIST}.html", {"waiting": waiting, "today": now}), _("Posting list"))
    content = pdf.render_many([cover, *(printing.again(w.document) for w in waiting)], title=str(_("Posting list")))
    return SensitiveDownload(
        content,
        media_type="application/pdf",
        name=f"{now:%Y-%m-%d}-post.pdf",
        subject=request.actor.user,
        purpose="post",
    )
