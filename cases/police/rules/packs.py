"""May a pack for an authority be made, and may it leave the house."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cases import approvals
from cases.copies.models import Audience, Covering
from cases.copies.queries import undecided
from cases.evidence.models import Item
from cases.police import manifest
from cases.police.house_rules import house_rules
from cases.police.models import Pack, PackFile, PackRelease, PoliceReport
from cases.police.rules.opening import EVIDENCE_LIMIT
from cases.police.rules.preparing import unconfirmed
from cases.police.states import AFTER, State
from cases.queries import sight_of
from cases.rules import handler_only, missing, no_power, only_while, too_long
from jike.base.actors import Actor
from jike.base.errors import UNASKED, Blocker

R55 = "house R55"
RECIPIENT_LIMIT = 120


def blockers_to_build(
    case: PoliceReport,
    actor: Actor,
    *,
    now: datetime,
    recipient: Any = UNASKED,
    basis: Any = UNASKED,
    reference: Any = UNASKED,
    purpose: Any = UNASKED,
    items: Any = UNASKED,
) -> list[Blocker]:
    """For a named authority, on a named basis, for a named purpose; with the words the consumer confirmed and the consumer's own data.

    What somebody else handed in is listed once a person has said what of it is covered. Source: PIPL art 23, PIPL art 29, house R55.
    """
    found = handler_only(case, actor, "police.build_pack") + only_while(case, State.READY, *AFTER)
    if not case.is_statement_confirmed:
        found.append(unconfirmed(case))
    if recipient is UNASKED:
        return found
    found += missing(recipient, "recipient", _("Name the authority."), "PIPL art 23")
    found += too_long(recipient, "recipient", RECIPIENT_LIMIT)
    if basis not in house_rules().bases:
        found.append(Blocker("basis.unknown", _("Say on what legal basis."), "PIPL art 29", "basis"))
    found += missing(reference, "reference", _("Say where the consent or the request is found."), R55)
    found += missing(purpose, "purpose", _("Say what for."), "PIPL art 23")
    found += too_long(reference, "reference", EVIDENCE_LIMIT) + too_long(purpose, "purpose", EVIDENCE_LIMIT)
    return found + ([] if items is UNASKED else _of_the_register(case, actor, list(items)))


def _of_the_register(case: PoliceReport, actor: Actor, items: list[Item]) -> list[Blocker]:
    if not items:
        return []
    if (
        case.origin is None
        or sight_of(case.origin, actor) != "full"
        or any(item.case_id != case.origin_id for item in items)
    ):
        return [Blocker("items.elsewhere", _("Choose papers of the complaint this came from."), field="items")]
    waits = {one.item.pk: one for one in undecided(case.origin, Audience.AUTHORITY) if one.code != "pages.waiting"}
    known = set(Covering.objects.filter(item__in=items, audience=Audience.AUTHORITY).values_list("item_id", flat=True))
    found = []
    for item in items:
        if item.attachment.added_by_kind != "consumer" and item.pk not in known:
            message = _(
                "Item {label} did not come from the consumer. Say first what of it is covered for an authority."
            )
            found.append(Blocker("item.of_others", format_lazy(message, label=item.label), R55, "items"))
        elif one := waits.get(item.pk):
            found.append(
                Blocker("item.uncopied", format_lazy("{n}：{why}", n=item.label, why=one.reason), R55, "items")
            )
    return found


def blockers_to_issue(
    case: PoliceReport, actor: Actor, *, now: datetime, pack: Any = UNASKED, **_made: Any
) -> list[Blocker]:
    """A pack is finished once; worked again after a crash, nothing more happens."""
    found = no_power(actor, "police.issue_pack") + _none(case)
    if pack is not UNASKED and PackFile.objects.filter(pk=pack.pk).exists():
        found.append(Blocker("pack.finished", _("This pack is finished already.")))
    return found


def blockers_to_ask_release(case: PoliceReport, actor: Actor, *, now: datetime, pack: Any = UNASKED) -> list[Blocker]:
    """What leaves the house is looked at by a second person first. Source: house four eyes."""
    found = handler_only(case, actor, "police.ask_pack_release") + _none(case) + only_while(case, State.READY, *AFTER)
    if approvals.waiting_for(case, "police.release_pack"):
        found.append(Blocker("approval.open", _("This waits for a second person already.")))
    if pack is UNASKED:
        return found
    unfit = _finished(case, pack)
    if not unfit and PackRelease.objects.filter(pk=pack.pk).exists():
        unfit = [Blocker("pack.released", _("This pack is released already."), field="pack")]
    return found + unfit + (outdated(case, pack) if not unfit else [])


def outdated(case: PoliceReport, pack: Pack) -> list[Blocker]:
    """What leaves says what the consumer confirmed last, with the losses and in the capacity of today."""
    if case.known_statement and pack.statement_id == case.known_statement.pk and manifest.still_fits(pack, case):
        return []
    message = _("The statement, the losses or the capacity have changed since. Make another pack.")
    return [Blocker("pack.outdated", message, field="pack")]


def blockers_to_release(
    case: PoliceReport,
    actor: Actor,
    *,
    now: datetime,
    verdict: Any = UNASKED,
    payload: Any = UNASKED,
    reason: Any = UNASKED,
) -> list[Blocker]:
    """A second person lets out exactly the pack that was looked at, or says what must be improved. Source: house four eyes."""
    verb = "police.release_pack"
    return approvals.blockers_to_answer(case, actor, verb, verdict=verdict, payload=payload, reason=reason)


def blockers_to_hand_out(
    case: PoliceReport, actor: Actor, *, now: datetime, pack: Any = UNASKED, given_to: Any = UNASKED
) -> list[Blocker]:
    """A released pack goes to the authority it was made for; whose hands it went into is written down first."""
    found = handler_only(case, actor, "police.hand_out_pack") + _none(case) + only_while(case, State.READY, *AFTER)
    if pack is not UNASKED:
        unfit = _finished(case, pack)
        found += unfit or outdated(case, pack)
        if not unfit and not PackRelease.objects.filter(pk=pack.pk).exists():
            found.append(Blocker("pack.not_released", _("A second person must release this pack first."), field="pack"))
    return found + missing(given_to, "given_to", _("Say who received it.")) + too_long(given_to, "given_to", 200)


def _none(case: PoliceReport) -> list[Blocker]:
    return [] if case.known_packs else [Blocker("pack.none", _("No pack was made yet."))]


def _finished(case: PoliceReport, pack: Pack | None) -> list[Blocker]:
    if pack is None or pack.case_id != case.pk:
        return [Blocker("pack.elsewhere", _("This pack belongs to another case."), field="pack")]
    if not PackFile.objects.filter(pk=pack.pk).exists():
        return [Blocker("pack.unfinished", _("This pack is not finished yet."), field="pack")]
    return []
