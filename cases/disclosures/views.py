"""The pages of a cost form: a code to the borrower's own phone, the form in sight, the confirmation, the paper."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from cases.portal import proof
from cases.portal.forms import CodeForm
from cases.queries import NotVisible
from jike.accounts.access import public
from jike.accounts.roles import consumer_actor
from jike.base.actors import Actor
from jike.base.dates import now as current_instant
from jike.base.errors import Refused
from jike.files import store
from jike.privacy import mask_phone, open_sealed
from jike.web.downloads import SensitiveDownload
from jike.web.pages import render_page_or_part
from lending.cost import offers
from lending.cost.papers import sheet
from lending.models import CostOffer, DisclosurePaper

SLOT, CHALLENGE, PURPOSE = "cost_form", "cost_form_challenge", "cost_form"


@public
@require_safe
def start(request: HttpRequest, token: str) -> HttpResponse:
    """The form to whoever has answered the code; to everybody else where a code can be sent, and nothing of the loan."""
    offer = _offer(token)
    if actor := _reader(request, offer):
        return _form(request, token, offer, actor)
    return _door(request, token, offer, CodeForm())


@public
@require_POST
def send_code(request: HttpRequest, token: str) -> HttpResponse:
    """Send a code to the number under which the borrower is registered; the answer shows its mask only."""
    offer, now = _offer(token), current_instant()
    try:
        phone = open_sealed(offer.person, "phone")
        request.session[CHALLENGE] = proof.ask_for_code(request, phone, purpose=PURPOSE, now=now)
    except Refused as refused:
        return _refused(request, token, offer, CodeForm(), refused)
    return redirect("portal:cost_form", token)


@public
@sensitive_post_parameters()
@require_POST
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """Answer the code: the form comes in sight, and its reading time begins."""
    offer, form, now = _offer(token), CodeForm(request.POST), current_instant()
    if not form.is_valid():
        return _door(request, token, offer, form, status=400)
    actor = consumer_actor(offer.person_id)
    try:
        challenge = request.session.get(CHALLENGE, "")
        phone = proof.proven_phone(request, challenge, form.cleaned_data["code"], purpose=PURPOSE, now=now)
        if phone != open_sealed(offer.person, "phone"):
            raise NotVisible("cost form")
        offers.show_form(offer, actor=actor, now=now)
    except Refused as refused:
        return _refused(request, token, offer, form, refused)
    request.session.pop(CHALLENGE, None)
    request.session.cycle_key()
    request.session[SLOT] = {"offer": str(offer.pk), "seen": now.timestamp()}
    return redirect("portal:cost_form", token)


@public
@require_POST
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """One tap confirms exactly the form in sight; too early it says how long it takes still."""
    offer = _offer(token)
    actor = _reader(request, offer)
    if actor is None:
        return redirect("portal:cost_form", token)
    try:
        offers.confirm_form(offer, actor=actor, now=current_instant())
    except Refused as refused:
        request.refused = refused
        return _form(request, token, offer, actor, refused=refused)
    return redirect("portal:cost_form", token)


@public
@require_safe
def paper(request: HttpRequest, token: str) -> HttpResponseBase:
    """The confirmed form as a file, once it was made."""
    offer = _offer(token)
    found = DisclosurePaper.objects.select_related("file").filter(pk=offer.disclosure_id).first()
    if found is None or _reader(request, offer) is None:
        raise Http404
    name = f"{offer.application}.pdf"
    return SensitiveDownload(
        store.read(found.file),
        media_type=found.file.media_type,
        name=name,
        subject=offer.person_id,
        purpose="portal.own_cost_form",
    )


def _offer(token: str) -> CostOffer:
    found = offers.offer_by_token(token)
    if found is None:
        raise NotVisible("cost form")
    return found


def _reader(request: HttpRequest, offer: CostOffer) -> Actor | None:
    """The borrower, if the code for this very form was answered in this browser within the last half hour."""
    kept: dict[str, Any] = request.session.get(SLOT) or {}
    if kept.get("offer") != str(offer.pk):
        return None
    seen = datetime.fromtimestamp(kept["seen"], UTC)
    if current_instant() - seen > timedelta(minutes=settings.PORTAL_SESSION_MINUTES):
        return None
    return consumer_actor(UUID(str(offer.person_id)))


def _form(
    request: HttpRequest, token: str, offer: CostOffer, actor: Actor, *, refused: Refused | None = None
) -> HttpResponse:
    now = current_instant()
    gone = offers.blockers_to_open(offer, now=now)
    confirmed = offer.disclosure
    content = confirmed.content if confirmed else offers.form_shown(offer, now=now).content()
    shown = {
        "token": token,
        "offer": offer,
        "person": offer.person,
        "confirmed": confirmed,
        "left": 0 if confirmed or gone else offers.seconds_left(offer, now=now),
        "gone": gone,
        "refused": refused.blockers if refused else (),
        "has_paper": bool(confirmed) and DisclosurePaper.objects.filter(pk=confirmed.pk).exists(),
    }
    context = sheet(content) | shown
    status = refused.http_status if refused else 200
    return render_page_or_part(
        request, "lending/portal/form.html", "lending/portal/_confirm.html", context, status=status
    )


def _refused(request: HttpRequest, token: str, offer: CostOffer, form: CodeForm, refused: Refused) -> HttpResponse:
    request.refused = refused
    form.add_refusal(refused)
    return _door(request, token, offer, form, status=refused.http_status)


def _door(request: HttpRequest, token: str, offer: CostOffer, form: CodeForm, *, status: int = 200) -> HttpResponse:
    is_sent = bool(request.session.get(CHALLENGE))
    context = {
        "token": token,
        "form": form,
        "is_sent": is_sent,
        "sent_to": mask_phone(open_sealed(offer.person, "phone")),
        "gone": offers.blockers_to_open(offer, now=current_instant()),
        "enter": reverse("portal:cost_form_enter", args=[token]),
    }
    return render(request, "lending/portal/door.html", context, status=status)
