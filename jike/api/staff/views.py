"""Keys and webhooks for the administrators. Whoever has not the power finds no such page."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jike.api import keys, webhooks
from jike.api.staff.forms import KeyForm
from jike.base.dates import now as current_instant


def _need(request: HttpRequest, power: str) -> None:
    if not request.actor.can(power):
        raise Http404


@require_http_methods(["GET", "POST"])
def key_list(request: HttpRequest) -> HttpResponse:
    """Every key; a new one is shown in the answer to its making and never again."""
    _need(request, keys.POWER)
    form, made = KeyForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        made = keys.create_key(actor=request.actor, now=current_instant(), **form.cleaned_data)
        form = KeyForm()
    context = {"form": form, "made": made, "keys": keys.keys_listed_for(request.actor)[:200], "now": current_instant()}
    return render(request, "api/keys.html", context, status=400 if form.is_bound and form.errors else 200)


@require_POST
def revoke_key(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    _need(request, keys.POWER)
    key = keys.key_for(request.actor, pk)
    if key is None:
        raise Http404
    keys.revoke_key(key, actor=request.actor, now=current_instant())
    messages.success(request, _("The key is revoked."))
    return redirect("staff:api_keys")


@require_GET
def shipment_list(request: HttpRequest) -> HttpResponse:
    _need(request, webhooks.REPLAY)
    return render(request, "api/webhooks.html", {"shipments": webhooks.shipments_for(request.actor)[:200]})


@require_POST
def replay_shipment(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    _need(request, webhooks.REPLAY)
    row = webhooks.shipments_for(request.actor).filter(pk=pk).first()
    if row is None:
        raise Http404
    webhooks.replay(row, actor=request.actor, now=current_instant())
    messages.success(request, _("The event is being sent again."))
    return redirect("staff:webhooks")
