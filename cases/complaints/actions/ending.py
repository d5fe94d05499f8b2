"""How a complaint ends and begins again: promises kept, closed, judged by the consumer, reopened; or withdrawn."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cases import approvals
from cases.clocks import ledger as clocks
from cases.complaints import wordings
from cases.complaints.actions.reviewing import keep_words
from cases.complaints.house_rules import house_rules
from cases.complaints.models import Complaint, Redress
from cases.complaints.rules import ending as rules
from cases.complaints.rules.ending import CONTESTED, LOW_SCORE, REOPEN_ASKED
from cases.complaints.surveys import open_survey_of
from cases.models import Note
from cases.playbooks import raise_tasks
from cases.queries import complainant_of
from jike.base.actors import Actor
from jike.base.ids import uuid7
from jike.verbs import verb


@verb(Complaint, "complaints.close", label=_("Close the case"), blockers=rules.blockers_to_close)
def close_complaint(case: Complaint, *, actor: Actor, now: datetime) -> None:
    """Close a complaint whose decision was told and whose promises are kept: notified -> closed. Review and reopening stay possible."""
    case.mark_closed(at=now)
    party = complainant_of(case)
    if party:
        wordings.CLOSING.queue(case, party, now=now)


@verb(
    Complaint,
    "complaints.confirm_redress",
    label=_("Confirm what was promised"),
    blockers=rules.blockers_to_confirm_redress,
    category="money",
)
def confirm_redress(case: Complaint, *, actor: Actor, now: datetime, promise: Redress, evidence: str) -> None:
    """Confirm one promise of the decision in force with its proof. Once; the row is never changed again."""
    row = Redress.objects.select_for_update().get(pk=promise.pk)
    row.confirmed_at, row.confirmed_by_id, row.evidence = now, actor.user, evidence
    row.save(update_fields=["confirmed_at", "confirmed_by", "evidence"])
    case.tell(promise=str(row.pk), seq=row.seq)


@verb(Complaint, "complaints.reopen", label=_("Reopen the case"), blockers=rules.blockers_to_reopen)
def reopen_complaint(case: Complaint, *, actor: Actor, now: datetime, ground: str, reason: str) -> None:
    """Take a closed case up again: closed -> investigating, with a new CMP15 from now.

    The decision told stays on record as it was. The next one is a new version, proposed and approved by two people, and its
    letter names the one it supersedes. Source: O2020-3 art 18, house correction.
    """
    told = case.decision_id
    clocks.stop_all(case, at=now, now=now)
    case.mark_reopened(at=now)
    clock = clocks.start(case, "CMP15", at=now, now=now)
    case.flags = [flag for flag in case.flags if flag not in (REOPEN_ASKED, CONTESTED)]
    note = Note.objects.create(id=uuid7(), case_id=case.pk, author_id=actor.user, body=reason, created_at=now)
    party = complainant_of(case)
    if party:
        wordings.REOPENED.queue(case, party, now=now, ground=ground, due_at=clock.due_at)
    case.tell(note=str(note.pk), ground=ground, decision=str(told) if told else None)


@verb(
    Complaint,
    "complaints.ask_reopen",
    label=_("Ask to reopen"),
    blockers=rules.blockers_to_ask_reopen,
    category="message",
    by_hand=False,
)
def ask_reopen(case: Complaint, *, actor: Actor, now: datetime, reason: str) -> None:
    """The consumer names new facts or reasons; the supervisor decides. The case stays closed and is flagged."""
    keep_words(case, reason, now=now)
    case.flags = [*case.flags, REOPEN_ASKED]


@verb(
    Complaint,
    "complaints.answer_survey",
    label=_("Answer the survey"),
    blockers=rules.blockers_to_answer_survey,
    category="message",
    by_hand=False,
)
def answer_survey(
    case: Complaint, *, actor: Actor, now: datetime, result: int, speed: int, conduct: int, words: str = ""
) -> None:
    """Keep the consumer's answers, once per told decision; a low one flags the case and gives the supervisor a task.

    Source: house survey.
    """
    survey = open_survey_of(case)
    assert survey is not None
    survey.result, survey.speed, survey.conduct, survey.words = int(result), int(speed), int(conduct), words
    survey.answered_at = now
    survey.save(update_fields=["result", "speed", "conduct", "words", "answered_at"])
    low = min(survey.result, survey.speed, survey.conduct) <= house_rules().low_score
    if low and LOW_SCORE not in case.flags:
        case.flags = [*case.flags, LOW_SCORE]
    case.tell(survey=str(survey.pk), low=low)
    raise_tasks(case, "complaints.answer_survey", facts={LOW_SCORE} if low else set(), now=now)


@verb(Complaint, "complaints.withdraw", label=_("Withdraw the complaint"), blockers=rules.blockers_to_withdraw)
def withdraw_complaint(
    case: Complaint, *, actor: Actor, now: datetime, wish: str = "", received_at: datetime | None = None
) -> None:
    """End the complaint at the consumer's wish, on the day the wish arrives; all its clocks stop and it is confirmed in writing.

    `wish` says how it was told when staff record it, `received_at` when it reached us if that was before `now`. An open proposal
    becomes void with it. Source: O2020-3 art 15.
    """
    at = received_at or now
    approvals.void_all(case, now=now)
    if actor.is_staff:
        note = Note.objects.create(id=uuid7(), case_id=case.pk, author_id=actor.user, body=wish, created_at=now)
        case.tell(note=str(note.pk))
    case.mark_withdrawn(at=at, manner="portal" if actor.kind == "consumer" else "recorded")
    clocks.stop_all(case, at=at, now=now)
    party = complainant_of(case)
    if party:
        wordings.WITHDRAWAL.queue(case, party, now=now)
    case.tell(manner=case.withdrawal_manner, received=at.isoformat())
