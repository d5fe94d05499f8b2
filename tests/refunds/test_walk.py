"""A random walk of returns against a model of a few lines: the core system confirms, refuses and repeats itself; it proves that it gets around."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any, ClassVar

from django.db import connection, transaction
from hypothesis import seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from jike import ledger
from jike.base.errors import Refused
from jike.outbox.models import Job
from jike.verbs import verb_named
from lending.models import Order
from refunds import actions
from refunds.models import Leg, Refund
from refunds.states import State
from tests.factories import returns as factory
from tests.factories.returns import ASKED, LAST, MACHINE
from tests.people import Cast

SEED = 11
STEP = timedelta(minutes=7)
START = {
    "clean": ({"service": {"state": "none"}}, ASKED),
    "late": ({"service": {"state": "none"}}, LAST + timedelta(seconds=1)),
    "large": ({"service": {"state": "none"}, "principal_cents": 9_600_000}, ASKED),
    "served": ({"service": {"state": "served"}}, ASKED),
    "unknown": ({"service": {"state": "unknown"}}, ASKED),
    "suspect": ({"service": {"state": "none"}}, ASKED),
}
# "on" is whatever leads on from where the walk is: an even draw ends most walks before they got anywhere.
ACTS = (
    *("on",) * 30, "screen", "judge", "reverse", "go_on", "carry_on", "correct", "complete", "confirm_again", "fail", "fail", "stick",
    "retry", *("hold",) * 3, "propose", "approve", "send_back", "ask_merchant", "record", "contest", "watch",
)  # fmt: skip
ON = ("screen", "judge", "reverse", "carry_on", "correct", "complete")


class ReturnWalk(RuleBasedStateMachine):
    """The model: whether people released it, and how often each leg was paid."""

    cast: ClassVar[Cast]
    reached: ClassVar[set[str]] = set()

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.confirmed: set[Any] = set()
        self.approved = False

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    @initialize(start=st.sampled_from(sorted(START)))
    def asked(self, start: str) -> None:
        changes, self.now = START[start]
        self.case = factory.requested(factory.loan(**changes), now=self.now)
        self.do(actions.claim_return, self.cast.handler.actor)
        if start == "suspect":
            self.do(actions.begin_screening, MACHINE)
            self.do(actions.hold, self.cast.supervisor.actor, reason="疑似诈骗")

    def do(self, action: Any, actor: Any, **given: Any) -> bool:
        before = Refund.objects.values().get(pk=self.case.pk)
        try:
            self.case = action(factory.fresh(self.case), actor=actor, now=self.now, **given)
            return True
        except Refused:
            assert Refund.objects.values().get(pk=self.case.pk) == before
            return False

    def leg(self, pick: int, *states: str) -> Leg | None:
        legs = [leg for leg in factory.fresh(self.case).known_legs if leg.state in states and not leg.by_hand]
        return legs[pick % len(legs)] if legs else None

    @rule(act=st.sampled_from(ACTS), pick=st.integers(0, 9))
    def act(self, act: str, pick: int) -> None:
        self.now += STEP
        act = self.on(pick) if act == "on" else act
        handler, voter = self.cast.handler.actor, self.cast.supervisor.actor
        machine = {
            "screen": actions.begin_screening, "judge": actions.judge, "reverse": actions.reverse, "go_on": actions.go_on,
            "carry_on": actions.carry_on, "correct": actions.correct, "complete": actions.complete,
        }  # fmt: skip
        if act in machine:
            was, released = self.case.state, self.approved
            if self.do(machine[act], MACHINE) and act == "reverse":
                assert released or (was == "eligible" and factory.fresh(self.case).screening.is_automatic)
        elif act in ("confirm", "confirm_again", "fail"):
            self.told(act, pick)
        elif act == "stick":
            self.do(actions.stick, MACHINE, code="order.failed")
        elif act == "retry":
            self.do(actions.retry_leg, handler, leg=self.leg(pick, "failed"))
        elif act == "by_hand":
            mine = [leg for leg in factory.fresh(self.case).known_legs if leg.by_hand and leg.state == "waiting"]
            self.do(actions.confirm_leg, handler, leg=mine[0] if mine else None, evidence="回单")
        elif act == "hold":
            self.do(actions.hold, voter, reason="疑似诈骗")
            self.approved = self.approved and self.case.state != "held"
        elif act == "propose":
            outcome = {"refused": "goodwill"}.get(self.case.state, "return" if pick < 7 else "refuse")
            given = factory.REFUSING if outcome == "refuse" else {"outcome": outcome, "reason": "核对无误"}
            self.do(actions.propose, handler, **given)
        elif act in ("approve", "send_back"):
            self.vote("approved" if act == "approve" else "returned")
        elif act == "ask_merchant":
            self.do(actions.ask_merchant, handler, evidence="去电")
        elif act == "record":
            says = ("none", "served", "partly")[pick % 3]
            self.do(
                actions.record_merchant, handler, says=says, record="", share=Decimal(25) if says == "partly" else None
            )
        elif act == "contest":
            self.do(actions.contest_refusal, factory.consumer_of(self.case), words="不同意")
        else:
            factory.watched(self.now)
            self.case = factory.fresh(self.case)

    def on(self, pick: int) -> str:
        """The next act on the way: the machine's, the core system's, or the people's."""
        case = factory.fresh(self.case)
        for name in ON:
            if not verb_named(f"refunds.{name}").why_not(case, MACHINE, now=self.now):
                return name
        if self.leg(pick, "failed"):
            return "retry" if case.state == "stuck" else "stick"
        if case.state in ("reversing", "correcting"):
            return "confirm" if self.leg(pick, "requested", "sent", "unknown") else "by_hand"
        return "approve" if case.open_approvals else "propose"

    def vote(self, verdict: str) -> None:
        waiting = factory.fresh(self.case).open_approvals
        payload = bytes(waiting[0].payload_sha256).hex() if waiting else ""
        if self.do(actions.approve, self.cast.supervisor.actor, verdict=verdict, payload=payload, reason="再查"):
            self.approved = self.approved or self.case.released

    def told(self, act: str, pick: int) -> None:
        """The core system says how an order ended: once, or for the hundredth time."""
        again = act == "confirm_again"
        leg = self.leg(pick, "confirmed") if again else self.leg(pick, "requested", "sent", "unknown")
        if leg is None:
            return
        if not again:
            factory.ended(leg, "confirmed" if act == "confirm" else "failed", now=self.now)
        done = self.do(actions.follow_leg, MACHINE, leg=leg)
        assert done != again
        if done and act == "confirm":
            assert leg.pk not in self.confirmed, "a leg is confirmed once"
            self.confirmed.add(leg.pk)

    @invariant()
    def row_ledger_outbox_and_books_agree(self) -> None:
        if not hasattr(self, "case"):
            return
        case = factory.fresh(self.case)
        self.reached.add(case.state)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        assert case.events.count() == case.version
        assert list(ledger.verify([case.pk])) == []
        legs = case.known_legs
        orders = Order.objects.filter(loan_id=case.loan_id)
        assert Job.objects.filter(topic="lending.order").count() >= orders.count() == len({o.key for o in orders})
        for leg in legs:
            alive = (
                [o for o in orders if o.key.startswith(leg.key) and o.state != "failed" and o.leg == leg]
                if leg.order
                else []
            )
            assert len(alive) <= 1
        if case.state in ("correcting", "completed"):
            assert all(leg.state in ("confirmed", "void") for leg in case.money_legs)
        paid = sum(leg.cents for leg in legs if leg.is_to_consumer and leg.state == "confirmed")
        assert paid <= (case.to_consumer_cents or 0)


def test_a_walk_of_returns(cast: Cast) -> None:
    ReturnWalk.cast, ReturnWalk.reached = cast, set()
    walk = seed(SEED)(ReturnWalk)

    run_state_machine_as_test(walk, settings=settings(max_examples=14, stateful_step_count=30, deadline=None))

    assert ReturnWalk.reached == set(State.values)
