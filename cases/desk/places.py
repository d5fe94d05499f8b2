"""The pages of the workbench besides the lists, each shown to whoever holds its power."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from jike.base.actors import Actor
from jike.base.errors import Text


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the menu: the name of its route, the power it asks, what it is called."""

    route: str
    power: str
    label: Text
    icon: str


PLACES = (
    Place("staff:intake", "complaints.take_in", _("Take in a message"), "telephone"),
    Place("staff:loans", "lending.find_loan", _("Find a loan"), "search"),
    Place("staff:returns", "cases.list", _("Money of returns"), "cash-coin"),
    Place("staff:reclassified", "complaints.confirm_decline", _("Complaints classified anew"), "arrow-repeat"),
    Place("staff:recordings", "lending.read_recordings", _("Recordings"), "mic"),
    Place("staff:clusters", "cases.read_clusters", _("Alike complaints"), "diagram-3"),
    Place("staff:mass_events", "cases.list", _("Mass events"), "people-fill"),
    Place("staff:policies", "policy.read", _("House policy"), "journal-text"),
    Place("staff:imports", "imports.run", _("Imports"), "upload"),
    Place("staff:operations", "operations.view", _("Operations"), "activity"),
    Place("staff:team", "complaints.assign", _("My team"), "people"),
    Place("staff:relations", "cases.declare_relation", _("My relations"), "people"),
)


def places_of(actor: Actor | None) -> list[Place]:
    return [place for place in PLACES if actor and actor.can(place.power)]
