"""The papers for the court: drafted in versions, printed, confirmed by the consumer, made final."""

from __future__ import annotations

import json
from datetime import datetime
from typing import cast

from django.utils.translation import gettext_lazy as _

from cases.bundles.models import Bundle
from cases.clocks import ledger as clocks
from cases.handling import acts
from cases.litigation import papers, words
from cases.litigation.models import Confirmation, Draft, Litigation, Seal
from cases.litigation.rules import preparing as rules
from cases.litigation.states import PaperKind
from jike.base.actors import Actor
from jike.base.ids import uuid7
from jike.files.models import StoredFile
from jike.outbox import jobs
from jike.verbs import verb

PRINT_TOPIC = "litigation.print_paper"


@verb(
    Litigation, "litigation.draft_statement", label=_("Draft the statement of claim"), blockers=rules.blockers_to_draft_statement, category="document"
)  # fmt: skip
def draft_statement(case: Litigation, *, actor: Actor, now: datetime, plaintiff_name: str = "", **fields: str) -> None:
    """A new version of the statement of claim (起诉状); what the law lists and nobody knows yet is reported as missing. Source: CPL art 124."""
    _draft(case, PaperKind.STATEMENT, {"plaintiff_name": plaintiff_name, **fields}, actor=actor, now=now)


@verb(
    Litigation, "litigation.draft_list", label=_("Draft the list of evidence"), blockers=rules.blockers_to_draft_list, category="document"
)  # fmt: skip
def draft_list(case: Litigation, *, actor: Actor, now: datetime, submitted_by: str = "", **fields: str) -> None:
    """A new version of the list of evidence (证据目录) from the register of the matter as it is now. Source: EVID2019 art 19."""
    _draft(case, PaperKind.EVIDENCE_LIST, {"submitted_by": submitted_by, **fields}, actor=actor, now=now)


@verb(
    Litigation, "litigation.draft_authority", label=_("Draft the power of attorney"), blockers=rules.blockers_to_draft_authority, category="document"
)  # fmt: skip
def draft_authority(case: Litigation, *, actor: Actor, now: datetime, principal_name: str = "", **fields: str) -> None:
    """A new version of the power of attorney (授权委托书) for whoever acts for the consumer. Source: CPL art 62."""
    _draft(case, PaperKind.AUTHORITY, {"principal_name": principal_name, **fields}, actor=actor, now=now)


@verb(
    Litigation, "litigation.draft_confirmation", label=_("Draft the application for confirmation"), blockers=rules.blockers_to_draft_confirmation, category="document"
)  # fmt: skip
def draft_confirmation(
    case: Litigation, *, actor: Actor, now: datetime, plaintiff_name: str = "", **fields: str
) -> None:
    """A new version of the joint application for judicial confirmation (司法确认申请书). Source: CPL art 205."""
    _draft(case, PaperKind.CONFIRMATION, {"plaintiff_name": plaintiff_name, **fields}, actor=actor, now=now)


def _draft(case: Litigation, kind: str, fields: dict[str, str], *, actor: Actor, now: datetime) -> None:
    """Keep the version with its report of what is missing, and queue its printing. The consumer is asked once nothing is missing."""
    body = {field.name: fields.get(field.name, "").strip() for field in papers.FIELDS[kind]}
    before = case.known_drafts.get(kind)
    version = before.version + 1 if before else 1
    row = Draft(
        id=uuid7(),
        case_id=case.pk,
        kind=kind,
        version=version,
        body=json.dumps(body, ensure_ascii=False, sort_keys=True),
        missing=papers.missing_in(case, kind, body),
        sha256=papers.sha256_of(case, kind, version, body),
        drafted_by_id=actor.user,
        drafted_at=now,
    )
    row.save(force_insert=True)
    case.forget("known_drafts")
    key = f"{PRINT_TOPIC}:{row.pk}"
    jobs.post(PRINT_TOPIC, key=key, body={"draft": str(row.pk)}, subject=case.pk, now=now)
    case.tell(draft=str(row.pk), paper=kind, paper_version=version, missing=len(row.missing))
    if not rules.gaps_of(case):
        words.tell(case, words.CONFIRM, now=now)


@verb(
    Litigation,
    "litigation.issue_paper",
    label=_("Paper printed"),
    blockers=rules.blockers_to_issue_paper,
    category="document",
    by_hand=False,
)
def issue_paper(case: Litigation, *, actor: Actor, now: datetime, draft: Draft, file: StoredFile) -> None:
    """One version is there as PDF."""
    Draft.objects.filter(pk=draft.pk, file=None).update(file=file, printed_at=now)
    case.forget("known_drafts")
    case.tell(draft=str(draft.pk), file_sha256=bytes(file.sha256).hex())


@verb(
    Litigation, "litigation.confirm_papers", label=_("Record that the consumer confirms the papers"), blockers=rules.blockers_to_confirm_papers
)  # fmt: skip
def confirm_papers(case: Litigation, *, actor: Actor, now: datetime, sha256: str, evidence: str = "") -> None:
    """The consumer agrees to exactly these versions, by the hash of them all. Changed papers need a new word. Source: CPL art 15."""
    row = Confirmation(
        id=uuid7(),
        case_id=case.pk,
        sha256=bytes.fromhex(sha256),
        evidence=evidence.strip(),
        actor_kind=actor.kind,
        confirmed_at=now,
    )
    row.save(force_insert=True)
    case.forget("known_confirmation")
    case.tell(confirmation=str(row.pk), sha256=sha256, by=actor.kind)


@verb(Litigation, "litigation.seal", label=_("Make the papers final"), blockers=rules.blockers_to_seal)
def seal_papers(case: Litigation, *, actor: Actor, now: datetime) -> None:
    """Papers the consumer confirmed and the bound bundle, together as one version: collecting -> sealed. Source: EVID2019 art 19."""
    case.mark_sealed()
    _seal(case, actor=actor, now=now)


@verb(Litigation, "litigation.supplement", label=_("Make later evidence final"), blockers=rules.blockers_to_supplement)
def supplement_papers(case: Litigation, *, actor: Actor, now: datetime) -> None:
    """What came later, as a new version; the earlier ones stay as they went out. Source: EVID2019 art 51."""
    _seal(case, actor=actor, now=now)


def _seal(case: Litigation, *, actor: Actor, now: datetime) -> None:
    before = case.known_seal
    bundle = cast(Bundle, rules.finished_bundle(case))
    row = Seal(
        id=uuid7(),
        case_id=case.pk,
        version=before.version + 1 if before else 1,
        papers_sha256=papers.set_sha256(case),
        confirmation=cast(Confirmation, case.known_confirmation),
        bundle=bundle,
        sealed_by_id=actor.user,
        sealed_at=now,
    )
    row.save(force_insert=True)
    case.forget("known_seal")
    hashes = {"papers_sha256": bytes(row.papers_sha256).hex(), "manifest": bytes(bundle.manifest_sha256).hex()}
    case.tell(seal=str(row.pk), seal_version=row.version, bundle=str(bundle.pk), **hashes)


@verb(Litigation, "litigation.rework", label=_("Open the papers again"), blockers=rules.blockers_to_rework)
def rework_papers(case: Litigation, *, actor: Actor, now: datetime, reason: str) -> None:
    """What was final is worked on again, also after the court turned it down: -> collecting. Every version stays."""
    case.mark_reworked()
    clocks.stop(case, "APPEAL", at=now, now=now)
    acts.add_note(case, actor=actor, now=now, text=reason.strip())
