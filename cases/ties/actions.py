"""What people say of a cluster."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cases.rules import no_power
from cases.ties.models import Cluster, Judgement
from jike import ledger
from jike.base.actors import Actor
from jike.base.errors import Blocker, refuse_if

JUDGE = "cases.judge_clusters"


@transaction.atomic
def judge_cluster(cluster: Cluster, *, actor: Actor, now: datetime, verdict: str, was: str) -> Cluster:
    """Say that a cluster is one matter, or chance, or is to be looked at again. Refused when somebody said something else meanwhile.

    The cluster goes on growing whatever is said. `was` is the verdict the person saw. What was said before is kept and sealed.
    """
    refuse_if(no_power(actor, JUDGE), verb=JUDGE)
    row = Cluster.objects.select_for_update().get(pk=cluster.pk)
    found = []
    if verdict not in Cluster.Verdict.values:
        found.append(Blocker("verdict.unknown", _("Choose what the cluster is."), field="verdict"))
    if row.verdict != was:
        found.append(Blocker("cluster.judged", _("Somebody has judged this cluster meanwhile. Look at it again.")))
    if verdict != Cluster.Verdict.ACCEPTED and row.events.filter(ended_at=None).exists():
        found.append(Blocker("cluster.has_event", _("A mass event was formed from this cluster. It is one matter.")))
    refuse_if(found, verb=JUDGE)
    return pronounce(row, verdict, actor=actor, now=now)


def pronounce(cluster: Cluster, verdict: str, *, actor: Actor, now: datetime) -> Cluster:
    """Write and seal what `actor` said of a cluster that the caller has locked, in the caller's transaction."""
    cluster.verdict, cluster.judged_at, cluster.judged_by_id = verdict, now, actor.user
    cluster.save(update_fields=["verdict", "judged_at", "judged_by"])
    said = Judgement.objects.create(
        cluster=cluster,
        seq=cluster.judgements.count() + 1,
        verdict=verdict,
        cases=cluster.members.count(),
        judged_at=now,
        judged_by_id=actor.user,
    )
    ledger.append(cluster.pk, JUDGE, source=Judgement.LEDGER_SOURCE, source_id=said.pk, facts=said.facts(), now=now)
    return cluster
