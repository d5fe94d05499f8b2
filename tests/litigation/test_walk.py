"""A random walk of litigations against a model of a few lines; it proves that it gets around."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from django.db import connection, transaction
from hypothesis import Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from cases.bundles.queries import is_released
from cases.litigation import handlers
from cases.litigation.models import Litigation
from cases.litigation.states import FINAL, IN_COURT
from jike import ledger
from jike.base.dates import CST
from jike.base.errors import Refused
from jike.outbox.models import Job
from jike.verbs import verb_named
from tests.factories import litigations as factory
from tests.people import Cast

SEED = 11
ACTS = (
    "assess", "collect", "prepare", "seal", "rework", "file", "docket", "docket_small", "reject", "judge", "lose", "appeal", "above", "back",
    "take_effect", "enforce", "decline", "settle", "withdraw", "close", "note",
)  # fmt: skip
TARGETS = {
    "collect": "collecting", "seal": "sealed", "rework": "collecting", "file": "filed", "docket": "docketed", "docket_small": "docketed",
    "reject": "court_rejected", "judge": "judged", "lose": "judged", "appeal": "appealing", "above": "effective", "back": "hearing", "take_effect": "effective",
    "enforce": "enforcing", "decline": "declined", "settle": "settled", "withdraw": "withdrawn", "close": "closed",
}  # fmt: skip
VERB = {
    "docket_small": "docket", "lose": "judge", "above": "decide_appeal", "back": "decide_appeal",
}  # fmt: skip
START = {
    "assessed": "assessing",
    "ready": "collecting",
    "released": "sealed",
    "filed": "filed",
    "docketed": "docketed",
    "judged": "judged",
    "appealing": "appealing",
    "effective": "effective",
}


class LitigationWalk(RuleBasedStateMachine):
    """The model: the state, the procedure, whether the court said no, when an appeal ends, and what was granted."""

    cast: ClassVar[Cast]
    reached: ClassVar[set[str]] = set()

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.procedure, self.rejected, self.open_until, self.granted, self.upheld = "", False, None, False, False

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    @initialize(at=st.sampled_from(["assessing", *START]))
    def opened(self, at: str) -> None:
        self.case = factory.litigation(self.cast, at=at)
        self.state = START.get(at, at)
        self.assessed, self.ready = at != "assessing", self.state not in ("assessing",)
        self.now = factory.moment_of(at) + timedelta(days=2)
        self.number = at in ("docketed", "judged", "appealing", "effective")
        self.procedure = "simplified" if self.number else ""
        self.granted, self.perform_by = at in ("judged", "appealing", "effective"), factory.PERFORM_BY
        self.open_until = self._end_of_appeal() if at == "judged" else None
        self.reached.add(self.state)

    @property
    def today(self) -> date:
        return self.now.astimezone(CST).date()

    def may(self, verb: str) -> bool:
        state, heard = self.state, self.state in ("docketed", "hearing")
        before_judgment = state in (
            "requested",
            "assessing",
            "collecting",
            "sealed",
            "filed",
            "docketed",
            "hearing",
            "court_rejected",
        )
        appealable = state in ("judged", "court_rejected") and self.procedure != "small" and self.open_until is not None
        return {
            "assess": False,  # the walk begins after it
            "collect": state in ("assessing", "collecting") and self.assessed,
            "prepare": state == "collecting",
            "seal": state == "collecting" and self.ready,
            "rework": state in ("sealed", "court_rejected"),
            "file": state == "sealed",
            "docket": state == "filed",
            "docket_small": state == "filed",
            "reject": state == "filed" or heard,
            "judge": heard,
            "lose": heard,
            "appeal": appealable and self.now <= self.open_until,
            "above": state == "appealing" and not self.rejected,
            "back": state == "appealing",
            "take_effect": state == "judged" and (self.open_until is None or self.now > self.open_until),
            "enforce": state == "effective" and self.granted and self.perform_by < self.today,
            "decline": state == "assessing",
            "settle": state not in ("requested", "assessing", *FINAL),
            "withdraw": before_judgment,
            "close": state in ("effective", "enforcing", "court_rejected"),
            "note": True,
        }[verb]  # fmt: skip

    def do(self, verb: str) -> None:
        """What the model makes of an act that happened."""
        self.state = TARGETS.get(verb, self.state)
        if verb == "back" and not self.number:
            self.state = "filed"
        if verb in ("docket", "docket_small"):
            self.procedure, self.number = "small" if verb == "docket_small" else "simplified", True
        if verb in ("judge", "lose", "above"):
            self.granted, self.perform_by = verb == "judge", date.min
        if verb in ("judge", "lose", "reject"):
            self.open_until = None if self.procedure == "small" else self._end_of_appeal()
        if verb in ("appeal", "rework", "take_effect"):
            self.open_until = None
        if verb in ("reject", "rework", "back"):
            self.rejected = verb == "reject"
        if verb == "rework":
            self.procedure, self.number = "", False

    def _end_of_appeal(self) -> datetime:
        """As the clock says: its arithmetic has tests of its own."""
        clock = Litigation.objects.get(pk=self.case.pk).clocks.get(family="APPEAL", state="running")
        return clock.due_at

    def inputs(self, verb: str) -> dict[str, Any]:
        served = {"served_on": self.today, "evidence": "文书"}
        granted = {"outcome": "won", "awarded_cny": Decimal(100)} | served
        return {
            "collect": factory.COURT,
            "prepare": factory.AUTHORITY,
            "rework": {"reason": "补充材料。"},
            "file": {"filed_on": self.today, "receipt": "回执"},
            "docket": {"docketed_on": self.today, "number": "1号", "procedure": "simplified"},
            "docket_small": {"docketed_on": self.today, "number": "1号", "procedure": "small"},
            "reject": {"rejection": "dismissed"} | served,
            "judge": granted,
            "lose": {"outcome": "lost"} | served,
            "appeal": {"appealed_on": self.today, "by": "consumer", "evidence": "上诉状"},
            "above": {"outcome": "lost"} | served,
            "back": {"outcome": "sent_back"} | served,
            "enforce": {"enforced_on": self.today, "court": "法院", "evidence": "申请"},
            "decline": {"reason": "x", "told": "材料不足"},
            "settle": {"terms": "退一半"} | factory.SAID,
            "withdraw": factory.SAID,
            "close": {"summary": "已结束"},
            "note": {"text": "note"},
        }.get(verb, {})  # fmt: skip

    @rule(pick=st.integers(0, 10_000), is_wild=st.integers(0, 3).map(lambda drawn: drawn == 0))
    def act(self, pick: int, is_wild: bool) -> None:
        """Mostly something the model allows, first of all where no walk has been; sometimes anything at all, to be refused."""
        possible = [verb for verb in ACTS if verb != "note" and self.may(verb)]
        fresh = [verb for verb in possible if TARGETS.get(verb) not in {*self.reached, None}]
        waits = (
            self.state == "effective"
            and self.granted
            and "enforcing" not in self.reached
            and self.perform_by >= self.today
        )
        if self.may("enforce") and "enforcing" not in self.reached:
            is_wild, fresh = False, ["enforce"]
        among = ["rest"] if waits else ACTS if is_wild or not possible else (fresh or ["rest", *possible])
        verb = among[pick % len(among)]
        self.now += timedelta(days=20) if verb == "rest" else timedelta(days=1)
        if verb == "rest":
            return self.watch()
        if verb == "prepare":
            return self.prepare()
        before = Litigation.objects.values().get(pk=self.case.pk)
        action, possible = verb_named(f"litigation.{VERB.get(verb, verb)}").action, self.may(verb)
        try:
            self.case = action(self.case, actor=factory.counsel().actor, now=self.now, **self.inputs(verb))
        except Refused as refusal:
            assert not possible, (verb, self.state, refusal)
            assert Litigation.objects.values().get(pk=self.case.pk) == before
            return None
        assert possible, (verb, self.state)
        self.do(verb)
        if verb == "seal" and not is_released(self.case.known_seal.bundle):
            factory.released(self.case, self.cast, self.now)
        self.reached.add(self.state)
        return None

    def prepare(self) -> None:
        """A new version of a paper takes the consumer's word away; printed and confirmed, everything is ready again."""
        if self.state != "collecting":
            return
        if not self.ready:
            factory.walked(self.case, self.cast, ("evidence", "statement", "list", "bundle"))
        action = verb_named("litigation.draft_authority").action
        self.case = action(self.case, actor=factory.counsel().actor, now=self.now, **factory.AUTHORITY)
        assert verb_named("litigation.seal").why_not(self.case, factory.counsel().actor, now=self.now)
        factory.printed(self.case, self.cast, self.now)
        self.case = factory.confirmed(Litigation.objects.get(pk=self.case.pk), self.cast, self.now)
        self.ready = True

    def watch(self) -> None:
        handlers.watch(self.now)
        if self.state == "judged" and self.procedure == "small":
            self.state = "effective"
        self.reached.add(self.state)
        self.case = Litigation.objects.get(pk=self.case.pk)

    @invariant()
    def row_ledger_outbox_and_clocks_agree(self) -> None:
        if not hasattr(self, "case"):
            return
        row = Litigation.objects.get(pk=self.case.pk)
        assert (row.state, row.version) == (self.state, row.events.count())
        assert list(ledger.verify([row.pk])) == []
        sent = Job.objects.filter(subject=row.pk, topic="cases.send_message").count()
        assert sent == row.messages.filter(is_incoming=False).count()
        running = set(row.clocks.filter(state="running").values_list("family", flat=True))
        assert not running or row.ended_at is None
        assert ("APPEAL" in running) == (self.open_until is not None and row.ended_at is None)
        assert not ("LIM" in running and row.state in IN_COURT)
        assert ("FILE7" in running) == (self.state == "filed")
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_walk_agrees_with_the_model_and_gets_everywhere(cast: Cast) -> None:
    LitigationWalk.cast, LitigationWalk.reached = cast, set()

    run_state_machine_as_test(
        seed(SEED)(LitigationWalk),
        settings=settings(max_examples=20, stateful_step_count=8, deadline=None, phases=[Phase.generate]),
    )

    everywhere = {
        "collecting", "sealed", "filed", "docketed", "hearing", "judged", "appealing", "effective", "enforcing", "closed", "declined",
        "settled", "court_rejected", "withdrawn",
    }  # fmt: skip
    assert everywhere <= LitigationWalk.reached
