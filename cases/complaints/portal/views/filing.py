"""Filing a complaint in three steps: what happened, who you are, check and send."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.complaints.actions import file_complaint
from cases.complaints.models import Complaint
from cases.complaints.portal import drafts, pages, proof, sessions
from cases.complaints.portal.drafts import Draft, draft_of
from cases.complaints.portal.forms import CodeForm, ContactForm, PortalForm, StoryForm
from cases.complaints.portal.queries import complaint_for, merchant_called, merchants_to_suggest
from jike.accounts.access import public
from jike.accounts.roles import consumer_actor
from jike.base.dates import now as current_instant
from jike.base.errors import Refused

RECEIPT = "receipt"


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def story(request: HttpRequest) -> HttpResponse:
    """Step 1. What was typed is kept whether it is valid or not.

    The session gets a new key here and not at the end: a second click that arrives with the old key loses nothing, because
    this form carries everything written so far.
    """
    form = _typed(request, StoryForm)
    if request.method == "POST" and form.is_valid():
        request.session.cycle_key()
        return redirect("portal:complain_you")
    return _step(request, "story", form, 1, merchants=merchants_to_suggest())


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def you(request: HttpRequest) -> HttpResponse:
    """Step 2. The code is sent unless this phone has answered one already."""
    if not StoryForm(draft_of(request.session).data()).is_valid():
        return redirect("portal:complain")
    form = _typed(request, ContactForm)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["phone"] == draft_of(request.session).proven:
            return redirect("portal:complain_check")
        if _send_code(request, form):
            return redirect("portal:complain_code")
    return _step(request, "you", form, 2)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Step 2, second half: the phone answers."""
    draft = draft_of(request.session)
    if not draft.challenge:
        return redirect("portal:complain_you")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            phone = proof.proven_phone(
                request, draft.challenge, form.cleaned_data["code"], purpose=proof.FILE, now=current_instant()
            )
            drafts.keep(request.session, draft.with_(challenge="", proven=phone))
            return redirect("portal:complain_check")
        except Refused as refused:
            request.refused = refused
            form.add_refusal(refused)
    return _step(
        request,
        "code",
        form,
        2,
        sent_to=proof.masked(draft.phone),
        again="portal:complain_again",
        back="portal:complain_you",
    )


@public
@require_POST
def again(request: HttpRequest) -> HttpResponse:
    """Send another code to the same phone."""
    form = ContactForm(draft_of(request.session).data())
    if form.is_valid() and _send_code(request, form):
        return redirect("portal:complain_code")
    return _step(request, "you", form, 2)


@public
@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """Step 3: everything once more, with a way back to each part."""
    draft = draft_of(request.session)
    unfinished = _unfinished(draft)
    if unfinished:
        return redirect(unfinished)
    return render(request, "complaints/portal/check.html", {"draft": draft, "places": pages.places(3), **_clean(draft)})


@public
@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """File the draft. A second click, or the same page sent again, leads to the same receipt."""
    draft, now = draft_of(request.session), current_instant()
    token = request.POST.get("token", "")
    if token and token == request.session.get(RECEIPT, {}).get("token"):
        return redirect("portal:complain_receipt")
    unfinished = "portal:complain_check" if token != draft.token else _unfinished(draft)
    if unfinished:
        return redirect(unfinished)
    case = _file(draft, now=now)
    drafts.drop(request.session)
    sessions.open_case(request.session, case, now=now)
    request.session[RECEIPT] = {"token": draft.token, "number": case.number, "person": str(case.consumer_id)}
    return redirect("portal:complain_receipt")


@public
@require_safe
def receipt(request: HttpRequest) -> HttpResponseBase:
    """The receipt of what was filed in this browser; elsewhere it does not exist."""
    visit = sessions.visit_of(request.session, now=current_instant())
    kept = request.session.get(RECEIPT)
    if visit is None or not kept or kept["number"] != visit.number:
        return redirect("portal:track")
    case = complaint_for(visit.actor, visit.number)
    return render(request, "complaints/portal/receipt.html", pages.receipt_page(case))


@public
@require_POST
def discard(request: HttpRequest) -> HttpResponse:
    """Throw the draft away, at once and entirely."""
    drafts.drop(request.session)
    return redirect("portal:complain")


def _typed(request: HttpRequest, form_class: type[PortalForm]) -> Any:
    """The form as typed now, or as left the last time; what is typed goes into the draft before it is judged."""
    draft = draft_of(request.session)
    if request.method != "POST":
        return form_class(initial=draft.data())
    form = form_class(request.POST)
    drafts.keep(request.session, draft.with_typed(form))
    return form


def _step(request: HttpRequest, name: str, form: forms.Form, step: int, **context: Any) -> HttpResponse:
    status = 400 if form.is_bound and form.errors else 200
    shown = {"form": form, "places": pages.places(step), "draft": draft_of(request.session), **context}
    return render(request, f"complaints/portal/{name}.html", shown, status=status)


def _send_code(request: HttpRequest, form: ContactForm) -> bool:
    """Send a code to the phone of the form; whether that was possible. If not, the form says why."""
    try:
        challenge = proof.ask_for_code(request, form.cleaned_data["phone"], purpose=proof.FILE, now=current_instant())
    except Refused as refused:
        request.refused = refused
        form.add_refusal(refused)
        return False
    drafts.keep(request.session, draft_of(request.session).with_(challenge=challenge))
    return True


def _unfinished(draft: Draft) -> str:
    """The route of the first step that still lacks something; empty when the draft can be sent."""
    contact = ContactForm(draft.data())
    if not StoryForm(draft.data()).is_valid():
        return "portal:complain"
    if not contact.is_valid():
        return "portal:complain_you"
    return "" if contact.cleaned_data["phone"] == draft.proven else "portal:complain_you"


def _clean(draft: Draft) -> dict[str, Any]:
    """The draft as the forms read it: `narrative`, `claim`, `merchant`, `amount`, `name`, `phone`."""
    story_form, contact = StoryForm(draft.data()), ContactForm(draft.data())
    story_form.is_valid(), contact.is_valid()
    return {**story_form.cleaned_data, **contact.cleaned_data}


def _file(draft: Draft, *, now: Any) -> Complaint:
    typed = _clean(draft)
    return file_complaint(
        actor=consumer_actor(None),
        now=now,
        key=draft.token,
        name=typed["name"],
        phone=typed["phone"],
        claim=typed["claim"],
        narrative=typed["narrative"],
        merchant=merchant_called(typed["merchant"]),
        merchant_named=typed["merchant"],
        amount_cny=typed["amount"],
    )
