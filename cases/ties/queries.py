"""The doors to what hangs together. Whatever is listed or counted here is what the lists of the person would show, and no more."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Max, Min, Q, QuerySet
from django.http import Http404

from cases.complaints.house_rules import house_rules
from cases.models import Case
from cases.queries import cases_listed_for, complainant_of, openable_by
from cases.ties.models import Cluster, ClusterCase, MassCase, MassEvent
from jike.base.actors import Actor

FRESH = timedelta(days=7)


def same_person(actor: Actor, case: Case) -> QuerySet[Case]:
    return _others(actor, case).filter(consumer_id=case.consumer_id) if case.consumer_id else Case.objects.none()


def same_phone(actor: Actor, case: Case) -> QuerySet[Case]:
    """Cases of other people in which somebody has the complainant's number: numbers are shared, lent and given anew."""
    party = complainant_of(case)
    if party is None or not party.phone_index:
        return Case.objects.none()
    found = _others(actor, case).filter(parties__phone_index=party.phone_index).distinct()
    return found.exclude(consumer_id=case.consumer_id) if case.consumer_id else found


def same_merchant(actor: Actor, case: Case) -> QuerySet[Case]:
    return _others(actor, case).filter(merchant_id=case.merchant_id) if case.merchant_id else Case.objects.none()


def same_salesperson(actor: Actor, case: Case) -> QuerySet[Case]:
    if not case.salesperson_id:
        return Case.objects.none()
    return _others(actor, case).filter(salesperson_id=case.salesperson_id)


def _others(actor: Actor, case: Case) -> QuerySet[Case]:
    return cases_listed_for(actor).exclude(pk=case.pk)


def may_see_clusters(actor: Actor) -> bool:
    return actor.can("cases.read_clusters")


def clusters_for(actor: Actor, *, now: datetime, verdict: str = "") -> QuerySet[Cluster]:
    """Clusters with enough cases that the actor may list, one of them still open, newest growth first.

    Each with `size`, `first_at`, `last_at`, `fresh` (received within seven days), `merchants` and `merchant_name`, all told by
    the listed cases alone. Two units may see the same cluster with different numbers.
    """
    rule = house_rules().likeness
    if not may_see_clusters(actor):
        return Cluster.objects.none()
    recent = Cluster.objects.filter(grew_at__gt=now - timedelta(days=3 * rule.days), verdict=verdict)
    listed = recent.filter(members__case__in=cases_listed_for(actor))
    return (
        listed.annotate(
            size=Count("members"),
            still_open=Count("members", filter=Q(members__case__ended_at=None)),
            first_at=Min("members__case__received_at"),
            last_at=Max("members__case__received_at"),
            fresh=Count("members", filter=Q(members__case__received_at__gt=now - FRESH)),
            merchants=Count("members__case__merchant", distinct=True),
            merchant_name=Min("members__case__merchant__name"),
        )
        .filter(size__gte=rule.cluster_from, still_open__gt=0)
        .order_by("-grew_at", "-id")
    )


def cluster_for(actor: Actor, pk: UUID, *, now: datetime) -> Cluster:
    """Raises `Http404`: not there, too small for what the actor may list, or not theirs."""
    for verdict in Cluster.Verdict.values:
        if found := clusters_for(actor, now=now, verdict=verdict).filter(pk=pk).first():
            return found
    raise Http404(str(pk))


def cluster_cases_for(actor: Actor, cluster: Cluster) -> QuerySet[Case]:
    """Its cases that the actor may list, newest first."""
    return cases_listed_for(actor).filter(clustered__cluster_id=cluster.pk).order_by("-received_at", "-id")


def cluster_of(case: Case) -> ClusterCase | None:
    """The cluster of a case that the caller has from a door."""
    return ClusterCase.objects.select_related("cluster").filter(pk=case.pk).first()


def events_for(actor: Actor) -> QuerySet[MassEvent]:
    """Mass events of the actor's unit, for whoever lists cases; of every unit for whoever sees all of them masked. Newest first."""
    if not actor.is_staff or not actor.can("cases.list"):
        return MassEvent.objects.none()
    found = MassEvent.objects.select_related("lead", "unit").order_by("ended_at", "-formed_at", "-id")
    return found if actor.can("cases.read_masked_all") else found.filter(unit_id=actor.unit)


def open_events_for(actor: Actor) -> QuerySet[MassEvent]:
    return events_for(actor).filter(ended_at=None)


def event_for(actor: Actor, pk: UUID) -> MassEvent:
    """Raises `Http404`."""
    found = events_for(actor).filter(pk=pk).first()
    if found is None:
        raise Http404(str(pk))
    return found


def event_of(actor: Actor, case: Case) -> MassEvent | None:
    """The mass event a case is in, if the actor may see that."""
    return events_for(actor).filter(members__case_id=case.pk, members__left_at=None).first()


def event_cases_for(actor: Actor, event: MassEvent) -> QuerySet[Case]:
    """The cases in a mass event that the actor may list, earliest receipt first."""
    inside = MassCase.objects.filter(event_id=event.pk, left_at=None)
    return cases_listed_for(actor).filter(pk__in=inside.values("case_id")).order_by("received_at", "id")


def acted_on_by(actor: Actor, cases: QuerySet[Case], limit: int) -> list[UUID]:
    """The keys of those that open to the actor, for an act on many."""
    return list(cases.filter(openable_by(actor)).values_list("pk", flat=True)[:limit])


def sizes_of(actor: Actor, events: list[UUID]) -> dict[UUID, int]:
    """How many cases of each event the actor may list."""
    inside = MassCase.objects.filter(event_id__in=events, left_at=None, case__in=cases_listed_for(actor))
    return dict(inside.order_by().values_list("event_id").annotate(n=Count("pk")))
