"""The borrower's way: the link, a code to the own phone, consent, the recording; and the list of one's own recordings."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jike.accounts import codes
from jike.accounts.access import public
from jike.base.actors import Actor
from jike.base.dates import now as current_instant
from jike.base.errors import Refused
from jike.privacy import mask_phone
from jike.web.headers import open_camera
from lending.queries import person_called
from lending.recordings import actions, capture, pages, queries
from lending.recordings.models import Recording
from lending.recordings.portal import visits
from lending.recordings.portal.forms import BorrowerForm, CodeForm, ConsentForm
from lending.recordings.states import Choice

PURPOSE, CHALLENGE, LOOKUP = "recording", "recording_code", "recordings_lookup"
DOOR, GONE = "lending/recordings/door.html", "lending/recordings/gone.html"


@public
@require_safe
def home(request: HttpRequest, token: str) -> HttpResponseBase:
    """The recording to whoever has answered the code; to everybody else where a code can be sent, and nothing of the contract."""
    found = visits.entered(request, token)
    if found is None:
        return _door(request, token, CodeForm())
    recording, _actor = found
    if recording.state == "scheduled":
        return _asked(request, recording, token)
    if recording.state != "recording":
        return redirect("portal:own_recordings")
    shown = pages.capture_page(recording) | pages.portal_places(token)
    return open_camera(render(request, "lending/recordings/record.html", shown))


@public
@require_POST
def send_code(request: HttpRequest, token: str) -> HttpResponse:
    """Send a code to the borrower's own number, whoever asks: the answer shows its mask only."""
    now = current_instant()
    try:
        phone = queries.phone_of(queries.recording_by_token(token, now=now).contract.person)
        request.session[CHALLENGE] = str(_code_to(request, phone))
    except queries.NotThere:
        return render(request, GONE, status=404)
    except Refused as refused:
        request.refused = refused
        form = CodeForm()
        form.add_refusal(refused)
        return _door(request, token, form, status=refused.http_status)
    return redirect("portal:recording", token)


@public
@sensitive_post_parameters()
@require_POST
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """Answer the code; the browser gets a new session key and the recording opens."""
    form, now = CodeForm(request.POST), current_instant()
    if not form.is_valid():
        return _door(request, token, form, status=400)
    try:
        recording = queries.recording_by_token(token, now=now)
        _proven(request, request.session.get(CHALLENGE, ""), form.cleaned_data["code"])
    except queries.NotThere:
        return render(request, GONE, status=404)
    except Refused as refused:
        request.refused = refused
        form.add_refusal(refused)
        return _door(request, token, form, status=400)
    request.session.pop(CHALLENGE, None)
    request.session.cycle_key()
    visits.let_in(request.session, recording.contract.person, now=now)
    return redirect("portal:recording", token)


@public
@require_POST
@visits.by_link
def consent(request: HttpRequest, recording: Recording, actor: Actor, token: str) -> HttpResponse:
    """The separate answer: yes, the voice alone, or no; after a no the other way is shown."""
    form = ConsentForm(request.POST, may_keep_face=pages.may_keep_face(recording))
    if not form.is_valid():
        return _asked(request, recording, token, form)
    choice, given = form.cleaned_data["choice"], {"text_sha256": form.cleaned_data["text_sha256"]}
    now, key = current_instant(), f"consent:{recording.pk}"
    if choice == Choice.DECLINED:
        actions.decline_recording(recording, actor=actor, now=now, key=key, **given)
        return redirect("portal:own_recordings")
    actions.begin_recording(recording, actor=actor, now=now, key=key, choice=choice, **given)
    return redirect("portal:recording", token)


@public
@require_POST
@visits.by_link
def parts(request: HttpRequest, recording: Recording, actor: Actor, token: str) -> HttpResponse:
    return capture.part_begun(request, recording, actor)


@public
@require_http_methods(["GET", "PATCH", "POST"])
@visits.by_link
def part(request: HttpRequest, recording: Recording, actor: Actor, token: str, part: UUID) -> HttpResponse:
    return capture.part_continued(request, recording, actor, part)


