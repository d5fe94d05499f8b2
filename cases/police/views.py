"""Packs on the workbench: what each holds for whom, looking at one before it leaves, and handing it over."""

from __future__ import annotations

import secrets
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cases.desk import rails
from cases.desk.performing import perform
from cases.forms import faults_of
from cases.police.forms import HandOverForm
from cases.police.models import PackFile, PoliceReport
from cases.police.page import packs_context
from cases.police.queries import finished_pack_for, whole_report_for
from jike.base.dates import now as current_instant
from jike.base.errors import Blocker, Refused
from jike.files import store
from jike.privacy import open_sealed
from jike.privacy.reads import note_read
from jike.verbs import verb_named
from jike.web.downloads import SensitiveDownload


@require_GET
def packs(request: HttpRequest, number: str) -> HttpResponse:
    """Every pack of a case, newest first, with what is on record of it."""
    case = whole_report_for(request.actor, number)
    return render(request, "police/packs.html", _context(request, case))


def _context(request: HttpRequest, case: PoliceReport, refused: list[Blocker] | None = None) -> dict[str, Any]:
    now = current_instant()
    shown = packs_context(case, request.actor, now=now) | {"refused": refused or [], "rails": rails.RAILS}
    return shown | {"key": secrets.token_hex(16)}


@require_POST
def look(request: HttpRequest, number: str, pack: UUID) -> HttpResponse:
    """The document as it is, for whoever asks for its release or votes on it; who looked is on record.

    Once released it leaves by handing it over, with whose hands it went into.
    """
    case = whole_report_for(request.actor, number)
    found = finished_pack_for(request.actor, case, pack)
    if found.pack.state == "released":
        no = [
            Blocker("pack.released", _("This pack is released: hand it over, so that it is on record who received it."))
        ]
        return render(request, "police/packs.html", _context(request, case, no), status=409)
    note_read(request.actor, case.pk, now=current_instant())
    return _taken(case, found, purpose="staff.pack_look")


@require_POST
def hand_over(request: HttpRequest, number: str, pack: UUID) -> HttpResponse:
    """The document for the authority it was made for: into whose hands is written down before the first byte leaves."""
    case = whole_report_for(request.actor, number)
    found = finished_pack_for(request.actor, case, pack)
    form = HandOverForm(request.POST, case=case, actor=request.actor)
    if not form.is_valid():
        return render(request, "police/packs.html", _context(request, case, faults_of(form)), status=400)
    try:
        perform(request, case, verb_named("police.hand_out_pack"), {"pack": found.pack, **form.inputs()})
    except Refused as no:
        request.refused = no
        return render(request, "police/packs.html", _context(request, case, no.blockers), status=no.http_status)
    return _taken(case, found, purpose="staff.pack")


def _taken(case: PoliceReport, found: PackFile, *, purpose: str) -> SensitiveDownload:
    name = open_sealed(found.file, "display_name")
    content, kind = store.read(found.file), found.file.media_type
    return SensitiveDownload(content, media_type=kind, name=name, subject=case.pk, purpose=purpose)
