"""May a paper be drafted, confirmed by the consumer, and everything be made final."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cases.bundles import plan
from cases.bundles.models import Bundle
from cases.bundles.profiles import PROFILES
from cases.litigation import papers
from cases.litigation.models import Litigation
from cases.litigation.rules.opening import said_by
from cases.litigation.states import ON_THE_DOCKET, PaperKind, State
from cases.rules import PART_LIMIT, handler_only, missing, no_power, only_while, too_long, wrong_state
from jike.base.actors import Actor
from jike.base.errors import UNASKED, Blocker, Text

WRITTEN_WHILE = (State.COLLECTING, *ON_THE_DOCKET)
COURT = PROFILES["court"]


def blockers_to_draft(case: Litigation, actor: Actor, power: str, fields: dict[str, Any]) -> list[Blocker]:
    """What is left open may be written all the same: the report names it, and nothing is made final with it."""
    found = handler_only(case, actor, power) + only_while(case, *WRITTEN_WHILE)
    for name, text in fields.items():
        found += too_long(text, name, PART_LIMIT)
    return found


def blockers_to_draft_statement(case: Litigation, actor: Actor, *, now: datetime, **fields: Any) -> list[Blocker]:
    """Source: CPL art 124."""
    return blockers_to_draft(case, actor, "litigation.draft_statement", fields)


def blockers_to_draft_list(case: Litigation, actor: Actor, *, now: datetime, **fields: Any) -> list[Blocker]:
    """Source: EVID2019 art 19."""
    return blockers_to_draft(case, actor, "litigation.draft_list", fields)


def blockers_to_draft_authority(case: Litigation, actor: Actor, *, now: datetime, **fields: Any) -> list[Blocker]:
    """Source: CPL art 62."""
    return blockers_to_draft(case, actor, "litigation.draft_authority", fields)


def blockers_to_draft_confirmation(case: Litigation, actor: Actor, *, now: datetime, **fields: Any) -> list[Blocker]:
    """Only what a lawful outside body mediated can be confirmed. Source: CPL art 205, house R46."""
    found = blockers_to_draft(case, actor, "litigation.draft_confirmation", fields)
    if not case.is_mediated_outside:
        message = _("A negotiation through us ends in a civil contract: no court confirms it.")
        found.append(Blocker("form.internal", message, "CPL art 205"))
    return found


def blockers_to_issue_paper(
    case: Litigation, actor: Actor, *, now: datetime, draft: Any = UNASKED, file: Any = UNASKED
) -> list[Blocker]:
    """A version is printed once; worked again after a crash, nothing more happens."""
    found = no_power(actor, "litigation.issue_paper")
    if draft is not UNASKED and (draft is None or draft.case_id != case.pk or draft.file_id is not None):
        found.append(Blocker("paper.printed", _("This version is printed already.")))
    return found


def gaps_of(case: Litigation) -> list[Blocker]:
    """Papers that are not there, and what is missing in those that are."""
    found = []
    for kind in papers.NEEDED:
        if kind not in case.known_drafts:
            message = format_lazy(_("“{paper}” has not been drafted yet."), paper=PaperKind(kind).label)
            found.append(Blocker("paper.none", message, "CPL art 124"))
    for kind, draft in case.known_drafts.items():
        if draft.missing:
            labels = papers.labels_of(kind, draft.missing)
            message = format_lazy(
                _("“{paper}” lacks: {fields}."), paper=draft.get_kind_display(), fields=joined(labels)
            )
            found.append(Blocker("paper.gaps", message, "CPL art 124"))
    return found


def stale_papers(case: Litigation) -> list[Blocker]:
    """Papers that no longer say what holds: the register of the matter has changed, another court was chosen, or
    the defendant's number in the register of companies is another. Source: EVID2019 art 19."""
    found = []
    for kind, draft in case.known_drafts.items():
        if not papers.is_stale(case, draft):
            continue
        if kind == PaperKind.EVIDENCE_LIST:
            message: Text = _("The register has changed since the list was drafted. Draft it again.")
        else:
            words = _(
                "“{paper}” was drafted for another court, or before the defendant's number changed. Draft it again."
            )
            message = format_lazy(words, paper=draft.get_kind_display())
        found.append(Blocker("paper.stale", message, "EVID2019 art 19"))
    return found


