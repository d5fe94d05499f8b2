"""Subscribing to events, and ending it."""

from __future__ import annotations

import uuid

from django.http import Http404
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.events import event_types
from jike.api import webhooks
from jike.api.idempotency import once
from jike.api.models import Subscription
from jike.api.views import Endpoint, read


class NewRow(s.Serializer):
    """Where to, and which types; * is every type."""

    url = s.RegexField(r"^https?://", max_length=300)
    types = s.ListField(child=s.RegexField(r"^[a-z0-9_.*]{1,60}$", max_length=60), min_length=1, max_length=100)


class Row(s.Serializer):
    id = s.UUIDField()
    url = s.CharField()
    types = s.ListField(child=s.CharField())
    created_at = s.DateTimeField()


class Made(Row):
    """`secret` is shown once; check `webhook-signature` with it."""

    secret = s.CharField()


class Rows(s.Serializer):
    results = Row(many=True)
    types = s.ListField(child=s.CharField(), help_text="Every type there is.")


class Webhooks(Endpoint):
    scopes = ("webhooks.manage",)

    @extend_schema(responses={200: Rows})
    def get(self, request: Request) -> Response:
        """One's own subscriptions, and the types of events there are."""
        content = {"results": webhooks.subscriptions_of(self.actor), "types": event_types()}
        return Response(Rows(content).data)

    @extend_schema(request=NewRow, responses={201: Made})
    def post(self, request: Request) -> Response:
        """Subscribe. Events are sent as Standard Webhooks: webhook-id, webhook-timestamp, webhook-signature."""
        return once(request, self.now, lambda _key: self._made(read(NewRow, request.data)))

    def _made(self, given: dict[str, object]) -> Response:
        made = webhooks.subscribe(actor=self.actor, now=self.now, known=event_types(), **given)
        row = made.subscription
        shown = {"id": row.pk, "url": row.url, "types": row.types, "created_at": row.created_at, "secret": made.secret}
        address = reverse("api:webhook", kwargs={"pk": row.pk})
        return Response(Made(shown).data, status=201, headers={"Location": address})


class OneWebhook(Endpoint):
    scopes = ("webhooks.manage",)

    @extend_schema(responses={200: Row}, parameters=[OpenApiParameter("pk", str, OpenApiParameter.PATH)])
    def get(self, request: Request, pk: str) -> Response:
        """One subscription of one's own, without its secret."""
        return Response(Row(self._one(pk)).data)

    @extend_schema(responses={204: None}, parameters=[OpenApiParameter("pk", str, OpenApiParameter.PATH)])
    def delete(self, request: Request, pk: str) -> Response:
        """End a subscription."""
        webhooks.end(self._one(pk), now=self.now)
        return Response(status=204)

    def _one(self, pk: str) -> Subscription:
        try:
            found = webhooks.subscriptions_of(self.actor).filter(pk=uuid.UUID(pk)).first()
        except ValueError:
            found = None
        if found is None:
            raise Http404
        return found
