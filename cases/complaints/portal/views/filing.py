"""Filing a complaint: one question a page, who you are, check and send."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.complaints.portal import drafts, pages, questions, submission, way
from cases.complaints.portal.drafts import draft_of
from cases.complaints.portal.forms import ContactForm, form_of_question
from cases.complaints.portal.models import Draft
from cases.complaints.portal.queries import complaint_for, merchants_to_suggest
from cases.complaints.portal.questions import Question
from cases.complaints.portal.views import known
from cases.portal import proof, sessions
from cases.portal.forms import CodeForm
from jike.accounts.access import public
from jike.base.dates import now as current_instant
from jike.base.errors import Refused

RECEIPT = "receipt"


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def first(request: HttpRequest) -> HttpResponse:
    """The first question, and the way back into what was begun."""
    return _question(request, questions.all_questions()[0])


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, code: str) -> HttpResponse:
    """Any other question. One that does not fit the answers leads to the first page that is open."""
    found = questions.question_named(code)
    if found is None:
        raise Http404
    draft = draft_of(request.session, now=current_instant())
    if not found.applies(draft.answers):
        return redirect(way.first_open(draft))
    return _question(request, found)


def _question(request: HttpRequest, asked: Question) -> HttpResponse:
    """What was typed is kept whether it is valid or not.

    The session gets a new key with the first answer: whoever held the earlier one has no part in this draft.
    """
    now = current_instant()
    draft = draft_of(request.session, now=now)
    if request.method != "POST":
        return _page(
            request, "question", form_of_question(asked)(initial=draft.answers), asked.code, draft, asked=asked
        )
    form = form_of_question(asked)(request.POST)
    if draft._state.adding:
        request.session.cycle_key()
    drafts.keep(request.session, draft.with_answers(_typed(form)), now=now)
    if not form.is_valid():
        return _page(request, "question", form, asked.code, draft, asked=asked)
    if request.POST.get("then") == way.CHECK and not way.unfinished(draft):
        return redirect("portal:complain_check")
    return redirect(way.after(asked.code, draft.answers))


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def you(request: HttpRequest) -> HttpResponse:
    """Who complains. The code is sent unless this phone has answered one already."""
    now = current_instant()
    draft = draft_of(request.session, now=now)
    open_question = next((q for q in questions.asked_of(draft.answers) if not way.is_answered(q, draft)), None)
    if open_question is not None:
        return redirect(way.address_of(open_question.code))
    form = ContactForm(request.POST if request.method == "POST" else None, initial=draft.answers)
    if request.method == "POST":
        drafts.keep(request.session, draft.with_answers({**_typed(form), **known.FORGOTTEN}), now=now)
        if form.is_valid() and form.cleaned_data["phone"] == draft.answers.get("proven"):
            return redirect(known.after_proof(draft))
        if form.is_valid() and _send_code(request, form, draft):
            return redirect("portal:complain_code")
    return _page(request, "you", form, way.YOU, draft)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The phone answers."""
    now = current_instant()
    draft = draft_of(request.session, now=now)
    if not draft.answers.get("challenge"):
        return redirect("portal:complain_you")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            typed = form.cleaned_data["code"]
            phone = proof.proven_phone(request, draft.answers["challenge"], typed, purpose=proof.FILE, now=now)
            drafts.keep(request.session, draft.with_(challenge="", proven=phone), now=now)
            return redirect(known.after_proof(draft))
        except Refused as refused:
            request.refused = refused
            form.add_refusal(refused)
    again = {"again": reverse("portal:complain_again"), "back": reverse("portal:complain_you")}
    sent_to = proof.masked(draft.answers.get("phone", ""))
    return _page(request, "code", form, way.YOU, draft, sent_to=sent_to, **again)


@public
@require_POST
def again(request: HttpRequest) -> HttpResponse:
    """Send another code to the same phone."""
    draft = draft_of(request.session, now=current_instant())
    form = ContactForm(draft.answers)
    if form.is_valid() and _send_code(request, form, draft):
        return redirect("portal:complain_code")
    return _page(request, "you", form, way.YOU, draft)


@public
@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """Everything once more, with a way back to each part."""
    draft = draft_of(request.session, now=current_instant())
    if unfinished := way.unfinished(draft):
        return redirect(unfinished)
    return render(request, "complaints/portal/check.html", pages.check_page(draft))


@public
@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """File the draft. A second click, or the same page sent again, leads to the same receipt."""
    now = current_instant()
    draft, token = draft_of(request.session, now=now), request.POST.get("token", "")
    if token and token == request.session.get(RECEIPT, {}).get("token"):
        return redirect("portal:complain_receipt")
    unfinished = way.address_of(way.CHECK) if token != draft.token else way.unfinished(draft)
    if unfinished:
        return redirect(unfinished)
    case = submission.submit(draft, now=now)
    drafts.leave_to_case(request.session, draft)
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


def _typed(form: forms.Form) -> dict[str, Any]:
    """The fields of the form as they were typed, also when they are not valid yet; several choices as a list."""
    return {
        name: form.data.getlist(name) if isinstance(field, forms.MultipleChoiceField) else form.data.get(name, "")
        for name, field in form.fields.items()
    }


def _page(request: HttpRequest, name: str, form: forms.Form, place: str, draft: Draft, **context: Any) -> HttpResponse:
    status = 400 if form.is_bound and form.errors else 200
    shown = {"form": form, "progress": way.progress_at(place, draft.answers), "draft": draft, **context}
    if name == "question":
        shown |= {
            "go_on": way.first_open(draft) if draft.is_begun and not shown["progress"].back else "",
            "merchants": merchants_to_suggest() if shown["asked"].suggest else [],
            "then": request.GET.get("then") or request.POST.get("then", ""),
        }
    return render(request, f"complaints/portal/{name}.html", shown, status=status)


def _send_code(request: HttpRequest, form: ContactForm, draft: Draft) -> bool:
    """Send a code to the phone of the form; whether that was possible. If not, the form says why."""
    now = current_instant()
    try:
        challenge = proof.ask_for_code(request, form.cleaned_data["phone"], purpose=proof.FILE, now=now)
    except Refused as refused:
        request.refused = refused
        form.add_refusal(refused)
        return False
    drafts.keep(request.session, draft.with_(challenge=challenge), now=now)
    return True
