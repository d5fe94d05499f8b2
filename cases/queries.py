"""The doors: who may see which case, and how much of it. Views and the API reach rows only through here."""

from __future__ import annotations

import uuid
from functools import cache
from typing import Any, Literal

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from cases.kinds import kind_named, kind_of_number
from cases.models import Approval, Case, Document, Event, Link, Message, Note, Party, Recusal, holdings
from jike.accounts.models import User
from jike.accounts.roles import actor_of
from jike.base.actors import Actor
from jike.base.ids import normalise_code
from jike.base.prepared import Prepared
from jike.privacy import blind_index

Sight = Literal["full", "masked"]


class NotVisible(Http404):
    """Not there, or not theirs: the two are never told apart."""


def cases_listed_for(actor: Actor) -> QuerySet[Case]:
    """Cases that may appear in lists of `actor`, personal data masked.

    Staff see the cases of their own unit, auditors all, supervisors of the head office all; consumers their own. Nobody of
    the staff sees a case they are recused from, in no list and in no count.
    """
    if actor.kind == "consumer":
        return Case.objects.filter(consumer_id=actor.id) if actor.id else Case.objects.none()
    if not actor.is_staff:
        return Case.objects.none()
    if actor.can("cases.read_masked_all"):
        return without_recused(Case.objects.all(), actor)
    if actor.can("cases.list"):
        return without_recused(Case.objects.filter(unit_id=actor.unit), actor)
    return Case.objects.none()


def without_recused(cases: QuerySet[Case], actor: Actor) -> QuerySet[Case]:
    """`cases` but those the person behind `actor` is recused from: an anti-join on a small index. Source: O2020-3 art 17."""
    return cases.filter(~Exists(_recusals_of(actor).filter(case_id=OuterRef("pk"))))


def _recusals_of(actor: Actor) -> QuerySet[Recusal]:
    return Recusal.objects.filter(Recusal.IN_FORCE, person=actor.person or uuid.UUID(int=0))


def sight_of(case: Case, actor: Actor) -> Sight | None:
    """How much of `case` the actor sees: everything, the masked head, or nothing at all."""
    if actor.kind == "consumer":
        return "full" if actor.id and case.consumer_id == actor.id else None
    if case.barred(actor):
        return None
    if _reviews(actor, case.reviewing_unit_id):
        return "full"
    seen = sight_by(actor, unit=case.unit_id, assignee=case.assignee_id)
    if seen != "full" and (votes_on(case, actor) or carries_on(case, actor)):
        return "full"
    return seen or ("masked" if was_carried_on_by(case, actor) else None)


def votes_on(case: Case, actor: Actor) -> bool:
    """Whether something of the case waits for the vote of the actor's unit: whoever votes reads what the vote is about."""
    if not actor.can("approvals.vote") or actor.can("approvals.vote_all"):
        return False
    return any(asked.unit_id == actor.unit and actor.can(asked.power) for asked in case.open_approvals)


def carries_on(case: Case, actor: Actor) -> bool:
    """Whether the actor handles a case that this one was carried on as, and needs what is read here: counsel of its litigation."""
    if not actor.can("cases.read_origin"):
        return False
    return _carried_on_by(actor).filter(case_id=case.pk).exists()


def _carried_on_by(actor: Actor) -> QuerySet[Link]:
    """The links out of which came, at once or by way of a mediation that was broken, the litigations the actor handles as long as they go on."""
    onward = Link.objects.filter(kind=Link.Kind.ESCALATED_TO, ended_at=None)
    handled = onward.filter(other__assignee_id=actor.id, other__kind="litigation", other__ended_at=None)
    mediated = handled.filter(case__kind="mediation")
    return onward.filter(Q(pk__in=handled) | Q(other_id__in=mediated.values("case_id")))


def was_carried_on_by(case: Case, actor: Actor) -> bool:
    """Whether the actor handles the case this one came out of: where it stands may be known there, its words not."""
    return actor.can("cases.follow_on") and _followed_by(actor).filter(other_id=case.pk).exists()


def _followed_by(actor: Actor) -> QuerySet[Link]:
    return Link.objects.filter(kind=Link.Kind.ESCALATED_TO, ended_at=None, case__assignee_id=actor.id)


def _reviews(actor: Actor, unit: uuid.UUID | None) -> bool:
    """The superior unit that reviews a decision sees the case whole: its supervisors do. Source: O2020-3 art 20."""
    return actor.is_staff and unit is not None and unit == actor.unit and actor.can("cases.read_unit")


