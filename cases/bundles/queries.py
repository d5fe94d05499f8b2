"""Doors to bundles: of a case by whoever sees it whole; the own copy by the consumer."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from cases.bundles import plan
from cases.bundles.models import Binding, Bundle
from cases.bundles.profiles import PROFILES, Profile
from cases.evidence.models import Item
from cases.models import Case
from cases.queries import NotVisible, sight_of
from jike.base.actors import Actor

OWN = [profile.code for profile in PROFILES.values() if profile.is_own]


def bundles_of(case: Case, actor: Actor) -> QuerySet[Bundle]:
    """Every bundle of a case with how far it is, newest first. The consumer is shown the own copies."""
    if sight_of(case, actor) != "full" or not case.has("bundles"):
        return Bundle.objects.none()
    found = Bundle.objects.filter(case_id=case.pk)
    if not actor.is_staff:
        found = found.filter(profile__in=OWN)
    related = ("binding__document", "binding__package", "release")
    return found.select_related(*related).prefetch_related("stages", "halts").order_by("-asked_at", "-version")


def bundle_for(case: Case, actor: Actor, bundle: UUID) -> Bundle:
    """A bundle of a case the actor sees whole, finished or not. Raises `NotVisible`."""
    found = bundles_of(case, actor).filter(pk=bundle).first()
    if found is None:
        raise NotVisible(str(bundle))
    return found


def finished_for(case: Case, actor: Actor, bundle: UUID) -> Binding:
    """A finished bundle of a case the actor sees whole. Raises `NotVisible`."""
    found = bundle_for(case, actor, bundle)
    if not hasattr(found, "binding"):
        raise NotVisible(str(bundle))
    return found.binding


def is_released(bundle: Bundle) -> bool:
    """Whether it may leave the house. Costs nothing for a bundle that `bundles_of` gave."""
    return PROFILES[bundle.profile].is_own or hasattr(bundle, "release")


def bundle_of_these(case: Case, profile: Profile, without: Collection[Item] = ()) -> Bundle | None:
    """The bundle of the register exactly as it is now, finished or not. For machines: it asks nobody's sight."""
    rows = plan.rows_for(case, profile, without=[item.pk for item in without])
    digest = plan.sha256_of(plan.manifest_of(case, profile, rows))
    return Bundle.objects.filter(case_id=case.pk, profile=profile.code, manifest_sha256=digest).first()
