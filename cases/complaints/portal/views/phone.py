"""Changing the telephone number: a code to the old phone, a code to the new one; or, without the old phone, a request to the staff."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.complaints.actions import ask_phone, change_phone
from cases.complaints.models import Complaint
from cases.complaints.portal.forms import LostPhoneForm, NewPhoneForm
from cases.complaints.portal.own import own_case
from cases.complaints.portal.queries import complaint_of_receipt, number_of
from cases.portal import proof, sealing, sessions
from cases.portal.forms import CodeForm, PortalForm
from jike.accounts.access import public
from jike.accounts.roles import consumer_actor
from jike.base.actors import Actor
from jike.base.dates import now as current_instant
from jike.base.errors import Blocker, Refused, refuse_if
from jike.verbs import verb_named

CHANGE, LOST = "phone_change", "phone_lost"


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@own_case
def phone(request: HttpRequest, case: Complaint, actor: Actor) -> HttpResponse:
    """Ask for the new number. The first code goes to the old phone: whoever holds only this browser gets no further."""
    form, verb, now = NewPhoneForm(request.POST or None), verb_named("complaints.change_phone"), current_instant()
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data["phone"]
        try:
            refuse_if(verb.blockers(case, actor, now=now, phone=typed))
            _send(request, {"number": case.number, "phone": typed, "to": number_of(case), "purpose": proof.OLD_PHONE})
            return redirect("portal:case_phone_code", case.number)
        except Refused as refused:
            request.refused = refused
            form.add_refusal(refused)
    shown = {"case": case, "form": form, "blockers": verb.why_not(case, actor, now=now)}
    shown["number"] = proof.masked(number_of(case))
    return render(request, "complaints/portal/phone.html", shown, status=_status(form))


@public
@require_http_methods(["GET", "HEAD", "POST"])
@own_case
def phone_code(request: HttpRequest, case: Complaint, actor: Actor) -> HttpResponse:
    """The code of the phone that is asked now: first the old one, then the new one."""
    kept = _kept(request, case)
    if not kept:
        return redirect("portal:case_phone", case.number)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _answered(request, case, actor, kept, form.cleaned_data["code"])
        except Refused as refused:
            request.refused = refused
            form.add_refusal(refused)
    shown = {
        "case": case,
        "form": form,
        "is_new": kept["purpose"] == proof.NEW_PHONE,
        "sent_to": proof.masked(kept["to"]),
    }
    shown |= {"again": reverse("portal:case_phone_again", args=[case.number])}
    shown |= {"back": reverse("portal:case_phone", args=[case.number])}
    return render(request, "complaints/portal/phone_code.html", shown, status=_status(form))


@public
@require_POST
@own_case
def phone_again(request: HttpRequest, case: Complaint, actor: Actor) -> HttpResponse:
    """Send another code to the phone that is asked now. Too soon is no fault: the page with the code comes again."""
    if kept := _kept(request, case):
        with suppress(Refused):
            _send(request, kept)
    return redirect("portal:case_phone_code", case.number)


def _answered(request: HttpRequest, case: Complaint, actor: Actor, kept: dict[str, Any], code: str) -> HttpResponse:
    """The old phone has answered: ask the new one. The new phone has answered: change, and go on with it."""
    now = current_instant()
    proven = proof.proven_phone(request, kept["challenge"], code, purpose=kept["purpose"], now=now)
    if kept["purpose"] == proof.OLD_PHONE:
        refuse_if([] if proven == number_of(case) else [_number_moved()])
        asked = {**kept, "to": kept["phone"], "purpose": proof.NEW_PHONE, "challenge": ""}
        sealing.put(request.session, CHANGE, asked)
        with suppress(Refused):
            _send(request, asked)
        return redirect("portal:case_phone_code", case.number)
    changed = change_phone(case, actor=actor, now=now, key=kept["challenge"], phone=proven)
    sealing.drop(request.session, CHANGE)
    request.session.cycle_key()
    sessions.open_case(request.session, changed, now=now)
    return redirect(f"{reverse('portal:case', args=[case.number])}?done=phone")


def _number_moved() -> Blocker:
    return Blocker("phone.moved", _("The number was changed meanwhile. Please begin again."), field="code")


def _send(request: HttpRequest, kept: dict[str, Any]) -> None:
    """Send a code to the phone that is asked now. Raises `Refused` beyond the limits."""
    challenge = proof.ask_for_code(request, kept["to"], purpose=kept["purpose"], now=current_instant())
    sealing.put(request.session, CHANGE, {**kept, "challenge": challenge})


def _kept(request: HttpRequest, case: Complaint) -> dict[str, Any]:
    kept = sealing.take(request.session, CHANGE)
    return kept if kept.get("number") == case.number else {}


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def lost(request: HttpRequest) -> HttpResponse:
    """Without the old phone: receipt code, the new number and what happened. The same page whatever the receipt code is."""
    form = LostPhoneForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            challenge = proof.ask_for_code(request, typed["phone"], purpose=proof.LOST_PHONE, now=current_instant())
            sealing.put(request.session, LOST, {**typed, "challenge": challenge})
            return redirect("portal:track_lost_code")
        except Refused as refused:
            request.refused = refused
            form.add_refusal(refused)
    return render(request, "complaints/portal/lost.html", {"form": form}, status=_status(form))


@public
@require_http_methods(["GET", "HEAD", "POST"])
def lost_code(request: HttpRequest) -> HttpResponse:
    """The new phone answers. Only then is the receipt code looked up, and the answer is the same whether it fits or not."""
    kept, form = sealing.take(request.session, LOST), CodeForm(request.POST or None)
    if not kept:
        return redirect("portal:track_lost")
    if request.method == "POST" and form.is_valid():
        try:
            _ask(request, kept, form.cleaned_data["code"])
            return redirect("portal:track_lost_done")
        except Refused as refused:
            request.refused = refused
            form.add_refusal(refused)
    address = reverse("portal:track_lost")
    shown = {"form": form, "sent_to": proof.masked(kept["phone"]), "back": address, "again": ""}
    return render(request, "portal/code.html", shown, status=_status(form))


def _ask(request: HttpRequest, kept: dict[str, Any], code: str) -> None:
    """Raises `Refused` for a wrong code only: what the case says to the request is no answer for somebody nobody knows yet."""
    now = current_instant()
    proven = proof.proven_phone(request, kept["challenge"], code, purpose=proof.LOST_PHONE, now=now)
    sealing.drop(request.session, LOST)
    case = complaint_of_receipt(kept["receipt_code"])
    if case is not None:
        words = {name: kept[name] for name in ("name", "words")}
        with suppress(Refused):
            ask_phone(case, actor=consumer_actor(None), now=now, key=kept["challenge"], phone=proven, **words)


@public
@require_safe
def lost_done(request: HttpRequest) -> HttpResponse:
    return render(request, "complaints/portal/lost_done.html")


def _status(form: PortalForm) -> int:
    return 400 if form.is_bound and form.errors else 200