def cases_under_review_for(actor: Actor) -> QuerySet[Case]:
    """Cases of other units whose decision the actor's unit reviews now."""
    if not actor.is_staff or not actor.can("cases.read_unit"):
        return Case.objects.none()
    return without_recused(Case.objects.filter(reviewing_unit_id=actor.unit, state="reviewing"), actor)


def sight_by(actor: Actor, *, unit: uuid.UUID, assignee: uuid.UUID | None) -> Sight | None:
    """What a member of staff sees of a case of `unit` that `assignee` handles: own and, for supervisors, the unit's whole.

    Knows no recusal: the rows come from a door that has left those cases out.
    """
    if not actor.is_staff:
        return None
    if assignee == actor.id or (actor.can("cases.read_unit") and unit == actor.unit):
        return "full"
    if actor.can("cases.read_masked_all"):
        return "masked"
    if assignee is None and unit == actor.unit and actor.can("cases.list"):
        return "masked"
    return None


def may_know(user: User, case: Case) -> bool:
    """Whether a member of staff may hear of this case at all: the one question every notice asks before it is written or sent."""
    return sight_of(case, actor_of(user)) is not None


def in_full_sight(actor: Actor) -> Q:
    """The condition of `sight_by` being full, for lists: what was said in a case may be looked for only there."""
    if not actor.is_staff:
        return Q(pk__in=[])
    own = Q(assignee_id=actor.id)
    return own | Q(unit_id=actor.unit) if actor.can("cases.read_unit") and actor.unit else own


def openable_by(actor: Actor) -> Q:
    """The condition of `sight_by` being anything at all, for lists: cases whose page opens for this member of staff."""
    found = in_full_sight(actor)
    if actor.can("cases.read_masked_all"):
        return Q()
    if actor.is_staff and actor.can("cases.list"):
        found |= Q(assignee=None, unit_id=actor.unit)
    return found


def case_for(actor: Actor, number: str) -> Case:
    """The case with this number as a row of its kind, if the actor may open it. Raises `NotVisible`."""
    kind = kind_of_number(number)
    if kind is None:
        raise NotVisible(number)
    case: Case | None = _by_number(kind.code).first(number)
    if case is None or sight_of(case, actor) is None:
        raise NotVisible(number)
    return case


@cache
def _by_number(kind: str) -> Prepared[Any]:
    related = ("unit__superior", "assignee", "merchant", "funder", "responsible_institution", "loan", "salesperson")
    cases = kind_named(kind).model.objects.select_related(*related).annotate(held=holdings.column(kind))
    return Prepared(lambda number: cases.filter(number=number), sample="-")


def case_taken_in_by(actor: Actor, pk: str) -> Case:
    """The case this member of staff keyed, for its receipt alone: in whatever unit it lies, but never once recused from it.

    Raises `NotVisible`.
    """
    case = (
        Case.objects.filter(pk=pk, events__seq=1, events__actor_id=actor.id).first() if actor.is_staff and pk else None
    )
    if case is None or actor.person in case.recused_people:
        raise NotVisible("receipt")
    return case


def case_by_receipt(code: str, phone: str) -> Case | None:
    """The case that this receipt code and phone number open together. Both must fit; `phone` is normalised and proven.

    The phone is the complainant's, or that of an agent, heir or representative whose authority was seen. Source: O2020-3 art 14.
    """
    index = blind_index("phone", phone)
    return (
        Case.objects.filter(receipt_index=blind_index("receipt", normalise_code(code)))
        .filter(
            Exists(
                Party.objects.filter(case_id=OuterRef("pk"), phone_index=index).filter(
                    Q(role__in=Party.SPEAKS) | Q(role__in=Party.ACTS_FOR, verified_at__isnull=False)
                )
            )
        )
        .first()
    )


def complainant_of(case: Case) -> Party | None:
    """The consumer as given in this case, or nobody: of an import without names, of a clue."""
    return next((party for party in case.known_parties if party.role in Party.SPEAKS), None)


def reachable_channels(case: Case) -> list[str]:
    """The channels for which the case holds an address of the complainant; the portal inbox always works."""
    party = complainant_of(case)
    return party.channels if party else [Message.Channel.INBOX.value]


def timeline_of(case: Case, actor: Actor) -> QuerySet[Event]:
    """The events of a case, oldest first. The caller has the case from a door."""
    return case.events.order_by("seq")


