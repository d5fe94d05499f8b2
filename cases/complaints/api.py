"""Filing through the API: another system hands a grievance over."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import IntegrityError
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api import queries, shapes
from cases.api.views import CaseEndpoint
from cases.complaints.actions import file_complaint
from jike.api.idempotency import once
from jike.api.views import read
from jike.base.errors import Blocker, Refused
from lending.queries import merchant_with


class Complaints(CaseEndpoint):
    query = shapes.CaseFilter
    rule = "cases.read, or complaints.file to file"

    @property
    def needed(self) -> tuple[str, ...]:
        return ("complaints.file", "complaints.*") if self.request.method == "POST" else super().needed

    @extend_schema(responses={200: shapes.CasePage})
    def get(self, request: Request) -> Response:
        """List the complaints the asker may see, newest first, people masked."""
        return Response(shapes.CasePage(queries.page_of_cases(self, self.asked, kind="complaint")).data)

    @extend_schema(request=shapes.Filing, responses={201: shapes.Filed})
    def post(self, request: Request) -> Response:
        """File a complaint. The consumer gets the acknowledgement with the receipt code."""
        return once(request, self.now, lambda key: self._filed(read(shapes.Filing, request.data), key))

    def _filed(self, given: dict[str, Any], key: str) -> Response:
        try:
            case = file_complaint(actor=self.actor, now=self.now, key=key, **_facts(given))
        except IntegrityError as error:
            if "source_once" not in str(error):
                raise
            raise _refused("source.known", _("This number of this source is registered already."), "source") from None
        address = reverse("api:case", kwargs={"number": case.number})
        return Response(shapes.Filed(case).data, status=201, headers={"Location": address})


def _facts(given: dict[str, Any]) -> dict[str, Any]:
    """What was sent as the action takes it. Raises `Refused` for a merchant nobody knows."""
    facts = dict(given)
    if source := facts.pop("source", None):
        facts["source"] = (source["name"], source["id"])
    if "merchant" in facts:
        facts["merchant"] = merchant_with(facts["merchant"])
        if facts["merchant"] is None:
            raise _refused("merchant.unknown", _("No merchant has this code."), "merchant")
    if "amount_cny" in facts:
        facts["amount_cny"] = Decimal(facts["amount_cny"])
    return facts


def _refused(code: str, message: str, field: str) -> Refused:
    return Refused([Blocker(code, message, field=field)], verb="complaints.file")


class OneComplaint(CaseEndpoint):
    @extend_schema(responses={200: shapes.CaseWhole})
    def get(self, request: Request, number: str) -> Response:
        """One complaint; what people wrote only with full sight."""
        case = queries.case_of(self, number, kind="complaint")
        return Response(shapes.CaseWhole(queries.whole(self, case)).data)
