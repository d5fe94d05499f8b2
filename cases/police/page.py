"""What the page of a case's packs prints."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cases import approvals
from cases.police.house_rules import house_rules
from cases.police.models import Pack, PackTaking, PoliceReport
from cases.police.queries import packs_of
from cases.police.rules.packs import blockers_to_ask_release, blockers_to_hand_out
from jike.base.actors import Actor
from jike.base.errors import Text
from jike.privacy import open_sealed


@dataclass(frozen=True, slots=True)
class Shelf:
    """One pack as printed: for whom, on what basis, what for, where it stands, and who took it."""

    pack: Pack
    state: str
    basis: Text
    reference: str
    purpose: str
    takings: list[tuple[PackTaking, str]]
    may_ask: bool
    may_hand_over: bool


def packs_context(case: PoliceReport, actor: Actor, *, now: datetime) -> dict[str, Any]:
    waiting = approvals.waiting_for(case, "police.release_pack")
    asked = str(approvals.request_of(waiting)["pack"]) if waiting else ""
    return {"case": case, "shelves": [_shelf(case, pack, actor, asked, now=now) for pack in packs_of(actor, case)]}


def _shelf(case: PoliceReport, pack: Pack, actor: Actor, asked: str, *, now: datetime) -> Shelf:
    takings = sorted(pack.takings.all(), key=lambda one: one.taken_at)
    return Shelf(
        pack,
        "asked" if asked == str(pack.pk) else pack.state,
        house_rules().bases[pack.basis].label,
        open_sealed(pack, "reference"),
        open_sealed(pack, "purpose"),
        [(one, open_sealed(one, "given_to")) for one in takings],
        not blockers_to_ask_release(case, actor, now=now, pack=pack),
        not blockers_to_hand_out(case, actor, now=now, pack=pack),
    )
