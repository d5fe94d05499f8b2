"""The doors to policy: whoever drafts, approves or audits reads all of it; it holds no personal data."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from cases.policy.models import PolicyVersion
from jike.base.actors import Actor


def policies_visible_to(actor: Actor) -> QuerySet[PolicyVersion]:
    """Every version, for those who may read policy; nothing for the others."""
    if not actor.can("policy.read"):
        return PolicyVersion.objects.none()
    return PolicyVersion.objects.select_related("author", "approver")


def policy_for(actor: Actor, pk: object) -> PolicyVersion:
    """One version, or `Http404`: not there and not theirs are one."""
    found = policies_visible_to(actor).filter(pk=pk).first()
    if found is None:
        raise Http404(str(pk))
    return found
