"""A random walk of the machine against a model of a few lines; it proves that it gets around by the states it reached."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

import pytest
from django.db import transaction
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from cases.clocks.ledger import clocks_of
from cases.complaints.models import Complaint
from cases.models import Approval, Delivery, Event
from jike import ledger
from jike.base.dates import CST
from jike.base.errors import Refused
from jike.ledger.models import Entry
from jike.outbox.models import Job
from jike.verbs import verbs_of
from tests.complaints import matrix_of_people as people
from tests.complaints.test_matrix import ALLOWED, in_charge, inputs_for
from tests.factories import complaints as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast

# The model: (state, verb) -> next state. `has` are facts besides the state.
MOVES = {
    ("received", "accept"): "investigating",
    ("received", "ask_supplement"): "supplementing",
    ("supplementing", "supplement"): "received",
    ("received", "confirm_decline"): "declined",
    ("supplementing", "confirm_decline"): "declined",
    ("investigating", "propose_decision"): "deciding",
    ("deciding", "return_decision"): "investigating",
    ("deciding", "approve_decision"): "decided",
    ("decided", "notify"): "notified",
    ("notified", "close"): "closed",
    **{
        (state, "withdraw"): "withdrawn"
        for state in ("received", "supplementing", "investigating", "deciding", "decided")
    },
}
ASIDE = (
    "confirm_decline",
    "tell_decline",
    "approve_extension",
    "extend_60",
    "settle_extension",
    "resume",
    "ask_restart",
    "approve_restart",
)
BY_EXECUTIVE = ("return_request", "approve_extension")
FORWARD = (
    "claim",
    "classify",
    "supplement",
    "confirm_decline",
    "tell_decline",
    "accept",
    "propose_decision",
    "approve_decision",
    "letter",
    "notify",
    "confirm_redress",
    "close",
)
# People come and go in their own tests; the walk is about states.
# What follows a decision has a walk of its own: test_walk_after.
AFTER = {
    "record_attempt", "ask_waiver", "waive_notice", "request_review", "decide_review", "reopen", "ask_reopen", "answer_survey",
    "ask_merge", "merge", "unmerge", "count_repeat",
}  # fmt: skip
# Done by no walk, and where they are tried instead.
ELSEWHERE = {
    "issue_letter": "the worker's part: `letter` does it here",
    "issue_notice": "the worker's part: test_notices_on_paper",
    "record_post": "moves nothing: test_post",
    "issue_receipt": "the worker's part: test_portal_filing",
    "attach": "moves nothing and is done from every state: test_portal_papers",
    "set_aside_paper": "the worker's part: test_examining",
    "rule_on_paper": "moves nothing: test_quarantine",
    "count_repeat": "done by merging, never by itself: test_merging",
    "count_pause": "an appraisal's notice: test_terms",
    "ask_waiver": "needs attempts on several days: test_notice",
    "waive_notice": "needs attempts on several days: test_notice",
} | dict.fromkeys(
    people.ALLOWED, "about people, sources and tasks: the matrices, test_recusal, test_parties, test_sources"
)
NOT_WALKED = {*ELSEWHERE, *AFTER}
VERBS = sorted({*ALLOWED, "letter"} - NOT_WALKED)
PLANS = (
    (),
    ("claim", "ask_supplement", "supplement"),
    ("claim", "accept", "extend_30", "approve_extension", "extend_60", "approve_extension", "settle_extension"),
    ("claim", "accept", "pause", "resume"),
    ("claim", "accept", "classify", "propose_decision", "return_decision"),
    ("claim", "accept", "extend_30", "return_request"),
    ("claim", "decline", "confirm_decline", "tell_decline"),
    ("claim", "add_facts", "ask_restart", "approve_restart", "agree_deadline"),
)
LASTING = [verb for verb in VERBS if verb != "withdraw"]  # a withdrawn case goes nowhere: only when it is asked for
REACHED = {
    "received",
    "supplementing",
    "investigating",
    "deciding",
    "decided",
    "notified",
    "closed",
    "withdrawn",
    "declined",
}


class ComplaintWalk(RuleBasedStateMachine):
    cast: ClassVar[Cast]
    reached: ClassVar[set[str]] = set()
    done: ClassVar[set[str]] = set()
    plan: ClassVar[tuple[str, ...]] = ()

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.now, self.mine = RECEIVED, set[str]()
        self.case = factory.file(now=self.now)
        self.state, self.events, self.claimed, self.classified, self.letter = "received", 1, False, False, False
        self.asked, self.told, self.fresh, self.paused, self.unsettled = False, False, False, False, False
        self.limit, self.waiting, self.promised = "15", set[str](), False

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    def possible(self, verb: str) -> bool:
        open_case = self.state not in ("closed", "withdrawn", "declined")
        early = self.state in ("received", "supplementing")
        working = self.state in ("investigating", "deciding")
        counts = self.limit != "agreed"
        extendable = working and "approve_extension" not in self.waiting and not self.unsettled
        mine = {
            "ask_supplement": self.state == "received" and not self.asked and not self.waiting,
            "accept": self.state == "received" and "confirm_decline" not in self.waiting,
            "decline": early and not self.waiting,
            "tell_decline": self.state == "declined" and not self.told,
            "extend_30": extendable and self.limit == "15",
            "extend_60": extendable and self.limit == "30",
            "settle_extension": self.unsettled,
            "pause": self.state == "investigating" and counts and not self.paused,
            "count_pause": False,
            "resume": working and counts and self.paused,
            "agree_deadline": early or working,
            "add_facts": open_case,
            "ask_restart": (early or working) and counts and self.fresh and "approve_restart" not in self.waiting,
            "classify": open_case,
            "note": True,
            "message": open_case,
            "propose_decision": self.classified and self.state == "investigating",
            "notify": self.letter and self.state == "decided",
            "confirm_redress": self.promised and self.state in ("decided", "notified"),
            "close": self.state == "notified" and not self.promised,
        }
        votes = {
            "claim": open_case and not self.claimed,
            "assign": False,
            "confirm_decline": early and verb in self.waiting,
            "return_request": bool(self.waiting - {"approve_decision"}),
            "approve_extension": working and counts and verb in self.waiting and self.next_limit == self.asked_limit,
            "approve_restart": (early or working) and counts and verb in self.waiting,
        }
        if verb in mine:
            return self.claimed and mine[verb]
        if verb in votes:
            return votes[verb]
        return (self.claimed or verb in ("return_decision", "approve_decision")) and (self.state, verb) in MOVES

    asked_limit = ""
    returned: Approval | None = None

    @property
    def next_limit(self) -> str:
        return {"15": "30", "30": "60"}.get(self.limit, "")

    def follow(self, verb: str) -> None:
        """What the verb did, by the model."""
        self.claimed |= verb in ("claim", "assign")
        self.classified |= verb == "classify"
        self.told |= verb == "tell_decline"
        self.promised = (self.promised or verb == "approve_decision") and verb != "confirm_redress"
        self.fresh = verb == "add_facts" or (self.fresh and verb != "ask_restart")
        self.asked = (self.asked or verb == "ask_supplement") and verb != "add_facts"
        self.paused = (self.paused or verb == "pause") and verb != "resume"
        if verb == "settle_extension":
            self.unsettled, self.limit = False, "60" if self.limit == "30" else self.limit
        if verb == "approve_extension":
            self.unsettled, self.limit = self.asked_limit == "60", "30" if self.asked_limit == "30" else self.limit
        self.limit = {"agree_deadline": "agreed", "approve_restart": "15"}.get(verb, self.limit)
        self.ask(verb)

    def ask(self, verb: str) -> None:
        if verb in ("extend_30", "extend_60"):
            self.asked_limit = verb[-2:]
        asks = {
            "decline": "confirm_decline", "extend_30": "approve_extension", "extend_60": "approve_extension",
            "ask_restart": "approve_restart", "propose_decision": "approve_decision",
        }  # fmt: skip
        self.waiting |= {asks[verb]} if verb in asks else set()
        if verb in ("withdraw", "approve_decision", "confirm_decline"):
            self.waiting = set()
        if verb == "return_request":
            self.waiting -= {self.first_request().verb.partition(".")[2]}
        self.waiting -= {verb, "approve_decision" if verb == "return_decision" else ""}

    def first_request(self) -> Approval:
        """The request that is returned: the one asked first."""
        assert self.returned is not None
        return self.returned

    @initialize()
    def begin(self) -> None:
        """Each walk begins on one of the long ways, which chance alone seldom finds."""
        for verb in self.plan:
            self.act(verb if self.possible(verb) else "note")
            self.row_is_model_is_history()

    @rule()
    def go_forward(self) -> None:
        """The next step towards the end, so that walks also reach the last states."""
        self.act(next((v for v in FORWARD if self.advances(v)), "note"))

    @rule(wish=st.sampled_from(("ask_supplement", "decline", "extend_30", "pause", "add_facts")))
    def go_aside(self, wish: str) -> None:
        """A step beside the main way, or what follows from one, so that walks also meet declines, longer limits and pauses."""
        first = ("accept",) if wish in ("extend_30", "pause") else ()
        self.act(next((v for v in ("claim", *ASIDE, *first, wish) if self.possible(v)), "note"))

    def advances(self, verb: str) -> bool:
        if verb == "letter":
            return self.state == "decided" and not self.letter
        return self.possible(verb) and not (verb == "classify" and self.classified)

    @rule(start=st.integers(0, len(VERBS) - 1))
    def go_new(self, start: int) -> None:
        """Something this walk has not done yet, so that walks together do everything there is."""
        around = (*VERBS[start:], *VERBS[:start])
        self.act(
            next(
                (v for v in around if v not in self.mine and v in (*LASTING, VERBS[start]) and self.possible(v)), "note"
            )
        )

    @rule(verb=st.sampled_from(VERBS))
    def try_anything(self, verb: str) -> None:
        self.act(verb)

    def act(self, verb: str) -> None:
        self.now += timedelta(minutes=1)
        if verb == "letter":
            self.issue_letter()
            return
        chosen = {v.short_name: v for v in verbs_of(Complaint)}[verb]
        given = self.inputs(verb)
        actor = self.cast.executive.actor if verb in BY_EXECUTIVE else in_charge(verb, self.cast)
        try:
            self.case = chosen.action(self.case, actor=actor, now=self.now, **given)
        except Refused:
            assert not self.possible(verb), (self.state, verb)
            return
        if verb != "assign":
            assert self.possible(verb), (self.state, verb)
        self.events += 1
        self.done.add(verb)
        self.mine.add(verb)
        self.follow(verb)
        self.state = MOVES.get((self.state, verb), self.state)

    def inputs(self, verb: str) -> dict[str, Any]:
        """Good inputs at this minute of the walk."""
        given: dict[str, Any] = inputs_for(verb, self.case, self.cast)
        today = self.now.astimezone(CST).date()
        given |= {name: self.now for name in given if name == "sent_at"}
        given |= {name: today for name in given if name in ("first_on", "last_on")}
        if verb == "assign":
            given = {"to": self.cast.handler.user}
        if "payload" in given:
            rows = self.case.approvals.filter(verdict="").order_by("asked_at", "id")
            fits = [
                a for a in rows if a.verb == f"complaints.{verb}" or (verb == "return_request" and not a.decision_id)
            ]
            self.returned = fits[0] if fits else None
            given["payload"] = bytes(fits[0].payload_sha256).hex() if fits else "00"
        return given

    def issue_letter(self) -> None:
        if self.state == "decided" and not self.letter:
            self.case = factory.issued(self.case, self.cast, self.now)
            self.letter, self.events = True, self.events + 1
            self.done.add("letter")

    @precondition(lambda self: True)
    @invariant()
    def row_is_model_is_history(self) -> None:
        row = Complaint.objects.get(pk=self.case.pk)
        self.reached.add(row.state)
        events = list(Event.objects.filter(case=row).order_by("seq"))
        assert row.state == self.state
        assert row.version == self.events == len(events) == Entry.objects.filter(subject=row.pk).count()
        assert [e.seq for e in events] == list(range(1, self.events + 1))
        assert [e.before_state for e in events[1:]] == [e.after_state for e in events[:-1]]
        assert events[-1].after_state == row.state
        assert (row.state in ("notified", "closed") or self.told) == Delivery.objects.filter(pk=row.notice_id).exists()
        stopped = row.state in ("notified", "closed", "withdrawn") or self.told
        assert (row.next_due_at is None) == (stopped or (self.paused and self.limit != "agreed"))
        codes = [c.code for c in clocks_of(row) if c.is_running]
        assert codes == ([] if stopped else [{"agreed": "CMP_AGREED"}.get(self.limit, f"CMP{self.limit}")])
        assert (
            Job.objects.filter(topic="complaints.render_letter", subject=row.pk).exists()
            == row.events.filter(after_state="decided").exists()
        )


@pytest.mark.django_db
def test_walk_agrees_with_the_model_and_gets_everywhere(cast: Cast) -> None:
    ComplaintWalk.cast, ComplaintWalk.reached, ComplaintWalk.done = cast, set(), set()
    machine = seed(20261122)(ComplaintWalk)
    options = settings(max_examples=4, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck))

    for plan in PLANS:
        ComplaintWalk.plan = plan
        run_state_machine_as_test(machine, settings=options)

    assert ComplaintWalk.reached == REACHED
    assert set(VERBS) - ComplaintWalk.done <= {"assign"}, "who handles a case is the business of test_assigning"


@pytest.mark.django_db
def test_ledger_of_a_walked_case_verifies(cast: Cast) -> None:
    case = factory.complaint(cast, at="closed")

    assert list(ledger.verify([case.pk])) == []
