"""What people say of a cluster."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cases.rules import no_power
from cases.ties.models import Cluster
from jike.base.actors import Actor
from jike.base.errors import Blocker, refuse_if

JUDGE = "cases.judge_clusters"


@transaction.atomic
def judge_cluster(cluster: Cluster, *, actor: Actor, now: datetime, verdict: str, was: str) -> Cluster:
    """Say that a cluster is one matter, or chance, or is to be looked at again. Refused when somebody said something else meanwhile.

    The cluster goes on growing whatever is said. `was` is the verdict the person saw.
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
    row.verdict, row.judged_at, row.judged_by_id = verdict, now, actor.user
    row.save(update_fields=["verdict", "judged_at", "judged_by"])
    return row
