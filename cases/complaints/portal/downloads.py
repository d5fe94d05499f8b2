"""Handing the consumer's own papers out: always as a file, never kept by anything on the way."""

from __future__ import annotations

from django.http import HttpResponse

from cases.complaints.models import Complaint
from cases.models import Document
from jike.files import store


def letter_response(document: Document, case: Complaint) -> HttpResponse:
    """The letter as an attachment. The file name says the case number and nothing about the person."""
    response = HttpResponse(store.read(document.file), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{case.number}.pdf"'
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
