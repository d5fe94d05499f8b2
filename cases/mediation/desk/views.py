"""Both sides side by side for whoever mediates; writing down an offer or an answer that a side gave by telephone or letter."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.desk import rails
from cases.mediation import actions
from cases.mediation.desk import pages
from cases.mediation.desk.forms import AnswerForm, SaidOfferForm, SideForm, proposal_of
from cases.mediation.models import Mediation
from cases.mediation.queries import mediation_for
from cases.mediation.states import Side
from cases.mediation.talks.offer_form import OfferForm, typed_of
from cases.mediation.terms import effect_on_consumer
from cases.queries import NotVisible, sight_of
from jike.base.dates import now as current_instant
from jike.base.errors import Refused
from jike.privacy.reads import note_read
from jike.verbs import verb_named
from jike.web.read_only import record_after


def _case(request: HttpRequest, number: str) -> Mediation:
    case = mediation_for(request.actor, number)
    if sight_of(case, request.actor) != "full":
        raise NotVisible(number)
    note = partial(note_read, request.actor, case.pk, now=current_instant())
    if request.method == "POST":
        note()
    else:
        record_after(request, note)
    return case


@require_GET
def talks(request: HttpRequest, number: str) -> HttpResponse:
    """The three panes: consumer, terms, merchant."""
    case = _case(request, number)
    return _shown(request, case, AnswerForm(initial={"key": secrets.token_hex(16)}))


@require_POST
def answer(request: HttpRequest, number: str) -> HttpResponse:
    """Write down what a side answered to the standing offer, and where it can be shown to have said so."""
    case, form = _case(request, number), AnswerForm(request.POST)
    if not form.is_valid():
        return _shown(request, case, form, status=400)
    given = form.inputs(case)
    try:
        actions.answer_offer(case, actor=request.actor, now=current_instant(), key=form.cleaned_data["key"], **given)
    except Refused as refused:
        request.refused = refused
        form.add_refusal(refused)
        return _shown(request, Mediation.objects.get(pk=case.pk), form, status=refused.http_status)
    messages.success(request, _("The answer is recorded."))
    return redirect("staff:talks", number=case.number)


@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: HttpRequest, number: str, side: str) -> HttpResponse:
    """Write down an offer that a side made, see it as both will, and record it."""
    case = _case(request, number)
    if side not in Side.values:
        raise Http404(side)
    standing = case.standing_offer
    begin = typed_of(standing) if standing and standing.side != side else {}
    form = SaidOfferForm(request.POST or None, initial=begin | {"key": secrets.token_hex(16)})
    done = _("The offer is recorded; the other side is told.")
    shown = {"side": Side(side), "is_counter": bool(begin)}
    return _written(request, case, form, "mediation.offer", lambda typed: typed | form.said(side), done, shown)


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, number: str, side: str) -> HttpResponse:
    """Words to one side alone."""
    if side not in Side.values:
        raise Http404
    case, now, status = _case(request, number), current_instant(), 200
    form = SideForm(request.POST or None, initial={"key": secrets.token_hex(16)})
    blockers = verb_named("mediation.write").why_not(case, request.actor, now=now)
    if request.method == "POST" and form.is_valid() and not blockers:
        typed = form.cleaned_data
        try:
            actions.write_to_side(case, actor=request.actor, now=now, key=typed["key"], side=side, text=typed["text"])
        except Refused as refused:
            request.refused, status = refused, refused.http_status
            form.add_refusal(refused)
        else:
            messages.success(request, _("Sent to this side alone."))
            return redirect("staff:talks", number=case.number)
    context = {"case": case, "form": form, "side": Side(side), "blockers": blockers, "rails": rails.RAILS}
    status = status if status != 200 else 409 if blockers else 400 if form.errors else 200
    return render(request, "mediation/desk/write.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def open_round(request: HttpRequest, number: str) -> HttpResponse:
    """A proposal of the mediator to both, which each answers in secret: written, looked at, sent."""
    case = _case(request, number)
    form = OfferForm(request.POST or None, initial={"key": secrets.token_hex(16)})
    done = _("Both sides are asked; each answers in secret.")
    return _written(request, case, form, "mediation.open_round", proposal_of, done, {"is_proposal": True})


def _written(
    request: HttpRequest,
    case: Mediation,
    form: OfferForm,
    verb: str,
    inputs_of: Callable[[dict[str, Any]], dict[str, Any]],
    done: str,
    shown: dict[str, Any],
) -> HttpResponse:
    """Terms that are typed, looked at and sent, by one verb."""
    now, chosen = current_instant(), verb_named(verb)
    blockers = chosen.why_not(case, request.actor, now=now)
    if request.method == "POST" and form.is_valid():
        typed = form.inputs(now=now)
        inputs = inputs_of(typed)
        blockers = chosen.blockers(case, request.actor, now=now, **inputs)
        if not blockers and "send" in request.POST:
            chosen.action(case, actor=request.actor, now=now, key=form.cleaned_data["key"], **inputs)
            messages.success(request, done)
            return redirect("staff:talks", number=case.number)
        if not blockers and "change" not in request.POST:
            shown |= {"preview": typed, "effect": effect_on_consumer(typed["terms"])}
    status = 409 if blockers else 400 if form.errors else 200
    context = {"case": case, "form": form, "blockers": blockers, "rails": rails.RAILS}
    return render(request, "mediation/desk/offer.html", context | shown, status=status)


def _shown(request: HttpRequest, case: Mediation, form: AnswerForm, *, status: int = 200) -> HttpResponse:
    context = pages.talks_context(case, request.actor, now=current_instant())
    return render(request, "mediation/desk/talks.html", context | {"form": form, "rails": rails.RAILS}, status=status)
