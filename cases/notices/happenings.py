"""What the staff can be told of, and how, unless a person chose otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jike.base.errors import Text

Channel = Literal["desk", "email"]


class Mode(models.TextChoices):
    IMMEDIATE = "immediate", pgettext_lazy("notice", "At once")
    DIGEST = "digest", pgettext_lazy("notice", "Once a day")
    OFF = "off", pgettext_lazy("notice", "Not at all")


@dataclass(frozen=True, slots=True)
class Happening:
    """One sort of notice. `email` is the mode by default; a `binding` one always lies in the workbench."""

    code: str
    label: Text
    icon: str
    email: str = Mode.DIGEST
    is_binding: bool = False

    def modes(self, channel: Channel) -> list[str]:
        """What a person may choose."""
        if channel == "desk":
            return [Mode.IMMEDIATE.value] if self.is_binding else [Mode.IMMEDIATE.value, Mode.OFF.value]
        return [Mode.IMMEDIATE.value, Mode.DIGEST.value, *([] if self.is_binding else [Mode.OFF.value])]

    def default(self, channel: Channel) -> str:
        return Mode.IMMEDIATE.value if channel == "desk" else str(self.email)


HAPPENINGS = {
    happening.code: happening
    for happening in (
        Happening("clock.near", _("A time limit of my case comes near"), "alarm"),
        Happening("court.asked", _("Somebody asks for support in court"), "bank"),
        Happening("police.asked", _("A consumer of mine asks for help with a police report"), "shield-exclamation"),
        Happening("court.unappealed", _("The days to appeal are over in my case"), "bank", Mode.IMMEDIATE),
        Happening("court.redraft", _("A paper for the court has to be drafted again"), "file-earmark-text"),
        Happening("court.near", _("A period or hearing of a court comes near"), "bank", Mode.IMMEDIATE),
        Happening(
            "clock.escalated", _("A time limit in my unit is nearly over"), "exclamation-triangle", Mode.IMMEDIATE, True
        ),
        Happening("clock.breached", _("A time limit is exceeded"), "exclamation-octagon-fill", Mode.IMMEDIATE, True),
        Happening("case.assigned", _("A case was given to me"), "person-check"),
        Happening("case.answered", _("A consumer wrote in my case"), "chat-left-text"),
        Happening("case.merchant_wrote", _("A merchant wrote in my case"), "shop"),
        Happening("case.side_spoke", _("A side of my mediation answered or offered something"), "people"),
        Happening("case.contested", _("A consumer contests the decision in my case"), "exclamation-circle"),
        Happening("case.phone_asked", _("Somebody asks for another telephone number in my case"), "telephone"),
        Happening("case.reminded", _("A day comes on which my case needs an act"), "calendar-event"),
        Happening("approval.asked", _("Something waits for my approval"), "shield-check"),
        Happening(
            "bundle.halted", _("An evidence bundle cannot be made"), "exclamation-octagon-fill", Mode.IMMEDIATE, True
        ),
        Happening("return.waits", _("A return of a loan waits for a decision"), "arrow-return-left"),
        Happening(
            "return.stuck", _("Money of a return does not arrive"), "exclamation-octagon-fill", Mode.IMMEDIATE, True
        ),
        Happening("alarm.salesperson", _("Many open complaints about one salesperson"), "person-plus", Mode.IMMEDIATE),
        Happening("alarm.merchant", _("Many open complaints about one merchant"), "shop", Mode.IMMEDIATE),
        Happening("digest", _("Overview of the day"), "calendar-check", Mode.IMMEDIATE),
    )
}
