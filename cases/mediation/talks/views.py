"""What a side can do on its pages: one view an act, the same for consumer and merchant. Bad input comes back as it was typed."""

from __future__ import annotations

import secrets
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from cases.mediation import actions, proof
from cases.mediation.models import Mediation
from cases.mediation.rules.longer import open_longer
from cases.mediation.talks import acting, files, pages, shown
from cases.mediation.talks.offer_form import OfferForm, typed_of
from cases.mediation.talks.places import Place
from cases.mediation.terms import effect_on_consumer
from cases.portal.forms import CodeForm
from cases.portal.sessions import binding_of
from cases.queries import NotVisible
from jike.base.actors import Actor
from jike.base.dates import now as current_instant
from jike.base.errors import Refused
from jike.verbs import verb_named
from jike.web.pages import wants_part

CHALLENGE, LONGER = "signing", "longer"
CHALLENGES = {proof.SIGN: CHALLENGE, proof.LONGER: LONGER}
FILES, FILES_PART = "mediation/talks/files.html", "mediation/talks/_handed.html"


def home(request: HttpRequest, case: Mediation, actor: Actor, place: Place) -> HttpResponse:
    shown_now = pages.page_context(case, actor, place, now=current_instant())
    return render(request, "mediation/talks/home.html", shown_now | {"done_now": request.GET.get("done", "")[:20]})


def act(request: HttpRequest, case: Mediation, actor: Actor, place: Place) -> HttpResponse:
    """A click of the page: consent, refuse, leave, take part, accept, reject, report or confirm a promise, ask the mediator."""
    try:
        done = acting.perform(request.POST, case, actor, now=current_instant())
    except Refused as refused:
        request.refused = refused
        case, typed = Mediation.objects.get(pk=case.pk), request.POST
        context = pages.page_context(case, actor, place, now=current_instant(), typed=typed)
        context |= {"blockers": refused.blockers, "typed": typed}
        return render(request, "mediation/talks/home.html", context, status=refused.http_status)
    return redirect(f"{place.home}?done={done}")


def offer(request: HttpRequest, case: Mediation, actor: Actor, place: Place) -> HttpResponse:
    """Write an offer, see it as the other side will, send it. A counter-offer begins with what stands."""
    now = current_instant()
    standing = case.standing_offer
    begin = typed_of(standing) if standing and standing.side != actor.kind else {}
    form = OfferForm(request.POST or None, initial=begin | {"key": secrets.token_urlsafe(16)})
    context: dict[str, Any] = {"case": case, "place": place, "form": form, "is_counter": bool(begin)}
    blockers = verb_named("mediation.offer").why_not(case, actor, now=now)
    if request.method == "POST" and form.is_valid():
        inputs = form.inputs(now=now)
        blockers = verb_named("mediation.offer").blockers(case, actor, now=now, **inputs)
        if not blockers and "send" in request.POST:
            actions.make_offer(case, actor=actor, now=now, key=form.cleaned_data["key"], **inputs)
            return redirect(f"{place.home}?done=offered")
        if not blockers and "change" not in request.POST:
            context |= {"preview": inputs, "effect": effect_on_consumer(inputs["terms"])}
    status = 409 if blockers else 400 if form.is_bound and form.errors else 200
    return render(request, "mediation/talks/offer.html", context | {"blockers": blockers}, status=status)


def sign(request: HttpRequest, case: Mediation, actor: Actor, place: Place) -> HttpResponse:
    """Read the whole agreement, have a code sent to one's own phone, sign with it exactly what was read."""
    now = current_instant()
    agreement = shown.written(case)
    if agreement is None:
        raise Http404
    blockers = verb_named("mediation.sign").why_not(case, actor, now=now)
    form = CodeForm(request.POST if "code" in request.POST else None)
    challenge = request.session.get(CHALLENGE, {}).get(str(case.pk))
    try:
        if request.method == "POST" and "send" in request.POST and not blockers:
            _ask_for_code(request, case, actor, proof.SIGN)
            return redirect(f"{place.sign}?sent=1#code")
        if request.method == "POST" and challenge and form.is_valid():
            _sign(request, case, actor, code=form.cleaned_data["code"], challenge=challenge)
            return redirect(f"{place.home}?done=signed")
    except Refused as refused:
        request.refused = refused
        form.add_refusal(refused)
    context = {"case": case, "place": place, "written": agreement, "form": form, "blockers": blockers}
    context |= {
        "is_sent": bool(challenge),
        "sent_to": proof.own_phone_mask(case, actor),
        "has_signed": actor.kind in case.signed_by,
    }
    return render(request, "mediation/talks/sign.html", context, status=400 if form.errors else 200)


