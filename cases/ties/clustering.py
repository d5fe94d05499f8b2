"""Finding complaints that read alike: after filing, never with it, and a bounded number with each sweep.

Only what is open and was received within the days of the house rule is read, once. The words are opened in memory, as the
search does, and what stays is numbers under its key (`likeness`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef

from cases.complaints.house_rules import house_rules
from cases.kinds import all_kinds
from cases.models import Case
from cases.search.indexing import readable
from cases.search.text import tokens_of
from cases.ties.likeness import bands_of, likeness, minima_of
from cases.ties.models import Cluster, ClusterCase, Signature
from cases.ties.rounds import turn
from jike.base.ids import uuid7
from jike.outbox import jobs
from jike.privacy import Unreadable, open_sealed

EVERY = timedelta(seconds=30)
BATCH = 200
WORDS = "narrative"

# For each new signature the latest that share a band with it: enough to find a neighbour, however large its cluster is.
_NEIGHBOURS = """
    SELECT fresh.case_id, old.case_id, old.merchant_id, old.minima
      FROM ties_signature fresh
     CROSS JOIN LATERAL (
           SELECT case_id, merchant_id, minima FROM ties_signature
            WHERE bands && fresh.bands AND received_at > %(since)s AND case_id <> fresh.case_id
            ORDER BY received_at DESC LIMIT 50) old
     WHERE fresh.case_id = ANY(%(fresh)s)
"""


@dataclass(frozen=True, slots=True)
class Pair:
    """A new case and one that reads like it."""

    case: UUID
    like: UUID
    percent: int


@jobs.timer("ties.cluster")
def cluster_new(now: datetime) -> int:
    """Read the cases that nobody has compared yet and put them with those that read alike; how many were read."""
    since = now - timedelta(days=house_rules().likeness.days)
    with turn("cluster", now=now, every=EVERY) as ours:
        if ours is None:
            return 0
        Signature.objects.filter(received_at__lte=since).delete()
        fresh = _sign(_unread(since))
        ours.again = len(fresh) == BATCH
        if fresh:
            _gather(fresh, _pairs(fresh, since), now=now)
    return len(fresh)


def _unread(since: datetime) -> list[Case]:
    known = Signature.objects.filter(pk=OuterRef("pk"))
    found = Case.objects.filter(ended_at=None, is_historical=False, received_at__gt=since).filter(~Exists(known))
    return list(found.only("id", "merchant_id", "received_at").order_by("received_at", "id")[:BATCH])


def _sign(cases: Sequence[Case]) -> list[Signature]:
    """One row for each, empty where there is nothing to compare: no case is read twice."""
    words = _words_of([case.pk for case in cases])
    rows = []
    for case in cases:
        minima = minima_of(tokens_of(words.get(case.pk, "")))
        rows.append(
            Signature(
                case_id=case.pk,
                merchant_id=case.merchant_id,
                received_at=case.received_at,
                minima=minima,
                bands=bands_of(minima),
            )
        )
    return Signature.objects.bulk_create(rows)


def _words_of(cases: Collection[UUID]) -> dict[UUID, str]:
    """What the consumers told. The keys stay locked until the signatures are written: who destroys one then takes those along."""
    found: dict[UUID, str] = {}
    keyed = readable(cases)
    for kind in all_kinds():
        if WORDS not in kind.searched:
            continue
        for row in kind.model.objects.filter(pk__in=keyed):
            try:
                found[row.pk] = open_sealed(row, WORDS)
            except Unreadable:
                continue
    return found


def _pairs(fresh: Sequence[Signature], since: datetime) -> dict[UUID, list[Pair]]:
    """What each new case reads like, most alike first; the same merchant needs less wording in common."""
    rule = house_rules().likeness
    signed = {row.case_id: row for row in fresh}
    with connection.cursor() as cursor:
        cursor.execute(_NEIGHBOURS, {"since": since, "fresh": list(signed)})
        neighbours = cursor.fetchall()
    found: dict[UUID, list[Pair]] = defaultdict(list)
    for case, like, merchant, minima in neighbours:
        percent = round(100 * likeness(signed[case].minima, minima))
        same = merchant is not None and merchant == signed[case].merchant_id
        if percent >= (rule.percent_same_merchant if same else rule.percent):
            found[case].append(Pair(case, like, percent))
    for pairs in found.values():
        pairs.sort(key=lambda pair: (-pair.percent, str(pair.like)))
    return found


def _gather(fresh: Sequence[Signature], pairs: dict[UUID, list[Pair]], *, now: datetime) -> None:
    """Each case joins the cluster of the most alike that is in one; two that are in none begin one."""
    everybody = {pair.like for found in pairs.values() for pair in found} | set(pairs)
    home = dict(ClusterCase.objects.filter(pk__in=everybody).values_list("case_id", "cluster_id"))
    begun, members = [], []
    for signature in fresh:
        case = signature.case_id
        if case in home or not pairs.get(case):
            continue
        best = next((pair for pair in pairs[case] if pair.like in home), pairs[case][0])
        if best.like not in home:
            cluster = Cluster(id=uuid7(), found_at=now, grew_at=now)
            begun.append(cluster)
            home[best.like] = cluster.pk
            members.append(_member(best.like, cluster.pk, best.percent, now))
        home[case] = home[best.like]
        members.append(_member(case, home[case], best.percent, now))
    Cluster.objects.bulk_create(begun)
    ClusterCase.objects.bulk_create(members)
    Cluster.objects.filter(pk__in={member.cluster_id for member in members}).update(grew_at=now)


def _member(case: UUID, cluster: UUID, percent: int, now: datetime) -> ClusterCase:
    return ClusterCase(case_id=case, cluster_id=cluster, likeness=percent, joined_at=now)