def joined(labels: list[Text]) -> Text:
    return format_lazy("、".join("{}" for _label in labels), *labels)


def blockers_to_confirm_papers(
    case: Litigation, actor: Actor, *, now: datetime, sha256: Any = UNASKED, evidence: Any = UNASKED
) -> list[Blocker]:
    """The consumer, who is the party, agrees to the papers as they are: whole ones, and exactly those that were read. Source: CPL art 15."""
    found = handler_only(case, actor, "litigation.confirm_papers") + only_while(case, *WRITTEN_WHILE) + gaps_of(case)
    if found:
        return found
    if found := stale_papers(case):
        return found
    now_is = papers.set_sha256(case)
    if case.known_confirmation and bytes(case.known_confirmation.sha256) == now_is:
        found.append(Blocker("papers.confirmed", _("The consumer has confirmed these papers already.")))
    if sha256 is not UNASKED and sha256 != now_is.hex():
        message = _("The papers were changed since you read them. Read the new versions first.")
        found.append(Blocker("papers.changed", message, field="sha256"))
    return found + said_by(actor, evidence)


def unready(case: Litigation) -> list[Blocker]:
    """What stands against making everything final. Source: house seal, EVID2019 art 19, house R50."""
    found = gaps_of(case) + stale_papers(case)
    confirmed = case.known_confirmation
    if confirmed is None or bytes(confirmed.sha256) != papers.set_sha256(case):
        message = _("The consumer has not confirmed the papers as they are now.")
        found.append(Blocker("papers.unconfirmed", message, "CPL art 15"))
    if any(draft.file_id is None for draft in case.known_drafts.values()):
        found.append(Blocker("papers.unprinted", _("A paper is still being printed.")))
    rows = papers.evidence_of(case)
    if not rows or any(row.gaps for row in rows):
        message = _("The register of evidence of the matter is empty, or an item in it lacks something.")
        found.append(Blocker("evidence.incomplete", message, "EVID2019 art 19"))
    elif finished_bundle(case) is None:
        message = _("There is no finished bundle for the court of the evidence as it is now. Make one in the matter.")
        found.append(Blocker("bundle.none", message, "EVID2019 art 19"))
    return found


def finished_bundle(case: Litigation) -> Bundle | None:
    """The latest bound bundle for the court, if it holds the matter's register exactly as it is now. What else happened to the matter
    since, which a bundle also tells, makes it no other evidence.
    """
    bound = Bundle.objects.filter(case_id=case.matter_id, profile=COURT.code, binding__isnull=False)
    bundle = bound.order_by("-version").first()
    if bundle is None:
        return None
    now_is = plan.manifest_of(case.matter, COURT, plan.rows_for(case.matter, COURT))["items"]
    return bundle if plan.read(bundle)["items"] == now_is else None


def blockers_to_seal(case: Litigation, actor: Actor, *, now: datetime) -> list[Blocker]:
    """The consumer confirmed, the list of evidence is complete and the bundle is bound. Source: house seal, EVID2019 art 19."""
    found = handler_only(case, actor, "litigation.seal") + wrong_state(case, case.mark_sealed)
    return found or unready(case)


def blockers_to_supplement(case: Litigation, actor: Actor, *, now: datetime) -> list[Blocker]:
    """Later evidence makes a new version, which goes to the court like the first. Source: EVID2019 art 51."""
    found = handler_only(case, actor, "litigation.supplement") + only_while(case, *ON_THE_DOCKET)
    if found or (found := unready(case)):
        return found
    last, bundle = case.known_seal, finished_bundle(case)
    if last and bundle and (last.bundle_id, bytes(last.papers_sha256)) == (bundle.pk, papers.set_sha256(case)):
        found.append(Blocker("seal.same", _("Nothing has changed since the last version.")))
    return found


def blockers_to_rework(case: Litigation, actor: Actor, *, now: datetime, reason: Any = UNASKED) -> list[Blocker]:
    """What is final is opened again before it is handed in, or after the court turned it down; a new version follows."""
    found = handler_only(case, actor, "litigation.rework") + wrong_state(case, case.mark_reworked)
    return found + missing(reason, "reason", _("Give the reason.")) + too_long(reason, "reason", PART_LIMIT)
