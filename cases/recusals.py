"""How a person comes to be kept from a case: by word, by request or by a known relation. Called inside verbs, case locked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from cases.kinds import kind_named
from cases.ladder import same_matter
from cases.models import Case, Party, Recusal, StaffRelation
from jike.accounts.models import Unit, User
from jike.accounts.roles import machine_actor, powers_of
from jike.base.actors import Actor
from jike.base.ids import uuid7
from jike.verbs import verb_named

NAMED, TIMER = "named", "clock"
# By hand, since every filing asks it and nearly none is touched: each part of the union looks into an index of its own.
_TOUCHING = """
SELECT id FROM cases_staffrelation WHERE ended_at IS NULL AND phone_index = ANY(%s::bytea[])
UNION SELECT id FROM cases_staffrelation WHERE ended_at IS NULL AND merchant_id = %s
UNION SELECT id FROM cases_staffrelation WHERE ended_at IS NULL AND loan_id = %s
UNION SELECT id FROM cases_staffrelation WHERE ended_at IS NULL AND consumer_id = %s
"""


def recuse(
    case: Case,
    user: User,
    *,
    kind: str,
    ground: str,
    now: datetime,
    actor: Actor,
    reason: str = "",
    relation: StaffRelation | None = None,
    is_carried: bool = False,
) -> Recusal | None:
    """Keep the person behind `user` from the case, effective at once; None when they already are. Frees the case of them.

    So they are kept from every other case of the same matter, unless this one `is_carried` from there.
    """
    if user.person in case.recused_people:
        return None
    row = Recusal(
        id=uuid7(),
        case_id=case.pk,
        user=user,
        person=user.person,
        kind=kind,
        ground=ground,
        reason=reason,
        relation=relation,
        asked_at=now,
        asked_by_id=actor.id if actor.is_staff else None,
        asked_person=actor.person,
        effective_at=now,
    )
    row.save(force_insert=True)
    came_into_force(case, row, now=now, is_carried=is_carried)
    return row


def carry(origin: Case, case: Case, *, actor: Actor, now: datetime) -> None:
    """Whoever may have nothing to do with the one has nothing to do with the other. Source: O2020-3 art 17."""
    for row in origin.open_recusals:
        if row.effective_at:
            carry_one(row, case, actor=actor, now=now)


def carry_one(row: Recusal, case: Case, *, actor: Actor, now: datetime) -> None:
    """Keep from `case` whoever this recusal, of another case of the same matter, keeps from that one."""
    given = {"kind": row.kind, "ground": row.ground, "relation": row.relation}
    recuse(case, row.user, **given, now=now, actor=actor, is_carried=True)


def came_into_force(case: Case, row: Recusal, *, now: datetime, is_carried: bool = False) -> None:
    """The case knows it, and whoever handled it as that person does so no more; nor any other case of the same matter.

    A complaint, its mediation, lawsuit and police report are one matter: an interest in it is an interest in all of them, whichever was
    opened first and in whichever it became known. Each frees itself by its own verb, in this transaction. Source: O2020-3 art 17, house R20.
    """
    read_anew(case)
    if case.assignee is not None and case.assignee.person == row.person:
        case.tell(from_assignee=str(case.assignee_id))
        case.assignee = None
        return_to_pool(case)
    if not is_carried and case.has("carried_on"):
        for other in same_matter(case):
            if row.person not in other.recused_people:
                verb = verb_named(f"{kind_named(other.kind).area}.recuse_by_relation")
                verb.action(other, actor=machine_actor(TIMER), now=now, of=row)


def read_anew(case: Case) -> None:
    """Forget what the instance knows of its recusals: one of them has just changed."""
    case.forget("open_recusals", holding="recusals")


def return_to_pool(case: Case) -> None:
    """Unassigned in its unit; where nobody of the unit may handle it, with the superior unit. Never given to anybody by itself.

    The clock runs on. At the head office, which has no superior, its supervisors see it as unassigned. Source: house R20.
    """
    unit: Unit = case.unit
    while not handlers_for(case, unit).exists():
        superior = unit.superior
        case.tell(pool_empty=unit.code)
        if superior is None:
            return
        unit = superior
    if unit.pk != case.unit_id:
        case.tell(from_unit=case.unit.code, unit=unit.code)
        case.unit = unit


def handlers_for(case: Case, unit: Unit) -> QuerySet[User]:
    """The handlers of `unit` on duty who may handle this case."""
    handlers = User.objects.filter(unit=unit, is_active=True, is_on_leave=False, roles__contains=["handler"])
    return handlers.exclude(person__in=unfit_people(case))


def unfit_people(case: Case) -> frozenset[UUID]:
    """Who may not handle the case: the recused, and while it is reviewed whoever made or approved the reviewed decision."""
    return case.recused_people | decided_by(case) if case.state == "reviewing" else case.recused_people


def decided_by(case: Case) -> frozenset[UUID]:
    pairs = case.approvals.filter(decision__isnull=False, verdict="approved").values_list(
        "maker_person", "voter_person"
    )
    return frozenset(person for pair in pairs for person in pair if person)


def recuse_by_relations(
    case: Case, *, actor: Actor, now: datetime, parties: Iterable[Party] | None = None
) -> list[Recusal]:
    """Keep everybody from the case whose declared relation touches its merchant, loan, consumer or a party's phone.

    `parties` are all of the case where the caller has just made them.
    """
    known = case.parties.only("phone_index") if parties is None else parties
    phones = [bytes(party.phone_index) for party in known if party.phone_index]
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHING, [phones, case.merchant_id, case.loan_id, case.consumer_id])
        touching = [row[0] for row in cursor.fetchall()]
    if not touching:
        return []
    relations = StaffRelation.objects.filter(pk__in=touching).select_related("user").order_by("id")
    made = [_by_relation(case, relation, actor=actor, now=now) for relation in relations]
    found = [row for row in made if row]
    if found:
        case.tell(recused=len(found))
    return found


def _by_relation(case: Case, relation: StaffRelation, *, actor: Actor, now: datetime) -> Recusal | None:
    return recuse(
        case,
        relation.user,
        kind=Recusal.Kind.AUTOMATIC,
        ground=relation.role,
        now=now,
        actor=actor,
        relation=relation,
    )


def touched_by(relation: StaffRelation) -> QuerySet[Case]:
    """The cases a relation touches, ended ones too: they are not to be read either."""
    if relation.phone_index:
        return Case.objects.filter(parties__phone_index=relation.phone_index).distinct()
    target = {"merchant_id": relation.merchant_id, "loan_id": relation.loan_id, "consumer_id": relation.consumer_id}
    return Case.objects.filter(**{name: pk for name, pk in target.items() if pk})


def is_subordinate(actor: Actor, of: User) -> bool:
    """Whether `actor` works below `of`, who must then not be judged by them."""
    powers = powers_of(of.roles)
    if "approvals.vote_all" in powers and not actor.can("approvals.vote_all"):
        return True
    if "complaints.assign" not in powers or of.unit_id is None:
        return False
    if actor.unit == of.unit_id:
        return not (actor.can("complaints.assign") or actor.can("approvals.vote_all"))
    return of.unit_id in _superiors(actor.unit)


def _superiors(unit_id: UUID | None) -> Iterable[UUID]:
    unit = Unit.objects.filter(pk=unit_id).first()
    while unit and unit.superior_id:
        yield unit.superior_id
        unit = unit.superior
