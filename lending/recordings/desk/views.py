"""Recordings on the workbench. Whoever has not the power finds no such page."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jike.base.dates import now as current_instant
from jike.base.errors import Blocker, Refused
from jike.web.headers import open_camera
from jike.web.pages import wants_part
from lending.recordings import actions, capture, pages, queries
from lending.recordings.desk.forms import ReasonForm, ScheduleForm, ScriptForm, VerdictForm
from lending.recordings.models import Recording
from lending.recordings.playing import film_of
from lending.recordings.portal.forms import ConsentForm
from lending.recordings.states import Choice

PLAIN: dict[str, Callable[..., Any]] = {
    "issue-link": actions.issue_link,
    "give-up": actions.expire_recording,
    "lift-hold": actions.lift_hold,
    "propose-destruction": actions.propose_destruction,
    "destroy": actions.destroy_recording,
}
WITH_REASON: dict[str, Callable[..., Any]] = {"watch": actions.watch_recording, "hold": actions.hold_recording}
View = Callable[..., HttpResponseBase]


def found(view: View) -> View:
    """Give the view a recording of the own unit; any other is not there."""

    @functools.wraps(view)
    def opened(request: HttpRequest, pk: UUID, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, queries.recording_for(request.actor, pk), **kwargs)
        except queries.NotThere:
            raise Http404 from None

    return opened


@require_GET
def recordings(request: HttpRequest) -> HttpResponse:
    """What waits for a verdict, what is to be mended, what may be destroyed, and the newest."""
    if not request.actor.can(queries.READ):
        raise Http404
    shown = pages.list_page(request.actor, now=current_instant(), state=request.GET.get("state", ""))
    return render(request, "lending/recordings/list.html", shown | {"form": ScheduleForm()})


@require_POST
def schedule(request: HttpRequest) -> HttpResponse:
    """Set up a recording for a contract that was told."""
    form = ScheduleForm(request.POST)
    if not request.actor.can(queries.READ):
        raise Http404
    if not form.is_valid():
        shown = pages.list_page(request.actor, now=current_instant())
        return render(request, "lending/recordings/list.html", shown | {"form": form}, status=400)
    contract = queries.newest_contract(form.cleaned_data["application"])
    if contract is None:
        unknown = Blocker("contract.unknown", _("No contract was told under this application."), field="application")
        raise Refused([unknown], verb="recordings.schedule")
    given = {"contract": contract, "way": form.cleaned_data["way"]}
    row = actions.schedule_recording(actor=request.actor, now=current_instant(), **given)
    return redirect("staff:recording", row.pk)


@require_GET
@found
def recording(request: HttpRequest, recording: Recording) -> HttpResponse:
    """One recording: player, marks, points to answer, verdict, who looked, how long it is kept."""
    if wants_part(request):
        return render(request, "lending/recordings/_parts.html", {"parts": queries.parts_joined(recording)})
    shown = pages.desk_page(recording, request.actor, now=current_instant())
    forms = {"verdict_form": VerdictForm(), "reason_form": ReasonForm()}
    return render(request, "lending/recordings/one.html", shown | forms)


@require_POST
@found
def act(request: HttpRequest, recording: Recording, act: str) -> HttpResponse:
    """A verb that needs nothing but a click, or a reason."""
    given: dict[str, Any] = {}
    if act in WITH_REASON:
        given["reason"] = request.POST.get("reason", "")
    elif act not in PLAIN:
        raise Http404
    action = PLAIN.get(act) or WITH_REASON[act]
    action(recording, actor=request.actor, now=current_instant(), **given)
    return redirect(reverse("staff:recording", args=[recording.pk]) + ("#watch" if act == "watch" else ""))


@require_POST
@found
def decide(request: HttpRequest, recording: Recording) -> HttpResponse:
    """The verdict of a person."""
    form = VerdictForm(request.POST)
    if not form.is_valid():
        shown = pages.desk_page(recording, request.actor, now=current_instant())
        forms = {"verdict_form": form, "reason_form": ReasonForm()}
        return render(request, "lending/recordings/one.html", shown | forms, status=400)
    inputs = form.inputs(recording.flags)
    actions.decide_recording(recording, actor=request.actor, now=current_instant(), **inputs)
    messages.success(request, _("The verdict is kept."))
    return redirect("staff:recordings")


@require_GET
@found
def film(request: HttpRequest, recording: Recording, part: int) -> HttpResponseBase:
    """One part for the player, a stretch at a time, to whoever has written down the look."""
    return film_of(recording, part, request.actor, asked=request.headers, now=current_instant())


@require_http_methods(["GET", "POST"])
@found
def counter(request: HttpRequest, recording: Recording) -> HttpResponseBase:
    """Recording at the counter: the borrower answers on our screen, first whether to be recorded at all."""
    if recording.state == "scheduled":
        return _consent(request, recording)
    if recording.state != "recording" or recording.way != Recording.Way.COUNTER:
        return redirect("staff:recording", recording.pk)
    places = {"base": f"/staff/recordings/{recording.pk}/", "done": reverse("staff:recording", args=[recording.pk])}
    shown = pages.capture_page(recording) | places
    return open_camera(render(request, "lending/recordings/counter.html", shown))


def _consent(request: HttpRequest, recording: Recording) -> HttpResponse:
    initial = {"text_sha256": recording.script.text_sha256}
    form = ConsentForm(request.POST or None, initial=initial, may_keep_face=pages.may_keep_face(recording))
    if request.method == "POST" and form.is_valid():
        choice, sha256 = form.cleaned_data["choice"], form.cleaned_data["text_sha256"]
        given = {"actor": request.actor, "now": current_instant(), "text_sha256": sha256}
        if choice == Choice.DECLINED:
            actions.decline_recording(recording, **given)
            return redirect("staff:recording", recording.pk)
        actions.begin_recording(recording, choice=choice, **given)
        return redirect("staff:recording_counter", recording.pk)
    shown = {"form": form, "action": request.path, "recording": recording, **pages.consent_page(recording)}
    status = 400 if form.is_bound else 200
    return render(request, "lending/recordings/counter_consent.html", shown, status=status)


@require_POST
@found
def parts(request: HttpRequest, recording: Recording) -> HttpResponse:
    return capture.part_begun(request, recording, request.actor)


@require_http_methods(["GET", "PATCH", "POST"])
@found
def part(request: HttpRequest, recording: Recording, part: UUID) -> HttpResponse:
    return capture.part_continued(request, recording, request.actor, part)


@require_POST
@found
def marks(request: HttpRequest, recording: Recording) -> HttpResponse:
    return capture.marked(request, recording, request.actor)


@require_POST
@found
def finish(request: HttpRequest, recording: Recording) -> HttpResponseBase:
    answer = capture.finished(recording, request.actor)
    is_form = "application/json" not in request.headers.get("Accept", "")
    return redirect("staff:recording", recording.pk) if is_form and answer.status_code == 202 else answer


@require_http_methods(["GET", "POST"])
def scripts(request: HttpRequest) -> HttpResponse:
    """Every version of the script; a new one is drafted here and approved by somebody else."""
    actor = request.actor
    if not (actor.can("lending.draft_script") or actor.can("lending.approve_script")):
        raise Http404
    form = ScriptForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.draft_script(actor=actor, now=current_instant(), **form.cleaned_data)
        messages.success(request, _("The draft waits for another person."))
        return redirect("staff:scripts")
    shown = pages.scripts_page(actor) | {"form": form}
    return render(request, "lending/recordings/scripts.html", shown, status=400 if form.is_bound else 200)


@require_POST
def approve_script(request: HttpRequest, pk: UUID) -> HttpResponse:
    if not pages.has_script(pk):
        raise Http404
    actions.approve_script(pk, actor=request.actor, now=current_instant())
    messages.success(request, _("The script is in force from its day."))
    return redirect("staff:scripts")
