"""The doors: who may see which case, and how much of it. Views and the API reach rows only through here."""

from __future__ import annotations

import uuid
from typing import Literal

from django.db.models import QuerySet
from django.http import Http404

from cases.kinds import kind_of_number
from cases.models import Approval, Case, Document, Event, Message, Note, Party
from jike.base.actors import Actor
from jike.base.ids import normalise_code
from jike.privacy import blind_index

Sight = Literal["full", "masked"]


class NotVisible(Http404):
    """Not there, or not theirs: the two are never told apart."""


def cases_listed_for(actor: Actor) -> QuerySet[Case]:
    """Cases that may appear in lists of `actor`, personal data masked.

    Staff see the cases of their own unit, auditors all, supervisors of the head office all; consumers their own.
    """
    if actor.kind == "consumer":
        return Case.objects.filter(consumer_id=actor.id) if actor.id else Case.objects.none()
    if not actor.is_staff:
        return Case.objects.none()
    if actor.can("cases.read_masked_all"):
        return Case.objects.all()
    if actor.can("cases.list"):
        return Case.objects.filter(unit_id=actor.unit)
    return Case.objects.none()


def sight_of(case: Case, actor: Actor) -> Sight | None:
    """How much of `case` the actor sees: everything, the masked head, or nothing at all."""
    if actor.kind == "consumer":
        return "full" if actor.id and case.consumer_id == actor.id else None
    return sight_by(actor, unit=case.unit_id, assignee=case.assignee_id)


def sight_by(actor: Actor, *, unit: uuid.UUID, assignee: uuid.UUID | None) -> Sight | None:
    """What a member of staff sees of a case of `unit` that `assignee` handles: own and, for supervisors, the unit's whole."""
    if not actor.is_staff:
        return None
    if assignee == actor.id or (actor.can("cases.read_unit") and unit == actor.unit):
        return "full"
    if actor.can("cases.read_masked_all"):
        return "masked"
    if assignee is None and unit == actor.unit and actor.can("cases.list"):
        return "masked"
    return None


def case_for(actor: Actor, number: str) -> Case:
    """The case with this number as a row of its kind, if the actor may open it. Raises `NotVisible`."""
    kind = kind_of_number(number)
    if kind is None:
        raise NotVisible(number)
    related = ("unit", "assignee", "merchant", "funder", "responsible_institution", "loan")
    case = kind.model.objects.select_related(*related).filter(number=number).first()
    if case is None or sight_of(case, actor) is None:
        raise NotVisible(number)
    return case


def case_by_receipt(code: str, phone: str) -> Case | None:
    """The case that this receipt code and phone number open together. Both must fit; `phone` is normalised and proven."""
    index = blind_index("phone", phone)
    return (
        Case.objects.filter(receipt_index=blind_index("receipt", normalise_code(code)))
        .filter(parties__phone_index=index)
        .first()
    )


def complainant_of(case: Case) -> Party | None:
    """The consumer as given in this case, or the agent-less import's nobody."""
    return case.parties.filter(role=Party.Role.COMPLAINANT).order_by("created_at", "id").first()


def reachable_channels(case: Case) -> list[str]:
    """The channels for which the case holds an address of the complainant; the portal inbox always works."""
    party = complainant_of(case)
    return party.channels if party else [Message.Channel.INBOX.value]


def timeline_of(case: Case, actor: Actor) -> QuerySet[Event]:
    """The events of a case, oldest first. The caller has the case from a door."""
    return case.events.order_by("seq")


def messages_for(actor: Actor, case: Case) -> QuerySet[Message]:
    """Messages of a case that the actor may read: staff with full sight all, a consumer those to and from the consumer."""
    messages = Message.objects.filter(case_id=case.pk).select_related("delivery").order_by("created_at", "id")
    if actor.kind == "consumer":
        return messages.filter(audience=Message.Audience.CONSUMER).filter(case__consumer_id=actor.id)
    return messages if sight_of(case, actor) == "full" else messages.none()


def document_for(actor: Actor, case: Case, code: str) -> Document:
    """A document of a case the actor sees in full. A consumer gets a letter only once its decision was approved and issued."""
    document = case.documents.select_related("file").filter(code=code).first()
    if document is None or sight_of(case, actor) != "full":
        raise NotVisible(code)
    return document


def approvals_waiting_for(actor: Actor) -> QuerySet[Approval]:
    """Open approvals the actor may vote on: own unit, never own proposals and never cases the actor handles."""
    if not actor.can("approvals.vote"):
        return Approval.objects.none()
    nobody = uuid.UUID(int=0)
    return (
        Approval.objects.filter(verdict="")
        .filter(unit_id=actor.unit)
        .exclude(maker_person=actor.person or nobody)
        .exclude(handler_person=actor.person or nobody)
        .select_related("case", "maker", "decision")
        .order_by("asked_at", "id")
    )


def party_for(actor: Actor, case: Case, pk: uuid.UUID) -> Party:
    """A party of a case the actor sees in full."""
    party = case.parties.filter(pk=pk).first()
    if party is None or sight_of(case, actor) != "full":
        raise NotVisible(str(pk))
    return party


def notes_for(actor: Actor, case: Case) -> QuerySet[Note]:
    """Internal notes: staff with full sight of the case, nobody else."""
    if not actor.is_staff or sight_of(case, actor) != "full":
        return Note.objects.none()
    return Note.objects.filter(case_id=case.pk).select_related("author").order_by("created_at", "id")
