"""Imports in the workbench: bring a file, match its columns, try, start, watch, read the result."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import decorator_from_middleware
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.imports import actions, pages
from cases.imports.forms import ReadForm, UploadForm
from cases.imports.queries import POWER, run_for, unsealed
from cases.imports.uploading import MemoryHandler
from jike.base.dates import now as current_instant
from jike.base.errors import Refused
from jike.web.csrf import SpaceCsrfMiddleware
from jike.web.downloads import SensitiveDownload

ACTS = {"start": actions.start, "stop": actions.stop, "resume": actions.resume}


@csrf_exempt
@require_http_methods(["GET", "POST"])
def run_list(request: HttpRequest) -> HttpResponseBase:
    """Put the memory handler in place before anything reads the form, then check the form's token like everywhere else."""
    request.upload_handlers = [MemoryHandler(request)]
    return _run_list(request)


@decorator_from_middleware(SpaceCsrfMiddleware)
def _run_list(request: HttpRequest) -> HttpResponse:
    if not request.actor.can(POWER):
        raise Http404
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            run = actions.receive_file(upload.read(), upload.name, actor=request.actor, now=current_instant())
            return redirect("staff:import", pk=run.pk)
        except Refused as refused:
            request.refused = refused
            for blocker in refused.blockers:
                form.add_error(blocker.field or None, str(blocker.message))
    context = pages.list_context(request.actor) | {"form": form}
    return render(request, "imports/list.html", context, status=400 if form.errors else 200)


@require_GET
def run_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    run = run_for(request.actor, pk)
    after = request.GET.get("after", "")
    context = pages.run_context(
        run, request.actor, now=current_instant(), after=int(after) if after.isdigit() and len(after) < 9 else 0
    )
    return render(request, "imports/run.html", context)


@require_GET
def progress(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The bar alone, for htmx; once the work is over the page is loaded anew."""
    run = run_for(request.actor, pk)
    response = render(
        request, "imports/_progress.html", {"run": run, "progress": pages.progress_of(run, now=current_instant())}
    )
    if not run.is_busy:
        response.headers["HX-Refresh"] = "true"
    return response


@require_POST
def read(request: HttpRequest, pk: UUID) -> HttpResponse:
    run = run_for(request.actor, pk)
    form = ReadForm(request.POST, sheets=unsealed(run, "inspection").get("sheets", []))
    if form.is_valid():
        actions.read_again(run, actor=request.actor, now=current_instant(), **form.wishes())
    else:
        messages.error(request, _("Choose an encoding, a sheet and a line that exist."))
    return redirect("staff:import", pk=pk)


@require_POST
def columns(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keep the columns; with the button “try” begin the trial run as well."""
    run, now = run_for(request.actor, pk), current_instant()
    if not unsealed(run, "inspection"):
        raise Http404
    form = pages.columns_form(run, request.POST)
    if form.is_valid():
        run = actions.match_columns(run, **form.inputs(), actor=request.actor, now=now)
        if "try" not in request.POST:
            return redirect("staff:import", pk=pk)
        try:
            actions.check(run, columns=form.columns, actor=request.actor, now=now)
            return redirect("staff:import", pk=pk)
        except Refused as refused:
            request.refused = refused
            for blocker in refused.blockers:
                form.add_error("source" if blocker.field == "source" else None, str(blocker.message))
    return render(request, "imports/run.html", pages.run_context(run, request.actor, now=now, form=form), status=400)


@require_POST
def act(request: HttpRequest, pk: UUID, act: str) -> HttpResponse:
    run = run_for(request.actor, pk)
    if act not in ACTS:
        raise Http404
    ACTS[act](run, actor=request.actor, now=current_instant())
    return redirect("staff:import", pk=pk)


@require_GET
def report(request: HttpRequest, pk: UUID) -> HttpResponse:
    run = run_for(request.actor, pk)
    return SensitiveDownload(
        pages.report_of(run, request.actor),
        media_type="text/csv; charset=utf-8",
        name=f"import-{run.phase}-{str(run.pk)[-8:]}.csv",
        subject=run.pk,
        purpose="import report",
    )
