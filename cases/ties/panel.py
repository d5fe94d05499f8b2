"""What the panel beside a case shows of others: its links, its mass event and cluster, and what the same people did before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases.desk.queue import matter_of
from cases.kinds import state_label
from cases.models import Case, Decision, Link
from cases.queries import links_for, sight_by, sight_of
from cases.ties import queries
from jike.base.actors import Actor
from jike.base.dates import CST
from jike.base.errors import Text
from jike.privacy import open_sealed

COUNT_LIMIT = 1_001
COLUMNS = (
    "id", "kind", "number", "state", "consumer_mask", "merchant__name", "business_code", "cause_code", "received_at", "assignee_id",
    "assignee__display_name", "unit_id", "ended_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of tie: its door, how many cases are shown, and the search that finds all where words may say it."""

    code: str
    label: Text
    icon: str
    door: Callable[[Actor, Case], QuerySet[Case]]
    most: int
    search: Callable[[Case], str] = lambda case: ""


@dataclass(slots=True)
class Group:
    """The other cases of one sort, newest first, as the lists of the person would show them."""

    sort: Sort
    rows: list[dict[str, Any]]
    count: str
    more: str = field(default="")


def _by_merchant(case: Case) -> str:
    return f'商户:"{case.merchant.name}"' if case.merchant else ""


SORTS = (
    Sort("person", _("Same person"), "person", queries.same_person, 20),
    Sort("phone", _("Same telephone number, another name"), "telephone", queries.same_phone, 20),
    Sort(
        "salesperson", _("Same salesperson"), "person-plus", queries.same_salesperson, 10, lambda c: f"销售:{c.number}"
    ),
    Sort("merchant", _("Same merchant"), "shop", queries.same_merchant, 5, _by_merchant),
)


def panel_of(case: Case, actor: Actor, *, now: datetime) -> dict[str, Any]:
    """Everything the panel prints, by a number of queries that no number of cases changes."""
    event, cluster = queries.event_of(actor, case), None
    if queries.may_see_clusters(actor) and (member := queries.cluster_of(case)):
        cluster = queries.clusters_for(actor, now=now, verdict=member.cluster.verdict).filter(pk=member.cluster_id)
    groups = [group for sort in SORTS if (group := _group(sort, case, actor)).rows]
    _add_results([row for group in groups for row in group.rows])
    return {
        "case": case,
        "links": [_linked(link, case) for link in links_for(actor, case)],
        "event": event and {"event": event, "name": open_sealed(event, "name")},
        "cluster": cluster.first() if cluster is not None else None,
        "groups": groups,
        "seller": _seller(case, actor),
    }


def _seller(case: Case, actor: Actor) -> str:
    """Who sold it, by full name for whoever reads the whole case."""
    sold_by = case.salesperson
    if sold_by is None or not sold_by.name_mask or sight_of(case, actor) != "full":
        return str(sold_by or "")
    return " ".join(part for part in (open_sealed(sold_by, "name"), sold_by.code) if part)


def rows_of(cases: QuerySet[Case], actor: Actor, most: int) -> list[dict[str, Any]]:
    """Cases from a door as printed: masked as in lists, and whether each opens to the actor."""
    return [_row(values, actor) for values in cases.values(*COLUMNS)[:most]]


def _group(sort: Sort, case: Case, actor: Actor) -> Group:
    found = sort.door(actor, case)
    rows = rows_of(found.order_by("-received_at", "-id"), actor, sort.most)
    if len(rows) < sort.most:
        return Group(sort, rows, str(len(rows)))
    number = found.order_by()[:COUNT_LIMIT].count()
    words = sort.search(case)
    more = f"{reverse('staff:queue_rail', args=['all'])}?{urlencode({'q': words})}" if words else ""
    return Group(sort, rows, "1,000+" if number >= COUNT_LIMIT else f"{number:,}", more)


def _row(values: dict[str, Any], actor: Actor) -> dict[str, Any]:
    sight = sight_by(actor, unit=values["unit_id"], assignee=values["assignee_id"])
    return {
        "pk": values["id"],
        "number": values["number"],
        "opens": sight is not None,
        "is_whole": sight == "full",
        "state": values["state"],
        "state_label": state_label(values["kind"], values["state"]),
        "consumer": values["consumer_mask"],
        "merchant": values["merchant__name"] or "",
        "matter": matter_of(values["business_code"], values["cause_code"]),
        "received": values["received_at"].astimezone(CST).strftime("%Y-%m-%d"),
        "owner": values["assignee__display_name"] or "",
        "result": "",
    }


def _add_results(rows: Sequence[dict[str, Any]]) -> None:
    """What was decided, where the whole case may be read. The last decision that a second person approved."""
    whole: list[UUID] = [row["pk"] for row in rows if row["is_whole"]]
    approved = Decision.objects.filter(case_id__in=whole, approval__verdict="approved") if whole else []
    results = {decision.case_id: decision.get_result_display() for decision in approved}
    for row in rows:
        row["result"] = results.get(row["pk"], "")


def _linked(link: Link, case: Case) -> dict[str, Any]:
    is_ours = link.case_id == case.pk
    other = link.other if is_ours else link.case
    return {
        "said": link.get_kind_display() if is_ours else Link.SEEN_FROM_OTHER[link.kind],
        "number": other.number,
        "state": other.state,
        "state_label": other.state_label,
        "received": other.received_at.astimezone(CST).strftime("%Y-%m-%d"),
        "ends": link.kind in Link.BY_HAND,
    }