def messages_for(actor: Actor, case: Case) -> QuerySet[Message]:
    """Messages of a case that the actor may read: staff with full sight all, a consumer those to and from the consumer."""
    messages = Message.objects.filter(case_id=case.pk).select_related("delivery", "paper").order_by("created_at", "id")
    if actor.kind == "consumer":
        return messages.filter(audience=Message.Audience.CONSUMER).filter(case__consumer_id=actor.id)
    return messages if sight_of(case, actor) == "full" else messages.none()


def messages_of(case: Case) -> list[Message]:
    """Every message of a case with its proof and its paper, oldest first. The caller knows that whoever reads sees the whole case."""
    return _MESSAGES.rows(case.pk, known=case)


_MESSAGES: Prepared[Message] = Prepared(
    lambda pk: Message.objects.filter(case_id=pk).select_related("delivery", "paper").order_by("created_at", "id"),
    sample=uuid.UUID(int=1),
)


def document_for(actor: Actor, case: Case, code: str) -> Document:
    """A document of a case the actor sees in full. A consumer gets a letter only once its decision was approved and issued."""
    document = case.documents.select_related("file").filter(code=code).first()
    if document is None or sight_of(case, actor) != "full":
        raise NotVisible(code)
    return document


def approvals_waiting_for(actor: Actor) -> QuerySet[Approval]:
    """Open approvals the actor may vote on: own unit, a power the actor holds, never own proposals or cases the actor handles."""
    if not actor.can("approvals.vote"):
        return Approval.objects.none()
    nobody = uuid.UUID(int=0)
    approvals = Approval.objects.filter(verdict="", power__in=actor.powers)
    if not actor.can("approvals.vote_all"):
        approvals = approvals.filter(unit_id=actor.unit)
    return (
        approvals.exclude(maker_person=actor.person or nobody)
        .exclude(handler_person=actor.person or nobody)
        .filter(~Exists(_recusals_of(actor).filter(case_id=OuterRef("case_id"))))
        .select_related("case", "maker", "decision")
        .order_by("asked_at", "id")
    )


def party_for(actor: Actor, case: Case, pk: uuid.UUID) -> Party:
    """A party of a case the actor sees in full; where it was carried on from another case, the people of that one."""
    party = next((one for one in case.known_parties if str(one.pk) == str(pk)), None)
    if party is None or sight_of(case, actor) != "full":
        raise NotVisible(str(pk))
    return party


def notes_for(actor: Actor, case: Case) -> list[Note]:
    """Internal notes, oldest first: staff with full sight of the case, nobody else."""
    if not actor.is_staff or sight_of(case, actor) != "full" or not case.has("notes"):
        return []
    return _NOTES.rows(case.pk, known=case)


_NOTES: Prepared[Note] = Prepared(
    lambda pk: Note.objects.filter(case_id=pk).select_related("author").order_by("created_at", "id"),
    sample=uuid.UUID(int=1),
)


def links_for(actor: Actor, case: Case) -> list[Link]:
    """The links of a case that still hold, both ways, whose other end the actor may open too. The caller has the case from a door."""
    found = Link.objects.filter(Q(case_id=case.pk) | Q(other_id=case.pk), ended_at=None)
    rows = list(found.select_related("case", "other").order_by("created_at", "id"))
    ends = {row.other_id if row.case_id == case.pk else row.case_id for row in rows} if rows else set()
    seen = set(seen_by(actor).filter(pk__in=ends).values_list("pk", flat=True)) if ends else set()
    return [row for row in rows if (row.other_id if row.case_id == case.pk else row.case_id) in seen]


def seen_by(actor: Actor) -> QuerySet[Case]:
    """The cases of which `sight_of` is anything at all, as far as a list can ask it."""
    if actor.kind == "consumer":
        return Case.objects.filter(consumer_id=actor.id or uuid.UUID(int=0))
    more = Q(pk__in=cases_under_review_for(actor).values("pk"))
    if actor.can("approvals.vote") and not actor.can("approvals.vote_all"):
        asked = Approval.objects.filter(verdict="", unit_id=actor.unit, power__in=actor.powers)
        more |= Q(pk__in=asked.values("case_id"))
    if actor.can("cases.read_origin"):
        more |= Q(pk__in=_carried_on_by(actor).values("case_id"))
    if actor.can("cases.follow_on"):
        more |= Q(pk__in=_followed_by(actor).values("other_id"))
    opens = openable_by(actor)
    # An empty condition opens every case; joined by "or" to another it would vanish.
    return without_recused(Case.objects.filter(opens | more if opens else Q()), actor)
