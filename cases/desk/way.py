"""Where a person came from and where a done verb leads: back to the case in its list, or on to the next thing in the inbox."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import reverse

from cases.models import Approval, Case
from cases.queries import approvals_waiting_for
from jike.base.actors import Actor

INBOX = "inbox"
LIST = ("in", "q", "order")


def inbox_of(actor: Actor) -> QuerySet[Approval]:
    """What waits for this person's vote, the case that ends first on top."""
    return approvals_waiting_for(actor).order_by("case__queue_at", "asked_at", "id")


def came_from(request: HttpRequest) -> dict[str, str]:
    """`source`, when it was the inbox, and `origin`, the list in whose order the case is read: what the form carries along."""
    is_inbox = INBOX in (request.POST.get("from"), request.GET.get("from"))
    return {"source": INBOX if is_inbox else "", "origin": _origin_of(request)}


def _origin_of(request: HttpRequest) -> str:
    """From the form; else from the page the request was made on, which a browser names within the house."""
    page = urlsplit(request.headers.get("referer", ""))
    told = QueryDict(request.POST.get("origin") or page.query, mutable=True)
    place = page.path.split("/")
    if place[1:3] == ["staff", "queue"] and len(place) > 4:  # a look into a line of this list
        told["in"] = place[3]
    return urlencode([(name, told[name]) for name in LIST if name in told])


def next_of(request: HttpRequest, case: Case) -> str:
    came = came_from(request)
    if not came["source"]:
        origin = f"?{came['origin']}" if came["origin"] else ""
        return f"{reverse('staff:case', args=[case.number])}{origin}"
    waiting = inbox_of(request.actor).first()
    if waiting is None:
        return reverse("staff:approvals")
    verb = waiting.verb.partition(".")[2]
    return f"{reverse('staff:act', args=[waiting.case.number, verb])}?from={INBOX}"
