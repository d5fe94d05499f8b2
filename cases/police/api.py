"""Police reports through the API: a list, and one with where it stands. The words of a statement leave by no program."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api import queries, shapes
from cases.api.views import CaseEndpoint
from cases.clocks import ledger as clocks
from cases.models import Case
from cases.police import reminders
from cases.police.models import PoliceReport


class DayRow(s.Serializer):
    code = s.CharField()
    strict = s.DateField(help_text="The last day without moving it: people are reminded of this one.")
    last = s.DateField(help_text="The last day as a holiday may move it.")
    is_running = s.BooleanField()


class MaterialRow(s.Serializer):
    code = s.CharField(help_text="Empty for a paper added by hand.")
    state = s.CharField()


class RequestRow(s.Serializer):
    authority = s.CharField()
    basis = s.CharField()
    asked_on = s.DateField()
    answer = s.CharField(help_text="Empty while it waits; pack, plain or refused.")
    answered_on = s.DateField(allow_null=True)
    pack = s.CharField(
        allow_null=True, source="pack.code", help_text="The document code of the pack that was handed over."
    )


class PoliceReportWhole(shapes.CaseWhole):
    """One police report. What the police wrote, papers and days are there for whoever sees the whole case."""

    origin = s.CharField(source="origin.number", allow_null=True, help_text="None for a report of the house itself.")
    is_own = s.BooleanField(help_text="The house reports for itself; no consumer takes part.")
    capacity = s.CharField()
    has_remedy = s.BooleanField(
        allow_null=True, source="shown_remedy", help_text="Only a victim who accuses may have a refusal reconsidered."
    )
    reported_by = s.CharField(allow_null=True, source="shown_reported_by")
    accepted_on = s.DateField(allow_null=True, source="shown_accepted_on")
    refused_on = s.DateField(allow_null=True, source="shown_refused_on")
    case_end = s.CharField(
        allow_null=True, source="shown_case_end", help_text="How the criminal case ended; empty while it goes on."
    )
    case_ended_on = s.DateField(allow_null=True, source="shown_case_ended_on")
    organ = s.CharField(allow_null=True, source="shown_organ")
    receipt_no = s.CharField(allow_null=True, source="shown_receipt")
    statement_version = s.IntegerField(allow_null=True)
    statement_confirmed = s.BooleanField(source="is_statement_confirmed")
    materials = MaterialRow(many=True, source="material_rows")
    days = DayRow(many=True, source="day_rows")
    requests = RequestRow(
        many=True, source="request_rows", help_text="What authorities asked for, and whether it was answered."
    )


class PoliceReports(CaseEndpoint):
    query = shapes.CaseFilter

    @extend_schema(responses={200: shapes.CasePage})
    def get(self, request: Request) -> Response:
        """List the police reports the asker may see, newest first, people masked."""
        return Response(shapes.CasePage(queries.page_of_cases(self, self.asked, kind="police_report")).data)


class OnePoliceReport(CaseEndpoint):
    @extend_schema(responses={200: PoliceReportWhole})
    def get(self, request: Request, number: str) -> Response:
        """One police report: papers, days and what the police wrote, with full sight. A statement is read on the workbench alone."""
        case = queries.whole(self, queries.case_of(self, number, kind="police_report"))
        return Response(PoliceReportWhole(_with_rows(case)).data)


def _with_rows(case: Any) -> Case:
    """The case with what `PoliceReportWhole` shows beside the columns."""
    assert isinstance(case, PoliceReport)
    shown: Any = case
    is_full = shown.sight == "full"
    shown.shown_organ, shown.shown_receipt = (case.organ, case.receipt_no) if is_full else (None, None)
    shown.shown_reported_by, shown.shown_remedy = (case.reported_by, case.is_accuser) if is_full else (None, None)
    shown.shown_accepted_on, shown.shown_refused_on = (case.accepted_on, case.refused_on) if is_full else (None, None)
    shown.shown_case_end, shown.shown_case_ended_on = (case.case_end, case.case_ended_on) if is_full else (None, None)
    shown.statement_version = case.known_statement.version if case.known_statement else None
    shown.material_rows = case.known_materials if is_full else []
    shown.request_rows = case.known_requests if is_full else []
    shown.day_rows = [_day(clock) for clock in clocks.clocks_of(case) if clock.due_at] if is_full else []
    return case


def _day(clock: Any) -> dict[str, Any]:
    days = reminders.days_of(clock)
    return {"code": clock.code, "strict": days.strict, "last": days.last, "is_running": clock.is_running}
