"""Returns in any state, brought there by the actions and the worker that bring real ones there.

The loan is that of `tests.lending.documents`: 12,000.00, disbursed 2026-11-16 15:20, 300.00 repaid, a commission of 360.00.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from jike.accounts.roles import consumer_actor, machine_actor
from jike.base.actors import Actor
from jike.base.dates import CST, pinned
from jike.outbox import jobs
from jike.outbox.models import Job
from lending.loans.actions import import_loan
from lending.models import Loan
from lending.orders.models import Order
from refunds import actions, handlers
from refunds.actions.asking import ADVANCE
from refunds.models import Leg, Refund
from refunds.watching import watch
from tests.lending import documents
from tests.people import Cast

ASKED = datetime(2026, 11, 20, 10, tzinfo=CST)
LAST = datetime(2026, 11, 23, 23, 59, 59, tzinfo=CST)
MACHINE = machine_actor("returns")
STEP = timedelta(minutes=1)
REFUSING: dict[str, Any] = {
    "outcome": "refuse",
    "code": "service.served",
    "reason": "服务已提供。",
    "evidence": "服务单第3号",
}
RETURNING: dict[str, Any] = {"outcome": "return", "reason": "核对无误。"}

# what the core system told of the service, and the steps after the request
_CLEAN, _HEARD = {"service": {"state": "none"}}, {"service": {"state": "served"}}
_PARTLY = {"service": {"state": "partly", "served_bp": 2_500}}
POINTS: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "requested": (_CLEAN, ()),
    "screening": (_CLEAN, ("screen",)),
    "eligible": (_CLEAN, ("screen", "judge")),
    "undecided": ({**_CLEAN, "principal_cents": 9_600_000}, ("screen", "judge", "claim")),
    "proposed": ({**_CLEAN, "principal_cents": 9_600_000}, ("screen", "judge", "claim", "propose")),
    "unheard": ({"service": {"state": "unknown"}}, ("screen", "judge", "claim")),
    "disputed": (_HEARD, ("screen", "judge", "claim")),
    "partly": (_PARTLY, ("screen", "judge", "claim")),
    "refused": (_CLEAN, ("late", "screen", "judge", "claim")),
    "held": (_CLEAN, ("screen", "hold", "claim")),
    "goodwill": (_CLEAN, ("late", "screen", "judge", "claim", "grant")),
    "reversing": (_CLEAN, ("screen", "judge", "reverse", "claim")),
    "failed": (_CLEAN, ("screen", "judge", "reverse", "claim", "fail")),
    "stuck": (_CLEAN, ("screen", "judge", "reverse", "claim", "fail", "stick")),
    "settled": (_CLEAN, ("screen", "judge", "reverse", "claim", "confirm_all", "by_hand")),
    "correcting": (_CLEAN, ("screen", "judge", "reverse", "claim", "confirm_all", "by_hand", "correct")),
    "completed": (
        _CLEAN,
        ("screen", "judge", "reverse", "claim", "confirm_all", "by_hand", "correct", "confirm_all", "complete"),
    ),
}


def loan(**changes: Any) -> Loan:
    """The loan, told by a document with these fields replaced; a larger principal is spread over the same term."""
    if "principal_cents" in changes:
        changes = _larger(changes)
    return import_loan(documents.document(**changes), actor=documents.IMPORTER, now=documents.NOW).loan


def _larger(changes: dict[str, Any]) -> dict[str, Any]:
    content = documents.document()
    principal = changes["principal_cents"]
    lines = [{**line, "principal_cents": principal // 12} for line in content["instalments"]]
    sent = [{**line, "amount_cents": principal} for line in content["disbursements"]]
    return {"instalments": lines, "disbursements": sent} | changes


def consumer_of(case: Refund | Loan) -> Actor:
    return consumer_actor(case.consumer_id if isinstance(case, Refund) else case.person_id)


def requested(about: Loan | None = None, *, now: datetime = ASKED, **given: Any) -> Refund:
    """A request that the consumer has just made in the portal."""
    about = about or loan()
    return actions.request_return(actor=consumer_of(about), now=now, loan=about, **given)


def a_return(cast: Cast, *, at: str = "requested", about: Loan | None = None) -> Refund:
    """A return at a point of `POINTS`; each step a minute after the one before, done by hand and not by the worker."""
    changes, steps = POINTS[at]
    asked = LAST + timedelta(seconds=1) if "late" in steps else ASKED
    case = requested(about or loan(**changes), now=asked)
    for n, step in enumerate((step for step in steps if step != "late"), start=1):
        case = STEPS[step](fresh(case), cast, asked + n * STEP)
    return fresh(case)


def fresh(case: Refund) -> Refund:
    return Refund.objects.get(pk=case.pk)


def ended(leg: Leg, ending: str, *, now: datetime) -> None:
    """The core system says how the order of this leg ended."""
    order = Order.objects.get(leg=leg)
    Order.objects.filter(pk=order.pk).update(state=ending, ended_at=now)


def follow(case: Refund, leg: Leg, *, now: datetime) -> Refund:
    return actions.follow_leg(case, actor=MACHINE, now=now, leg=leg)


def _confirm_all(case: Refund, cast: Cast, now: datetime) -> Refund:
    for leg in fresh(case).known_legs:
        if leg.order is not None and leg.state == "requested":
            ended(leg, "confirmed", now=now)
            case = follow(case, leg, now=now)
    return case


def _fail(case: Refund, cast: Cast, now: datetime) -> Refund:
    leg = to_consumer(case)
    ended(leg, "failed", now=now)
    return follow(case, leg, now=now)


def to_consumer(case: Refund) -> Leg:
    """The first leg that pays the consumer."""
    return next(leg for leg in fresh(case).known_legs if leg.is_to_consumer)


def _by_hand(case: Refund, cast: Cast, now: datetime) -> Refund:
    for leg in fresh(case).known_legs:
        if leg.by_hand and leg.state == "waiting":
            case = actions.confirm_leg(case, actor=cast.handler.actor, now=now, leg=leg, evidence="对账单第1号")
    return case


def _grant(case: Refund, cast: Cast, now: datetime) -> Refund:
    case = actions.propose(case, actor=cast.handler.actor, now=now, outcome="goodwill", reason="确有困难。")
    return voted(case, cast, now=now)


def payload_of(case: Refund) -> str:
    waiting = fresh(case).open_approvals
    return bytes(waiting[0].payload_sha256).hex() if waiting else ""


def voted(case: Refund, cast: Cast, *, now: datetime, verdict: str = "approved") -> Refund:
    return actions.approve(
        case, actor=cast.supervisor.actor, now=now, verdict=verdict, payload=payload_of(case), reason="再核对。"
    )


def _by_machine(action: Any, **given: Any) -> Any:
    return lambda case, cast, now: action(case, actor=MACHINE, now=now, **given)


STEPS: dict[str, Any] = {
    "screen": _by_machine(actions.begin_screening),
    "judge": _by_machine(actions.judge),
    "reverse": _by_machine(actions.reverse),
    "stick": _by_machine(actions.stick, code="order.failed"),
    "correct": _by_machine(actions.correct),
    "complete": _by_machine(actions.complete),
    "claim": lambda case, cast, now: actions.claim_return(case, actor=cast.handler.actor, now=now),
    "propose": lambda case, cast, now: actions.propose(case, actor=cast.handler.actor, now=now, **RETURNING),
    "hold": lambda case, cast, now: actions.hold(case, actor=cast.supervisor.actor, now=now, reason="疑似诈骗"),
    "grant": _grant,
    "fail": _fail,
    "confirm_all": _confirm_all,
    "by_hand": _by_hand,
}


@contextmanager
def working_at(at: datetime) -> Iterator[None]:
    with pinned(at):
        yield


def watched(now: datetime) -> None:
    """The timer, and what it had looked at; nothing that other jobs would do."""
    before = set(Job.objects.filter(topic=ADVANCE).values_list("pk", flat=True))
    watch(now)
    for job in Job.objects.filter(topic=ADVANCE).exclude(pk__in=before):
        handlers.bring_on(Refund.objects.get(pk=job.body["case"]), now=now)


def work(at: datetime, *, rounds: int = 40, step: timedelta = timedelta(seconds=10)) -> datetime:
    """Let the worker do everything that falls due, with its pauses, until nothing more is waiting soon."""
    for _round in range(rounds):
        with pinned(at):
            jobs.run_due(clock=lambda at=at: at)
        at += step
    return at
