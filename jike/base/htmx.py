"""What htmx says in the headers of a request, and how it is sent to another page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse


def asks(request: HttpRequest) -> bool:
    """Whether the request is htmx's and not the browser's own."""
    return request.headers.get("HX-Request") == "true"


def wants_part(request: HttpRequest) -> bool:
    """Whether htmx asks for a part; a boosted link or the way back in history wants the whole page."""
    whole = ("HX-Boosted", "HX-History-Restore-Request")
    return asks(request) and all(request.headers.get(name) != "true" for name in whole)


def go_to(address: str) -> HttpResponse:
    """The answer that makes htmx leave for another page; a redirect it would follow by itself and swap in."""
    return HttpResponse(headers={"HX-Redirect": address})
