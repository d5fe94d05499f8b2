"""What cases are judged by: merchants and the calendar."""

from __future__ import annotations

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api import shapes
from jike.api.cursors import decode, page
from jike.api.views import Endpoint
from jike.calendars.store import newest
from lending.api import MerchantTold, Taken, tell_merchant
from lending.parties import POWER
from lending.queries import merchants_for


class Merchants(Endpoint):
    query = shapes.Paged
    rule = f"merchants.read, or {POWER} to register one"

    @property
    def needed(self) -> tuple[str, ...]:
        return (POWER,) if self.request.method == "POST" else ("merchants.read",)

    @extend_schema(request=MerchantTold, responses={200: Taken, 201: Taken})
    def post(self, request: Request) -> Response:
        """Register a merchant, or bring name, city and contact up to date."""
        return tell_merchant(self, request)

    @extend_schema(responses={200: shapes.MerchantPage})
    def get(self, request: Request) -> Response:
        """Merchants by their code. Contacts are not shown."""
        merchants, limit = merchants_for(self.actor), self.asked["limit"]
        if "cursor" in self.asked:
            merchants = merchants.filter(uscc__gt=decode(self.asked["cursor"]))
        shown, following = page(list(merchants[: limit + 1]), limit, lambda merchant: merchant.uscc)
        return Response(shapes.MerchantPage({"results": shown, "next": following}).data)


class CalendarOfYear(Endpoint):
    query = shapes.YearQuery
    scopes = ("calendar.read",)

    @extend_schema(responses={200: shapes.CalendarYear})
    def get(self, request: Request) -> Response:
        """The days off and moved working days of a year, in the newest version of its notice."""
        row = newest(self.asked["year"])
        if row is None:
            raise Http404
        days = [{"date": d["date"], "name": d["name"], "is_off_day": d["isOffDay"]} for d in row.days]
        content = {"year": row.year, "version": row.version, "source": row.source, "days": days}
        return Response(shapes.CalendarYear(content).data)
