"""Work of the outbox: making a bundle, away from the web process."""

from __future__ import annotations

from collections.abc import Callable

from cases.bundles import building, making
from cases.bundles.models import Binding, Bundle
from cases.models import Case
from cases.rules import power_of
from jike.accounts.roles import machine_actor
from jike.base.dates import now as current_instant
from jike.files import pdf
from jike.outbox import jobs
from jike.privacy import Unreadable
from jike.signatures.errors import NotStamped
from jike.verbs import verb_named

WORKER = "outbox-worker"
AWAY = 300


@jobs.handler(making.TOPIC, queue="documents", max_attempts=8, lease_seconds=600)
def build_bundle(job: jobs.ClaimedJob) -> Callable[[], None] | None:
    """Make a bundle and issue it; killed anywhere, it goes on and ends with one. What a person must look at halts it."""
    bundle = Bundle.objects.filter(pk=job.body["bundle"]).select_related("case").first()
    if bundle is None or Binding.objects.filter(pk=bundle.pk).exists():
        return None
    try:
        made = building.make(bundle, job=job)
    except building.Halted as why:
        halted = {"bundle": bundle, "code": why.code, "label": why.label}
        return lambda: _do("halt_bundle", bundle.case, **halted)
    except pdf.RendererMissing:
        raise jobs.Postpone(AWAY, "pango.missing") from None
    except NotStamped as why:
        raise jobs.Postpone(AWAY, why.code) from None
    except Unreadable:
        return None  # its key was destroyed meanwhile
    said = {name: getattr(made, name) for name in made.__slots__}
    return lambda: _do("issue_bundle", bundle.case, bundle=bundle, **said)


def _do(short_name: str, case: Case, **given: object) -> None:
    verb = verb_named(power_of(case, short_name))
    verb.action(verb.model.objects.get(pk=case.pk), actor=machine_actor(WORKER), now=current_instant(), **given)
