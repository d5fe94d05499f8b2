"""One address per kind: its cases, and one of them with what only that kind has."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from cases.api import queries, shapes
from cases.api.views import CaseEndpoint


class OfKind(CaseEndpoint):
    """`kind` is the code. Subclasses say what each address answers, in the words of the kind."""

    kind = ""

    def listed(self) -> Response:
        return Response(shapes.CasePage(queries.page_of_cases(self, self.asked, kind=self.kind)).data)

    def one(self, request: Request, number: str) -> Any:
        """The case with what `CaseWhole` shows. Raises `NotVisible`."""
        return queries.whole(self, queries.case_of(self, number, kind=self.kind))
