"""The cost form over the API: the core system has one made before signing, and asks whether it was confirmed."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from cases.queries import NotVisible
from jike.api.idempotency import once
from jike.api.scopes import Scope, offer
from jike.api.views import Endpoint
from lending.api import shaped
from lending.cost import offers
from lending.cost.offers import OFFER
from lending.models import CostOffer


@offer
def _of_forms() -> list[Scope]:
    return [Scope(OFFER, _("Have cost forms made and confirmed"), frozenset({OFFER}))]


class CostFormPerson(s.Serializer):
    name = s.CharField(max_length=200)
    phone = s.CharField(max_length=30)
    id_number = s.CharField(max_length=30, required=False)


class Contingent(s.Serializer):
    kind = s.CharField()
    collector = s.CharField()
    collector_name = s.CharField(required=False)
    method = s.CharField(required=False)
    standard = s.CharField()


class Charge(s.Serializer):
    """One item; `upfront` cents when the money comes, `monthly` cents with each instalment."""

    kind = s.CharField()
    collector = s.CharField()
    collector_name = s.CharField(required=False)
    method = s.CharField(required=False)
    standard = s.CharField(required=False)
    upfront = s.IntegerField(required=False)
    monthly = s.ListField(child=s.IntegerField(), required=False)


class CostFormAsked(s.Serializer):
    """What the borrower is about to sign. Amounts are whole cents."""

    application = s.CharField(max_length=60, help_text="Under this number the contract will be known.")
    person = CostFormPerson()
    principal = s.ListField(child=s.IntegerField(), help_text="Cents of principal by instalment.")
    charges = Charge(many=True, required=False)
    contingent = Contingent(many=True, required=False)


class CostFormMade(s.Serializer):
    """`link` is told once, and opened by a code to the borrower's phone."""

    application = s.CharField()
    link = s.CharField(required=False)
    annual_percent = s.CharField()
    method = s.CharField()
    total_cents = s.IntegerField()
    dwell_seconds = s.IntegerField()
    expires_at = s.DateTimeField()
    shown_at = s.DateTimeField(allow_null=True)
    confirmed_at = s.DateTimeField(allow_null=True)
    version = s.IntegerField(allow_null=True)
    content_sha256 = s.CharField(allow_null=True)
    state = s.ChoiceField(choices=["waiting", "shown", "confirmed", "replaced", "expired"])


class Disclosures(Endpoint):
    scopes = (OFFER,)

    @extend_schema(request=CostFormAsked, responses={201: CostFormMade})
    def post(self, request: Request) -> Response:
        """Have a cost form made. A loan above the cap is refused; a new form takes the place of the one before."""
        return once(request, self.now, lambda key: self._made(request.data))

    def _made(self, content: Any) -> Response:
        with shaped():
            row, token = offers.offer_form(content, actor=self.actor, now=self.now)
        link = settings.PUBLIC_BASE_URL + reverse("portal:cost_form", args=[token])
        address = reverse("api:disclosure", kwargs={"application": row.application})
        return Response(
            CostFormMade(_shown(row, self) | {"link": link}).data, status=201, headers={"Location": address}
        )


class OneDisclosure(Endpoint):
    scopes = (OFFER,)

    @extend_schema(responses={200: CostFormMade})
    def get(self, request: Request, application: str) -> Response:
        """How the form of an application stands: whether it was shown, and confirmed."""
        row = offers.newest_offer(application) if self.actor.can(OFFER) else None
        if row is None:
            raise NotVisible(application)
        return Response(CostFormMade(_shown(row, self)).data)


def _shown(row: CostOffer, endpoint: Endpoint) -> dict[str, Any]:
    confirmed = row.disclosure
    content, dwell = (confirmed.content, confirmed.required_seconds) if confirmed else _now(row, endpoint)
    return {
        "application": row.application,
        "annual_percent": content["annual_percent"],
        "method": content["method"],
        "total_cents": content["total_cents"],
        "dwell_seconds": dwell,
        "expires_at": row.expires_at,
        "shown_at": row.shown_at,
        "confirmed_at": confirmed.confirmed_at if confirmed else None,
        "version": confirmed.version if confirmed else None,
        "content_sha256": confirmed.content_sha256 if confirmed else None,
        "state": _state(row, endpoint),
    }


def _now(row: CostOffer, endpoint: Endpoint) -> tuple[dict[str, Any], int]:
    form = offers.form_shown(row, now=endpoint.now)
    return form.content(), form.policy.dwell_seconds


def _state(row: CostOffer, endpoint: Endpoint) -> str:
    if row.disclosure_id is not None:
        return "confirmed"
    if row.replaced_at is not None:
        return "replaced"
    if endpoint.now >= row.expires_at:
        return "expired"
    return "shown" if row.shown_at else "waiting"
