"""The intake screen: one page, one form; what was typed is never lost, whatever is refused."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.complaints.actions import take_in_complaint
from cases.complaints.intake import pages
from cases.complaints.intake.forms import IntakeForm
from cases.complaints.portal.pages import receipt_page
from cases.complaints.rules.filing import blockers_to_take_in
from cases.inquiries.actions import file_inquiry
from cases.models import Case
from cases.portal import proof, sealing
from cases.queries import NotVisible, case_taken_in_by
from jike.base.dates import now as current_instant
from jike.base.errors import Refused, refuse_if
from jike.privacy import mask_phone
from lending.queries import merchant_called

POWER = "complaints.take_in"
DRAFT, CHALLENGE, RECEIPT = "intake", "intake_challenge", "intake_receipt"
PURPOSE = "intake"
INQUIRED = ("name", "phone", "email", "narrative", "received_at", "channel", "merchant", "merchant_named", "loan")


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def intake(request: HttpRequest) -> HttpResponse:
    """Write it down. Whatever is typed is kept sealed in the session until it is filed or thrown away."""
    if not request.actor.can(POWER):
        raise NotVisible("intake")
    if request.method != "POST":
        return _page(request, _form(request, None, sealing.take(request.session, DRAFT)))
    typed = request.POST.dict()
    sealing.put(request.session, DRAFT, {k: v for k, v in typed.items() if k != "csrfmiddlewaretoken"})
    if "drop" in typed:
        sealing.drop(request.session, DRAFT)
        return redirect("staff:intake")
    if "look" in typed:
        return _page(request, _form(request, None, typed))
    form = _form(request, typed, {})
    if "send_code" in typed:
        return _send_code(request, form)
    if form.is_valid() and (case := _filed(request, form)):
        sealing.drop(request.session, DRAFT)
        request.session[RECEIPT] = str(case.pk)
        return redirect("staff:intake_receipt") if case.consumer_id else redirect("staff:case", case.number)
    return _page(request, form, status=400)


@sensitive_post_parameters()
@require_POST
def known(request: HttpRequest) -> HttpResponse:
    """Who and what is known by the number that was typed, as a part of the page. The number travels in the body, never in an address."""
    if not request.actor.can(POWER):
        raise NotVisible("intake")
    typed = request.POST.get("phone", "")
    form = _form(request, None, request.POST.dict())
    context = {"known": pages.known_of(typed, request.actor), "loan_field": form["loan"], "is_part": True}
    return render(request, "complaints/intake/_known.html", context)


@require_safe
def receipt(request: HttpRequest) -> HttpResponse:
    """The receipt for reading out and printing, only in the session that took it in."""
    if not request.actor.can(POWER):
        raise NotVisible("receipt")
    case = case_taken_in_by(request.actor, request.session.get(RECEIPT, ""))
    return render(request, "complaints/intake/receipt.html", receipt_page(case))


def _form(request: HttpRequest, data: dict[str, Any] | None, initial: dict[str, Any]) -> IntakeForm:
    phone = str((data or initial).get("phone", ""))
    return IntakeForm(data, initial=initial, loans=pages.loan_choices(phone), now=current_instant())


def _page(request: HttpRequest, form: IntakeForm, *, status: int = 200) -> HttpResponse:
    key = request.POST.get("key") or form.initial.get("key") or secrets.token_urlsafe(24)
    context = pages.intake_context(form, request.actor, key=key)
    return render(request, "complaints/intake/intake.html", context, status=status)


def _send_code(request: HttpRequest, form: IntakeForm) -> HttpResponse:
    """Send a code to the consumer's phone; the rest of the form may still be unfinished."""
    form.is_valid()
    phone = form.cleaned_data.get("phone", "")
    again = _form(request, None, request.POST.dict())
    if not phone:
        return _page(request, form, status=400)
    try:
        request.session[CHALLENGE] = proof.ask_for_code(request, phone, purpose=PURPOSE, now=current_instant())
    except Refused as refused:
        request.refused = refused
        form.add_refusal(refused)
        return _page(request, form, status=409)
    again.fields["code"].help_text = _("Sent to %(phone)s. Let the consumer read it out.") % {
        "phone": mask_phone(phone)
    }
    return _page(request, again)


def _filed(request: HttpRequest, form: IntakeForm) -> Case | None:
    """File it as what the clerk says it is; None when it was refused, and then the form says why."""
    file = _filed_complaint if "complaint" in form.natures else _filed_inquiry
    try:
        return file(request, form, current_instant())
    except Refused as refused:
        request.refused = refused
        form.add_refusal(refused)
        return None


def _filed_inquiry(request: HttpRequest, form: IntakeForm, now: datetime) -> Case:
    """A question or a report: no clock, no confirmation by the consumer."""
    typed = _inputs(form)
    inputs = {name: typed[name] for name in INQUIRED}
    inquiry: Case = file_inquiry(
        actor=request.actor, now=now, key=request.POST.get("key", ""), nature=typed["matter"], **inputs
    )
    return inquiry


def _filed_complaint(request: HttpRequest, form: IntakeForm, now: datetime) -> Case | None:
    """A complaint, and what stood beside it. A code is used up only when nothing else is wrong."""
    inputs = _inputs(form)
    nature, passage = inputs.pop("matter").partition("+")[2], inputs.pop("passage")
    inputs["beside"] = (nature, passage) if nature else None
    refuse_if(blockers_to_take_in(None, request.actor, now=now, **inputs), verb=POWER)
    if inputs["confirmed_by"] == "code" and not _is_proven(request, form, now):
        return None
    case: Case = take_in_complaint(actor=request.actor, now=now, key=request.POST.get("key", ""), **inputs)
    return case


def _is_proven(request: HttpRequest, form: IntakeForm, now: Any) -> bool:
    challenge = request.session.get(CHALLENGE, "")
    phone = proof.proven_phone(request, challenge, form.cleaned_data["code"], purpose=PURPOSE, now=now)
    if phone != form.cleaned_data["phone"]:
        form.add_error("code", _("The code was sent to another number. Send a new one."))
        return False
    return True


def _inputs(form: IntakeForm) -> dict[str, Any]:
    typed = dict(form.cleaned_data)
    loans = {str(loan.pk): loan for loan in pages.loans_by_phone(typed["phone"])}
    named = typed.pop("merchant")
    typed.pop("code")
    return typed | {
        "loan": loans.get(typed["loan"]),
        "merchant": merchant_called(named),
        "merchant_named": named,
        "amount_cny": typed.pop("amount"),
    }
