"""Litigations through the API: the list, and one with its assessment, papers, dates and money."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api import queries, shapes
from cases.api.views import CaseEndpoint
from cases.litigation.counting import limitation_of
from cases.litigation.fees import fee_of
from cases.litigation.models import Litigation

DAYS_AND_SUMS = ("filed_on", "docketed_on", "served_on", "awarded_cny", "perform_by", "effective_on")


class SmallClaimsRow(s.Serializer):
    band = s.CharField(help_text="must, may or not")
    percent = s.DecimalField(max_digits=12, decimal_places=1)
    wage_cny = s.DecimalField(max_digits=12, decimal_places=2, source="wage.cny")
    wage_year = s.IntegerField(source="wage.year")
    wage_province = s.CharField(source="wage.province")
    is_provisional = s.BooleanField(help_text="The figure was not read in the text of a statistics bureau.")


class CourtRow(s.Serializer):
    ground = s.CharField()
    place = s.CharField()
    source = s.CharField()


class StretchRow(s.Serializer):
    why = s.CharField(help_text="What began this count; empty for the first.")
    start = s.DateField()
    last_day = s.DateField(source="due.day")
    of = s.CharField(help_text="The case in which that is kept, such as a police report; empty for this one.")


class CourtPaperRow(s.Serializer):
    kind = s.CharField()
    version = s.IntegerField()
    missing = s.ListField(child=s.CharField(), help_text="Fields the law lists and nobody has filled in.")
    is_printed = s.SerializerMethodField()

    def get_is_printed(self, draft: Any) -> bool:
        return draft.file_id is not None


class HearingRow(s.Serializer):
    at = s.DateTimeField()
    place = s.CharField()
    came = s.CharField(help_text="Empty while it is to come; held or off.")


class SumRow(s.Serializer):
    what = s.CharField()
    by = s.CharField()
    cny = s.DecimalField(max_digits=18, decimal_places=2)
    paid_on = s.DateField()


class BandRow(s.Serializer):
    over = s.DecimalField(max_digits=18, decimal_places=2)
    part = s.DecimalField(max_digits=18, decimal_places=2)
    percent = s.DecimalField(max_digits=6, decimal_places=2, allow_null=True, help_text="None for the flat first band.")
    cny = s.DecimalField(max_digits=18, decimal_places=2)


class FeeRow(s.Serializer):
    full = s.DecimalField(max_digits=18, decimal_places=2)
    half = s.DecimalField(max_digits=18, decimal_places=2, help_text="In the simplified procedure.")
    source = s.CharField(source="rules.source")
    lines = BandRow(many=True)


class AskedRow(s.Serializer):
    what = s.CharField()
    by = s.CharField(source="payer", help_text="Who advances it: house or consumer.")
    cny = s.DecimalField(max_digits=18, decimal_places=2)
    noticed_on = s.DateField()
    settled = s.CharField(help_text="Empty while it is to be paid; paid, waived or deferred.")
    settled_on = s.DateField(allow_null=True)


class LitigationWhole(shapes.CaseWhole):
    """One litigation. What stands beside the head is there for whoever sees the whole case, and else empty."""

    origin = s.CharField(source="origin.number")
    matter = s.CharField(source="matter.number", help_text="The case whose people, papers and evidence it reads.")
    small_claims = SmallClaimsRow(allow_null=True, source="test_row")
    courts = CourtRow(many=True, source="court_rows")
    limitation_last_day = s.DateField(allow_null=True)
    limitation = StretchRow(many=True, source="stretch_rows", help_text="Every count of limitation, oldest first.")
    court = s.CharField()
    docket_number = s.CharField()
    procedure = s.CharField()
    filed_on = s.DateField(allow_null=True)
    docketed_on = s.DateField(allow_null=True)
    served_on = s.DateField(allow_null=True)
    outcome = s.CharField()
    awarded_cny = s.DecimalField(max_digits=18, decimal_places=2, allow_null=True)
    perform_by = s.DateField(allow_null=True)
    effective_on = s.DateField(allow_null=True)
    papers = CourtPaperRow(many=True, source="paper_rows")
    seals = s.IntegerField(source="seal_count", help_text="How many versions were made final.")
    hearings = HearingRow(many=True, source="hearing_rows")
    court_fee = FeeRow(
        allow_null=True, source="fee_row", help_text="Computed from the claim; the court's notice is what counts."
    )
    fees = AskedRow(many=True, source="asked_rows", help_text="Fees the court asked for.")
    sums = SumRow(many=True, source="sum_rows")


class Litigations(CaseEndpoint):
    query = shapes.CaseFilter

    @extend_schema(responses={200: shapes.CasePage})
    def get(self, request: Request) -> Response:
        """List the litigations the asker may see, newest first, people masked."""
        return Response(shapes.CasePage(queries.page_of_cases(self, self.asked, kind="litigation")).data)


class OneLitigation(CaseEndpoint):
    @extend_schema(responses={200: LitigationWhole})
    def get(self, request: Request, number: str) -> Response:
        """One litigation; everything beside the head only with full sight."""
        case = queries.whole(self, queries.case_of(self, number, kind="litigation"))
        assert isinstance(case, Litigation)
        return Response(LitigationWhole(_with_rows(case)).data)


def _with_rows(case: Litigation) -> Litigation:
    """What `LitigationWhole` shows beside the columns: nothing of it for whoever sees the head alone."""
    full = case.sight == "full"  # type: ignore[attr-defined]
    found = limitation_of(case) if full else None
    rows = {
        "test_row": case.small_claims if full else None,
        "court_rows": case.candidates if full else [],
        "limitation_last_day": found.last_day if found else None,
        "stretch_rows": list(found.stretches) if found else [],
        "paper_rows": list(case.known_drafts.values()) if full else [],
        "seal_count": case.seals.count() if full else 0,
        "hearing_rows": case.known_hearings if full else [],
        "fee_row": fee_of(case.amount_cny) if full and case.assessed_at and case.amount_cny else None,
        "asked_rows": case.known_fees if full else [],
        "sum_rows": list(case.sums.order_by("seq")) if full else [],
    }
    if not full:  # in memory only: what the court did is no part of a masked head
        rows |= dict.fromkeys(("court", "docket_number", "procedure", "outcome"), "") | dict.fromkeys(DAYS_AND_SUMS)
    for name, value in rows.items():
        setattr(case, name, value)
    return case
