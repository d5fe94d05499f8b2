"""The workbench views of loans: find, look, take a request in."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from cases.complaints.portal.pages import receipt_page
from cases.desk import rails
from cases.portal import proof
from cases.queries import NotVisible, case_for, case_taken_in_by
from jike.base.dates import now as current_instant
from jike.base.errors import Refused, refuse_if
from jike.files import store
from jike.privacy import mask_phone, open_sealed
from jike.privacy.reads import note_read
from jike.web.downloads import SensitiveDownload
from jike.web.read_only import record_after
from lending.cost.papers import sheet
from lending.models import DisclosurePaper, Loan
from refunds import actions
from refunds.desk import loans as pages
from refunds.desk.forms import FindForm, TakeInForm
from refunds.desk.queries import FIND, form_on_desk, loan_on_desk, loans_found
from refunds.models import Refund
from refunds.rules.asking import REQUEST, blockers_to_request

CHALLENGE, RECEIPT, PURPOSE = "return_challenge", "return_receipt", "return_take_in"


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Look for a loan; the number that was typed stands in no address and no log."""
    if not request.actor.can(FIND):
        raise NotVisible("loans")
    form = FindForm(request.POST if request.method == "POST" else None)
    found = loans_found(request.actor, form.cleaned_data["wanted"]) if form.is_valid() else None
    status = 400 if form.is_bound and form.errors else 200
    context = {"form": form, "found": found, "rails": rails.RAILS}
    return render(request, "refunds/desk/find.html", context, status=status)


@require_GET
def loan(request: HttpRequest, loan: str) -> HttpResponse:
    """The page of a loan. That it was read is kept."""
    now = current_instant()
    found = loan_on_desk(request.actor, loan)
    record_after(request, lambda: note_read(request.actor, found.pk, now=now))
    context = pages.loan_page(found, request.actor, now=now) | {"rails": rails.RAILS}
    return render(request, "refunds/desk/loan.html", context | {"may_take_in": request.actor.can(REQUEST)})


@require_GET
def case_loan(request: HttpRequest, number: str) -> HttpResponse:
    """From a case to the page of its loan."""
    case = case_for(request.actor, number)
    if case.loan is None:
        raise NotVisible(number)
    return redirect("staff:loan", loan_on_desk(request.actor, case.loan.number).number)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def take_in(request: HttpRequest, loan: str) -> HttpResponse:
    """Write down a request that came by telephone, letter, e-mail or in person; the action behind it is the portal's."""
    now = current_instant()
    found = loan_on_desk(request.actor, loan)
    if not request.actor.can(REQUEST):
        raise NotVisible(loan)
    form = TakeInForm(
        request.POST if request.method == "POST" else None, now=now, initial={"key": secrets.token_urlsafe(16)}
    )
    if "send_code" in request.POST:
        return _send_code(request, found, now)
    if request.method == "POST" and form.is_valid() and (case := _taken(request, form, found, now)):
        request.session[RECEIPT] = str(case.pk)
        return redirect("staff:return_receipt")
    status = 400 if form.is_bound and form.errors else 200
    return _page(request, form, found, now, status=status)


@require_safe
def receipt(request: HttpRequest) -> HttpResponse:
    """The receipt for reading out and printing, only in the session that took it in."""
    case = case_taken_in_by(request.actor, request.session.get(RECEIPT, ""))
    return render(request, "refunds/desk/receipt.html", receipt_page(case) | {"rails": rails.RAILS})


@require_GET
def cost_form(request: HttpRequest, loan: str, version: int) -> HttpResponse:
    """A confirmed cost form as it was shown, and whether the loan on record costs the same."""
    found, row = form_on_desk(request.actor, loan, version)
    record_after(request, lambda: note_read(request.actor, found.pk, now=current_instant()))
    shown = {
        "loan": found,
        "row": row,
        "has_paper": DisclosurePaper.objects.filter(pk=row.pk).exists(),
        "differs": pages.costs_something_else(found, row),
        "rails": rails.RAILS,
    }
    return render(request, "refunds/desk/cost_form.html", sheet(row.content) | shown)


@require_GET
def cost_form_paper(request: HttpRequest, loan: str, version: int) -> HttpResponseBase:
    """The same as a file."""
    found, row = form_on_desk(request.actor, loan, version)
    paper = DisclosurePaper.objects.select_related("file").filter(pk=row.pk).first()
    if paper is None:
        raise NotVisible(loan)
    record_after(request, lambda: note_read(request.actor, found.pk, now=current_instant()))
    name = f"{row.application}-v{row.version}.pdf"
    return SensitiveDownload(
        store.read(paper.file), media_type=paper.file.media_type, name=name, subject=row.person_id, purpose="loan work"
    )


def _page(request: HttpRequest, form: TakeInForm, loan: Loan, now: datetime, *, status: int = 200) -> HttpResponse:
    context = pages.take_in_page(loan, request.actor, now=now) | {"form": form, "rails": rails.RAILS}
    return render(request, "refunds/desk/take_in.html", context, status=status)


def _send_code(request: HttpRequest, loan: Loan, now: datetime) -> HttpResponse:
    """Send a code to the number under which the borrower is registered, never to one that was typed."""
    form = TakeInForm(initial=request.POST.dict() | {"confirmed_by": "code"}, now=now)
    phone = open_sealed(loan.person, "phone")
    try:
        request.session[CHALLENGE] = proof.ask_for_code(request, phone, purpose=PURPOSE, now=now)
    except Refused as refused:
        request.refused = refused
        form.add_refusal(refused)
        return _page(request, form, loan, now, status=409)
    form.fields["code"].help_text = _("Sent to %(phone)s. Let the consumer read it out.") % {"phone": mask_phone(phone)}
    return _page(request, form, loan, now)


def _taken(request: HttpRequest, form: TakeInForm, loan: Loan, now: datetime) -> Refund | None:
    """Taken; None where it was refused, and then the form says why. A code is used up only when nothing else is wrong."""
    inputs = dict(form.cleaned_data)
    key, code = inputs.pop("key"), inputs.pop("code")
    try:
        if inputs["confirmed_by"] == "code":
            refuse_if(blockers_to_request(None, request.actor, now=now, loan=loan, **inputs), verb=REQUEST)
            proof.proven_phone(request, request.session.get(CHALLENGE, ""), code, purpose=PURPOSE, now=now)
        case: Refund = actions.request_return(actor=request.actor, now=now, key=key, loan=loan, **inputs)
    except Refused as refused:
        request.refused = refused
        form.add_refusal(refused)
        return None
    return case
