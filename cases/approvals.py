"""Asking a second person, and the vote: one way for decisions, extensions, declines, merges and whatever else needs four eyes."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.models import Approval, Case, Decision
from cases.notices.actions import settle, tell_about
from cases.rules import PART_LIMIT, missing, no_power, too_long
from jike.accounts.models import Unit, User
from jike.accounts.roles import holders_of
from jike.base.actors import Actor
from jike.base.errors import UNASKED, Blocker
from jike.base.ids import uuid7
from jike.ledger import canonical
from jike.privacy import open_sealed

VERDICTS = (Approval.Verdict.APPROVED, Approval.Verdict.RETURNED)
Request = dict[str, str | int | bool | None]


def ask(
    case: Case,
    verb: str,
    *,
    actor: Actor,
    now: datetime,
    request: Request | None = None,
    decision: Decision | None = None,
    unit: Unit | None = None,
    power: str = "",
) -> Approval:
    """Put `verb` before a second person of `unit` (default: the case's own) who holds `power` (default: the verb's own).

    What is asked for is `decision` or `request` (ids, codes, dates as ISO text, and the words of the reason; it is kept
    sealed). The vote is bound to its hash. One question of a verb waits at a time. Source: house four eyes.
    """
    words = request or {}
    payload = decision.payload_sha256() if decision else _hash_of(case, verb, words)
    approval = Approval.objects.create(
        id=uuid7(),
        case_id=case.pk,
        verb=verb,
        decision=decision,
        request=json.dumps(words, ensure_ascii=False, sort_keys=True) if words else "",
        power=power or verb,
        payload_sha256=payload,
        maker_id=actor.user,
        maker_person=actor.human,
        handler_person=case.assignee.person if case.assignee else None,
        unit_id=unit.pk if unit else case.unit_id,
        asked_at=now,
    )
    _forget(case)
    case.tell(approval=str(approval.pk), asked=verb, payload=payload.hex())
    tell_about(case, _voters(approval), "approval.asked", key=f"asked:{approval.pk}", now=now)
    return approval


def _voters(approval: Approval) -> list[User]:
    """Who may vote: members of the unit on duty with the power, other people than maker and handler."""
    members = User.objects.filter(unit_id=approval.unit_id, is_active=True, is_on_leave=False)
    able = members.filter(roles__overlap=holders_of(approval.power)).exclude(person=approval.maker_person)
    return list(able.exclude(person=approval.handler_person) if approval.handler_person else able)


def _hash_of(case: Case, verb: str, request: Request) -> bytes:
    return hashlib.sha256(canonical({"case": str(case.pk), "verb": verb, "request": request})).digest()


def _forget(case: Case) -> None:
    case.forget("open_approvals", holding="open_approvals")


def waiting_for(case: Case, verb: str) -> Approval | None:
    return next((approval for approval in case.open_approvals if approval.verb == verb), None)


def request_waiting(case: Case, actor: Actor, *, payload: str = "") -> Approval | None:
    """The request (no decision) with this hash that waits on the case; without a hash, the first one `actor` has the power for."""
    found = [approval for approval in case.open_approvals if approval.decision_id is None]
    if payload:
        return next((a for a in found if bytes(a.payload_sha256).hex() == payload), found[0] if found else None)
    return next((a for a in found if actor.can(a.power)), found[0] if found else None)


def request_of(approval: Approval) -> Request:
    """What was asked for, as it was asked."""
    return json.loads(open_sealed(approval, "request")) if approval.request else {}


def vote(case: Case, verb: str, verdict: str, *, actor: Actor, now: datetime, reason: str = "") -> Approval:
    """Cast the one vote on what waits for `verb`. The caller's rule has asked `blockers_to_vote`."""
    approval = Approval.objects.select_related("decision").get(case_id=case.pk, verb=verb, verdict="")
    approval.verdict, approval.voter_id, approval.voter_person = verdict, actor.user, actor.human
    approval.reason, approval.voted_at = reason, now
    approval.save(update_fields=["verdict", "voter", "voter_person", "reason", "voted_at"])
    _forget(case)
    case.tell(approval=str(approval.pk), payload=bytes(approval.payload_sha256).hex(), verdict=verdict)
    settle([f"asked:{approval.pk}"], now=now)
    return approval


def void_all(case: Case, *, now: datetime) -> None:
    """Whatever waits on a case that ended, or moved on, needs no vote any more."""
    open_ones = Approval.objects.filter(case_id=case.pk, verdict="")
    settle([f"asked:{pk}" for pk in open_ones.values_list("pk", flat=True)], now=now)
    open_ones.update(verdict=Approval.Verdict.VOID, voted_at=now)
    _forget(case)


def blockers_to_vote(case: Case, actor: Actor, approval: Approval | None, *, payload: Any = UNASKED) -> list[Blocker]:
    """Is there something to vote on, is it what the voter looked at, and is the voter another human than maker and handler."""
    if approval is None:
        return [Blocker("approval.none", _("There is nothing to approve."))]
    found = second_person(case, actor, approval)
    if actor.is_staff and actor.unit != approval.unit_id and not actor.can("approvals.vote_all"):
        found.append(Blocker("actor.other_unit", _("Another unit votes on this.")))
    if payload is not UNASKED and bytes(approval.payload_sha256).hex() != payload:
        found.append(Blocker("approval.changed", _("The proposal changed since you opened it. Read it again.")))
    return found


def blockers_to_answer(
    case: Case, actor: Actor, verb: str, *, verdict: Any, payload: Any, reason: Any
) -> list[Blocker]:
    """`verb` waits for a vote, the voter is another human with its power, and a return says why. Source: house four eyes."""
    found = no_power(actor, verb)
    found += blockers_to_vote(case, actor, waiting_for(case, verb), payload=payload)
    if verdict is not UNASKED and verdict not in VERDICTS:
        found.append(Blocker("verdict.missing", _("Approve or return."), field="verdict"))
    if verdict == Approval.Verdict.RETURNED:
        found += missing("" if reason is UNASKED else reason, "reason", _("Say what must be improved."))
    return found + too_long(reason, "reason", PART_LIMIT)


def second_person(case: Case, actor: Actor, approval: Approval | None) -> list[Blocker]:
    """The voter is another human than the one who proposed and the one who handles. Source: house four eyes."""
    if approval and actor.person == approval.maker_person:
        return [Blocker("actor.own_work", _("You proposed this. Another person must approve it."))]
    if (approval and actor.person == approval.handler_person) or (
        case.assignee_id is not None and case.assignee_id == actor.id
    ):
        return [Blocker("actor.own_work", _("You handle this case. Another person must approve it."))]
    return []
