"""May a bundle be made, and may it leave the house; if not, every reason why not, before anything is made."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cases import approvals
from cases.bundles import plan
from cases.bundles.making import is_being_made
from cases.bundles.models import Binding, Bundle, Release
from cases.bundles.profiles import PROFILES, Profile
from cases.copies.queries import undecided
from cases.evidence.queries import Row
from cases.models import Case
from cases.rules import handler_or_supervisor, historical, missing, no_power, not_own_case, power_of, too_long
from jike.base.actors import Actor
from jike.base.errors import UNASKED, Blocker

VERBS = ("build_bundle", "ask_bundle_release", "hand_out_bundle")
"""What happens to bundles on a page of their own, not among the gates of the case. The vote is among these, like every vote."""

ART = "EVID2019 art 19"
MOST_TO = 200
MOST_ITEMS = 1_000


def blockers_to_build(
    case: Case, actor: Actor, *, now: datetime, profile: Any = UNASKED, without: Any = UNASKED
) -> list[Blocker]:
    """Who keeps the register makes bundles of it; a consumer makes the own copy. Every gap of a list that another body will judge by
    is named; an item can be left out instead. Source: EVID2019 art 19, house completeness."""
    found = _maker(case, actor, profile)
    if not case.has("evidence"):
        return [*found, _nothing_yet(actor)]
    if profile is UNASKED:
        return found
    known = PROFILES.get(profile)
    if known is None:
        return [*found, Blocker("profile.unknown", _("Say for whom the bundle is."), field="profile")]
    rows = plan.rows_for(case, known, without=_ids(without))
    if not rows:
        return [*found, Blocker("items.none", _("Nothing is left that would go in."), field="without")]
    if len(rows) > MOST_ITEMS:
        message = format_lazy(
            _("At most {most} items go into one bundle. Leave some out and make two."), most=MOST_ITEMS
        )
        found.append(Blocker("items.too_many", message, field="without"))
    if known.is_list:
        found += [_gaps(row) for row in rows if row.gaps]
    found += _uncopied(case, known, rows)
    if not found and (same := _same(case, known, rows)):
        message = _("Nothing has changed since version {n}, which exists already or is being made.")
        message = format_lazy(message, n=same.version)
        found.append(Blocker("bundle.same", message))
    return found


def _nothing_yet(actor: Actor) -> Blocker:
    if actor.kind == "consumer":
        return Blocker(
            "list.empty", _("Your papers are put in order first. Come back when somebody handles your complaint.")
        )
    return Blocker("list.empty", _("Nothing is in the register yet. Register the papers first."))


def _maker(case: Case, actor: Actor, profile: Any) -> list[Blocker]:
    if actor.kind == "consumer":
        found = no_power(actor, power_of(case, "build_bundle")) or not_own_case(case, actor)
        known = PROFILES.get(profile) if profile is not UNASKED else None
        if known is not None and not known.is_own:
            found.append(Blocker("actor.not_own_copy", _("You can have the copy of your own papers."), field="profile"))
        return found + historical(case)
    return handler_or_supervisor(case, actor, power_of(case, "build_bundle")) + historical(case)


def _ids(without: Any) -> list[Any]:
    return [] if without is UNASKED or not without else [item.pk for item in without]


def _gaps(row: Row) -> Blocker:
    message = format_lazy(
        _("{label} “{title}” lacks: {gaps}. Fill it in, or leave the item out."),
        label=row.label,
        title=row.title,
        gaps=format_lazy("、".join("{}" for _gap in row.gap_words), *row.gap_words),
    )
    return Blocker("item.gaps", message, ART, "without")


def _uncopied(case: Case, profile: Profile, rows: list[Row]) -> list[Blocker]:
    """Items of which this reader has no copy yet: nobody has decided what is covered, or it is still being made."""
    wanted = {row.item.pk: row for row in rows}
    return [
        Blocker("item.uncopied", format_lazy("{n} “{title}”：{why}", n=row.label, title=row.title, why=one.reason), field="without")
        for one in undecided(case, profile.audience)
        if one.code != "pages.waiting" and (row := wanted.get(one.item.pk))
    ]  # fmt: skip


def _same(case: Case, profile: Profile, rows: list[Row]) -> Bundle | None:
    """The bundle of exactly these inputs that is finished or being made; one whose making stopped is tried again."""
    digest = plan.sha256_of(plan.manifest_of(case, profile, rows))
    found = Bundle.objects.filter(case_id=case.pk, profile=profile.code, manifest_sha256=digest).first()
    if found is None or Binding.objects.filter(pk=found.pk).exists():
        return found
    return found if is_being_made(found) else None


def blockers_to_issue(case: Case, actor: Actor, *, now: datetime, bundle: Any = UNASKED, **_made: Any) -> list[Blocker]:
    """A bundle is finished once; worked again after a crash, nothing more happens."""
    found = no_power(actor, power_of(case, "issue_bundle"))
    if bundle is not UNASKED and Binding.objects.filter(pk=bundle.pk).exists():
        found.append(Blocker("bundle.finished", _("This bundle is finished already.")))
    return found


def blockers_to_halt(case: Case, actor: Actor, *, now: datetime, bundle: Any = UNASKED, **_why: Any) -> list[Blocker]:
    return blockers_to_issue(case, actor, now=now, bundle=bundle)


def blockers_to_ask_release(case: Case, actor: Actor, *, now: datetime, bundle: Any = UNASKED) -> list[Blocker]:
    """What leaves the house is looked at by a second person first. Source: house four eyes."""
    power = power_of(case, "ask_bundle_release")
    found = handler_or_supervisor(case, actor, power) + historical(case) + _none(case)
    if approvals.waiting_for(case, power_of(case, "release_bundle")):
        found.append(Blocker("approval.open", _("This waits for a second person already.")))
    if bundle is UNASKED:
        return found
    unfit = _finished(case, bundle)
    return found + (unfit or _released(bundle))


def blockers_to_release(
    case: Case,
    actor: Actor,
    *,
    now: datetime,
    verdict: Any = UNASKED,
    payload: Any = UNASKED,
    reason: Any = UNASKED,
) -> list[Blocker]:
    """A second person lets out exactly the bundle that was looked at, or says what must be improved. Source: house four eyes."""
    verb = power_of(case, "release_bundle")
    return approvals.blockers_to_answer(case, actor, verb, verdict=verdict, payload=payload, reason=reason)


def blockers_to_hand_out(
    case: Case, actor: Actor, *, now: datetime, bundle: Any = UNASKED, to: Any = UNASKED
) -> list[Blocker]:
    """A released bundle goes to somebody: to whom is part of the custody of every paper in it."""
    found = handler_or_supervisor(case, actor, power_of(case, "hand_out_bundle")) + _none(case)
    if bundle is not UNASKED:
        found += _finished(case, bundle) + _unreleased(case, bundle)
    return found + missing(to, "to", _("Say who received it.")) + too_long(to, "to", MOST_TO)


def blockers_to_download(case: Case, bundle: Bundle) -> list[Blocker]:
    """A program takes the files of a bundle that is released, after it was said to whom they go: custody comes before the first byte."""
    found = _finished(case, bundle) + _unreleased(case, bundle)
    told = case.events.filter(verb=power_of(case, "hand_out_bundle"), data__bundle=str(bundle.pk))
    if not found and not told.exists():
        message = _("Say first who receives it, by the verb hand_out_bundle.")
        found.append(Blocker("bundle.not_handed_out", message, field="bundle"))
    return found


def _unreleased(case: Case, bundle: Bundle | None) -> list[Blocker]:
    if (
        bundle is None
        or bundle.case_id != case.pk
        or PROFILES[bundle.profile].is_own
        or Release.objects.filter(pk=bundle.pk).exists()
    ):
        return []
    return [Blocker("bundle.not_released", _("A second person must release this bundle first."), field="bundle")]


def _none(case: Case) -> list[Blocker]:
    if case.has("bundles"):
        return []
    return [Blocker("bundle.none", _("No bundle was made of this case yet."))]


def _finished(case: Case, bundle: Bundle | None) -> list[Blocker]:
    if bundle is None or bundle.case_id != case.pk:
        return [Blocker("bundle.elsewhere", _("This bundle belongs to another case."), field="bundle")]
    if not Binding.objects.filter(pk=bundle.pk).exists():
        return [Blocker("bundle.unfinished", _("This bundle is not finished yet."), field="bundle")]
    return []


def _released(bundle: Bundle) -> list[Blocker]:
    if PROFILES[bundle.profile].is_own:
        return [Blocker("bundle.own_copy", _("The consumer's own copy needs no release."), field="bundle")]
    if Release.objects.filter(pk=bundle.pk).exists():
        return [Blocker("bundle.released", _("This bundle is released already."), field="bundle")]
    return []
