"""How the ledger checks that the acts on policy still say what was sealed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from cases.policy.models import PolicyAct, PolicyVersion
from jike import ledger


def digests_of_acts(ids: Sequence[UUID]) -> dict[UUID, bytes]:
    return {act.pk: act.digest() for act in PolicyAct.objects.filter(pk__in=ids)}


def lengths_of_policies(subjects: Sequence[UUID]) -> dict[UUID, int]:
    return dict(PolicyVersion.objects.filter(pk__in=subjects).values_list("pk", "version"))


def acts_of_policies(subjects: Sequence[UUID]) -> Iterator[tuple[UUID, UUID]]:
    return PolicyAct.objects.filter(policy_id__in=subjects).values_list("pk", "policy_id").iterator()


def all_policies() -> Iterator[UUID]:
    return PolicyVersion.objects.values_list("pk", flat=True).iterator()


ledger.register_source(
    PolicyAct.LEDGER_SOURCE,
    digests_of_acts,
    expected_length=lengths_of_policies,
    rows_of=acts_of_policies,
    subjects=all_policies,
)
