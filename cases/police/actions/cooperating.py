"""Reports of the house itself, and what authorities asked of us: the record of co-operation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from cases import recusals
from cases.models import Case, Link
from cases.numbers import registration
from cases.police.house_rules import house_rules
from cases.police.models import Cooperation, Pack, PoliceReport
from cases.police.rules import cooperating as rules
from cases.police.states import State
from jike.accounts.models import Unit, User
from jike.base.actors import Actor
from jike.base.ids import uuid7
from jike.privacy import create_keys
from jike.verbs import opener, verb


@opener(
    PoliceReport,
    "police.open_own",
    label=_("Police report of the house"),
    blockers=rules.blockers_to_open_own,
    by_hand=False,
)
def open_house_report(
    *, actor: Actor, now: datetime, capacity: str, about: str, concerning: Sequence[Case] = ()
) -> PoliceReport:
    """The house reports for itself, in `capacity`, because of `about`: no consumer takes part, and none is told.

    `concerning` are cases it belongs together with, such as the complaints of one fraud: linked `related`, nothing copied, and the link opens
    none of them to anybody. Whoever is recused in one of them is recused here. Called by whoever finds the fraud, staff or machine; a
    machine's waits in the pool of the unit of `config/rules/police.yaml`. Source: GACX2020 art 169.
    """
    user = User.objects.filter(pk=actor.user).first() if actor.is_staff else None
    unit = user.unit if user and user.unit else Unit.objects.get(code=house_rules().own_unit)
    fields = registration("police_report", receipt_code="", now=now) | {"receipt_index": None, "received_at": now}
    case = PoliceReport.opened(
        **fields,
        state=State.REQUESTED,
        capacity=capacity,
        wish=about.strip(),
        unit=unit,
        assignee=user if actor.can("police.begin") else None,
    )
    create_keys([case.pk])
    for other in dict.fromkeys(concerning):
        Link.objects.create(
            id=uuid7(),
            case_id=case.pk,
            other_id=other.pk,
            kind=Link.Kind.RELATED,
            created_by_id=actor.user,
            created_at=now,
        )
        recusals.carry(other, case, actor=actor, now=now)
    case.tell(capacity=capacity, concerning=len(set(concerning)))
    return case


@verb(
    PoliceReport,
    "police.record_request",
    label=_("Record a request of an authority"),
    blockers=rules.blockers_to_record_request,
    category="document",
)
def record_request(
    case: PoliceReport,
    *,
    actor: Actor,
    now: datetime,
    authority: str,
    basis: str,
    reference: str,
    wanted: str,
    asked_on: date,
) -> None:
    """Which authority asked for what, by which paper, on which legal basis. Nothing leaves by it. Source: house R55."""
    row = Cooperation(
        id=uuid7(),
        case_id=case.pk,
        seq=len(case.known_requests) + 1,
        authority=authority.strip(),
        basis=basis,
        reference=reference.strip(),
        wanted=wanted.strip(),
        asked_on=asked_on,
        recorded_by_id=actor.user,
        recorded_at=now,
    )
    row.save(force_insert=True)
    case.forget("known_requests")
    case.tell(request=str(row.pk), seq=row.seq, basis=basis)


@verb(
    PoliceReport,
    "police.answer_request",
    label=_("Record what was given"),
    blockers=rules.blockers_to_answer_request,
    category="document",
)
def answer_request(
    case: PoliceReport,
    *,
    actor: Actor,
    now: datetime,
    request: Cooperation,
    answer: str,
    answered_on: date,
    pack: Pack | None = None,
    given: str = "",
) -> None:
    """What was given, by whom and when. Data of people left as a pack let out by a second person. Source: house R55, house four eyes."""
    row = next(known for known in case.known_requests if known.pk == request.pk)
    row.answer, row.pack, row.given = answer, pack, given.strip()
    row.answered_on, row.answered_by_id, row.answered_at = answered_on, actor.user, now
    row.save(update_fields=["answer", "pack", "given", "answered_on", "answered_by", "answered_at"])
    case.forget("known_requests")
    case.tell(request=str(row.pk), answer=answer, pack=str(pack.pk) if pack else "")
