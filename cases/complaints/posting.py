"""Letters that wait for the post: printed, and nothing else reached the consumer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from cases.complaints.models import Complaint
from cases.complaints.states import State
from cases.models import Case, Document, Message, Party
from cases.queries import in_full_sight, without_recused
from jike.base.actors import Actor
from jike.privacy import open_sealed
from jike.verbs import verb_named

AT_MOST = 20
BY_POST = "post"
"""The flag of a case whose consumer wants, or needs, letters on paper."""
PROVES = {
    Message.Purpose.DECLINE.value: "complaints.tell_decline",
    Message.Purpose.EXTENSION.value: "complaints.settle_extension",
    Message.Purpose.PAUSE.value: "complaints.count_pause",
}
"""Notices whose proof moves the case: their postal number is recorded by the verb that says so."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One letter for the post: `verb` records its postal number."""

    document: Document
    case: Complaint
    title: str
    name: str
    verb: str


def waiting_for_post(actor: Actor, *, now: datetime, at_most: int = AT_MOST) -> list[Waiting]:
    """The oldest letters of the cases the actor sees in full that no other channel brings: there is no telephone and no e-mail,
    or the case was flagged for the post before the letter was written.
    """
    seen = without_recused(Case.objects.filter(in_full_sight(actor)), actor)
    untold = Q(decision__isnull=False, case__state=State.DECIDED) | Q(message__isnull=False, message__delivery=None)
    alone = Party.objects.filter(role=Party.Role.COMPLAINANT, phone_index=None).values("case_id")
    by_post = Q(case_id__in=alone) | Q(case__flags__contains=[BY_POST])
    found = Document.objects.filter(untold, by_post, case__in=seen, case__is_historical=False)
    rows = found.select_related("message", "decision").order_by("created_at", "id")[: at_most * 2]
    return [waiting for row in rows if (waiting := _waiting(row, actor, now=now))][:at_most]


def _waiting(document: Document, actor: Actor, *, now: datetime) -> Waiting | None:
    """None where another channel brings it after all, or where a later decision took the place of this one."""
    case = Complaint.objects.select_related("unit", "responsible_institution", "assignee").get(pk=document.case_id)
    party = case.parties.filter(role=Party.Role.COMPLAINANT).order_by("created_at", "id").first()
    reachable = party is None or party.channels != [Message.Channel.INBOX]
    if party is None or (reachable and not _chosen(document, case)):
        return None
    if document.decision_id and document.decision_id != case.decision_id:
        return None
    title = open_sealed(document.message, "subject") if document.message else str(document.get_kind_display())
    return Waiting(document, case, title, open_sealed(party, "name"), _verb_of(document, case, actor, now=now))


def _chosen(document: Document, case: Case) -> bool:
    """Whether the case was flagged for the post when this letter was written."""
    flagged = case.events.filter(verb="complaints.flag", data__flags__contains=BY_POST).order_by("seq").first()
    written = document.message.created_at if document.message else document.created_at
    return flagged is not None and flagged.at <= written


def _verb_of(document: Document, case: Complaint, actor: Actor, *, now: datetime) -> str:
    if document.message is None:
        return "notify"
    proving = PROVES.get(document.message.purpose)
    if proving and not verb_named(proving).why_not(case, actor, now=now):
        return verb_named(proving).short_name
    return "record_post"
