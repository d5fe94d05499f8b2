"""Following one's own case: signing in with receipt code and phone, reading, writing, withdrawing, signing out.

Until the phone has answered, the answer to every pair of code and number is the same page made by the same work: the code is
sent to the number that was typed, and whether the pair fits is looked up only for somebody who holds that phone.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.complaints.actions import send_message, withdraw_complaint
from cases.complaints.models import Complaint
from cases.complaints.portal import pages
from cases.complaints.portal.forms import TrackForm
from cases.complaints.portal.own import own_case
from cases.inquiries import portal as inquiry
from cases.kinds import kind_of_number
from cases.portal import proof, sealing, sessions
from cases.portal.forms import CodeForm, WordsForm
from cases.queries import NotVisible, case_by_receipt, document_for
from jike.accounts.access import public
from jike.base.actors import Actor
from jike.base.dates import now as current_instant
from jike.base.errors import Refused
from jike.files import store
from jike.verbs import verb_named
from jike.web.downloads import SensitiveDownload

LOOKUP = "lookup"
COMPLAINT = "cases.complaints.portal.views.tracking.complaint_page"
PAIRS_PER_PROOF = 5


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Ask for receipt code and phone. A phone proven a moment ago may correct the receipt code without another message."""
    lookup = sealing.take(request.session, LOOKUP)
    form = TrackForm(request.POST if request.method == "POST" else None, initial=lookup)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        if lookup.get("proven") == typed["phone"] and lookup["pairs"] < PAIRS_PER_PROOF:
            return _enter(request, {**lookup, **typed}, form)
        if _send_code(request, form):
            return redirect("portal:track_code")
    return _sign_in(request, form)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def track_code(request: HttpRequest) -> HttpResponse:
    lookup = sealing.take(request.session, LOOKUP)
    if not lookup.get("challenge"):
        return _where_they_are(request)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            phone = proof.proven_phone(
                request, lookup["challenge"], form.cleaned_data["code"], purpose=proof.TRACK, now=current_instant()
            )
            return _enter(request, {**lookup, "proven": phone, "challenge": "", "pairs": 0}, TrackForm(lookup))
        except Refused as refused:
            request.refused = refused
            form.add_refusal(refused)
    shown = {
        "form": form,
        "sent_to": proof.masked(lookup["phone"]),
        "again": reverse("portal:track_again"),
        "back": reverse("portal:track"),
    }
    return render(request, "portal/code.html", shown, status=_status(form))


@public
@require_POST
def track_again(request: HttpRequest) -> HttpResponse:
    form = TrackForm(sealing.take(request.session, LOOKUP))
    if form.is_valid() and _send_code(request, form):
        return redirect("portal:track_code")
    return _sign_in(request, form)


@public
@require_safe
def case_page(request: HttpRequest, number: str) -> HttpResponseBase:
    """The visitor's own case, as its kind tells it."""
    kind = kind_of_number(number)
    return import_string(kind.page_for_consumer if kind and kind.page_for_consumer else COMPLAINT)(request, number)


@own_case
def complaint_page(request: HttpRequest, case: Complaint, actor: Actor) -> HttpResponse:
    unsent = sealing.take(request.session, sessions.UNSENT).get("text", "")
    return _case_page(request, case, actor, WordsForm(initial={"text": unsent, "key": secrets.token_urlsafe(16)}))


@public
@sensitive_post_parameters()
@require_POST
def write(request: HttpRequest, number: str) -> HttpResponseBase:
    kind = kind_of_number(number)
    return (inquiry.write if kind and kind.code == "inquiry" else write_to_handler)(request, number)


@own_case
def write_to_handler(request: HttpRequest, case: Complaint, actor: Actor) -> HttpResponse:
    """Write to the handler. An empty or too long text comes back as it was."""
    form = WordsForm(request.POST)
    if not form.is_valid():
        return _case_page(request, case, actor, form)
    send_message(case, actor=actor, now=current_instant(), key=form.cleaned_data["key"], text=form.cleaned_data["text"])
    sealing.drop(request.session, sessions.UNSENT)
    return redirect(f"{_address(case)}?sent=1#letters")


@public
@require_http_methods(["GET", "HEAD", "POST"])
@own_case
def withdraw(request: HttpRequest, case: Complaint, actor: Actor) -> HttpResponse:
    """Say what withdrawing means, and do it when that is confirmed."""
    now = current_instant()
    if request.method == "POST":
        withdraw_complaint(case, actor=actor, now=now, key=request.POST.get("key", "")[:64])
        return redirect(_address(case))
    shown = {
        "case": case,
        "key": secrets.token_urlsafe(16),
        "blockers": verb_named("complaints.withdraw").why_not(case, actor, now=now),
    }
    return render(request, "complaints/portal/withdraw.html", shown)


@public
@require_safe
@own_case
def letter(request: HttpRequest, case: Complaint, actor: Actor, code: str) -> HttpResponseBase:
    """The decision letter as a file, once it has been issued."""
    try:
        file = document_for(actor, case, code).file
    except NotVisible:
        raise Http404 from None
    return SensitiveDownload(
        store.read(file),
        media_type=file.media_type,
        name=f"{case.number}.pdf",
        subject=case.pk,
        purpose="portal.own_letter",
    )


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    request.session.flush()
    response = redirect("portal:track")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _send_code(request: HttpRequest, form: TrackForm) -> bool:
    """Send a code to the number that was typed, whether or not it belongs to the receipt code."""
    typed = form.cleaned_data
    try:
        challenge = proof.ask_for_code(request, typed["phone"], purpose=proof.TRACK, now=current_instant())
    except Refused as refused:
        request.refused = refused
        form.add_refusal(refused)
        return False
    sealing.put(request.session, LOOKUP, {**typed, "challenge": challenge})
    return True


def _enter(request: HttpRequest, lookup: dict[str, Any], form: TrackForm) -> HttpResponse:
    """Open the case that fits the proven phone and the receipt code, or say that none does."""
    case = case_by_receipt(lookup["receipt_code"], lookup["proven"])
    if case is None or case.consumer_id is None:
        sealing.put(request.session, LOOKUP, {**lookup, "pairs": lookup["pairs"] + 1})
        form.is_valid()
        form.add_error(
            "receipt_code",
            _(
                "No complaint fits this receipt code together with this number. Please compare the code with your receipt."
            ),
        )
        return _sign_in(request, form)
    sealing.drop(request.session, LOOKUP)
    request.session.cycle_key()
    sessions.open_case(request.session, case, now=current_instant())
    return redirect(_address(case))


def _sign_in(request: HttpRequest, form: TrackForm) -> HttpResponse:
    visit = sessions.visit_of(request.session, now=current_instant())
    shown = {"form": form, "open_number": visit.number if visit else "", "has_ended": "ended" in request.GET}
    return render(request, "complaints/portal/track.html", shown, status=_status(form))


def _where_they_are(request: HttpRequest) -> HttpResponse:
    visit = sessions.visit_of(request.session, now=current_instant())
    return redirect("portal:case", visit.number) if visit else redirect("portal:track")


def _case_page(request: HttpRequest, case: Complaint, actor: Actor, form: WordsForm) -> HttpResponse:
    shown = {
        "form": form,
        "just_sent": "sent" in request.GET,
        "done": request.GET.get("done", "")[:20],
        **pages.case_page(case, actor, now=current_instant()),
    }
    return render(request, "complaints/portal/case.html", shown, status=_status(form))


def _status(form: Any) -> int:
    return 400 if form.is_bound and form.errors else 200


def _address(case: Any) -> str:
    return reverse("portal:case", args=[case.number])