@public
@require_POST
@visits.by_link
def marks(request: HttpRequest, recording: Recording, actor: Actor, token: str) -> HttpResponse:
    return capture.marked(request, recording, actor)


@public
@require_POST
@visits.by_link
def finish(request: HttpRequest, recording: Recording, actor: Actor, token: str) -> HttpResponse:
    return capture.finished(recording, actor)


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Name and phone of the loan. Nobody learns here whether there is anybody of this name."""
    if visits.borrower_in(request.session, now=current_instant()) and request.method != "POST":
        return redirect("portal:own_recordings")
    form = BorrowerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        phone = form.cleaned_data["phone"]
        person = person_called(phone, form.cleaned_data["name"])
        try:
            challenge = _code_to(request, phone, is_decoy=person is None)
            kept = {"challenge": str(challenge), "person": str(person.pk) if person else "", "to": mask_phone(phone)}
            request.session[LOOKUP] = kept
            return redirect("portal:own_recordings_code")
        except Refused as refused:
            request.refused = refused
            form.add_refusal(refused)
    return render(request, "lending/recordings/start.html", {"form": form}, status=_status(form))


@public
@require_http_methods(["GET", "HEAD", "POST"])
def start_code(request: HttpRequest) -> HttpResponse:
    """The phone answers, and the list opens."""
    lookup, now = request.session.get(LOOKUP), current_instant()
    if not lookup:
        return redirect("portal:own_recordings_start")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            _proven(request, lookup["challenge"], form.cleaned_data["code"])
            person = pages.person_of(lookup["person"])
            request.session.pop(LOOKUP)
            request.session.cycle_key()
            visits.let_in(request.session, person, now=now)
            return redirect("portal:own_recordings")
        except Refused as refused:
            request.refused = refused
            form.add_refusal(refused)
    shown = {"form": form, "sent_to": lookup["to"], "back": "/my/recordings/start/"}
    return render(request, "portal/code.html", shown, status=_status(form))


@public
@require_safe
@visits.own
def mine(request: HttpRequest, actor: Actor) -> HttpResponse:
    """One's own recordings: when, for which contract, how they stand, who looked."""
    return render(request, "lending/recordings/mine.html", {"rows": pages.own_page(actor, now=current_instant())})


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    request.session.pop(visits.SLOT, None)
    return redirect("portal:own_recordings_start")


def _code_to(request: HttpRequest, phone: str, *, is_decoy: bool = False) -> UUID:
    bound = {"session_key": visits.binding_of(request.session), "address": request.META.get("REMOTE_ADDR", "")}
    return codes.send(phone, purpose=PURPOSE, now=current_instant(), is_decoy=is_decoy, **bound)


def _proven(request: HttpRequest, challenge: str, code: str) -> str:
    bound = {"session_key": visits.binding_of(request.session), "now": current_instant()}
    return codes.check(challenge, code, purpose=PURPOSE, **bound)


def _asked(request: HttpRequest, recording: Recording, token: str, form: ConsentForm | None = None) -> HttpResponse:
    initial = {"text_sha256": recording.script.text_sha256}
    asked = form or ConsentForm(initial=initial, may_keep_face=pages.may_keep_face(recording))
    shown = {"form": asked, "action": f"/recording/{token}/consent/", **pages.consent_page(recording)}
    return render(request, "lending/recordings/consent.html", shown, status=_status(asked))


def _door(request: HttpRequest, token: str, form: CodeForm, *, status: int = 200) -> HttpResponse:
    try:
        row = queries.recording_by_token(token, now=current_instant())
    except queries.NotThere:
        return render(request, GONE, status=404)
    context = {"token": token, "form": form, "sent_to": row.contract.person.phone_mask}
    return render(request, DOOR, context | {"is_sent": CHALLENGE in request.session}, status=status)


def _status(form: CodeForm | BorrowerForm | ConsentForm) -> int:
    return 400 if form.is_bound and form.errors else 200
