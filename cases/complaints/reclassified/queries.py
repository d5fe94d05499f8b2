"""Complaints that turned out to be none and went on as a question or a report: listed and counted. Source: house R76."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, QuerySet

from cases.inquiries.states import Nature
from cases.models import Link
from cases.queries import cases_listed_for
from jike.base.actors import Actor
from jike.base.dates import end_of_day, start_of_day


def reclassified_for(actor: Actor, *, first_on: date, last_on: date) -> QuerySet[Link]:
    """The links from such a complaint (`case`) to what it went on as (`other`), newest first, of the cases `actor` may list.

    Both days are Shanghai days and count. Each was confirmed by a second person: the approval of the decline.
    """
    found = Link.objects.filter(
        kind=Link.Kind.ESCALATED_TO,
        case__kind="complaint",
        other__kind="inquiry",
        case_id__in=cases_listed_for(actor).values("pk"),
        created_at__range=(start_of_day(first_on), end_of_day(last_on)),
    )
    return found.select_related("case", "other__inquiry", "created_by").order_by("-created_at", "-id")


def counts_of(links: QuerySet[Link]) -> list[tuple[str, int]]:
    """How many went on as what, in the order of the natures: code and number."""
    counts = dict(links.order_by().values_list("other__inquiry__nature").annotate(Count("id")))
    return [(nature.value, counts[nature]) for nature in Nature if nature in counts]
