"""Following one's own police report: reading, confirming the statement by a code to one's phone, wanting no help any more."""

from __future__ import annotations

import secrets
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from cases.police import actions
from cases.police.models import PoliceReport
from cases.police.portal.page import handed_over, page_context, statement_context
from cases.police.queries import report_for
from cases.portal import proof, sealing, sessions
from cases.portal.forms import CodeForm
from cases.queries import complainant_of
from jike.accounts.access import public
from jike.base.actors import Actor
from jike.base.dates import now as current_instant
from jike.base.errors import Blocker, Refused, refuse_if
from jike.privacy import open_sealed
from jike.verbs import verb_named

SLOT = "police_statement"
PURPOSE = "police_statement"


@sessions.own(report_for)
def page(request: HttpRequest, case: PoliceReport, actor: Actor) -> HttpResponse:
    """What happened, what comes next and until when, what to bring, and everything written."""
    shown = page_context(case, actor, now=current_instant()) | {"done": request.GET.get("done", "")}
    return render(request, "police/portal/page.html", shown)


@public
@require_http_methods(["GET", "HEAD", "POST"])
@sessions.own(report_for)
def statement(request: HttpRequest, case: PoliceReport, actor: Actor) -> HttpResponse:
    """Read the statement; confirming it sends a code to the phone we know, for exactly the version that was read."""
    now = current_instant()
    shown = statement_context(case, actor, now=now)
    if shown["statement"] is None:
        raise Http404
    status = 200
    if request.method == "POST":
        read = request.POST.get("sha256", "")
        try:
            verb = verb_named("police.confirm_statement")
            refuse_if(verb.blockers(case, actor, now=now, sha256=read), verb=verb.name)
            _send(request, case, read)
            return redirect("portal:police_statement_code", case.number)
        except Refused as refused:
            request.refused = refused
            shown, status = shown | {"refused": refused.blockers}, refused.http_status
    return render(request, "police/portal/statement.html", shown, status=status)


@public
@require_http_methods(["GET", "HEAD", "POST"])
@sessions.own(report_for)
def code(request: HttpRequest, case: PoliceReport, actor: Actor) -> HttpResponse:
    """The code confirms the version that was read; one that changed since is read again first."""
    kept = _kept(request, case)
    if not kept:
        return redirect("portal:police_statement", case.number)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _confirmed(request, case, actor, kept, form.cleaned_data["code"])
        except Refused as refused:
            request.refused = refused
            form.add_refusal(refused)
    shown = {"case": case, "form": form, "sent_to": proof.masked(_phone_of(case))}
    shown |= {"again": reverse("portal:police_statement_again", args=[case.number])}
    shown |= {"back": reverse("portal:police_statement", args=[case.number])}
    return render(request, "police/portal/code.html", shown, status=400 if form.errors else 200)


@public
@require_POST
@sessions.own(report_for)
def again(request: HttpRequest, case: PoliceReport, actor: Actor) -> HttpResponse:
    """Send another code. Too soon is no fault: the page with the code comes again."""
    if kept := _kept(request, case):
        with suppress(Refused):
            _send(request, case, kept["sha256"])
    return redirect("portal:police_statement_code", case.number)


@public
@require_http_methods(["GET", "HEAD", "POST"])
@sessions.own(report_for)
def withdraw(request: HttpRequest, case: PoliceReport, actor: Actor) -> HttpResponse:
    """Say what wanting no help means, and do it when that is confirmed."""
    now = current_instant()
    if request.method == "POST":
        actions.withdraw(case, actor=actor, now=now, key=request.POST.get("key", "")[:64])
        return redirect("portal:case", case.number)
    blockers = verb_named("police.withdraw").why_not(case, actor, now=now)
    shown = {"case": case, "key": secrets.token_urlsafe(16), "blockers": blockers, "handed": handed_over(case)}
    return render(request, "police/portal/withdraw.html", shown)


def _confirmed(
    request: HttpRequest, case: PoliceReport, actor: Actor, kept: dict[str, Any], typed: str
) -> HttpResponse:
    now, challenge = current_instant(), kept["challenge"]
    phone = proof.proven_phone(request, challenge, typed, purpose=PURPOSE, now=now)
    given = {"sha256": kept["sha256"], "phone": phone, "challenge": UUID(challenge)}
    actions.confirm_statement(case, actor=actor, now=now, key=challenge, **given)
    sealing.drop(request.session, SLOT)
    return redirect(f"{reverse('portal:case', args=[case.number])}?done=statement")


def _send(request: HttpRequest, case: PoliceReport, sha256: str) -> None:
    """Send a code to the phone we know. Raises `Refused` without one, or beyond the limits."""
    phone = _phone_of(case)
    if not phone:
        message = _("We know no phone of yours. Call us, and your handler writes down that you confirm it.")
        raise Refused([Blocker("phone.none", message)], verb="police.confirm_statement")
    challenge = proof.ask_for_code(request, phone, purpose=PURPOSE, now=current_instant())
    sealing.put(request.session, SLOT, {"number": case.number, "sha256": sha256, "challenge": challenge})


def _phone_of(case: PoliceReport) -> str:
    party = complainant_of(case)
    return open_sealed(party, "phone") if party else ""


def _kept(request: HttpRequest, case: PoliceReport) -> dict[str, Any]:
    kept = sealing.take(request.session, SLOT)
    return kept if kept.get("number") == case.number else {}
