"""The borrower's way: prove the phone, choose the loan, see every cent, ask; then follow it, contest a refusal, take the certificate."""

from __future__ import annotations

import secrets

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.portal import proof, sealing, sessions
from cases.portal.forms import CodeForm
from jike.accounts.access import public
from jike.base.actors import Actor
from jike.base.dates import now as current_instant
from jike.base.errors import Refused
from jike.files import store
from jike.web.downloads import SensitiveDownload
from lending.queries import person_called
from refunds import actions, queries
from refunds.models import Refund
from refunds.portal import pages, visits
from refunds.portal.forms import AskForm, BorrowerForm, ContestForm
from refunds.portal.visits import own_loans
from refunds.rules.asking import blockers_to_return

LOOKUP, PURPOSE = "borrower_lookup", "return"


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Name and phone of the loan. Whoever is known in this browser goes straight to the loans."""
    if visits.borrower_in(request.session, now=current_instant()) and request.method != "POST":
        return redirect("portal:return_loans")
    form = BorrowerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _send_code(request, form):
        return redirect("portal:return_code")
    return render(request, "refunds/portal/start.html", {"form": form}, status=_status(form))


@public
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The phone answers; only then it is looked up whether there is anybody of this name."""
    lookup, now = sealing.take(request.session, LOOKUP), current_instant()
    if not lookup.get("challenge"):
        return redirect("portal:return")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            phone = proof.proven_phone(
                request, lookup["challenge"], form.cleaned_data["code"], purpose=PURPOSE, now=now
            )
            return _enter(request, phone, lookup["name"])
        except Refused as refused:
            request.refused = refused
            form.add_refusal(refused)
    sent_to = proof.masked(lookup["phone"])
    shown = {
        "form": form,
        "sent_to": sent_to,
        "again": reverse("portal:return_again"),
        "back": reverse("portal:return"),
    }
    return render(request, "portal/code.html", shown, status=_status(form))


@public
@require_POST
def again(request: HttpRequest) -> HttpResponse:
    """Send another code to the same phone."""
    form = BorrowerForm(sealing.take(request.session, LOOKUP))
    if form.is_valid() and _send_code(request, form):
        return redirect("portal:return_code")
    return render(request, "refunds/portal/start.html", {"form": form}, status=_status(form))


@public
@require_safe
@own_loans
def loans(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The own loans with the last moment of each."""
    return render(request, "refunds/portal/loans.html", {"offers": queries.offers_for(actor, now=current_instant())})


@public
@require_http_methods(["GET", "HEAD", "POST"])
@own_loans
def one_loan(request: HttpRequest, actor: Actor, loan: str) -> HttpResponse:
    """Every leg and cent before anything is asked for; and asking."""
    now = current_instant()
    offer = queries.offer_for(actor, loan, now=now)
    form = AskForm(request.POST or None, initial={"key": secrets.token_urlsafe(16)})
    if request.method == "POST" and form.is_valid():
        given = {"consumer_says": form.cleaned_data["says"], "key": form.cleaned_data["key"]}
        case = actions.request_return(actor=actor, now=now, loan=offer.loan, **given)
        sessions.open_case(request.session, case, now=now)
        return redirect("portal:case", case.number)
    shown = pages.simulation_page(offer, now=now) | {"form": form, "blockers": blockers_to_return(offer.loan, actor)}
    return render(request, "refunds/portal/loan.html", shown, status=_status(form))


@sessions.own(queries.return_for)
def page(request: HttpRequest, case: Refund, actor: Actor) -> HttpResponse:
    """The own return at `/track/<number>/`."""
    return render(request, "refunds/portal/page.html", pages.return_page(case, actor, now=current_instant()))


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@sessions.own(queries.return_for)
def contest(request: HttpRequest, case: Refund, actor: Actor) -> HttpResponse:
    """A refusal that is not accepted becomes a complaint."""
    initial = {
        "key": secrets.token_urlsafe(16),
        "words": sealing.take(request.session, sessions.UNSENT).get("words", ""),
    }
    form = ContestForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        words, key = form.cleaned_data["words"], form.cleaned_data["key"]
        actions.contest_refusal(case, actor=actor, now=current_instant(), key=key, words=words)
        sealing.drop(request.session, sessions.UNSENT)
        return redirect("portal:case", case.number)
    shown = {"form": form, "case": case}
    return render(request, "refunds/portal/contest.html", shown, status=_status(form))


@public
@require_safe
@sessions.own(queries.return_for)
def certificate(request: HttpRequest, case: Refund, actor: Actor) -> HttpResponseBase:
    """The certificate as a file, once it was made."""
    document = queries.certificate_of(case)
    if document is None:
        raise Http404
    return SensitiveDownload(
        store.read(document.file),
        media_type=document.file.media_type,
        name=f"{case.number}.pdf",
        subject=case.pk,
        purpose="portal.own_certificate",
    )


def _send_code(request: HttpRequest, form: BorrowerForm) -> bool:
    """Send a code to the number that was typed, whoever it belongs to."""
    typed = form.cleaned_data
    try:
        challenge = proof.ask_for_code(request, typed["phone"], purpose=PURPOSE, now=current_instant())
    except Refused as refused:
        request.refused = refused
        form.add_refusal(refused)
        return False
    sealing.put(request.session, LOOKUP, {**typed, "challenge": challenge})
    return True


def _enter(request: HttpRequest, phone: str, name: str) -> HttpResponse:
    """Open the loans of the person with this proven phone and this name, or say that there is none."""
    sealing.drop(request.session, LOOKUP)
    person = person_called(phone, name)
    if person is None:
        form = BorrowerForm({"name": name, "phone": phone})
        form.is_valid()
        form.add_error(
            None, _("We know no loan under this name and number. Please compare both with your contract, or call us.")
        )
        return render(request, "refunds/portal/start.html", {"form": form}, status=400)
    request.session.cycle_key()
    visits.let_in(request.session, person, now=current_instant())
    return redirect("portal:return_loans")


def _status(form: AskForm | BorrowerForm | CodeForm | ContestForm) -> int:
    return 400 if form.is_bound and form.errors else 200
