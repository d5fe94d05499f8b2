"""What the pages of clusters and mass events print."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404

from cases.lists.models import Bulk
from cases.models import Case
from cases.queries import case_for
from cases.ties import queries
from cases.ties.models import Cluster, ClusterCase, Judgement, MassEvent
from cases.ties.panel import rows_of
from jike.base.actors import Actor
from jike.base.dates import CST
from jike.privacy import open_sealed, prefetch_keys

SHOWN = 100
CASES_SHOWN = 200


def cluster_rows(actor: Actor, verdict: str, *, now: datetime) -> list[dict[str, Any]]:
    return [_cluster(found) for found in queries.clusters_for(actor, now=now, verdict=verdict)[:SHOWN]]


def cluster_context(cluster: Cluster, actor: Actor) -> dict[str, Any]:
    """The cluster, its cases as lists show them with how alike each reads, and the mass event made of it."""
    rows = rows_of(queries.cluster_cases_for(actor, cluster), actor, CASES_SHOWN)
    alike = dict(ClusterCase.objects.filter(cluster_id=cluster.pk).values_list("case_id", "likeness"))
    event = queries.open_events_for(actor).filter(cluster_id=cluster.pk).first()
    return {
        **_cluster(cluster),
        "rows": [row | {"alike": alike.get(row["pk"], "")} for row in rows],
        "judgements": [_judgement(said) for said in cluster.judgements.select_related("judged_by").order_by("-seq")],
        "event": event and {"event": event, "name": open_sealed(event, "name")},
    }


def _cluster(found: Any) -> dict[str, Any]:
    return {
        "cluster": found,
        "merchant": found.merchant_name if found.merchants == 1 else "",
        "merchants": found.merchants,
        "first": found.first_at.astimezone(CST).strftime("%m-%d"),
        "last": found.last_at.astimezone(CST).strftime("%m-%d %H:%M"),
    }


def _judgement(said: Judgement) -> dict[str, Any]:
    at = said.judged_at.astimezone(CST).strftime("%Y-%m-%d %H:%M")
    return {"verdict": said.get_verdict_display(), "by": said.judged_by.display_name, "at": at, "cases": said.cases}


def event_rows(actor: Actor) -> list[dict[str, Any]]:
    found = list(queries.events_for(actor)[:SHOWN])
    prefetch_keys(event.pk for event in found)
    sizes = queries.sizes_of(actor, [event.pk for event in found])
    return [_event(event) | {"size": sizes.get(event.pk, 0)} for event in found]


def event_context(event: MassEvent, actor: Actor) -> dict[str, Any]:
    """The event and those of its cases that the actor may list. The lead is named only where it is one of them."""
    cases = queries.event_cases_for(actor, event)
    rows = rows_of(cases, actor, CASES_SHOWN)
    lead = cases.filter(pk=event.lead_id).values_list("number", flat=True).first()
    return _event(event) | {"rows": rows, "size": cases.order_by().count(), "lead": lead or ""}


def _event(event: MassEvent) -> dict[str, Any]:
    return {
        "event": event,
        "name": open_sealed(event, "name"),
        "formed": event.formed_at.astimezone(CST).strftime("%Y-%m-%d"),
        "ended": event.ended_at.astimezone(CST).strftime("%Y-%m-%d") if event.ended_at else "",
    }


def lead_among(bulk: Bulk, actor: Actor, number: str) -> Case:
    """The chosen case with this number. Raises `Http404`."""
    if not bulk.rows.filter(case__number=number).exists():
        raise Http404(number)
    return case_for(actor, number)
