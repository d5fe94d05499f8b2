"""Going on later: a link and a code that open the draft again within thirty days, on any device."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from cases.complaints.portal import drafts, way
from cases.complaints.portal.drafts import draft_of
from cases.complaints.portal.forms import ContactForm, ResumeForm
from cases.complaints.portal.models import Draft
from cases.portal import proof, sealing
from cases.portal.forms import CodeForm
from jike.accounts.access import public
from jike.base.dates import now as current_instant
from jike.base.errors import Refused
from jike.privacy import normalise_phone
from jike.web.qr import qr_data_uri

RESUMING = "resuming"


@public
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Show link and code once. They are kept as keyed hashes only, so asking again makes new ones."""
    now = current_instant()
    draft = draft_of(request.session, now=now)
    if not draft.is_begun or draft._state.adding:
        return redirect("portal:complain")
    ticket = drafts.ticket_for(draft, now=now)
    address = f"{settings.PUBLIC_BASE_URL}{reverse('portal:complain_resume', args=[ticket.link])}"
    shown = {"ticket": ticket, "address": address, "qr": qr_data_uri(address), "phone": _masked_phone(draft)}
    return render(request, "complaints/portal/saved.html", shown | {"go_on": way.first_open(draft)})


@public
@require_POST
def discard(request: HttpRequest) -> HttpResponse:
    """Throw the draft away, at once and entirely."""
    drafts.drop(request.session, now=current_instant())
    return redirect("portal:complain")


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def resume(request: HttpRequest, link: str) -> HttpResponse:
    """The link alone shows nothing of the draft, not even whether there is one: the code does, or a code by text message."""
    form = ResumeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        now = current_instant()
        try:
            draft = drafts.open_with_code(link, form.cleaned_data["code"], now=now)
            drafts.enter(request.session, draft, now=now)
            return redirect(way.first_open(draft))
        except Refused as refused:
            request.refused = refused
            form.add_refusal(refused)
    return _resume_page(request, link, form)


@public
@sensitive_post_parameters()
@require_POST
def resume_by_phone(request: HttpRequest, link: str) -> HttpResponse:
    """Send a code to the number that is typed; the draft opens if it is the draft's own number."""
    form = ContactForm({"name": "x", "phone": request.POST.get("phone", "")})
    form.is_valid()
    if "phone" in form.errors:
        return _resume_page(request, link, ResumeForm(), phone_form=form)
    phone = form.cleaned_data["phone"]
    try:
        challenge = proof.ask_for_code(request, phone, purpose=proof.RESUME, now=current_instant())
    except Refused as refused:
        request.refused = refused
        form.add_refusal(refused)
        return _resume_page(request, link, ResumeForm(), phone_form=form)
    sealing.put(request.session, RESUMING, {"link": link, "phone": phone, "challenge": challenge})
    return redirect("portal:complain_resume_code")


@public
@require_http_methods(["GET", "HEAD", "POST"])
def resume_code(request: HttpRequest) -> HttpResponse:
    """The phone answers; whether it fits the link is looked up only now, and every misfit reads the same."""
    kept = sealing.take(request.session, RESUMING)
    if not kept:
        return redirect("portal:complain")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        now = current_instant()
        try:
            typed = form.cleaned_data["code"]
            phone = proof.proven_phone(request, kept["challenge"], typed, purpose=proof.RESUME, now=now)
            draft = _draft_of_phone(kept["link"], phone)
            drafts.enter(request.session, draft.with_(phone=phone, proven=phone), now=now)
            sealing.drop(request.session, RESUMING)
            return redirect(way.first_open(draft))
        except Refused as refused:
            request.refused = refused
            form.add_refusal(refused)
    shown = {"form": form, "sent_to": proof.masked(kept["phone"]), "link": kept["link"]}
    status = 400 if form.is_bound and form.errors else 200
    return render(request, "complaints/portal/resume_code.html", shown, status=status)


def _draft_of_phone(link: str, phone: str) -> Draft:
    """The draft of this link that was given this number. Raises `Refused`, the same for no draft and another number."""
    now = current_instant()
    draft = drafts.take_try(link, now=now)
    if draft is None or _phone_in(draft) != phone:
        raise drafts.wrong_code()
    return draft


def _phone_in(draft: Draft) -> str:
    try:
        return normalise_phone(draft.answers.get("phone", ""))
    except ValueError:
        return ""


def _masked_phone(draft: Draft) -> str:
    return proof.masked(draft.answers["phone"]) if _phone_in(draft) else ""


def _resume_page(
    request: HttpRequest, link: str, form: ResumeForm, *, phone_form: ContactForm | None = None
) -> HttpResponse:
    shown = {"form": form, "phone_form": phone_form or ContactForm(), "link": link}
    is_wrong = (form.is_bound and form.errors) or (phone_form is not None)
    return render(request, "complaints/portal/resume.html", shown, status=400 if is_wrong else 200)
