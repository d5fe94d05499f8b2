"""Whether somebody's role gives a power at all. The same words wherever it does not."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jike.base.actors import Actor
from jike.base.errors import Blocker


def no_power(actor: Actor, power: str) -> list[Blocker]:
    if actor.can(power):
        return []
    return [Blocker("actor.no_power", _("Your role may not do this. A supervisor can assign it to someone who may."))]