def papers(request: HttpRequest, case: Mediation, actor: Actor, place: Place) -> HttpResponse:
    """The files of a side: the merchant hands some in, each stored or refused for itself; both find the copies released to them."""
    now, refused, blockers = current_instant(), [], None
    if request.method == "POST":
        try:
            refused = files.take(case, actor, request.FILES, fact=request.POST.get("fact", ""), now=now)
        except Refused as no:
            request.refused, blockers = no, no.blockers
        if not refused and not blockers and not wants_part(request):
            return redirect(place.files)
    context = files.files_context(case, actor, now=now) | {"place": place, "refused": refused}
    context |= {"stopped": blockers, "chosen": request.POST.get("fact", "") or request.GET.get("fact", "")}
    status = 400 if refused else request.refused.http_status if blockers else 200
    return render(request, FILES_PART if wants_part(request) else FILES, context, status=status)


def shared_copy(request: HttpRequest, case: Mediation, actor: Actor, place: Place, *, paper: UUID) -> HttpResponseBase:
    """A copy that was released to this side, as a file."""
    try:
        return files.copy_taken(case, actor, paper, now=current_instant())
    except NotVisible:
        raise Http404 from None


def longer(request: HttpRequest, case: Mediation, actor: Actor, place: Place) -> HttpResponse:
    """Read what longer period is put to both, have a code sent to one's own phone, say yes with it."""
    now, period = current_instant(), open_longer(case)
    if period is None:
        raise Http404
    blockers = verb_named("mediation.answer_longer").why_not(case, actor, now=now)
    form = CodeForm(request.POST if "code" in request.POST else None)
    challenge = request.session.get(LONGER, {}).get(str(period.pk))
    try:
        if request.method == "POST" and "send" in request.POST and not blockers:
            _ask_for_code(request, case, actor, proof.LONGER, about=period.pk)
            return redirect(f"{place.longer}?sent=1#code")
        if request.method == "POST" and challenge and form.is_valid():
            given = {"of": period, "challenge": challenge, "code": form.cleaned_data["code"]}
            proof.agree_to_longer(case, actor, session_key=binding_of(request.session), now=now, **given)
            del request.session[LONGER]
            return redirect(f"{place.home}?done=longer")
    except Refused as refused:
        request.refused = refused
        form.add_refusal(refused)
    context = {"case": case, "place": place, "form": form, "blockers": blockers, "longer": pages.longer_of(case, actor)}
    context |= {"is_sent": bool(challenge), "sent_to": proof.own_phone_mask(case, actor)}
    return render(request, "mediation/talks/longer.html", context, status=400 if form.errors else 200)


def _ask_for_code(
    request: HttpRequest, case: Mediation, actor: Actor, purpose: str, *, about: UUID | None = None
) -> None:
    bound = {"session_key": binding_of(request.session), "address": request.META.get("REMOTE_ADDR", "")}
    challenge = proof.ask_for_code(case, actor, purpose=purpose, now=current_instant(), **bound)
    request.session[CHALLENGES[purpose]] = {str(about or case.pk): str(challenge)}


def _sign(request: HttpRequest, case: Mediation, actor: Actor, *, code: str, challenge: str) -> None:
    try:
        sha256 = bytes.fromhex(request.POST.get("sha256", ""))
    except ValueError:
        sha256 = b""
    given = {"sha256": sha256, "challenge": challenge, "code": code}
    proof.sign(case, actor, session_key=binding_of(request.session), now=current_instant(), **given)
    del request.session[CHALLENGE]
