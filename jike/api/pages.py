"""The document and a page to read it, from our own files alone."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jike.accounts.access import public
from jike.api import reading, schema


@public
@require_safe
def openapi(request: HttpRequest) -> JsonResponse:
    """The OpenAPI 3.1 document."""
    return JsonResponse(schema.document(), json_dumps_params={"ensure_ascii": False})


@public
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The same document as a page of operations, by subject."""
    return render(request, "api/docs.html", {"sections": reading.sections(schema.document())})
