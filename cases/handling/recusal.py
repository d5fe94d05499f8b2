"""Recusal: who handles a case has no interest of their own in it. Bodies of verbs: the case is locked, the rules have been asked.

Source: O2020-3 art 17.
"""

from __future__ import annotations

from datetime import datetime

from cases import recusals
from cases.models import Case, Recusal
from jike.accounts.models import User
from jike.base.actors import Actor
from jike.base.ids import uuid7


def recuse_oneself(case: Case, *, actor: Actor, now: datetime, ground: str, reason: str) -> None:
    """Declare one's own interest: effective at once, for every account of the person. The case goes back to the pool.

    This is the last thing the person does on the case. The clock runs on. Source: O2020-3 art 17.
    """
    user = User.objects.get(pk=actor.user)
    recusals.recuse(case, user, kind=Recusal.Kind.DECLARED, ground=ground, now=now, actor=actor, reason=reason)
    case.tell(recused_user=str(user.pk), ground=ground)


def request_recusal(case: Case, *, actor: Actor, now: datetime, reason: str, of: User | None = None) -> None:
    """Ask that `of`, by default the handler, be kept from the case. A person above them decides; nothing changes until then.

    Source: O2020-3 art 17.
    """
    user = of or case.assignee
    assert user is not None
    row = Recusal(
        id=uuid7(),
        case_id=case.pk,
        user=user,
        person=user.person,
        kind=Recusal.Kind.REQUESTED,
        ground="request",
        reason=reason,
        asked_at=now,
        asked_by_id=actor.id if actor.is_staff else None,
        asked_person=actor.person,
    )
    row.save(force_insert=True)
    recusals.read_anew(case)
    case.tell(recusal=str(row.pk), recused_user=str(user.pk))


def decide_recusal(case: Case, *, actor: Actor, now: datetime, verdict: str, reason: str) -> Recusal:
    """Grant or refuse the recusal that was asked for, and answer it; granted, it is effective at once.

    Whoever decides is neither the person nor works below them, and did not ask. Source: O2020-3 art 17.
    """
    row = Recusal.objects.select_related("user").get(Recusal.WAITING, case_id=case.pk)
    row.decided_at, row.decided_by_id, row.decision_reason = now, actor.user, reason
    row.effective_at = now if verdict == "granted" else None
    row.save(update_fields=["decided_at", "decided_by", "decision_reason", "effective_at"])
    case.tell(recusal=str(row.pk), verdict=verdict, recused_user=str(row.user_id))
    recusals.read_anew(case)
    if verdict == "granted":
        recusals.came_into_force(case, row, now=now)
    return row


def lift_recusal(case: Case, *, actor: Actor, now: datetime, of: User, reason: str) -> None:
    """End a recusal that was entered by mistake or whose ground is gone; the reason is kept. The row stays."""
    row = Recusal.objects.get(Recusal.IN_FORCE, case_id=case.pk, person=of.person)
    row.lifted_at, row.lifted_by_id, row.lift_reason = now, actor.user, reason
    row.save(update_fields=["lifted_at", "lifted_by", "lift_reason"])
    recusals.read_anew(case)
    case.tell(recusal=str(row.pk), recused_user=str(row.user_id))


def recuse_by_relation(case: Case, *, actor: Actor, now: datetime, of: Recusal | None = None) -> None:
    """Keep everybody from the case whose declared relation touches it. Run when a relation becomes known; `of` when somebody was recused
    from another case of the same matter, who is then kept from this one too. Source: O2020-3 art 17."""
    if of is None:
        recusals.recuse_by_relations(case, actor=actor, now=now)
        return
    recusals.carry_one(of, case, actor=actor, now=now)
    case.tell(recused=1, from_case=str(of.case_id))
