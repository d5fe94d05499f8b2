"""What hangs over a case until it is cured, as marks in its head."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from cases.desk.queue import FLAGS
from cases.kinds import Kind
from cases.models import Case
from jike.base.errors import Text

AWAITED: dict[str, Text] = {
    "consumer": _("Waiting for the consumer"),
    "approver": _("Waiting for approval"),
    "merchant": _("Waiting for the merchant"),
    "authority": _("Waiting for an authority"),
}
GRAVE = ("fraud", "hold", "crime", "leak", "distress", "major")


@dataclass(frozen=True, slots=True)
class Sign:
    label: Text
    tone: str


def signs_of(case: Case, kind: Kind) -> list[Sign]:
    """Who is awaited, the flags, what was not told yet, what waits for a second person. Each goes when its ground goes."""
    found = [Sign(FLAGS.get(flag, flag), "bad" if flag in GRAVE else "warn") for flag in case.flags]
    awaited = AWAITED.get(kind.waiting_for.get(case.state, ""))
    if awaited and case.ended_at is None:
        found.insert(0, Sign(awaited, ""))
    if case.state in kind.untold and case.ended_at is None:
        found.append(Sign(_("No notice yet"), "bad"))
    if any(recusal.effective_at is None for recusal in case.open_recusals):
        found.append(Sign(_("A recusal waits for an answer"), "warn"))
    return found
