"""Declaring a relation of a member of staff, with its effect at once on every case it touches. Source: O2020-3 art 17."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cases.models import Case, Recusal, StaffRelation
from cases.recusals import touched_by
from cases.rules import no_power, power_of
from jike.accounts.models import User
from jike.accounts.roles import machine_actor
from jike.base.actors import Actor
from jike.base.errors import Blocker, refuse_if
from jike.base.ids import uuid7
from jike.privacy import blind_index, mask_phone, normalise_phone
from jike.verbs import verb_named
from lending.models import Loan, Merchant, Person


def relations_of(actor: Actor) -> QuerySet[StaffRelation]:
    """The relations the actor's person declared, newest first."""
    related = StaffRelation.objects.filter(person=actor.person).select_related("merchant", "loan", "user")
    return related.order_by("-declared_at")


def blockers_to_declare(actor: Actor, user: User, *, targets: list[Any]) -> list[Blocker]:
    found = no_power(actor, "cases.declare_relation")
    if user.person != actor.person and not actor.can("cases.declare_relation_for_others"):
        found.append(Blocker("actor.other_person", _("You declare for yourself; a supervisor declares for others.")))
    if sum(target is not None and target != "" for target in targets) != 1:
        found.append(
            Blocker("relation.one_target", _("Name one merchant, one loan, one consumer or one telephone number."))
        )
    return found


def declare_relation(
    user: User,
    *,
    actor: Actor,
    now: datetime,
    role: str,
    merchant: Merchant | None = None,
    loan: Loan | None = None,
    consumer: Person | None = None,
    phone: str = "",
) -> StaffRelation:
    """Keep a relation of `user` and recuse the person from every case it touches, in one transaction.

    Later cases are caught when they are filed. `phone` in any spelling; raises ValueError for no phone number.
    """
    refuse_if(
        blockers_to_declare(actor, user, targets=[merchant, loan, consumer, phone]), verb="cases.declare_relation"
    )
    phone = normalise_phone(phone) if phone else ""
    with transaction.atomic():
        relation = StaffRelation.objects.create(
            id=uuid7(),
            user=user,
            person=user.person,
            role=role,
            merchant=merchant,
            loan=loan,
            consumer=consumer,
            phone_index=blind_index("phone", phone) if phone else None,
            phone_mask=mask_phone(phone) if phone else "",
            declared_at=now,
            declared_by_id=actor.user,
        )
        _take_effect(relation, now=now)
    return relation


def end_relation(relation: StaffRelation, *, actor: Actor, now: datetime) -> None:
    """The relation is over: later cases are not caught by it. What it recused stays recused until somebody lifts that."""
    refuse_if(blockers_to_declare(actor, relation.user, targets=[relation]), verb="cases.declare_relation")
    StaffRelation.objects.filter(pk=relation.pk, ended_at=None).update(ended_at=now)


def _take_effect(relation: StaffRelation, *, now: datetime) -> None:
    """Rows for all touched cases at once; those the person handles go back to the pool by the verb, with an event."""
    machine = machine_actor("clock")
    touched = touched_by(relation).values_list("pk", flat=True)
    cases = list(Case.objects.filter(pk__in=list(touched)).select_for_update(of=("self",)).order_by("pk"))
    for case in cases:
        if case.assignee and case.assignee.person == relation.person and case.ended_at is None:
            verb_named(power_of(case, "recuse_by_relation")).action(case, actor=machine, now=now)
    have = set(Recusal.objects.filter(Recusal.IN_FORCE, person=relation.person).values_list("case_id", flat=True))
    Recusal.objects.bulk_create(
        [
            Recusal(
                id=uuid7(),
                case_id=case.pk,
                user=relation.user,
                person=relation.person,
                kind=Recusal.Kind.AUTOMATIC,
                ground=relation.role,
                relation=relation,
                asked_at=now,
                effective_at=now,
            )
            for case in cases
            if case.pk not in have
        ]
    )
