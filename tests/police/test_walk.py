"""A random walk of police reports against a model of a few lines, with the laws of its days; it proves that it gets around."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar

from django.db import connection, transaction
from hypothesis import seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from cases.clocks import ledger as clocks
from cases.police import actions
from cases.police.models import PoliceReport
from jike import ledger
from jike.base.dates import cst_date
from jike.base.errors import Refused
from jike.outbox.models import Job
from jike.verbs import verb_named
from tests.factories import police as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast

SEED = 7
# "on" is whatever leads on from where the walk is: an even draw ends most walks before they got anywhere.
VERBS = (
    *("on",) * 40, "begin", "state", "confirm", "settle", "ready", "again", "visit", "report", "review", "ask", "docket", "refuse", "reconsider",
    "stands", "rereview", "close", "close", "decline", "withdraw", "note", "rest", "rest",
)  # fmt: skip
VERB = {
    "state": "draft_statement", "confirm": "confirm_statement", "ready": "mark_ready", "again": "prepare_again", "visit": "record_visit",
    "report": "record_report", "review": "begin_review", "ask": "follow_up", "refuse": "record_refusal", "reconsider": "ask_reconsideration",
    "stands": "record_reconsideration", "rereview": "ask_rereview",
}  # fmt: skip
REMEDY = timedelta(days=7)


class PoliceWalk(RuleBasedStateMachine):
    """The model: state, whether the latest words are confirmed and the list settled, and the last day of the remedy that runs."""

    cast: ClassVar[Cast]
    reached: ClassVar[set[tuple[str, str]]] = set()

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.now, self.state = RECEIVED + timedelta(hours=9), "requested"
        self.drafts, self.is_confirmed, self.is_settled, self.has_decision = 0, False, False, False
        self.remedy: date | None = None

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    @initialize(capacity=st.sampled_from(["accuser", "accuser", "reporter"]))
    def opened(self, capacity: str) -> None:
        self.capacity = capacity
        self.case = factory.opened(self.cast, capacity=capacity)

    @property
    def today(self) -> date:
        return cst_date(self.now)

    def may(self, verb: str) -> bool:
        preparing, at_police = self.state == "preparing", self.state in ("reported", "reviewing")
        refused = self.state in ("not_docketed", "reconsidering", "rereviewing")
        in_time = self.remedy is None or self.today <= self.rolled(self.remedy)
        return {
            "begin": self.state == "requested",
            "state": preparing,
            "settle": preparing,
            "confirm": preparing and self.drafts > 0 and not self.is_confirmed,
            "ready": preparing and self.is_confirmed and self.is_settled,
            "again": self.state == "ready",
            "visit": self.state in ("preparing", "ready"),
            "report": self.state in ("preparing", "ready"),
            "review": self.state == "reported",
            "ask": at_police,
            "docket": at_police or refused,
            "refuse": at_police,
            "reconsider": self.state == "not_docketed" and self.capacity == "accuser" and in_time,
            "stands": self.state == "reconsidering" and not self.has_decision,
            "rereview": self.state == "reconsidering" and self.has_decision and in_time,
            "close": (at_police or refused or self.state == "docketed") and not self.is_remedy_open,
            "decline": self.state in ("requested", "preparing"),
            "withdraw": self.state in ("requested", "preparing", "ready"),
            "note": True,
        }[verb]

    @property
    def is_remedy_open(self) -> bool:
        return self.remedy is not None and self.today <= self.rolled(self.remedy)

    def rolled(self, day: date) -> date:
        """The last day as holidays move it, read from the clock that runs: the arithmetic has tests of its own."""
        row = next(clock for clock in self.case.open_clocks if clock.family in ("RECON", "REREV"))
        found = cst_date(row.due_at)
        assert found >= day
        return found

    def do(self, verb: str) -> None:
        """What the model makes of an act that happened."""
        if verb == "state":
            self.drafts, self.is_confirmed = self.drafts + 1, False
        elif verb == "confirm":
            self.is_confirmed = True
        elif verb == "settle":
            self.is_settled = True
        elif verb == "refuse":
            self.remedy = self.today + REMEDY if self.capacity == "accuser" else None
        elif verb == "stands":
            self.has_decision, self.remedy = True, self.today + REMEDY
        elif verb in ("reconsider", "rereview", "docket", "close"):
            self.remedy = None
        after = {
            "begin": "preparing", "ready": "ready", "again": "preparing", "report": "reported", "review": "reviewing", "docket": "docketed",
            "refuse": "not_docketed", "reconsider": "reconsidering", "rereview": "rereviewing", "close": "closed", "decline": "declined",
            "withdraw": "withdrawn",
        }.get(verb)  # fmt: skip
        self.state = after or self.state

    def inputs(self, verb: str) -> dict[str, Any]:
        reason = {"reason": "Reason"}
        return {
            "begin": {}, "ready": {}, "again": reason, "close": reason, "decline": reason, "note": {"text": "note"},
            "state": {"facts": f"{factory.FACTS}{self.drafts}"},
            "confirm": {"sha256": factory.hash_of(self.case)} | factory.SAID,
            "visit": {"reported_on": self.today, "organ": factory.ORGAN} | factory.SAID,
            "report": {"accepted_on": self.today} | factory.REPORT,
            "docket": {"docket_no": "1号", "docketed_on": self.today},
            "refuse": {"refusal_no": "1号", "received_on": self.today},
            "reconsider": {"asked_on": self.today} | factory.SAID,
            "stands": {"number": "1号", "received_on": self.today},
            "rereview": {"asked_on": self.today} | factory.SAID,
        }.get(verb, factory.SAID)  # fmt: skip

    def on(self, turn: bool) -> str:
        if self.state == "preparing":
            if not self.drafts:
                return "state"
            return "ready" if self.is_confirmed and self.is_settled else "settle" if self.is_confirmed else "confirm"
        if self.state == "reconsidering":
            return "rereview" if self.has_decision else "stands"
        way = {
            "requested": "begin",
            "ready": "report",
            "reported": "review" if turn else "refuse",
            "reviewing": "refuse",
        }
        return way.get(self.state, "reconsider" if self.state == "not_docketed" else "close")

    @rule(verb=st.sampled_from(VERBS), turn=st.booleans())
    def act(self, verb: str, turn: bool) -> None:
        verb = self.on(turn) if verb == "on" else verb
        self.now += timedelta(days=2, hours=5) if verb == "rest" else timedelta(minutes=5)
        if verb == "rest":
            return
        possible, before = self.may(verb), PoliceReport.objects.values().get(pk=self.case.pk)
        actor = self.cast.supervisor.actor if verb == "decline" else self.cast.handler.actor
        try:
            if verb == "settle":
                self.settle(possible)
            else:
                action = verb_named(f"police.{VERB.get(verb, verb)}").action
                self.case = action(self.case, actor=actor, now=self.now, **self.inputs(verb))
        except Refused as refusal:
            assert not possible, (verb, self.state, refusal)
            assert PoliceReport.objects.values().get(pk=self.case.pk) == before
            return
        assert possible, (verb, self.state)
        self.do(verb)
        self.reached.add((self.capacity, self.state))

    def settle(self, possible: bool) -> None:
        if possible:
            self.case = factory.settle_all(self.case, self.cast, self.now)
            return
        row = self.case.materials.first()
        given = {"material": row, "state": "none", "paper": None, "note": "没有"}
        self.case = actions.settle_material(self.case, actor=self.cast.handler.actor, now=self.now, **given)

    @invariant()
    def row_ledger_and_outbox_agree(self) -> None:
        if not hasattr(self, "case"):
            return
        row = PoliceReport.objects.get(pk=self.case.pk)
        assert (row.state, row.version) == (self.state, row.events.count())
        assert list(ledger.verify([row.pk])) == []
        sent = Job.objects.filter(subject=row.pk, topic="cases.send_message").count()
        assert sent == row.messages.filter(is_incoming=False).count()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")

    @invariant()
    def days_run_only_where_they_mean_something(self) -> None:
        if not hasattr(self, "case"):
            return
        open_ones = {clock.family for clock in clocks.clocks_of(self.case) if clock.is_running}
        assert not open_ones & {"POL3", "POL7", "POL30"} or self.state in ("reported", "reviewing")
        assert ("RECON" in open_ones) == (self.state == "not_docketed" and self.capacity == "accuser")
        assert ("REREV" in open_ones) == (self.state == "reconsidering" and self.has_decision)


def test_walk_agrees_with_the_model_and_gets_everywhere(cast: Cast) -> None:
    PoliceWalk.cast, PoliceWalk.reached = cast, set()

    run_state_machine_as_test(
        seed(SEED)(PoliceWalk), settings=settings(max_examples=16, stateful_step_count=18, deadline=None)
    )

    everywhere = {
        "preparing", "ready", "reported", "reviewing", "docketed", "not_docketed", "reconsidering", "rereviewing", "closed", "declined",
        "withdrawn",
    }  # fmt: skip
    assert everywhere <= {state for _capacity, state in PoliceWalk.reached}
