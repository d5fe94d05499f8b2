"""What the page of a case's bundles prints: what would go into the next one, how far those being made are, and what became of the others."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cases import approvals
from cases.bundles import making, plan
from cases.bundles.models import Bundle, Halt, Stage
from cases.bundles.profiles import PROFILES, Profile
from cases.bundles.queries import bundles_of, is_released
from cases.bundles.rules import VERBS
from cases.bundles.taking import Taken, taken_away
from cases.copies.models import Pages
from cases.copies.paging import RECIPE
from cases.evidence.models import Item
from cases.evidence.queries import Row
from cases.forms import VerbForm, faults_of
from cases.models import Case
from cases.rules import power_of
from jike.base.actors import Actor
from jike.base.errors import Blocker, Refused, Text
from jike.verbs import Verb, verbs_of

HALTS: dict[str, Text] = {
    "original.damaged": _(
        "The original of item {label} is not what was sealed when it came in. Nothing is bound before that is explained."
    ),
    "original.changed": _("The original of item {label} is not the one the register named."),
    "copy.missing": _("The copy of item {label} with parts covered is gone. Make it anew."),
    "pages.damaged": _("Pages that were made earlier are not what was stored."),
    "bundle.not_bound": _(
        "The pages could not be bound within the limits. Leave out the largest items, or make two bundles."
    ),
    "bundle.misnumbered": _("The pages do not stand where the index says."),
    "bundle.signature_broken": _("The signature does not fit the document."),
}
NOTES: dict[str, Text] = {
    "slip.none": _("Item {label} has no pages; a sheet in its place names it."),
    "slip.failed": _("Item {label} could not be turned into pages; a sheet in its place names it."),
    "glyphs": _("Item {label} has characters that no font of ours has; look at how they are printed."),
    "glyphs_of_parties": _(
        "A name on the cover has characters that no font of ours has; look at how they are printed."
    ),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One item as it would go in: how many pages it has by now, None while they are being made."""

    row: Row
    pages: int | None
    is_left_out: bool


@dataclass(frozen=True, slots=True)
class Shelf:
    """One bundle with its place in life: making, halted, finished, asked, released."""

    bundle: Bundle
    profile: Profile
    state: str
    steps: list[tuple[Text, Stage | None]]
    percent: int
    halt: Text
    notes: list[Text]
    taken: list[Taken]


def bundles_context(
    case: Case,
    actor: Actor,
    *,
    now: datetime,
    profile: str = "",
    without: Sequence[str] = (),
    form: VerbForm | None = None,
    refused: Refused | None = None,
) -> dict[str, Any]:
    """The page for one profile. `without` are ids of items to leave out, as they were ticked."""
    chosen = PROFILES.get(profile) or next(iter(PROFILES.values()))
    verbs = {verb.short_name: verb for verb in verbs_of(type(case)) if verb.short_name in VERBS}
    left_out = list(Item.objects.filter(case_id=case.pk, pk__in=without)) if without else []
    blockers = _blockers(verbs["build_bundle"], case, actor, chosen, left_out, now=now) if verbs else []
    bundles = list(bundles_of(case, actor))
    taken = taken_away(bundle for bundle in bundles if is_released(bundle))
    shelves = [_shelf(case, bundle, taken.get(bundle.code, [])) for bundle in bundles]
    return {
        "case": case,
        "key": secrets.token_hex(16),
        "profiles": PROFILES.values(),
        "profile": chosen,
        "entries": _entries(case, chosen, left_out),
        "blockers": blockers,
        "gaps": [blocker for blocker in blockers if blocker.code == "item.gaps"],
        "shelves": shelves,
        "is_making": any(shelf.state == "making" for shelf in shelves),
        "may": {name for name, verb in verbs.items() if not verb.why_not(case, actor, now=now)},
        "refused": refused.blockers if refused else faults_of(form),
    }


def _blockers(
    verb: Verb, case: Case, actor: Actor, profile: Profile, left_out: list[Item], *, now: datetime
) -> list[Blocker]:
    return verb.blockers(case, actor, now=now, profile=profile.code, without=left_out)


def _entries(case: Case, profile: Profile, left_out: list[Item]) -> list[Entry]:
    rows = plan.rows_for(case, profile) if case.has("evidence") else []
    made = Pages.objects.filter(attachment__in=[row.paper.pk for row in rows], recipe=RECIPE)
    counts = {pages.attachment_id: max(1, pages.count) for pages in made}
    gone = {item.pk for item in left_out}
    return [Entry(row, counts.get(row.paper.pk), row.item.pk in gone) for row in rows]


def _shelf(case: Case, bundle: Bundle, taken: list[Taken]) -> Shelf:
    stages = {stage.name: stage for stage in bundle.stages.all()}
    halt = max(bundle.halts.all(), key=lambda one: one.at, default=None)
    binding = getattr(bundle, "binding", None)
    return Shelf(
        bundle,
        PROFILES[bundle.profile],
        _state(case, bundle),
        [(name.label, stages.get(name.value)) for name in Stage.Name],
        round(100 * sum(stage.done / stage.total for stage in stages.values()) / len(Stage.Name)),
        "" if binding else _halted(halt),
        [_note(note) for note in binding.notes] if binding else [],
        taken,
    )


def _halted(halt: Halt | None) -> Text:
    if halt is None:
        return _("It was given up after several attempts. Make the bundle again, and tell the system administrator.")
    if halt.code.startswith("certificate."):
        return _(
            "The certificate of this installation cannot sign. Ask the system administrator, then make the bundle again."
        )
    return format_lazy(HALTS.get(halt.code, _("It stopped ({label}).")), label=halt.label or halt.code)


def _state(case: Case, bundle: Bundle) -> str:
    if not hasattr(bundle, "binding"):
        return "making" if making.is_being_made(bundle) else "halted"
    if PROFILES[bundle.profile].is_own or hasattr(bundle, "release"):
        return "released"
    waiting = approvals.waiting_for(case, power_of(case, "release_bundle"))
    return "asked" if waiting and approvals.request_of(waiting).get("bundle") == str(bundle.pk) else "finished"


def _note(note: str) -> Text:
    code, _colon, label = note.partition(":")
    return format_lazy(NOTES[code], label=label) if code in NOTES else note
