"""Doors to bundles: of a case by whoever sees it whole; the own copy by the consumer."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from cases.bundles.models import Binding, Bundle, Release
from cases.bundles.profiles import PROFILES
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


def finished_for(case: Case, actor: Actor, bundle: UUID) -> Binding:
    """A finished bundle of a case the actor sees whole. Raises `NotVisible`."""
    found = bundles_of(case, actor).filter(pk=bundle).exclude(binding=None).first()
    if found is None:
        raise NotVisible(str(bundle))
    return found.binding


def is_released(bundle: Bundle) -> bool:
    return PROFILES[bundle.profile].is_own or Release.objects.filter(pk=bundle.pk).exists()
