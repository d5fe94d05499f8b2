"""What cases are judged by: merchants, the calendar, and the seals of a case."""

from __future__ import annotations

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api import queries, shapes
from jike import ledger
from jike.api.cursors import decode, page, place_number
from jike.api.views import Endpoint
from jike.calendars.store import newest
from jike.ledger.models import Entry
from lending.queries import merchants_for


class Merchants(Endpoint):
    query = shapes.Paged
    scopes = ("merchants.read",)

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


class Entries(Endpoint):
    query = shapes.EntryQuery
    scopes = ("ledger.read",)

    @extend_schema(responses={200: shapes.EntryPage})
    def get(self, request: Request) -> Response:
        """The seals of one case, oldest first."""
        case, limit = queries.case_to_verify(self, self.asked["case"]), self.asked["limit"]
        entries = Entry.objects.filter(subject=case.pk).order_by("seq")
        if "cursor" in self.asked:
            entries = entries.filter(seq__gt=place_number(decode(self.asked["cursor"])))
        shown, following = page([_row(e) for e in entries[: limit + 1]], limit, lambda row: str(row["seq"]))
        return Response(shapes.EntryPage({"results": shown, "next": following}).data)


class Proof(Endpoint):
    scopes = ("ledger.read",)

    @extend_schema(responses={200: shapes.ProofRow})
    def get(self, request: Request, number: str) -> Response:
        """Recompute the chain of one case and say whether it is whole."""
        case = queries.case_to_verify(self, number)
        head = Entry.objects.filter(subject=case.pk).order_by("-seq").first()
        breaches = [breach.kind for breach in ledger.verify([case.pk])]
        content = {
            "number": case.number,
            "length": head.seq if head else 0,
            "head": bytes(head.mac).hex() if head else "",
            "intact": not breaches,
            "breaches": breaches,
        }
        return Response(shapes.ProofRow(content).data)


def _row(entry: Entry) -> dict[str, object]:
    hashes = {name: bytes(getattr(entry, name)).hex() for name in ("digest", "previous", "mac")}
    return {"seq": entry.seq, "topic": entry.topic, "at": entry.at, "key_version": entry.key_version, **hashes}
